package io.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long some pages took, in milliseconds, each beside the first page and a table of one page at the same moment: what disturbs
 * the machine disturbs all three.
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

    /** Median of these pages to the median of the first page beside them. */
    double toFirst() {
        return of(pages).median() / of(firstPages).median();
    }

    /** Median of these pages to the median of the page that is all its tenant has. */
    double toOnly() {
        return of(pages).median() / of(onlyPages).median();
    }

    /** A line of the table. */
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
