package io.switchboard.bench;

import java.util.function.Supplier;

/**
 * A request that the benchmark measures.
 *
 * @param name how the tables show it
 * @param function logical id of the function that serves it
 * @param events returns the event of the next repetition
 * @param expected checks the responses
 */
record MeasuredRequest(String name, String function, Supplier<byte[]> events, ExpectedResponse expected) {}
