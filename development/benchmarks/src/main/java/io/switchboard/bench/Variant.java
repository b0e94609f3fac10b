package io.switchboard.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * One variant of a measured function.
 *
 * @param options of the JVM, in addition to Lambda's
 * @param isSnapshot whether it starts as under SnapStart: it runs hooks, then waits for the restore
 * @param zipBytes size of the deployed zip, if there is one
 */
record Variant(
        String name,
        FunctionProcess.Launch launch,
        List<String> options,
        Supplier<byte[]> events,
        ExpectedResponse expected,
        boolean isSnapshot,
        OptionalLong zipBytes) {
    Variant {
        options = List.copyOf(options);
    }
}
