package io.switchboard.callrecords.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an entity is shown.
 *
 * @param omitsNulls whether properties without a value are left out ({@code Prefer: omit-values=nulls})
 * @param unknownMembers whether enum members beyond the sentinel are shown as they are ({@code Prefer: include-unknown-enum-members})
 * @param select the declared properties that are wanted; null for all
 */
public record Projection(
        boolean omitsNulls,
        boolean unknownMembers,
        @Nullable Set<String> select) {
    /** Everything, as a request without preferences and options gets it. */
    public static final Projection ALL = new Projection(false, false, null);
}
