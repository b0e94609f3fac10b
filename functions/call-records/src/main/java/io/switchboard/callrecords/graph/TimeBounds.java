package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.callrecords.store.ListOrder;
import io.switchboard.callrecords.store.RecordCondition;
import io.switchboard.callrecords.store.RecordCondition.AllOf;
import io.switchboard.callrecords.store.RecordCondition.Comparison;
import io.switchboard.callrecords.store.RecordCondition.OfInstant;
import io.switchboard.callrecords.store.RecordCondition.OfParticipant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the part of a condition that an index answers: the bounds of the time by which a list is sorted and one
 * participant, of the conditions that are joined by {@code and}.
 */
final class TimeBounds {
    private TimeBounds() {}

    /**
     * Returns the filter of a condition.
     *
     * @param order the requested order, which the index of participants lacks; null if none was requested
     */
    static CallRecordFilter of(RecordCondition condition, @Nullable ListOrder order) {
        String property =
                Objects.requireNonNullElse(order, ListOrder.BY_START).time().property();
        CallRecordFilter filter = CallRecordFilter.ALL;
        List<RecordCondition> others = new ArrayList<>();
        @Nullable String participant = null;
        for (RecordCondition each : condition instanceof AllOf all ? all.conditions() : List.of(condition)) {
            if (each instanceof OfInstant(String name, Comparison comparison, GraphInstant instant)
                    && name.equals(property)
                    && comparison != Comparison.NOT_EQUAL) {
                filter = bounded(filter, comparison, instant);
            } else if (order == null
                    && each instanceof OfParticipant(String id)
                    && Objects.requireNonNullElse(participant, id).equals(id)) {
                participant = id;
            } else {
                others.add(each);
            }
        }
        return new CallRecordFilter(
                filter.from(), filter.fromInclusive(), filter.to(), filter.toInclusive(), participant, all(others));
    }

    /** Returns one condition for all of a list. */
    static RecordCondition all(List<RecordCondition> conditions) {
        return conditions.size() == 1 ? conditions.getFirst() : new AllOf(conditions);
    }

    private static CallRecordFilter bounded(CallRecordFilter filter, Comparison comparison, GraphInstant instant) {
        CallRecordFilter bounded = filter;
        boolean isInclusive = comparison != Comparison.LESS && comparison != Comparison.GREATER;
        boolean isUpper = comparison == Comparison.LESS || comparison == Comparison.AT_MOST;
        boolean isLower = comparison == Comparison.GREATER || comparison == Comparison.AT_LEAST;
        if (!isUpper && narrows(filter.from(), filter.fromInclusive(), instant, isInclusive, 1)) {
            bounded = new CallRecordFilter(instant, isInclusive, bounded.to(), bounded.toInclusive(), null);
        }
        if (!isLower && narrows(filter.to(), filter.toInclusive(), instant, isInclusive, -1)) {
            bounded = new CallRecordFilter(bounded.from(), bounded.fromInclusive(), instant, isInclusive, null);
        }
        return bounded;
    }

    private static boolean narrows(
            @Nullable GraphInstant bound,
            boolean wasInclusive,
            GraphInstant other,
            boolean isInclusive,
            int direction) {
        if (bound == null) {
            return true;
        }
        int compared = other.compareTo(bound) * direction;
        return compared > 0 || (compared == 0 && wasInclusive && !isInclusive);
    }
}
