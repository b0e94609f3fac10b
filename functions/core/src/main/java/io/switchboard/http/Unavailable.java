package io.switchboard.http;

/**
 * A fault that a later retry may mend: DynamoDB throttles (429 {@code tooManyRequests}) or does not answer in time (503
 * {@code serviceUnavailable}). Both answers carry {@code Retry-After}.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean throttled;

    /**
     * @param throttled whether the store refused for load, rather than failed
     * @param message for the log, never for the caller
     */
    public Unavailable(boolean throttled, String message, Throwable cause) {
        super(message, cause);
        this.throttled = throttled;
    }

    boolean isThrottled() {
        return throttled;
    }
}
