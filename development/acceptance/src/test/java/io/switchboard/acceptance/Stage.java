package io.switchboard.acceptance;

import java.util.Locale;
import java.util.concurrent.Callable;

/** One line of progress for what takes seconds. */
final class Stage {
    private Stage() {}

    /** What the work gives, after a line that says how long it took, whether it went well or not. */
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
