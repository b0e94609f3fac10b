package io.switchboard.http;

import org.jspecify.annotations.Nullable;

/** The body of one request, which is inflated once, when an operation reads it. Not thread-safe. */
final class RequestBody {
    private final byte[] sent;
    private final String codings;
    private byte @Nullable [] content;

    /** @param codings the header {@code Content-Encoding}; empty if it was not sent */
    RequestBody(byte[] sent, String codings) {
        this.sent = sent;
        this.codings = codings;
    }

    /** Whether something was sent. */
    boolean isPresent() {
        return sent.length > 0;
    }

    /**
     * The body without its content coding.
     *
     * @param maximum in bytes
     * @throws Refusal 413 beyond the maximum, 415 for a coding that is not supported, 400 for data that cannot be inflated
     */
    byte[] content(int maximum) {
        byte[] read = read(maximum);
        if (read.length > maximum) {
            throw Refusal.of(
                    ErrorCode.CONTENT_TOO_LARGE,
                    "The body has " + read.length + " bytes; at most " + maximum + " are allowed.");
        }
        return read;
    }

    /** The same, of any size where it was read before. */
    byte[] read(int maximum) {
        byte @Nullable [] known = content;
        if (known == null) {
            known = ContentCoding.decoded(sent, codings, maximum);
            content = known;
        }
        return known;
    }
}
