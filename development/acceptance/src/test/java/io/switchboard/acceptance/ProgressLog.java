package io.switchboard.acceptance;

import java.util.Locale;
import java.util.concurrent.Callable;

/** Prints one progress line for each slow step. */
final class ProgressLog {
    private ProgressLog() {}

    /** Runs the work and returns its result. Prints a line with the duration, also if the work fails. */
    static <T> T timed(String what, Callable<T> work) {
        long start = System.nanoTime();
        boolean done = false;
        try {
            T result = work.call();
            done = true;
            return result;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(what + ": " + e, e);
        } finally {
            System.out.printf(
                    Locale.ROOT,
                    "acceptance  %6.1f s  %s%s%n",
                    (System.nanoTime() - start) / 1e9,
                    what,
                    done ? "" : "  FAILED");
        }
    }
}
