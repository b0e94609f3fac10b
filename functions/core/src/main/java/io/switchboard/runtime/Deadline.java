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

    private final Ticker ticker;
    private final long end;

    private Deadline(Ticker ticker, long end) {
        this.ticker = ticker;
        this.end = end;
    }

    /** A deadline so long from now, by the ticker of the request at hand. */
    public static Deadline in(Duration time) {
        return in(time, ticker());
    }

    /** A deadline so long from now, by this ticker. */
    public static Deadline in(Duration time, Ticker ticker) {
        return new Deadline(ticker, ticker.read() + time.toNanos());
    }

    /** The ticker that measures the request at hand; the system's where none is being served. */
    public static Ticker ticker() {
        return CURRENT.isBound() ? CURRENT.get().ticker : Ticker.system();
    }

    /** How long the request at hand may still take; never negative. */
    public static Duration left() {
        if (!CURRENT.isBound()) {
            return UNBOUND;
        }
        Deadline current = CURRENT.get();
        return Duration.ofNanos(Math.max(0, current.end - current.ticker.read()));
    }

    /** Runs one request under this deadline. */
    public <T extends @Nullable Object, X extends Throwable> T during(ScopedValue.CallableOp<T, X> request) throws X {
        return ScopedValue.where(CURRENT, this).call(request);
    }
}
