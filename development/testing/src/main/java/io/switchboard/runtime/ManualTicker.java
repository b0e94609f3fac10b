package io.switchboard.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A ticker that a test advances, and nothing else. Thread-safe. */
public final class ManualTicker implements Ticker {
    /** So that the count overflows after a second, as that of the system may at any time. */
    private static final long START = Long.MAX_VALUE - 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong(START);

    @Override
    public long read() {
        return nanos.get();
    }

    /** Lets so much time pass. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** How much time has passed altogether. */
    public Duration passed() {
        return Duration.ofNanos(read() - START);
    }
}
