package io.switchboard.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** A variant with its runs. */
record Measured(Variant variant, List<Run> runs, int loadedClasses) {
    Measured {
        runs = List.copyOf(runs);
    }

    /**
     * One start of a process, in milliseconds.
     *
     * @param start from the process's start until it asks for its first event; under SnapStart, until it is ready for the
     *     snapshot
     * @param firstAnswer from the process's start until its first answer has arrived; under SnapStart, from the restore on
     * @param processor user and system time until the first answer; under SnapStart, from the restore on
     * @param warm median of the requests that follow
     */
    record Run(double start, double firstAnswer, double processor, double warm) {}

    Distribution start() {
        return of(Run::start);
    }

    Distribution firstAnswer() {
        return of(Run::firstAnswer);
    }

    Distribution processor() {
        return of(Run::processor);
    }

    Distribution warm() {
        return of(Run::warm);
    }

    /** How many times the other's first answer this one's takes, by medians. */
    double ratioTo(Measured other) {
        return firstAnswer().median() / other.firstAnswer().median();
    }

    /** The same by processor time, which other programs on the machine disturb less. */
    double processorRatioTo(Measured other) {
        return processor().median() / other.processor().median();
    }

    /** How many times a warm request of the same process its first one takes; of all runs the median. */
    double firstToWarm() {
        return of(run -> run.firstAnswer() / run.warm()).median();
    }

    private Distribution of(ToDoubleFunction<Run> value) {
        return Distribution.of(runs.stream().mapToDouble(value).toArray());
    }
}
