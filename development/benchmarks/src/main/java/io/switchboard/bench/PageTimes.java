package io.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The times of some pages in milliseconds, each together with the times of the first page and of a list with one page
 * at the same moment, so that other load on the machine affects all three.
 */
final class PageTimes {
    private final List<Double> pages = new ArrayList<>();
    private final List<Double> firstPages = new ArrayList<>();
    private final List<Double> onlyPages = new ArrayList<>();

    void add(double page, double firstPage, double onlyPage) {
        pages.add(page);
        firstPages.add(firstPage);
        onlyPages.add(onlyPage);
    }

    void addAll(PageTimes times) {
        pages.addAll(times.pages);
        firstPages.addAll(times.firstPages);
        onlyPages.addAll(times.onlyPages);
    }

    int count() {
        return pages.size();
    }

    /** Returns the ratio of the medians of these pages and of the first page. */
    double toFirst() {
        return of(pages).median() / of(firstPages).median();
    }

    /** Returns the ratio of the medians of these pages and of the page of a list with one page. */
    double toOnly() {
        return of(pages).median() / of(onlyPages).median();
    }

    /** Returns a line of the table. */
    String row(String name) {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
                name,
                of(pages).median(),
                of(firstPages).median(),
                toFirst(),
                of(onlyPages).median(),
                toOnly());
    }

    private static Distribution of(List<Double> values) {
        return Distribution.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
