package io.switchboard.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Events of {@code POST /sessions}, each for a different user, so that no desk is full. */
final class CreateEvents {
    private final Map<String, Object> event;
    private final Map<String, Object> claims;

    /** Creates the events from one of the project's example events. */
    CreateEvents(Path model) {
        try {
            event = JSON.std.mapFrom(Files.readAllBytes(model));
        } catch (IOException e) {
            throw new BenchException("The event " + model + " cannot be read: " + e.getMessage(), e);
        }
        member(event, "headers").keySet().removeIf(name -> "idempotency-key".equals(name.toLowerCase(Locale.ROOT)));
        claims = member(member(member(member(event, "requestContext"), "authorizer"), "jwt"), "claims");
    }

    /** Returns the next event. */
    byte[] next() {
        String user = UUID.randomUUID().toString();
        claims.put("oid", user);
        claims.put("sub", user);
        try {
            return JSON.std.asBytes(event);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> member(Map<String, Object> object, String name) {
        if (object.get(name) instanceof Map<?, ?> found) {
            return (Map<String, Object>) found;
        }
        throw new BenchException(
                "The object " + name + " is missing in the event. Use an event of API Gateway's payload 2.0.");
    }
}
