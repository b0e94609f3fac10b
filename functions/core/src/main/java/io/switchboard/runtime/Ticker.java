package io.switchboard.runtime;

/** Measures elapsed time. For the time of day, use {@link java.time.InstantSource}. Thread-safe. */
@FunctionalInterface
public interface Ticker {
    /** Returns nanoseconds since an arbitrary time; only differences are meaningful. */
    long read();

    /** Returns the system ticker. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}

/** A class, because a lambda makes a cold start longer. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long read() {
        return System.nanoTime();
    }
}
