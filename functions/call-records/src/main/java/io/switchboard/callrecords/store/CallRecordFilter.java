package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a list of call records. It has bounds of the time by which the list is sorted; null means no bound.
 * Several conditions of one request become one filter, with the narrower bounds.
 *
 * @param from the earliest time
 * @param fromInclusive whether a time equal to {@code from} is included
 * @param to the latest time
 * @param toInclusive whether a time equal to {@code to} is included
 * @param participant the id of one of {@code participants_v2}, which selects another index
 * @param condition what the records must fulfil beyond that; it costs a read of each record in the bounds
 */
public record CallRecordFilter(
        @Nullable GraphInstant from,
        boolean fromInclusive,
        @Nullable GraphInstant to,
        boolean toInclusive,
        @Nullable String participant,
        RecordCondition condition) {
    /** Admits all call records. */
    public static final CallRecordFilter ALL = new CallRecordFilter(null, true, null, true, null);

    /** Creates a filter that the indexes answer alone. */
    public CallRecordFilter(
            @Nullable GraphInstant from,
            boolean fromInclusive,
            @Nullable GraphInstant to,
            boolean toInclusive,
            @Nullable String participant) {
        this(from, fromInclusive, to, toInclusive, participant, RecordCondition.ALWAYS);
    }

    /** Returns true if a record that starts at this instant is included. */
    public boolean admits(GraphInstant start) {
        return (from == null || (fromInclusive ? from.compareTo(start) <= 0 : from.compareTo(start) < 0))
                && (to == null || (toInclusive ? to.compareTo(start) >= 0 : to.compareTo(start) > 0));
    }

    /** Returns true if records must be read to find those that the filter admits. */
    boolean isEvaluated() {
        return !condition.equals(RecordCondition.ALWAYS);
    }

    /** Returns the ids of participants that the condition names. */
    Set<String> participants() {
        Set<String> ids = new TreeSet<>();
        collect(condition, ids);
        return ids;
    }

    private static void collect(RecordCondition condition, Set<String> ids) {
        switch (condition) {
            case RecordCondition.AllOf all -> all.conditions().forEach(each -> collect(each, ids));
            case RecordCondition.AnyOf any -> any.conditions().forEach(each -> collect(each, ids));
            case RecordCondition.Not not -> collect(not.condition(), ids);
            case RecordCondition.OfParticipant participant -> ids.add(participant.id());
            case RecordCondition.OfInstant other -> {}
            case RecordCondition.OfVersion other -> {}
            case RecordCondition.OfType other -> {}
            case RecordCondition.OfOrganizer other -> {}
        }
    }
}
