package io.switchboard.http;

import io.switchboard.json.Json;
import io.switchboard.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response: status, headers, and a body of JSON, plain text or XML.
 *
 * @param headers the headers, with names as they are written
 * @param body a JSON tree, {@link CachedJson}, or text if the headers specify plain text or XML; null for an empty body
 */
public record Response(
        int status, Map<String, String> headers, @Nullable Object body) {
    /** The name of the header. */
    public static final String CONTENT_TYPE = "Content-Type";

    private static final String TEXT = "text/plain";
    private static final String XML = "application/xml";

    /** Returns 200 with a body. */
    public static Response ok(Object body) {
        return new Response(200, Map.of(), body);
    }

    /** Returns 200 with plain text, such as a {@code $count}. */
    public static Response text(String text) {
        return new Response(200, Map.of(CONTENT_TYPE, TEXT), text);
    }

    /** Returns 200 with an XML document. */
    public static Response xml(String document) {
        return new Response(200, Map.of(CONTENT_TYPE, XML), document);
    }

    /** Returns 201 with the new resource. */
    public static Response created(String location, Object body) {
        return new Response(201, Map.of("Location", location), body);
    }

    /** Returns 204. */
    public static Response noContent() {
        return new Response(204, Map.of(), null);
    }

    /** Returns whether the body is plain text or XML. */
    public boolean isText() {
        @Nullable String type = headers.get(CONTENT_TYPE);
        return TEXT.equals(type) || XML.equals(type);
    }

    /** Returns the body as it is sent; empty without a body. */
    public String bodyText() {
        if (body == null) {
            return "";
        }
        return isText() || body instanceof CachedJson ? body.toString() : Json.write(body);
    }

    /** Returns the body as the value of a member of a JSON tree: a string that holds the body. */
    Object bodyValue() {
        return body == null || isText() || body instanceof CachedJson ? bodyText() : new JsonText(body);
    }

    /** Returns the body as gzip in base64; null if it is small or compression does not make it smaller. */
    byte @Nullable [] gzippedBody() {
        if (body instanceof CachedJson cached) {
            return cached.gzipped();
        }
        return isText()
                ? Compression.ofBytes(bodyText().getBytes(StandardCharsets.UTF_8), Compression.FAST)
                : Compression.ofJson(body, Compression.FAST);
    }

    /** Returns the same response with another header. */
    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, more, body);
    }

    /** Returns the same response with the entity tag; 304 without a body if {@code If-None-Match} has this tag. */
    public Response withEntityTag(EntityTag tag, Request request) {
        if (status == 200 && request.ifNoneMatch().filter(tag::matchesAnyOf).isPresent()) {
            return new Response(304, Map.of("ETag", tag.toString()), null);
        }
        return with("ETag", tag.toString());
    }
}
