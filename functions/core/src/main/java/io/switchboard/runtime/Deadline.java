package io.switchboard.runtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the answer must be on its way: the function's own time-out less {@link #RESERVE}. Bound for each request, so that
 * retries and remote calls deep below know how long they may take.
 */
public final class Deadline {
    /** Kept back from the function's time-out: the second by which an answer is early, and a quarter in which to write it. */
    public static final Duration RESERVE = Duration.ofMillis(1_250);

    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();
    /** Where no request is being served: tests, and priming before a snapshot. */
    private static final Duration UNBOUND = Duration.ofSeconds(10);

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A deadline so long from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** How long the request at hand may still take; never negative. */
    public static Duration left() {
        if (!CURRENT.isBound()) {
            return UNBOUND;
        }
        return Duration.ofNanos(Math.max(0, CURRENT.get().nanoTime - System.nanoTime()));
    }

    /** Runs one request under this deadline. */
    public <T extends @Nullable Object, X extends Throwable> T during(ScopedValue.CallableOp<T, X> request) throws X {
        return ScopedValue.where(CURRENT, this).call(request);
    }
}
