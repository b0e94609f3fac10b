package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A message's bytes as a value. */
final class Bytes {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: its maker must not change it any more. */
    static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new Bytes(bytes);
    }

    static Bytes of(String text) {
        return of(text.getBytes(UTF_8));
    }

    /** The array itself, to be read only: bodies are megabytes. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    /** As UTF-8; what is none becomes U+FFFD. */
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
