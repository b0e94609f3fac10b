package io.switchboard.runtime;

/**
 * A fault that a later retry may fix: DynamoDB throttles (429 {@code tooManyRequests}) or does not answer in time (503
 * {@code serviceUnavailable}). Both answers carry {@code Retry-After}.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean throttled;

    /**
     * @param throttled whether the store refused because of its load, rather than failed
     * @param message for the log, never for the caller
     */
    public Unavailable(boolean throttled, String message) {
        super(message);
        this.throttled = throttled;
    }

    /**
     * @param throttled whether the store refused because of its load, rather than failed
     * @param message for the log, never for the caller
     * @param cause the exception that was caught
     */
    public Unavailable(boolean throttled, String message, Throwable cause) {
        super(message, cause);
        this.throttled = throttled;
    }

    /** Whether the store refused because of its load, rather than failed. */
    public boolean isThrottled() {
        return throttled;
    }
}
