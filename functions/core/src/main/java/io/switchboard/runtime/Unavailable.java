package io.switchboard.runtime;

/**
 * A fault that a later retry may fix: a dependency throttles (429 {@code tooManyRequests}) or does not respond in time
 * (503 {@code serviceUnavailable}). Both responses have {@code Retry-After}.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Dependency dependency;
    private final boolean throttled;

    /**
     * @param dependency the dependency that is not available, for the response
     * @param throttled whether it throttled the call, rather than failed
     * @param message the message for the log, never for the caller
     */
    public Unavailable(Dependency dependency, boolean throttled, String message) {
        super(message);
        this.dependency = dependency;
        this.throttled = throttled;
    }

    /**
     * @param dependency the dependency that is not available, for the response
     * @param throttled whether it throttled the call, rather than failed
     * @param message the message for the log, never for the caller
     * @param cause the exception that was caught
     */
    public Unavailable(Dependency dependency, boolean throttled, String message, Throwable cause) {
        super(message, cause);
        this.dependency = dependency;
        this.throttled = throttled;
    }

    /** Returns the dependency that is not available. */
    public Dependency dependency() {
        return dependency;
    }

    /** Returns whether the dependency throttled the call, rather than failed. */
    public boolean isThrottled() {
        return throttled;
    }
}
