package io.switchboard.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of one metric in one line, for any number of values, as CloudWatch's embedded metric format requires: an
 * array or a histogram of up to {@value #MOST_VALUES} values. Not thread-safe.
 */
final class Samples {
    /** The most values that the format allows for one metric. CloudWatch drops longer arrays without an error. */
    static final int MOST_VALUES = 100;

    private final List<Long> first = new ArrayList<>();
    private final TreeMap<Long, Integer> counts = new TreeMap<>();
    private int count;
    private long sum;

    void add(long value) {
        count++;
        sum += value;
        counts.merge(value, 1, Integer::sum);
        if (first.size() < MOST_VALUES) {
            first.add(value);
        }
    }

    /** Returns the values in their order; for too many values, a histogram with minimum, maximum, count and sum. */
    Object json() {
        if (count <= MOST_VALUES) {
            return first;
        }
        List<Long> values = new ArrayList<>();
        List<Integer> times = new ArrayList<>();
        // Adjacent values are counted as the largest of them, so that no percentile or maximum is too low.
        int neighbours = (counts.size() + MOST_VALUES - 1) / MOST_VALUES;
        int taken = 0;
        int sumOfCounts = 0;
        for (var entry : counts.entrySet()) {
            taken++;
            sumOfCounts += entry.getValue();
            if (taken % neighbours == 0 || taken == counts.size()) {
                values.add(entry.getKey());
                times.add(sumOfCounts);
                sumOfCounts = 0;
            }
        }
        Map<String, Object> histogram = new LinkedHashMap<>();
        histogram.put("Values", values);
        histogram.put("Counts", times);
        histogram.put("Min", counts.firstKey());
        histogram.put("Max", counts.lastKey());
        histogram.put("Count", count);
        histogram.put("Sum", sum);
        return histogram;
    }
}
