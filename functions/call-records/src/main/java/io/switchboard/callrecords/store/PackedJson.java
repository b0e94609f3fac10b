package io.switchboard.callrecords.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * One or two JSON texts of a session, compressed together with a dictionary: the usual texts of sessions, in a resource
 * file, then the parts of the session's key. The first text can be read without the second.
 *
 * <p>The stored form: the byte 1, the length of the first text (seven bits in each byte, the lowest first, the highest
 * bit set in all bytes but the last), then both texts in DEFLATE without a header. The dictionary of form 1 must never
 * change.
 */
final class PackedJson {
    private static final int FORM = 1;
    private static final String RESOURCE = "session-form-1.dictionary";
    private static final PackedJson FORM_1 = new PackedJson();

    /** Longer texts are compressed at the usual level: the best one costs more time than it gains. */
    private static final int LONGEST_AT_BEST_LEVEL = 16 * 1_024;

    private static final int BUFFER = 4_096;
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private final byte[] dictionary;

    private PackedJson() {
        try (@Nullable InputStream resource = PackedJson.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + RESOURCE + " is missing");
            }
            // The lines of the file are only for its readers.
            dictionary = new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\n", "")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns true if stored bytes have this form. Earlier releases stored zlib's form, which begins differently. */
    static boolean isFormOf(byte[] stored) {
        return stored.length > 0 && stored[0] == FORM;
    }

    /** @param second may be empty */
    static byte[] pack(SessionKey key, byte[] first, byte[] second) {
        boolean isShort = first.length + second.length <= LONGEST_AT_BEST_LEVEL;
        Deflater deflater = new Deflater(isShort ? Deflater.BEST_COMPRESSION : Deflater.DEFAULT_COMPRESSION, true);
        try {
            Output stored = new Output(first.length + second.length);
            stored.write(FORM);
            int length = first.length;
            for (; length >= MORE; length >>>= BITS) {
                stored.write(length % MORE + MORE);
            }
            stored.write(length);
            setDictionary(key, deflater::setDictionary);
            deflater.setInput(first);
            stored.add(deflater);
            deflater.setInput(second);
            deflater.finish();
            stored.add(deflater);
            return Arrays.copyOf(stored.bytes, stored.length);
        } finally {
            deflater.end();
        }
    }

    /** Stored bytes that are being written. Not thread-safe. */
    private static final class Output {
        private static final int LEAST = 64;

        private byte[] bytes;
        private int length;

        Output(int textLength) {
            // Most texts are compressed to less than a third.
            bytes = new byte[LEAST + textLength / 3];
        }

        void write(int value) {
            bytes[length++] = (byte) value;
        }

        /** Compresses until the input is used up, or all of it is written after the last input. */
        void add(Deflater deflater) {
            int count;
            do {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
                count = deflater.deflate(bytes, length, bytes.length - length);
                length += count;
            } while (count > 0);
        }
    }

    /** Returns the first text, in UTF-8. */
    static byte[] first(byte[] stored, SessionKey key) {
        Reading reading = new Reading(stored, key);
        try {
            return reading.first();
        } finally {
            reading.inflater.end();
        }
    }

    /** Returns both texts, in UTF-8; the second is empty if there is none. */
    static Both both(byte[] stored, SessionKey key) {
        Reading reading = new Reading(stored, key);
        try {
            return new Both(reading.first(), reading.second());
        } finally {
            reading.inflater.end();
        }
    }

    /** Two texts, in UTF-8. */
    static final class Both {
        private final byte[] first;
        private final byte[] second;

        private Both(byte[] first, byte[] second) {
            this.first = first;
            this.second = second;
        }

        byte[] first() {
            return first;
        }

        byte[] second() {
            return second;
        }
    }

    /** The reading of stored bytes. Not thread-safe. */
    private static final class Reading {
        private final Inflater inflater = new Inflater(true);
        private final int length;

        Reading(byte[] stored, SessionKey key) {
            int total = 0;
            int shift = 0;
            int at = 1;
            while (stored[at] < 0) {
                total += (stored[at] + MORE) << shift;
                shift += BITS;
                at++;
            }
            length = total + (stored[at] << shift);
            setDictionary(key, inflater::setDictionary);
            inflater.setInput(stored, at + 1, stored.length - at - 1);
        }

        byte[] first() {
            byte[] text = new byte[length];
            int count = 0;
            while (count < length) {
                count += inflate(text, count);
            }
            return text;
        }

        byte[] second() {
            ByteArrayOutputStream text = new ByteArrayOutputStream(BUFFER);
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                text.write(buffer, 0, inflate(buffer, 0));
            }
            return text.toByteArray();
        }

        private int inflate(byte[] into, int from) {
            try {
                int count = inflater.inflate(into, from, into.length - from);
                if (count == 0 && !inflater.finished()) {
                    throw new IllegalStateException("A stored session ends too early");
                }
                return count;
            } catch (DataFormatException e) {
                throw new IllegalStateException("A stored session cannot be decompressed", e);
            }
        }
    }

    /** Sets the usual texts, then the parts of the key that the content repeats: the nearest ones cost the least. */
    private static void setDictionary(SessionKey key, Consumer<byte[]> dictionary) {
        // Without a header, zlib appends each dictionary to the one before.
        dictionary.accept(FORM_1.dictionary);
        dictionary.accept((key.callee() + key.id() + key.start()).getBytes(StandardCharsets.UTF_8));
    }
}
