package io.switchboard.bench;

import java.util.function.Supplier;

/**
 * A request that the benchmark measures.
 *
 * @param name how the tables show it
 * @param function logical id of the function that serves it
 * @param events returns the event of the next repetition
 * @param expected checks the responses
 * @param weight how many times fewer repetitions it has than a small request
 */
record MeasuredRequest(String name, String function, Supplier<byte[]> events, ExpectedResponse expected, int weight) {
    /** Creates a request with all repetitions. */
    MeasuredRequest(String name, String function, Supplier<byte[]> events, ExpectedResponse expected) {
        this(name, function, events, expected, 1);
    }

    /** Returns the repetitions of this request, if a small one has this number. */
    int repetitions(int ofSmallRequest) {
        return Math.max(1, ofSmallRequest / weight);
    }
}
