package io.switchboard.runtime;

/**
 * A fault that a later retry may fix: a dependency throttles (429 {@code tooManyRequests}) or does not answer in time (503
 * {@code serviceUnavailable}). Both answers carry {@code Retry-After}.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Dependency dependency;
    private final boolean throttled;

    /**
     * @param dependency which one is not available; the answer names it
     * @param throttled whether it refused because of its load, rather than failed
     * @param message for the log, never for the caller
     */
    public Unavailable(Dependency dependency, boolean throttled, String message) {
        super(message);
        this.dependency = dependency;
        this.throttled = throttled;
    }

    /**
     * @param dependency which one is not available; the answer names it
     * @param throttled whether it refused because of its load, rather than failed
     * @param message for the log, never for the caller
     * @param cause the exception that was caught
     */
    public Unavailable(Dependency dependency, boolean throttled, String message, Throwable cause) {
        super(message, cause);
        this.dependency = dependency;
        this.throttled = throttled;
    }

    /** Which dependency is not available. */
    public Dependency dependency() {
        return dependency;
    }

    /** Whether the dependency refused because of its load, rather than failed. */
    public boolean isThrottled() {
        return throttled;
    }
}
