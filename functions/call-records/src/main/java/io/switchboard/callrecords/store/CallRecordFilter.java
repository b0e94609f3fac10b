package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a list of call records; null means no bound. Several conditions of one request become one filter, with
 * the narrower bounds.
 *
 * @param from the earliest start
 * @param fromInclusive whether a start at {@code from} is included
 * @param to the latest start
 * @param toInclusive whether a start at {@code to} is included
 * @param participant the id of one of {@code participants_v2}
 */
public record CallRecordFilter(
        @Nullable GraphInstant from,
        boolean fromInclusive,
        @Nullable GraphInstant to,
        boolean toInclusive,
        @Nullable String participant) {
    /** Admits all call records. */
    public static final CallRecordFilter ALL = new CallRecordFilter(null, true, null, true, null);

    /** Returns true if a record that starts at this instant is included. */
    public boolean admits(GraphInstant start) {
        return (from == null || (fromInclusive ? from.compareTo(start) <= 0 : from.compareTo(start) < 0))
                && (to == null || (toInclusive ? to.compareTo(start) >= 0 : to.compareTo(start) > 0));
    }
}
