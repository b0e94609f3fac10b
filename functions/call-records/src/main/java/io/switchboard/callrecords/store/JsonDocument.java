package io.switchboard.callrecords.store;

import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** A JSON object in its stored form: text, or compressed if it is long. Immutable. */
final class JsonDocument {
    /** The longest document that is stored as text, in bytes; short ones stay readable. */
    static final int LONGEST_TEXT = 8 * 1_024;

    /** The largest stored form that fits into an item of 400 KB with its keys, in bytes. */
    static final int LARGEST = 350 * 1_024;

    private final byte[] json;
    private final byte[] stored;

    private JsonDocument(byte[] json, byte[] stored) {
        this.json = json;
        this.stored = stored;
    }

    static JsonDocument of(Map<String, @Nullable Object> content) {
        byte[] json = Json.bytes(content);
        return new JsonDocument(json, json.length <= LONGEST_TEXT ? json : compressed(content));
    }

    boolean isText() {
        return json.length <= LONGEST_TEXT;
    }

    /** Returns the text, if it is stored as text. */
    String text() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** Returns the stored bytes. */
    byte[] stored() {
        return stored;
    }

    /** Returns the length of the JSON in bytes. */
    int length() {
        return json.length;
    }

    boolean fits() {
        return stored.length <= LARGEST;
    }

    /** Returns the size of a document that does not fit. */
    Oversize oversize() {
        return Oversize.compressed(stored.length, LARGEST);
    }

    /** Returns an object compressed, while it is written. */
    static byte[] compressed(Map<String, @Nullable Object> content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(compressed)) {
            Json.write(content, deflater);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    static byte[] decompress(byte[] compressed) {
        try (InflaterInputStream inflater = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            return inflater.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
