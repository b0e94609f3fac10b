package io.switchboard.http;

import io.switchboard.runtime.Ticker;
import java.security.SecureRandom;
import java.util.function.IntUnaryOperator;

/**
 * The {@code Retry-After} of 429 and 503 responses of one environment. It is random, so that callers do not retry in
 * the same second, and its range grows with the number of recent responses. The first range is 1 to 3 seconds. Each
 * further response adds a second, up to {@value #LONGEST}, and the added time halves every ten seconds. Thread-safe.
 */
final class RetryAfter {
    /** The longest wait, in seconds. */
    static final int LONGEST = 20;

    private static final int LEAST_RANGE = 2;
    private static final long HALF_LIFE_NANOS = 10_000_000_000L;

    /**
     * Secure, because the state of another generator would be the same in every environment restored from one snapshot.
     */
    private static final RetryAfter OF_THIS_ENVIRONMENT =
            new RetryAfter(Ticker.system(), bound -> new SecureRandom().nextInt(bound));

    private final Ticker ticker;
    private final IntUnaryOperator random;
    private double recent;
    private long last;

    /**
     * @param ticker measures the time since the last response
     * @param random returns a number from 0 to less than its argument
     */
    RetryAfter(Ticker ticker, IntUnaryOperator random) {
        this.ticker = ticker;
        this.random = random;
        this.last = ticker.read();
    }

    /** Returns the instance of this environment. */
    static RetryAfter ofThisEnvironment() {
        return OF_THIS_ENVIRONMENT;
    }

    /** Counts a response and returns its wait in seconds. */
    synchronized int next() {
        long now = ticker.read();
        recent = recent * Math.pow(0.5, (double) Math.max(0, now - last) / HALF_LIFE_NANOS) + 1;
        last = now;
        return 1 + random.applyAsInt(Math.min(LONGEST, LEAST_RANGE + (int) recent));
    }
}
