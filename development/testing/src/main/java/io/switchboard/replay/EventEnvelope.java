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
 * What all payloads have in common, {@code events/envelope.yaml}, and how a case becomes a payload. What only has to differ from case to
 * case, such as a request's id, is derived from the names of the function and the case.
 */
final class EventEnvelope {
    static final String FILE = "envelope.yaml";

    private final TableEntry values;
    private final List<EventRoute> routes;

    private EventEnvelope(TableEntry values) {
        this.values = values.only("request", "claims", "callers", "routes", "change", "message", "sources");
        routes = this.values.textList("routes").stream().map(EventRoute::of).toList();
    }

    /** Reads the file of a folder. */
    static EventEnvelope read(Path folder) {
        return of(EventYaml.read(folder.resolve(FILE)));
    }

    static EventEnvelope of(TableEntry values) {
        return new EventEnvelope(values);
    }

    /** The payload of a case, by what invokes the function. */
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

    /** A copy of a part, to be filled. */
    @SuppressWarnings("unchecked") // an object of JSON
    Map<String, @Nullable Object> part(String name) {
        return (Map<String, @Nullable Object>) copy(values.entry(name).values());
    }

    /** The claims of every caller. */
    Map<String, @Nullable String> claims() {
        return values.texts("claims");
    }

    /** The caller of a name. */
    TableEntry caller(TableEntry entry) {
        TableEntry callers = values.entry("callers");
        String name = entry.text("caller");
        if (!callers.has(name)) {
            throw entry.wrong(
                    "caller", "one of " + String.join(", ", callers.values().keySet()) + " of events/" + FILE);
        }
        return callers.entry(name).only("userAgent", "claims");
    }

    /** The route of the API that a request takes. */
    EventRoute route(String method, String path) {
        return routes.stream()
                .filter(route -> route.fits(method, path))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "events/%s, routes: %s %s takes none: add it, or $default at the end"
                                .formatted(FILE, method, path)));
    }

    private static Object copy(Map<String, @Nullable Object> tree) {
        return Json.readOwn(Json.write(tree));
    }

    /** The ids of a case. */
    record EventId(String function, String name) {
        /** A UUID of the case, or of something in it. */
        String uuid(String of) {
            return UUID.nameUUIDFromBytes((function + "/" + name + of).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        /** So many hexadecimal digits. */
        String digits(String of, int count) {
            return uuid(of).replace("-", "").substring(0, count);
        }
    }

    /** A new object from this one, in which names may be put. */
    @SuppressWarnings("unchecked") // an object of JSON
    static Map<String, @Nullable Object> inside(Map<String, @Nullable Object> parent, String name) {
        return (Map<String, @Nullable Object>)
                parent.computeIfAbsent(name, _ -> new LinkedHashMap<String, @Nullable Object>());
    }
}
