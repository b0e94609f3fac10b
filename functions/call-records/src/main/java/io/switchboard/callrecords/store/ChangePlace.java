package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;

import io.switchboard.storage.Keys;
import java.time.Duration;
import java.time.Instant;

/** The sort keys of the index of changes: the time of a change in milliseconds, then the id of the call record. */
final class ChangePlace {
    /** The digits of milliseconds until the year 2286. */
    static final int DIGITS = 13;

    private static final long MILLISECONDS_OF_MINUTE = Duration.ofMinutes(1).toMillis();
    private static final String SEPARATOR = "#";
    /** Sorts after the separator. */
    private static final String AFTER_SEPARATOR = "$";

    private ChangePlace() {}

    /** Returns the place of a change that callers made. */
    static String of(Instant at, CallRecordKey record) {
        return digits(at.toEpochMilli()) + SEPARATOR + Keys.join(record.id());
    }

    /**
     * Returns the place of a change that a session made: the end of its minute. It is the same for all sessions of a
     * minute, so that only the first of them writes the index. Readers are behind, so they have not passed it.
     */
    static String ofSession(Instant at, CallRecordKey record) {
        long minutes = Math.floorDiv(at.toEpochMilli(), MILLISECONDS_OF_MINUTE) + 1;
        return digits(minutes * MILLISECONDS_OF_MINUTE) + SEPARATOR + Keys.join(record.id());
    }

    /** Returns the position after all changes at this time or before it. */
    static String after(Instant at) {
        return digits(at.toEpochMilli()) + AFTER_SEPARATOR;
    }

    /** Returns the first sort key after a position. */
    static String next(String position) {
        return position + BELOW;
    }

    /** Returns a whole number of milliseconds with leading zeros, which sorts as the number does. */
    static String digits(long milliseconds) {
        String digits = Long.toString(Math.max(0, milliseconds));
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }
}
