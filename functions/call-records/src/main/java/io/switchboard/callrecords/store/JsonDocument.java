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

/** A JSON object as it is kept: as text, or compressed where it is long. Immutable. */
final class JsonDocument {
    /** The longest one that is kept as text, in bytes: legible where it is cheap. */
    static final int LONGEST_TEXT = 8 * 1_024;

    /** The largest one that fits into an item of 400 KB beside its keys, in bytes as it is kept. */
    static final int LARGEST = 350 * 1_024;

    private final byte[] json;
    private final byte[] kept;

    private JsonDocument(byte[] json, byte[] kept) {
        this.json = json;
        this.kept = kept;
    }

    static JsonDocument of(Map<String, @Nullable Object> content) {
        byte[] json = Json.write(content).getBytes(StandardCharsets.UTF_8);
        return new JsonDocument(json, json.length <= LONGEST_TEXT ? json : compress(json));
    }

    boolean isText() {
        return json.length <= LONGEST_TEXT;
    }

    /** The text, where it is kept as such. */
    String text() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** The bytes that are kept. */
    byte[] kept() {
        return kept;
    }

    /** How many bytes of JSON it is. */
    int length() {
        return json.length;
    }

    boolean fits() {
        return kept.length <= LARGEST;
    }

    static byte[] compress(byte[] json) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(compressed)) {
            deflater.write(json);
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
