package io.switchboard.bench;

import java.util.List;
import java.util.OptionalLong;

/**
 * A function in one form of deployment.
 *
 * @param name the function, or the empty handler
 * @param isBaseline whether it is the older build
 * @param options of the JVM, in addition to those of its form
 * @param zipBytes size of the deployed zip, if there is one
 */
record Variant(
        String name,
        boolean isBaseline,
        Form form,
        FunctionProcess.Launch launch,
        List<String> options,
        MeasuredRequest request,
        OptionalLong zipBytes) {
    Variant {
        options = List.copyOf(options);
    }

    /** Returns the same variant with more JVM options. */
    Variant with(List<String> more) {
        return new Variant(name, isBaseline, form, launch, more, request, zipBytes);
    }
}
