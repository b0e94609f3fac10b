package io.switchboard.bench;

import java.util.Arrays;
import java.util.Locale;

/** The median and the range of measured values, in milliseconds. */
record Distribution(double median, double least, double greatest) {
    static Distribution of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values must not be empty");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Distribution(median, sorted[0], sorted[sorted.length - 1]);
    }

    String range() {
        return String.format(Locale.ROOT, "%.0f–%.0f", least, greatest);
    }
}
