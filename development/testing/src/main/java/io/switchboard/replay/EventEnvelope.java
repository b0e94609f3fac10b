package io.switchboard.replay;

import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The common part of all payloads, {@code events/envelope.yaml}, from which the payloads of cases are created. Values
 * that only must be unique, such as request ids, are derived from the names of the function and the case.
 */
final class EventEnvelope {
    static final String FILE = "envelope.yaml";

    private final TableEntry values;
    private final List<EventRoute> routes;

    private EventEnvelope(TableEntry values) {
        this.values = values.only("request", "claims", "callers", "routes", "change", "message", "sources");
        routes = this.values.textList("routes").stream().map(EventRoute::of).toList();
    }

    /** Reads the file in a folder. */
    static EventEnvelope read(Path folder) {
        return of(EventYaml.read(folder.resolve(FILE)));
    }

    static EventEnvelope of(TableEntry values) {
        return new EventEnvelope(values);
    }

    /** Returns the payload of a case, in the format of the event source of the function. */
    Map<String, @Nullable Object> payload(String function, String name, TableEntry entry, TableEntry images) {
        EventId id = new EventId(function, name);
        if (!values.entry("sources").has(function)) {
            return new RequestPayload(this, id).of(entry);
        }
        TableEntry source = values.entry("sources").entry(function).only("arn", "keys");
        return source.has("keys")
                ? new ChangePayload(this, id, source, images).of(entry)
                : new MessagePayload(this, id, source).of(entry);
    }

    /** Returns a mutable copy of a part. */
    @SuppressWarnings("unchecked") // a JSON object
    Map<String, @Nullable Object> part(String name) {
        return (Map<String, @Nullable Object>) copy(values.entry(name).values());
    }

    /** Returns the claims of every caller. */
    Map<String, @Nullable String> claims() {
        return values.texts("claims");
    }

    /** Returns the caller of a case. */
    TableEntry caller(TableEntry entry) {
        TableEntry callers = values.entry("callers");
        String name = entry.text("caller");
        if (!callers.has(name)) {
            throw entry.wrong(
                    "caller", "one of " + String.join(", ", callers.values().keySet()) + " of events/" + FILE);
        }
        return callers.entry(name).only("userAgent", "claims");
    }

    /** Returns the API route of a request. */
    EventRoute route(String method, String path) {
        return routes.stream()
                .filter(route -> route.fits(method, path))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "events/%s, routes: no route matches %s %s. Add it, or $default at the end"
                                .formatted(FILE, method, path)));
    }

    private static Object copy(Map<String, @Nullable Object> tree) {
        return Json.readOwn(Json.write(tree));
    }

    /** The ids of a case. */
    record EventId(String function, String name) {
        /** Returns a UUID of the case, or of a part of it. */
        String uuid(String of) {
            return UUID.nameUUIDFromBytes((function + "/" + name + of).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        /** Returns this number of hexadecimal digits. */
        String digits(String of, int count) {
            return uuid(of).replace("-", "").substring(0, count);
        }
    }

    /** Returns the mutable object with this name, which is created if it is absent. */
    @SuppressWarnings("unchecked") // a JSON object
    static Map<String, @Nullable Object> inside(Map<String, @Nullable Object> parent, String name) {
        return (Map<String, @Nullable Object>)
                parent.computeIfAbsent(name, _ -> new LinkedHashMap<String, @Nullable Object>());
    }
}
