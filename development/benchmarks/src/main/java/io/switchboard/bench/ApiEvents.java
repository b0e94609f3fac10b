package io.switchboard.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of API Gateway for a tenant. They differ from one of the project's example events only in the request. */
final class ApiEvents {
    private final Map<String, Object> model;
    private final String tenant;

    private ApiEvents(Map<String, Object> model, String tenant) {
        this.model = model;
        this.tenant = tenant;
    }

    /** Returns events like this example event. */
    static ApiEvents like(Path example, String tenant) {
        return new ApiEvents(read(example), tenant);
    }

    /** Returns the body of an example event. */
    static String body(Path example) {
        return String.valueOf(read(example).get("body"));
    }

    /**
     * Returns an event of a user.
     *
     * @param permissions the scopes of the token, separated by spaces
     */
    byte[] ofUser(
            String user,
            String permissions,
            String method,
            String path,
            Map<String, String> query,
            @Nullable String body) {
        return event(Map.of("oid", user, "sub", user, "scp", permissions), method, path, query, body);
    }

    /** Returns an event of a program without a user, which has all permissions for call records. */
    byte[] ofProgram(String method, String path, Map<String, String> query, @Nullable String body) {
        return event(Map.of("idtyp", "app", "roles", "[CallRecords.ReadWrite.All]"), method, path, query, body);
    }

    private byte[] event(
            Map<String, String> caller, String method, String path, Map<String, String> query, @Nullable String body) {
        Map<String, Object> event = new LinkedHashMap<>(model);
        event.put("rawPath", path);
        event.put("routeKey", method + " " + path);
        if (!query.isEmpty()) {
            event.put("queryStringParameters", query);
        }
        Map<String, Object> headers = new LinkedHashMap<>(member(model, "headers"));
        headers.keySet().removeIf(name -> "idempotency-key".equals(name.toLowerCase(Locale.ROOT)));
        event.put("headers", headers);
        if (body == null) {
            event.remove("body");
            headers.remove("content-type");
            headers.remove("content-length");
        } else {
            event.put("body", body);
            headers.put("content-length", Integer.toString(body.length()));
        }
        Map<String, Object> context = new LinkedHashMap<>(member(model, "requestContext"));
        Map<String, Object> http = new LinkedHashMap<>(member(context, "http"));
        http.put("method", method);
        http.put("path", path);
        context.put("http", http);
        Map<String, Object> claims =
                new LinkedHashMap<>(member(member(member(context, "authorizer"), "jwt"), "claims"));
        claims.remove("scp");
        claims.put("tid", tenant);
        claims.putAll(caller);
        context.put("authorizer", Map.of("jwt", Map.of("claims", claims)));
        event.put("requestContext", context);
        try {
            return JSON.std.asBytes(event);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> read(Path example) {
        try {
            return JSON.std.mapFrom(Files.readAllBytes(example));
        } catch (IOException e) {
            throw new BenchException("The event " + example + " cannot be read: " + e.getMessage(), e);
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
