package io.switchboard.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Events of {@code POST /sessions}, each for a user of its own, so that no desk fills up. */
final class CreateEvents {
    private final Map<String, Object> event;
    private final Map<String, Object> claims;

    /** Makes them after one of the project's own events. */
    CreateEvents(Path model) {
        try {
            event = JSON.std.mapFrom(Files.readAllBytes(model));
        } catch (IOException e) {
            throw new BenchException("The event " + model + " cannot be read: " + e.getMessage(), e);
        }
        member(event, "headers").keySet().removeIf(name -> "idempotency-key".equals(name.toLowerCase(Locale.ROOT)));
        claims = member(member(member(member(event, "requestContext"), "authorizer"), "jwt"), "claims");
    }

    /** The next one. */
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
        throw new BenchException("The event has no object " + name + ": take one of API Gateway's payload 2.0.");
    }
}
