package io.switchboard.callrecords.notifications;

import java.time.Duration;

/**
 * How long an endpoint that did not take a notification is left alone: ten seconds, doubling with each try up to half an hour.
 */
public final class BackOff {
    private static final long FIRST_SECONDS = 10;
    private static final long LONGEST_SECONDS = 1_800;
    /** Doubled so often it is the longest, and more would not fit into a number. */
    private static final int MOST_DOUBLINGS = 8;

    private static final int LEAST_PERCENT = 80;
    private static final int SPREAD_PERCENT = 40;

    private BackOff() {}

    /**
     * The pause after a try, a fifth more or less, so that what failed together does not come again together.
     *
     * @param tries how many there were, at least 1
     * @param random from 0 to 1
     */
    public static Duration after(int tries, double random) {
        long seconds = FIRST_SECONDS << Math.min(Math.max(tries, 1) - 1, MOST_DOUBLINGS);
        double spread = Math.min(seconds, LONGEST_SECONDS) * (LEAST_PERCENT + SPREAD_PERCENT * random) / 100;
        return Duration.ofSeconds(Math.min(Math.round(spread), LONGEST_SECONDS));
    }
}
