package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import org.jspecify.annotations.Nullable;

/**
 * Which call records a list holds; null is no bound. Several conditions of one request are one filter: the narrower bound counts.
 *
 * @param from earliest start
 * @param fromInclusive whether a start at {@code from} itself counts
 * @param to latest start
 * @param toInclusive whether a start at {@code to} itself counts
 * @param participant the id of one of {@code participants_v2}
 */
public record CallRecordFilter(
        @Nullable GraphInstant from,
        boolean fromInclusive,
        @Nullable GraphInstant to,
        boolean toInclusive,
        @Nullable String participant) {
    /** All of them. */
    public static final CallRecordFilter ALL = new CallRecordFilter(null, true, null, true, null);

    /** Whether a record that begins at this instant is among them. */
    public boolean admits(GraphInstant start) {
        return (from == null || (fromInclusive ? from.compareTo(start) <= 0 : from.compareTo(start) < 0))
                && (to == null || (toInclusive ? to.compareTo(start) >= 0 : to.compareTo(start) > 0));
    }
}
