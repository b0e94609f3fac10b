package io.switchboard.replay;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An API Gateway event (HTTP API, payload 2.0) that tests change and send. Not thread-safe; {@link #copy} is. */
public final class ApiEvent {
    private final Map<String, @Nullable Object> tree;

    private ApiEvent(Map<String, @Nullable Object> tree) {
        this.tree = tree;
    }

    /**
     * Returns a request of the user {@code agent} of the tenant {@code contoso}, with full access to sessions and
     * templates.
     */
    public static ApiEvent of(String method, String path) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("version", "2.0");
        tree.put("rawPath", path);
        tree.put("headers", new LinkedHashMap<>(Map.of("accept", "application/json")));
        tree.put("queryStringParameters", new LinkedHashMap<>());
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        context.put("domainName", "api.contoso.example");
        context.put("requestId", "request-1");
        context.put("http", new LinkedHashMap<>(Map.of("method", method, "path", path)));
        tree.put("requestContext", context);
        tree.put("isBase64Encoded", false);
        return new ApiEvent(tree)
                .claims(Map.of(
                        "tid",
                        "contoso",
                        "oid",
                        "agent",
                        "sub",
                        "subject",
                        "azp",
                        "desk",
                        "scp",
                        "Sessions.ReadWrite Templates.ReadWrite"));
    }

    /** Returns the event of a case of a table of {@code events/}. */
    public static ApiEvent of(EventCase event) {
        return new ApiEvent(Json.readOwn(event.text()));
    }

    /** Returns the event of a file. */
    public static ApiEvent of(Path file) {
        try {
            return new ApiEvent(Json.readOwn(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the event of one case of a function's table. */
    public static ApiEvent named(String function, String name) {
        return of(EventCase.named(function, name));
    }

    /** Returns an independent copy of the event. */
    public ApiEvent copy() {
        return new ApiEvent(Json.readOwn(Json.write(tree)));
    }

    /** Sets the body as JSON, and its content type. */
    public ApiEvent body(Object body) {
        return text(Json.write(body));
    }

    /** Sets the body, and the content type of JSON unless one is set. */
    public ApiEvent text(String body) {
        tree.put("body", body);
        tree.put("isBase64Encoded", false);
        headers().putIfAbsent("content-type", "application/json");
        return this;
    }

    /** Sets the bytes of the body. */
    public ApiEvent bytes(byte[] body) {
        text(Base64.getEncoder().encodeToString(body));
        tree.put("isBase64Encoded", true);
        return this;
    }

    /** Sets a header; null removes it. */
    public ApiEvent header(String name, @Nullable String value) {
        headers().remove(name);
        if (value != null) {
            headers().put(name, value);
        }
        return this;
    }

    /** Returns the HTTP method. */
    public String method() {
        return context().get("http") instanceof Map<?, ?> http ? String.valueOf(http.get("method")) : "";
    }

    /** Returns a copy of the event with the method HEAD. */
    public ApiEvent asHead() {
        ApiEvent head = copy();
        Map<String, @Nullable Object> http = new LinkedHashMap<>();
        if (context().get("http") instanceof Map<?, ?> get) {
            get.forEach((name, value) -> http.put(String.valueOf(name), value));
        }
        http.put("method", "HEAD");
        head.context().put("http", http);
        return head;
    }

    /** Sets a query option, with its decoded value. */
    public ApiEvent query(String name, String value) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        if (tree.get("queryStringParameters") instanceof Map<?, ?> options) {
            options.forEach((key, option) -> query.put(String.valueOf(key), option));
        }
        query.put(name, value);
        tree.put("queryStringParameters", query);
        return this;
    }

    /** Returns a GET request for a link that the API returned. */
    public static ApiEvent follow(String link) {
        java.net.URI uri = java.net.URI.create(link);
        ApiEvent event = of("GET", uri.getPath());
        if (uri.getRawQuery() == null) {
            return event;
        }
        for (String option : uri.getRawQuery().split("&", -1)) {
            int equals = option.indexOf('=');
            event.query(
                    java.net.URLDecoder.decode(option.substring(0, equals), StandardCharsets.UTF_8),
                    java.net.URLDecoder.decode(option.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return event;
    }

    /** Replaces all claims. */
    public ApiEvent claims(Map<String, String> claims) {
        context().put("authorizer", Map.of("jwt", Map.of("claims", new LinkedHashMap<>(claims))));
        return this;
    }

    /** Sets a claim; null removes it. */
    public ApiEvent claim(String name, @Nullable String value) {
        Map<String, String> claims = new LinkedHashMap<>();
        if (context().get("authorizer") instanceof Map<?, ?> authorizer
                && authorizer.get("jwt") instanceof Map<?, ?> jwt
                && jwt.get("claims") instanceof Map<?, ?> old) {
            old.forEach((key, text) -> claims.put(String.valueOf(key), String.valueOf(text)));
        }
        claims.remove(name);
        if (value != null) {
            claims.put(name, value);
        }
        return claims(claims);
    }

    /** Sets the user. */
    public ApiEvent user(String user) {
        return claim("oid", user);
    }

    /** Replaces the permissions. */
    public ApiEvent permissions(String permissions) {
        return claim("scp", permissions);
    }

    /** Sets a backend without a user as the caller, with these permissions. */
    public ApiEvent backend(String permissions) {
        return claims(
                Map.of("tid", "contoso", "sub", "backend", "azp", "backend", "idtyp", "app", "roles", permissions));
    }

    /** Removes the claims, as for a route without an authorizer. */
    public ApiEvent withoutClaims() {
        context().remove("authorizer");
        return this;
    }

    /** Sets the route, such as {@code ANY /sessions/{proxy+}}. */
    public ApiEvent routeKey(String route) {
        tree.put("routeKey", route);
        return this;
    }

    /** Returns the text of the body; empty without a body. */
    public String body() {
        String body = tree.get("body") instanceof String text ? text : "";
        return Boolean.TRUE.equals(tree.get("isBase64Encoded"))
                ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8)
                : body;
    }

    /** Sends the event to a handler and returns the response. */
    public FunctionResponse sendTo(RequestStreamHandler handler) {
        return send(Json.write(tree).getBytes(StandardCharsets.UTF_8), handler);
    }

    /** Sends these bytes, which need not be an event, to a handler and returns the response. */
    public static FunctionResponse send(byte[] event, RequestStreamHandler handler) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        TestContext context = new TestContext(handler.getClass().getSimpleName());
        try {
            handler.handleRequest(new ByteArrayInputStream(event), output, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FunctionResponse.read(output.toString(StandardCharsets.UTF_8), new ArrayList<>(context.lines()));
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private Map<String, @Nullable Object> headers() {
        return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(tree.get("headers"));
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private Map<String, @Nullable Object> context() {
        return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(tree.get("requestContext"));
    }

    @Override
    public String toString() {
        return Json.write(tree);
    }
}
