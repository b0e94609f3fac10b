package io.switchboard.callrecords.store;

import io.switchboard.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session's content in its stored form: a document with the session and, unless they would make its item larger, the
 * segments; otherwise the segments separately. Immutable.
 */
final class PackedSession {
    /** The navigation property that can be stored separately. */
    static final String SEGMENTS = "segments";

    /** The largest piece of compressed segments that fits into an item of 400 KB with its keys, in bytes. */
    static final int LARGEST_CHUNK = 380 * 1_024;

    /** The most pieces of a session. */
    static final int MOST_CHUNKS = 3;

    /** The longest segments for which it is tried whether they fit into the session's item, in bytes of JSON. */
    private static final int LONGEST_TRIED = 16 * 1_024;

    /** DynamoDB charges each kilobyte that an item begins. */
    private static final int KILOBYTE = 1_024;

    private final Map<String, @Nullable Object> content;
    private final byte[] document;
    private final byte[] segments;
    /** The size in a response if it may exceed the limit, otherwise zero. */
    private final int responseBytes;

    private PackedSession(Map<String, @Nullable Object> content, byte[] document, byte[] segments, int responseBytes) {
        this.content = content;
        this.document = document;
        this.segments = segments;
        this.responseBytes = responseBytes;
    }

    /**
     * Packs a session.
     *
     * @param posted the content, of type session, {@code segments} inline or absent
     * @param others the size of the other attributes of the session's item, in bytes
     */
    static PackedSession of(SessionKey key, Map<String, @Nullable Object> posted, int others) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(posted);
        @Nullable Object segments = own.remove(SEGMENTS);
        byte[] first = Json.bytes(own);
        boolean has = segments instanceof List<?> list && !list.isEmpty();
        own.put(SEGMENTS, has ? segments : List.of());
        byte[] none = new byte[0];
        if (!has) {
            return new PackedSession(own, PackedJson.pack(key, first, none), none, responseBytes(first, none));
        }
        Map<String, @Nullable Object> wrapper = new LinkedHashMap<>();
        wrapper.put(SEGMENTS, segments);
        byte[] second = Json.bytes(wrapper);
        int responseBytes = responseBytes(first, second);
        byte[] whole = second.length > LONGEST_TRIED ? none : PackedJson.pack(key, first, second);
        if (whole.length > 0 && whole.length + others <= KILOBYTE) {
            return new PackedSession(own, whole, none, responseBytes);
        }
        byte[] document = PackedJson.pack(key, first, none);
        return whole.length > 0 && kilobytes(whole.length + others) == kilobytes(document.length + others)
                ? new PackedSession(own, whole, none, responseBytes)
                : new PackedSession(own, document, PackedJson.pack(key, second, none), responseBytes);
    }

    /** Returns the size in a response; zero if it is below the limit even if each byte counts twice. */
    private static int responseBytes(byte[] first, byte[] second) {
        int bytes = first.length + second.length;
        return 2 * bytes <= CallSessionStore.LARGEST_RESPONSE ? 0 : bytes + escaped(first) + escaped(second);
    }

    private static int escaped(byte[] json) {
        int count = 0;
        for (byte each : json) {
            if (each == '"' || each == '\\') {
                count++;
            }
        }
        return count;
    }

    private static int kilobytes(int bytes) {
        return (bytes + KILOBYTE - 1) / KILOBYTE;
    }

    /** Returns the content with segments. */
    Map<String, @Nullable Object> content() {
        return content;
    }

    /** Returns the stored document. */
    byte[] document() {
        return document;
    }

    /** Returns the size of the segments that the document does not have, compressed. */
    int separateBytes() {
        return segments.length;
    }

    boolean hasSameSegmentsAs(Map<String, @Nullable Object> other) {
        return Objects.equals(content.get(SEGMENTS), Objects.requireNonNullElse(other.get(SEGMENTS), List.of()));
    }

    /** Returns true if the document has the segments, or there are none. */
    boolean isInline() {
        return segments.length == 0;
    }

    /** Returns the pieces of segments that are not stored in the session's own item. */
    List<byte[]> chunks() {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < segments.length; from += LARGEST_CHUNK) {
            chunks.add(Arrays.copyOfRange(segments, from, Math.min(segments.length, from + LARGEST_CHUNK)));
        }
        return chunks;
    }

    /** Returns the part that is too large to be stored; null if none is. */
    @Nullable
    Oversize oversize() {
        if (responseBytes > CallSessionStore.LARGEST_RESPONSE) {
            return new Oversize(Oversize.Measure.RESPONSE, responseBytes, CallSessionStore.LARGEST_RESPONSE);
        }
        if (segments.length > CallSessionStore.LARGEST_SEGMENTS) {
            return Oversize.compressed(segments.length, CallSessionStore.LARGEST_SEGMENTS);
        }
        return document.length > JsonDocument.LARGEST
                ? Oversize.compressed(document.length, JsonDocument.LARGEST)
                : null;
    }
}
