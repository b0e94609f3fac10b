package io.switchboard.callrecords.store;

import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session's content in the two parts it is kept in: what every reader wants, and the segments, which are compressed.
 * Immutable.
 */
final class PackedSession {
    /** The navigation property that is kept apart. */
    static final String SEGMENTS = "segments";

    /** The largest piece of compressed segments that fits into an item of 400 KB beside its keys, in bytes. */
    static final int LARGEST_CHUNK = 380 * 1_024;

    /** The most pieces there are. */
    static final int MOST_CHUNKS = 3;

    /** The largest compressed segments that lie within the session's own item, in bytes. */
    private static final int LARGEST_INLINE = 4 * 1_024;

    private final Map<String, @Nullable Object> content;
    private final JsonDocument document;
    private final byte[] segments;

    private PackedSession(Map<String, @Nullable Object> content, JsonDocument document, byte[] segments) {
        this.content = content;
        this.document = document;
        this.segments = segments;
    }

    /** @param posted of type session, {@code segments} inline or absent */
    static PackedSession of(Map<String, @Nullable Object> posted) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(posted);
        @Nullable Object segments = own.remove(SEGMENTS);
        JsonDocument document = JsonDocument.of(own);
        boolean has = segments instanceof List<?> list && !list.isEmpty();
        own.put(SEGMENTS, has ? segments : List.of());
        return new PackedSession(own, document, has ? JsonDocument.compress(wrapped(segments)) : new byte[0]);
    }

    private static byte[] wrapped(@Nullable Object segments) {
        Map<String, @Nullable Object> wrapper = new LinkedHashMap<>();
        wrapper.put(SEGMENTS, segments);
        return Json.write(wrapper).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The segments that {@link #segments} holds, put into a session's content.
     *
     * @param compressed empty where there are none
     * @return how many bytes of JSON they are
     */
    static int unpack(byte[] compressed, Map<String, @Nullable Object> into) {
        if (compressed.length == 0) {
            into.put(SEGMENTS, List.of());
            return 0;
        }
        byte[] json = JsonDocument.decompress(compressed);
        into.putAll(Json.readOwn(new String(json, StandardCharsets.UTF_8)));
        return json.length;
    }

    /** The content as a reader gets it who wants the segments. */
    Map<String, @Nullable Object> content() {
        return content;
    }

    /** The session without its segments. */
    JsonDocument document() {
        return document;
    }

    /** The segments, compressed; empty where there are none. */
    byte[] segments() {
        return segments;
    }

    boolean hasSameSegmentsAs(Map<String, @Nullable Object> other) {
        return Objects.equals(content.get(SEGMENTS), Objects.requireNonNullElse(other.get(SEGMENTS), List.of()));
    }

    boolean isInline() {
        return segments.length <= LARGEST_INLINE;
    }

    /** The pieces of the segments that do not lie within the session's own item. */
    List<byte[]> chunks() {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; !isInline() && from < segments.length; from += LARGEST_CHUNK) {
            chunks.add(java.util.Arrays.copyOfRange(segments, from, Math.min(segments.length, from + LARGEST_CHUNK)));
        }
        return chunks;
    }

    /** What of it is too large to be kept whole; null where nothing is. */
    @Nullable
    Oversize oversize() {
        if (segments.length > CallSessionStore.LARGEST_SEGMENTS) {
            return new Oversize(segments.length, CallSessionStore.LARGEST_SEGMENTS);
        }
        return document.fits() ? null : new Oversize(document.kept().length, JsonDocument.LARGEST);
    }

    /** @param bytes compressed, as {@code maximum} */
    record Oversize(int bytes, int maximum) {}
}
