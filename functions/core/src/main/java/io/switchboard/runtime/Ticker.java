package io.switchboard.runtime;

/** Measures elapsed time; {@link java.time.InstantSource} has the time of day. Thread-safe. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary moment; only differences have a meaning. */
    long read();

    /** The ticker of the system. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}

/** A class, because a lambda costs more in a cold start. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long read() {
        return System.nanoTime();
    }
}
