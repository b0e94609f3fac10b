package io.switchboard.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A ticker that only a test advances. Thread-safe. */
public final class ManualTicker implements Ticker {
    /** The count overflows after a second, because the system ticker may overflow at any time. */
    private static final long START = Long.MAX_VALUE - 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong(START);

    @Override
    public long read() {
        return nanos.get();
    }

    /** Advances the ticker by this time. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Returns the total time that has passed. */
    public Duration passed() {
        return Duration.ofNanos(read() - START);
    }
}
