package io.switchboard.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * One thing that is started.
 *
 * @param options of the JVM, beyond Lambda's
 * @param isSnapshot whether it starts as under SnapStart: hooks first, then it waits to be restored
 * @param zipBytes size of what is deployed, where something is
 */
record Variant(
        String name,
        FunctionProcess.Launch launch,
        List<String> options,
        Supplier<byte[]> events,
        ExpectedAnswer expected,
        boolean isSnapshot,
        OptionalLong zipBytes) {
    Variant {
        options = List.copyOf(options);
    }
}
