package io.switchboard.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Waits for an event that is not signalled, because it occurs in another process or is only visible in a store or a
 * log.
 */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /**
     * Returns when the condition is true.
     *
     * @param what for the message: the awaited event and the current state
     * @throws AssertionError if the condition is not true within this time
     */
    public static void until(Duration longest, Object what, Callable<Boolean> condition) {
        if (!holds(longest, condition)) {
            throw new AssertionError("Not reached within " + longest + ": " + what);
        }
    }

    /** Returns true if the condition holds within this time. It is checked repeatedly. */
    public static boolean holds(Duration longest, Callable<Boolean> condition) {
        long end = System.nanoTime() + longest.toNanos();
        try {
            while (!condition.call()) {
                if (end - System.nanoTime() <= 0) {
                    return false;
                }
                // The awaited process sends no signal, so it can only be checked again, and it needs the processor
                // until then.
                Thread.sleep(PAUSE);
            }
            return true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The condition cannot be checked", e);
        }
    }
}
