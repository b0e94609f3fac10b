package io.switchboard.http;

import io.switchboard.identity.Identifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller's own correlation id: up to 128 printable characters, in the header {@code x-correlation-id} or in the
 * member {@code correlationId} of a body. It is logged and returned unchanged. It is telemetry, so an invalid one is
 * ignored and never fails a request.
 */
public final class CorrelationId {
    /** The header's name. */
    public static final String HEADER = "x-correlation-id";

    /** The most characters (Unicode code points) of a correlation id. */
    public static final int LONGEST = 128;

    private CorrelationId() {}

    /** Returns the header of a request, if it was sent and is valid. */
    public static Optional<String> of(Request request) {
        return request.header(HEADER).filter(text -> problem(text) == null);
    }

    /** Returns why a value is not a valid correlation id, as a clause that follows "because"; null if it is valid. */
    public static @Nullable String problem(Object value) {
        if (!(value instanceof String text)) {
            return "it is not a string";
        }
        int length = text.codePointCount(0, text.length());
        if (length > LONGEST) {
            return "it has " + length + " characters; at most " + LONGEST + " are allowed";
        }
        return Identifier.isPrintable(text) ? null : "it has characters that cannot be printed";
    }

    /**
     * Returns whether a response header can carry the text, which must be ASCII. HTTP allows other characters, but
     * gateways and clients decode them in different ways. Other text appears in the body and in the log only.
     */
    public static boolean fitsHeader(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7E) {
                return false;
            }
        }
        return true;
    }
}
