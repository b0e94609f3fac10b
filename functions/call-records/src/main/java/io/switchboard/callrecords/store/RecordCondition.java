package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition on a call record that no index answers. It is evaluated on records that were read. Immutable. */
public sealed interface RecordCondition {
    /** Holds for every call record. */
    RecordCondition ALWAYS = new AllOf(List.of());

    /**
     * Returns true if the condition holds.
     *
     * @param participants the ids of the record's participants, at least those that the condition names
     */
    boolean holds(CallRecord record, Set<String> participants);

    /** How a property is compared with a value. */
    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        AT_MOST,
        GREATER,
        AT_LEAST;

        /** @param compared the sign of the property's value minus the other value */
        boolean accepts(int compared) {
            return switch (this) {
                case EQUAL -> compared == 0;
                case NOT_EQUAL -> compared != 0;
                case LESS -> compared < 0;
                case AT_MOST -> compared <= 0;
                case GREATER -> compared > 0;
                case AT_LEAST -> compared >= 0;
            };
        }
    }

    /** Holds if all conditions hold; an empty list always holds. */
    record AllOf(List<RecordCondition> conditions) implements RecordCondition {
        public AllOf {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            return conditions.stream().allMatch(each -> each.holds(record, participants));
        }
    }

    /** Holds if at least one condition holds. */
    record AnyOf(List<RecordCondition> conditions) implements RecordCondition {
        public AnyOf {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            return conditions.stream().anyMatch(each -> each.holds(record, participants));
        }
    }

    /** Holds if the other condition does not. */
    record Not(RecordCondition condition) implements RecordCondition {
        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            return !condition.holds(record, participants);
        }
    }

    /**
     * Compares one of the record's instants. A record without the instant is only unequal to it.
     *
     * @param property {@code startDateTime}, {@code endDateTime} or {@code lastModifiedDateTime}
     */
    record OfInstant(String property, Comparison comparison, GraphInstant instant) implements RecordCondition {
        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            Optional<GraphInstant> stored =
                    record.content().get(property) instanceof String text ? GraphInstant.of(text) : Optional.empty();
            return stored.map(each -> comparison.accepts(each.compareTo(instant)))
                    .orElse(comparison == Comparison.NOT_EQUAL);
        }
    }

    /** Compares the record's version. */
    record OfVersion(Comparison comparison, long version) implements RecordCondition {
        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            return comparison.accepts(Long.compare(record.version(), version));
        }
    }

    /** Holds if the record's {@code type} is this one. */
    record OfType(String type) implements RecordCondition {
        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            return type.equals(record.content().get("type"));
        }
    }

    /** Holds if the record's {@code organizer_v2} has this id. */
    record OfOrganizer(String id) implements RecordCondition {
        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            @Nullable Object organizer = record.content().get("organizer_v2");
            return organizer instanceof Map<?, ?> object && id.equals(object.get("id"));
        }
    }

    /** Holds if one of {@code participants_v2} has this id. */
    record OfParticipant(String id) implements RecordCondition {
        @Override
        public boolean holds(CallRecord record, Set<String> participants) {
            return participants.contains(id);
        }
    }
}
