package io.switchboard.runtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time by which a function must respond: its timeout less {@link #RESERVE}. It is bound for each request, so that
 * retries and remote calls can limit their time.
 */
public final class Deadline {
    /**
     * Reserved from the timeout of the function: one second of margin, and a quarter of a second to write the response.
     */
    public static final Duration RESERVE = Duration.ofMillis(1_250);

    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();
    /** Applies outside of a request: in tests, and during priming before a snapshot. */
    private static final Duration UNBOUND = Duration.ofSeconds(10);

    private final Ticker ticker;
    private final long end;

    private Deadline(Ticker ticker, long end) {
        this.ticker = ticker;
        this.end = end;
    }

    /** Returns the deadline after this time, measured by the ticker of the current request. */
    public static Deadline in(Duration time) {
        return in(time, ticker());
    }

    /** Returns the deadline after this time, measured by this ticker. */
    public static Deadline in(Duration time, Ticker ticker) {
        return new Deadline(ticker, ticker.read() + time.toNanos());
    }

    /** Returns the ticker of the current request, or else the system ticker. */
    public static Ticker ticker() {
        return CURRENT.isBound() ? CURRENT.get().ticker : Ticker.system();
    }

    /** Returns the remaining time of the current request; never negative. */
    public static Duration left() {
        if (!CURRENT.isBound()) {
            return UNBOUND;
        }
        Deadline current = CURRENT.get();
        return Duration.ofNanos(Math.max(0, current.end - current.ticker.read()));
    }

    /** Runs a request with this deadline. */
    public <T extends @Nullable Object, X extends Throwable> T during(ScopedValue.CallableOp<T, X> request) throws X {
        return ScopedValue.where(CURRENT, this).call(request);
    }
}
