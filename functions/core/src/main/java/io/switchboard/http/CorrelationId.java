package io.switchboard.http;

import io.switchboard.identity.Identifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller's own name for what it does: any text of up to 128 printable characters, in the header {@code x-correlation-id} or in the
 * member {@code correlationId} of a body. It is logged and returned as it was sent. It is telemetry, so one that cannot be used is
 * ignored, and never fails a call.
 */
public final class CorrelationId {
    /** The header's name. */
    public static final String HEADER = "x-correlation-id";

    /** The most characters (Unicode code points) of a correlation id. */
    public static final int LONGEST = 128;

    private CorrelationId() {}

    /** The header of a request, if it was sent and can be used. */
    public static Optional<String> of(Request request) {
        return request.header(HEADER).filter(text -> problem(text) == null);
    }

    /** Why a value cannot be a correlation id, as a clause that follows "because"; null if it can be one. */
    public static @Nullable String problem(Object value) {
        if (!(value instanceof String text)) {
            return "it is not a text";
        }
        int length = text.codePointCount(0, text.length());
        if (length > LONGEST) {
            return "it has " + length + " characters; at most " + LONGEST + " are allowed";
        }
        return Identifier.isPrintable(text) ? null : "it has characters that cannot be printed";
    }

    /**
     * Whether a header of an answer can carry the text: HTTP allows other characters than ASCII, but gateways and clients read them in
     * different ways. Another text is returned in the body and in the log only.
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
