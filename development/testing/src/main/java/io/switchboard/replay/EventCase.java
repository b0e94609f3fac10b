package io.switchboard.replay;

import io.switchboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A case of a table of {@code events/}, with the payload that Lambda passes to the function.
 *
 * @param function the name of the function and of its table
 * @param name begins with the expected outcome; for requests {@code <status>[.<code>].<description>}
 * @param isCommitted whether the payload is also a file in {@code events/}, for {@code sam local invoke}
 * @param payload the event as a JSON tree
 */
public record EventCase(String function, String name, boolean isCommitted, Map<String, @Nullable Object> payload) {
    private static final String ENDING = ".yaml";

    /** Returns the names of the functions that have tables. */
    public static List<String> functions() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(ENDING) && !file.equals(EventEnvelope.FILE))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the cases of a function's table, sorted by name.
     *
     * @throws IllegalArgumentException if the table is invalid; its message has the location and the fix
     */
    public static List<EventCase> of(String function) {
        TableEntry table = EventYaml.read(folder().resolve(function + ENDING));
        return of(function, table, EventEnvelope.read(folder()));
    }

    static List<EventCase> of(String function, TableEntry table, EventEnvelope envelope) {
        TableEntry cases = table.only("shared", "images", "cases").entry("cases");
        Map<String, EventCase> byName = new TreeMap<>();
        for (String name : cases.values().keySet()) {
            TableEntry entry = TableEntry.of(
                    table.place() + ", case " + name, cases.values().get(name));
            byName.put(
                    name,
                    new EventCase(
                            function,
                            name,
                            entry.isTrue("committed"),
                            envelope.payload(function, name, entry, table.entry("images"))));
        }
        return new ArrayList<>(byName.values());
    }

    /** Returns the case with a name, which must exist. */
    public static EventCase named(String function, String name) {
        return of(function).stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "events/%s.yaml has no case %s. Add it, or correct the name".formatted(function, name)));
    }

    /** Returns the folder of the tables. */
    static Path folder() {
        return Path.of(System.getProperty("switchboard.root"), "events");
    }

    /** Returns the file of a committed case, below {@code events/}. */
    public Path file() {
        return Path.of(function, name + ".json");
    }

    /** Returns the payload as text on one line. */
    public String text() {
        return Json.write(payload);
    }

    /** Returns the first part of the name, such as {@code 201} or {@code SessionClosed+SessionSwitched}. */
    public String outcome() {
        return name.split("\\.", -1)[0];
    }

    /** Returns the function and the name. */
    @Override
    public String toString() {
        return function + "/" + name;
    }
}
