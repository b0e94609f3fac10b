package io.switchboard.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something that happens elsewhere and that nobody reports: in another process, or behind a store or a log. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @param what for the message: what is awaited, and what is there instead
     * @throws AssertionError if it does not hold within this time
     */
    public static void until(Duration longest, Object what, Callable<Boolean> condition) {
        if (!holds(longest, condition)) {
            throw new AssertionError("Within " + longest + " did not come: " + what);
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
