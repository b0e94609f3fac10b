package io.switchboard.callrecords.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The effect of posting an entity whose key is already stored ({@code docs/decisions/0019-call-records-over-http.md},
 * "Repeated ids").
 */
public sealed interface Reconciled {
    /** The posted content adds nothing. */
    record Same() implements Reconciled {}

    /**
     * The posted content only fills values that were null, absent or empty collections.
     *
     * @param content the stored content with the filled values
     */
    record Filled(Map<String, @Nullable Object> content) implements Reconciled {}

    /**
     * The posted content changes a value.
     *
     * @param target the first property that differs, such as {@code caller.name}
     */
    record Different(String target) implements Reconciled {}
}
