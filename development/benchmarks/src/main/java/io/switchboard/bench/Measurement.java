package io.switchboard.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** A variant with its runs. */
record Measurement(Variant variant, List<Run> runs, int loadedClasses) {
    Measurement {
        runs = List.copyOf(runs);
    }

    /**
     * One start of a process, in milliseconds.
     *
     * @param start from the start of the process until it requests the first event; under SnapStart, until it is ready
     *     for the snapshot
     * @param firstAnswer from the start of the process until the first response; under SnapStart, from the restore
     * @param processor user and system time until the first response; under SnapStart, from the restore
     * @param warm median of the later requests
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

    /** Returns the ratio of the median first responses of this and the other measurement. */
    double ratioTo(Measurement other) {
        return firstAnswer().median() / other.firstAnswer().median();
    }

    /** Returns the same ratio of processor times, which depend less on other programs. */
    double processorRatioTo(Measurement other) {
        return processor().median() / other.processor().median();
    }

    /** Returns the median ratio of the first request and a warm request of the same process. */
    double firstToWarm() {
        return of(run -> run.firstAnswer() / run.warm()).median();
    }

    private Distribution of(ToDoubleFunction<Run> value) {
        return Distribution.of(runs.stream().mapToDouble(value).toArray());
    }
}
