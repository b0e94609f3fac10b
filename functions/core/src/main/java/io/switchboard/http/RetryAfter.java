package io.switchboard.http;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * The {@code Retry-After} of the answers 429 and 503 of one environment: random, so that callers do not come back in the same
 * second, within a range that grows while such answers last. The first range is 1 to 3 seconds. Each further answer adds a second,
 * up to {@value #LONGEST}, and half of what was added is forgotten every ten seconds. Thread-safe.
 */
final class RetryAfter {
    /** The longest wait, in seconds. */
    static final int LONGEST = 20;

    private static final int LEAST_RANGE = 2;
    private static final long HALF_LIFE_NANOS = 10_000_000_000L;

    /** Seeded at each use: a seed from before a snapshot would be the same in every restored environment. */
    private static final RetryAfter OF_THIS_ENVIRONMENT =
            new RetryAfter(System::nanoTime, bound -> new SplittableRandom(System.nanoTime()).nextInt(bound));

    private final LongSupplier nanoTime;
    private final IntUnaryOperator random;
    private double recent;
    private long last;

    /**
     * @param nanoTime the clock
     * @param random gives a number from 0 to less than its argument
     */
    RetryAfter(LongSupplier nanoTime, IntUnaryOperator random) {
        this.nanoTime = nanoTime;
        this.random = random;
        this.last = nanoTime.getAsLong();
    }

    /** That of this environment. */
    static RetryAfter ofThisEnvironment() {
        return OF_THIS_ENVIRONMENT;
    }

    /** Counts one more answer and returns its wait in seconds. */
    synchronized int next() {
        long now = nanoTime.getAsLong();
        recent = recent * Math.pow(0.5, (double) Math.max(0, now - last) / HALF_LIFE_NANOS) + 1;
        last = now;
        return 1 + random.applyAsInt(Math.min(LONGEST, LEAST_RANGE + (int) recent));
    }
}
