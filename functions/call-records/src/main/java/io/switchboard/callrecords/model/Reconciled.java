package io.switchboard.callrecords.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of an entity that is posted where one of the same key is stored ({@code DESIGN.md} §4, repeated ids). */
public sealed interface Reconciled {
    /** Nothing new is said. */
    record Same() implements Reconciled {}

    /**
     * Only what was null, absent or an empty collection is filled.
     *
     * @param content the stored content with what was filled
     */
    record Filled(Map<String, @Nullable Object> content) implements Reconciled {}

    /**
     * A value is changed.
     *
     * @param target the first property that differs, such as {@code caller.name}
     */
    record Different(String target) implements Reconciled {}
}
