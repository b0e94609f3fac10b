package io.switchboard.callrecords.store;

import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A session's content in its two stored parts: the session without segments, and the compressed segments. Immutable.
 */
final class PackedSession {
    /** The navigation property that is stored separately. */
    static final String SEGMENTS = "segments";

    /** The largest piece of compressed segments that fits into an item of 400 KB with its keys, in bytes. */
    static final int LARGEST_CHUNK = 380 * 1_024;

    /** The most pieces of a session. */
    static final int MOST_CHUNKS = 3;

    /** The largest compressed segments that are stored in the session's own item, in bytes. */
    private static final int LARGEST_INLINE = 4 * 1_024;

    private final Map<String, @Nullable Object> content;
    private final JsonDocument document;
    private final byte[] segments;

    private PackedSession(Map<String, @Nullable Object> content, JsonDocument document, byte[] segments) {
        this.content = content;
        this.document = document;
        this.segments = segments;
    }

    /** @param posted the content, of type session, {@code segments} inline or absent */
    static PackedSession of(Map<String, @Nullable Object> posted) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(posted);
        @Nullable Object segments = own.remove(SEGMENTS);
        JsonDocument document = JsonDocument.of(own);
        boolean has = segments instanceof List<?> list && !list.isEmpty();
        own.put(SEGMENTS, has ? segments : List.of());
        return new PackedSession(own, document, has ? JsonDocument.compressed(wrapped(segments)) : new byte[0]);
    }

    private static Map<String, @Nullable Object> wrapped(@Nullable Object segments) {
        Map<String, @Nullable Object> wrapper = new LinkedHashMap<>();
        wrapper.put(SEGMENTS, segments);
        return wrapper;
    }

    /**
     * Puts compressed segments into a session's content.
     *
     * @param compressed the segments from {@link #segments}; empty if there are none
     * @return their length in bytes of JSON
     */
    static int unpack(byte[] compressed, Map<String, @Nullable Object> into) {
        if (compressed.length == 0) {
            into.put(SEGMENTS, List.of());
            return 0;
        }
        Inflater inflater = new Inflater();
        try {
            into.putAll(Json.readOwn(new InflaterInputStream(new ByteArrayInputStream(compressed), inflater)));
            return Math.toIntExact(inflater.getBytesWritten());
        } finally {
            inflater.end();
        }
    }

    /** Returns the content with segments. */
    Map<String, @Nullable Object> content() {
        return content;
    }

    /** Returns the session without its segments. */
    JsonDocument document() {
        return document;
    }

    /** Returns the compressed segments; empty if there are none. */
    byte[] segments() {
        return segments;
    }

    boolean hasSameSegmentsAs(Map<String, @Nullable Object> other) {
        return Objects.equals(content.get(SEGMENTS), Objects.requireNonNullElse(other.get(SEGMENTS), List.of()));
    }

    boolean isInline() {
        return segments.length <= LARGEST_INLINE;
    }

    /** Returns the pieces of segments that are not stored in the session's own item. */
    List<byte[]> chunks() {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; !isInline() && from < segments.length; from += LARGEST_CHUNK) {
            chunks.add(java.util.Arrays.copyOfRange(segments, from, Math.min(segments.length, from + LARGEST_CHUNK)));
        }
        return chunks;
    }

    /** Returns the part that is too large to be stored; null if none is. */
    @Nullable
    Oversize oversize() {
        if (segments.length > CallSessionStore.LARGEST_SEGMENTS) {
            return new Oversize(segments.length, CallSessionStore.LARGEST_SEGMENTS);
        }
        return document.fits() ? null : new Oversize(document.stored().length, JsonDocument.LARGEST);
    }

    /** @param bytes the compressed size, like {@code maximum} */
    record Oversize(int bytes, int maximum) {}
}
