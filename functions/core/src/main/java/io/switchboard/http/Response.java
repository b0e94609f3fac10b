package io.switchboard.http;

import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes out: a status, headers, and a JSON tree or nothing; or plain text, where the headers say so.
 *
 * @param headers names as they are to be written
 * @param body the tree, {@link KeptJson} or the text, or null for an empty body
 */
public record Response(
        int status, Map<String, String> headers, @Nullable Object body) {
    static final String CONTENT_TYPE = "Content-Type";
    private static final String TEXT = "text/plain";

    /** 200 with a body. */
    public static Response ok(Object body) {
        return new Response(200, Map.of(), body);
    }

    /** 200 with plain text, such as a {@code $count}. */
    public static Response text(String text) {
        return new Response(200, Map.of(CONTENT_TYPE, TEXT), text);
    }

    /** 201 with the new resource. */
    public static Response created(String location, Object body) {
        return new Response(201, Map.of("Location", location), body);
    }

    /** 204. */
    public static Response noContent() {
        return new Response(204, Map.of(), null);
    }

    /** Whether the body is plain text. */
    public boolean isText() {
        return TEXT.equals(headers.get(CONTENT_TYPE));
    }

    /** The body as it is sent; empty where there is none. */
    public String bodyText() {
        if (body == null) {
            return "";
        }
        return isText() || body instanceof KeptJson ? body.toString() : Json.write(body);
    }

    /** The body as gzip in base64; null where it is small, or does not get smaller. */
    @Nullable
    String gzippedBody() {
        if (body instanceof KeptJson kept) {
            return kept.gzipped();
        }
        byte[] plain = bodyText().getBytes(StandardCharsets.UTF_8);
        return plain.length > ContentCoding.LARGEST_UNCOMPRESSED
                ? ContentCoding.gzipped(plain, ContentCoding.FAST)
                : null;
    }

    /** The same with one more header. */
    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, more, body);
    }

    /** The same with the entity tag; 304 without a body where the caller has that one already. */
    public Response withEntityTag(EntityTag tag, Request request) {
        if (status == 200 && request.ifNoneMatch().filter(tag::matchesAnyOf).isPresent()) {
            return new Response(304, Map.of("ETag", tag.toString()), null);
        }
        return with("ETag", tag.toString());
    }
}
