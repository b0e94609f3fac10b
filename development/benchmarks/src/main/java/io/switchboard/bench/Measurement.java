package io.switchboard.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A variant with its runs.
 *
 * @param loadedClasses classes that the JVM loads until the first response; after a restore, those that it loads from
 *     the restore
 */
record Measurement(Variant variant, List<Run> runs, int loadedClasses) {
    Measurement {
        runs = List.copyOf(runs);
    }

    /**
     * One start of a process. Times are in milliseconds.
     *
     * @param first from the start of the process until the first response; under SnapStart, from the restore
     * @param processor user and system time until the first response; under SnapStart, from the restore
     * @param residentMegabytes memory of the process at the first response
     * @param warm median of the later requests
     */
    record Run(double first, double processor, double residentMegabytes, double warm) {}

    Distribution of(ToDoubleFunction<Run> value) {
        return Distribution.of(runs.stream().mapToDouble(value).toArray());
    }

    /**
     * Returns the median of the ratios of runs with the same number. They ran one after another, so other load on the
     * machine affects both in the same way.
     */
    double ratioTo(Measurement other, ToDoubleFunction<Run> value) {
        double[] ratios = new double[Math.min(runs.size(), other.runs.size())];
        for (int run = 0; run < ratios.length; run++) {
            ratios[run] = value.applyAsDouble(runs.get(run)) / value.applyAsDouble(other.runs.get(run));
        }
        return Distribution.of(ratios).median();
    }

    /** Returns the median ratio of the first request and a warm request of the same process. */
    double firstToWarm() {
        return of(run -> run.first() / run.warm()).median();
    }
}
