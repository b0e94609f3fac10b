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
 * One case of a table of {@code events/}, with the payload that Lambda gives to the function.
 *
 * @param function the function's name, which is also the table's
 * @param name says what must come of the case, for requests {@code <status>[.<code>].<what it is>}
 * @param isCommitted whether the payload is also a file of {@code events/}, for {@code sam local invoke}
 * @param payload the event, as a tree of JSON
 */
public record EventCase(String function, String name, boolean isCommitted, Map<String, @Nullable Object> payload) {
    private static final String ENDING = ".yaml";

    /** The functions that have tables, by name. */
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
     * The cases of a function's table, by name.
     *
     * @throws IllegalArgumentException where the table is wrong; its message says where and what to do
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

    /** The case of a name, which must be there. */
    public static EventCase named(String function, String name) {
        return of(function).stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "events/%s.yaml has no case %s: add it, or correct the name".formatted(function, name)));
    }

    /** Where the tables are. */
    static Path folder() {
        return Path.of(System.getProperty("switchboard.root"), "events");
    }

    /** Its file below {@code events/}, where it is committed. */
    public Path file() {
        return Path.of(function, name + ".json");
    }

    /** Its payload as text, on one line. */
    public String text() {
        return Json.write(payload);
    }

    /** What its name begins with, such as {@code 201} or {@code SessionClosed+SessionSwitched}. */
    public String outcome() {
        return name.split("\\.", -1)[0];
    }

    /** Its function and its name. */
    @Override
    public String toString() {
        return function + "/" + name;
    }
}
