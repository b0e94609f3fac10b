package io.switchboard.bench;

import io.switchboard.storage.Page;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a long list, compares each page with its first one and the only page of a short list, and applies to
 * each window of pages the limit of {@code docs/explanation/architecture.md}, "Budgets".
 *
 * @param <T> the type of the items
 */
final class PageWalk<T> {
    private static final double LIMIT = 1.2;
    private static final int WARM_PAGES = 300;
    /** Few enough pages to detect a slow window, and enough for a meaningful median. */
    private static final int WINDOW = 10;
    /** A window that was slow by chance is not slow in all attempts with this number of reads of each page. */
    private static final int ATTEMPTS = 3;

    private static final int READS = 10;
    private static final int STRETCHES = 10;

    private final Function<@Nullable String, Page<T>> list;
    private final Supplier<Page<T>> onlyPage;
    private final PrintStream out;

    /**
     * @param list returns the page of the long list after a position, or the first one for null
     * @param onlyPage returns the page of the short list
     */
    PageWalk(Function<@Nullable String, Page<T>> list, Supplier<Page<T>> onlyPage, PrintStream out) {
        this.list = list;
        this.onlyPage = onlyPage;
        this.out = out;
    }

    /** The position and the times of a page. */
    private record Timed(@Nullable String after, PageTimes times) {}

    /** Reads pages until the code is compiled, from the beginning again if the list is short. */
    void warm() {
        @Nullable String after = null;
        for (int read = 0; read < WARM_PAGES; read++) {
            after = measure(after, read, new PageTimes()).next();
        }
    }

    /**
     * Walks through the list, passes on each item and prints the table. Returns whether all windows were within the
     * limit.
     */
    boolean walk(Consumer<T> show) {
        List<Timed> timed = new ArrayList<>();
        @Nullable String after = null;
        do {
            PageTimes times = new PageTimes();
            Page<T> page = measure(after, timed.size(), times);
            timed.add(new Timed(after, times));
            page.items().forEach(show);
            after = page.next();
        } while (after != null);
        table(timed);
        return windows(timed);
    }

    /** Reads a page, the first page and the page of the short list, in a different order each time. */
    private Page<T> measure(@Nullable String after, int turn, PageTimes times) {
        double[] taken = new double[3];
        @Nullable Page<T> wanted = null;
        for (int i = 0; i < taken.length; i++) {
            int which = (turn + i) % taken.length;
            long begin = System.nanoTime();
            Page<T> page = which == 2 ? onlyPage.get() : list.apply(which == 0 ? after : null);
            taken[which] = milliseconds(begin);
            if (which == 0) {
                wanted = page;
            }
        }
        times.add(taken[0], taken[1], taken[2]);
        return Objects.requireNonNull(wanted);
    }

    private void table(List<Timed> timed) {
        out.print("""

                | pages | median ms | first page ms | ratio | single page ms | ratio |
                |---|---:|---:|---:|---:|---:|
                """);
        int length = Math.max(1, (timed.size() + STRETCHES - 1) / STRETCHES);
        for (int from = 0; from < timed.size(); from += length) {
            int end = Math.min(timed.size(), from + length);
            out.print(together(timed.subList(from, end)).row((from + 1) + "–" + end));
        }
        out.print(together(timed).row("all"));
        out.println();
    }

    private static PageTimes together(List<Timed> timed) {
        PageTimes all = new PageTimes();
        timed.forEach(page -> all.addAll(page.times()));
        return all;
    }

    /** Applies the limit to each window of pages. A window over the limit is read again on its own. */
    private boolean windows(List<Timed> timed) {
        List<Timed> whole = timed.size() > 1 ? timed.subList(0, timed.size() - 1) : timed; // the last page may be short
        double slowest = 0;
        int slowWindows = 0;
        int again = 0;
        for (int from = 0; from < whole.size(); from += WINDOW) {
            List<Timed> window = whole.subList(from, Math.min(whole.size(), from + WINDOW));
            PageTimes times = together(window);
            for (int attempt = 0; attempt < ATTEMPTS && isSlow(times); attempt++) {
                again++;
                times = new PageTimes();
                for (int i = 0; i < READS * window.size(); i++) {
                    measure(window.get(i % window.size()).after(), i, times);
                }
            }
            slowest = Math.max(slowest, Math.max(times.toFirst(), times.toOnly()));
            if (isSlow(times)) {
                slowWindows++;
                out.print(times.row("slow: from " + (from + 1)));
            }
        }
        out.printf(
                Locale.ROOT,
                "The slowest window of %d pages takes %.2f times as long as a first or a single page: %s of %.1f (%d"
                        + " windows were read again, %d stayed slow).%n",
                WINDOW,
                slowest,
                slowWindows == 0 ? "within the limit" : "over the limit",
                LIMIT,
                again,
                slowWindows);
        return slowWindows == 0;
    }

    private static boolean isSlow(PageTimes times) {
        return times.toFirst() > LIMIT || times.toOnly() > LIMIT;
    }

    static double milliseconds(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }
}
