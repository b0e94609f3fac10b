package io.switchboard.replay;

import io.switchboard.json.Json;
import io.switchboard.replay.EventEnvelope.EventId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates the event of a request, as API Gateway's HTTP API sends it (payload 2.0).
 *
 * @param envelope the common part of all payloads
 * @param id the case
 */
record RequestPayload(EventEnvelope envelope, EventId id) {
    private static final String BODY = "body";
    private static final String TEXT = "text";
    private static final String BASE64 = "base64";
    private static final String UNESCAPED = "-_.~$!*'(),/:@?;";

    Map<String, @Nullable Object> of(TableEntry entry) {
        entry.only("caller", "request", "route", "query", "headers", "claims", BODY, TEXT, BASE64, "committed");
        String[] request = entry.text("request").split(" ", 2);
        if (request.length < 2 || !request[1].startsWith("/")) {
            throw entry.wrong("request", "a method and a path, such as POST /sessions");
        }
        String method = request[0];
        String path = request[1];
        EventRoute route = entry.has("route") ? EventRoute.of(entry.text("route")) : envelope.route(method, path);
        Map<String, @Nullable String> query = entry.texts("query");
        @Nullable String body = body(entry);
        boolean isBase64 = entry.has(BASE64);
        TableEntry caller = envelope.caller(entry);

        Map<String, @Nullable Object> common = envelope.part("request");
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("version", common.get("version"));
        payload.put("routeKey", route.key());
        payload.put("rawPath", path);
        payload.put("rawQueryString", raw(query));
        Map<String, @Nullable String> headers = headers(entry, caller, common, length(entry, body));
        payload.put("headers", headers);
        if (!query.isEmpty()) {
            payload.put("queryStringParameters", query);
        }
        Map<String, @Nullable Object> context = EventEnvelope.inside(common, "requestContext");
        Map<String, @Nullable Object> http = EventEnvelope.inside(context, "http");
        http.put("method", method);
        http.put("path", path);
        http.put("userAgent", anyCase(headers).get("user-agent"));
        context.put("requestId", "T" + id.digits("", 13) + "=");
        context.put("routeKey", route.key());
        if (caller.has("claims")) {
            Map<String, @Nullable Object> token =
                    EventEnvelope.inside(EventEnvelope.inside(context, "authorizer"), "jwt");
            token.put("claims", claims(entry, caller));
            token.put("scopes", null);
        }
        payload.put("requestContext", context);
        Map<String, String> parameters = route.parametersOf(path);
        if (!parameters.isEmpty()) {
            payload.put("pathParameters", parameters);
        }
        if (body != null) {
            payload.put("body", body);
        }
        payload.put("isBase64Encoded", isBase64);
        return payload;
    }

    private static @Nullable String body(TableEntry entry) {
        String kind = entry.one(BODY, TEXT, BASE64);
        if (kind.isEmpty()) {
            return null;
        }
        if (kind.equals(TEXT) || (kind.equals(BASE64) && entry.values().get(kind) instanceof String)) {
            return entry.text(kind);
        }
        String json = Json.write(entry.json(kind));
        return kind.equals(BODY) ? json : Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static int length(TableEntry entry, @Nullable String body) {
        if (body == null) {
            return 0;
        }
        if (!entry.has(BASE64)) {
            return body.getBytes(StandardCharsets.UTF_8).length;
        }
        try {
            return Base64.getDecoder().decode(body).length;
        } catch (IllegalArgumentException e) {
            throw entry.wrong(BASE64, "Base64: " + e.getMessage());
        }
    }

    private static Map<String, @Nullable String> headers(
            TableEntry entry, TableEntry caller, Map<String, @Nullable Object> common, int length) {
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        EventEnvelope.inside(common, "headers").forEach((name, value) -> headers.put(name, String.valueOf(value)));
        headers.put("user-agent", caller.text("userAgent"));
        if (caller.has("claims")) {
            headers.put("authorization", "Bearer <token>");
        }
        if (!entry.one(BODY, TEXT, BASE64).isEmpty()) {
            headers.put("content-type", "application/json");
            headers.put("content-length", String.valueOf(length));
        }
        put(entry.texts("headers"), headers);
        return headers;
    }

    private Map<String, @Nullable String> claims(TableEntry entry, TableEntry caller) {
        Map<String, @Nullable String> claims = new LinkedHashMap<>(envelope.claims());
        put(caller.texts("claims"), claims);
        put(entry.texts("claims"), claims);
        claims.replaceAll((_, value) -> value == null ? null : value.replace("{user}", id.uuid("")));
        return claims;
    }

    /** Sets each value; null removes it. */
    private static void put(Map<String, @Nullable String> changes, Map<String, @Nullable String> into) {
        changes.forEach((name, value) -> {
            into.remove(name);
            if (value != null) {
                into.put(name, value);
            }
        });
    }

    private static Map<String, @Nullable String> anyCase(Map<String, @Nullable String> headers) {
        Map<String, @Nullable String> lowerCase = new TreeMap<>();
        headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
        return lowerCase;
    }

    private static String raw(Map<String, @Nullable String> query) {
        StringJoiner raw = new StringJoiner("&");
        query.forEach((name, value) -> raw.add(escaped(name, "") + "=" + escaped(String.valueOf(value), "=")));
        return raw.toString();
    }

    private static String escaped(String text, String alsoUnescaped) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (character < 0x80
                    && (Character.isLetterOrDigit(character) || (UNESCAPED + alsoUnescaped).indexOf(character) >= 0)) {
                escaped.append(character);
            } else {
                escaped.append("%%%02X".formatted((int) character));
            }
        }
        return escaped.toString();
    }
}
