package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** The bytes of a message, with value equality. */
final class Bytes {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes ownership of the array. The caller must not change it afterwards. */
    static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new Bytes(bytes);
    }

    static Bytes of(String text) {
        return of(text.getBytes(UTF_8));
    }

    /** Returns the array itself, not a copy, because bodies can be megabytes. Callers must not change it. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    /** Decodes the bytes as UTF-8. Malformed input becomes U+FFFD. */
    String text() {
        return new String(bytes, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
