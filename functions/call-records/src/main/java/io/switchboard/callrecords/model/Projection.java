package io.switchboard.callrecords.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The representation of an entity in a response.
 *
 * @param omitsNulls whether properties without a value are omitted ({@code Prefer: omit-values=nulls})
 * @param unknownMembers whether enum members beyond the sentinel are returned unchanged ({@code Prefer:
 *     include-unknown-enum-members})
 * @param select the requested declared properties; null for all
 */
public record Projection(
        boolean omitsNulls,
        boolean unknownMembers,
        @Nullable Set<String> select) {
    /** All properties: the representation for a request without preferences and options. */
    public static final Projection ALL = new Projection(false, false, null);
}
