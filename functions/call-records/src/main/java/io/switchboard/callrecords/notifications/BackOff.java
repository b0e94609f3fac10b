package io.switchboard.callrecords.notifications;

import java.time.Duration;

/**
 * The pause before a failed notification is sent again: ten seconds, doubled with each attempt, at most half an hour.
 */
public final class BackOff {
    private static final long FIRST_SECONDS = 10;
    private static final long LONGEST_SECONDS = 1_800;
    /** After so many doublings the longest pause is reached; more would overflow. */
    private static final int MOST_DOUBLINGS = 8;

    private static final int LEAST_PERCENT = 80;
    private static final int SPREAD_PERCENT = 40;

    private BackOff() {}

    /**
     * Returns the pause after an attempt, with a jitter of 20 %, so that notifications that failed together are not
     * retried together.
     *
     * @param attempts the number of attempts, at least 1
     * @param random a random number from 0 to 1
     */
    public static Duration after(int attempts, double random) {
        long seconds = FIRST_SECONDS << Math.min(Math.max(attempts, 1) - 1, MOST_DOUBLINGS);
        double spread = Math.min(seconds, LONGEST_SECONDS) * (LEAST_PERCENT + SPREAD_PERCENT * random) / 100;
        return Duration.ofSeconds(Math.min(Math.round(spread), LONGEST_SECONDS));
    }
}
