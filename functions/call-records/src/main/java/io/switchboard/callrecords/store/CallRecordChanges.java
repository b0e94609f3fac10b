package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the changes of a tenant's call records: new records, higher versions, changes of their content, deletions,
 * and sessions that were posted. A reader who starts from nothing and follows all pages has the stored state, in which
 * a record may appear more than once, the last time as it is. Expired records are absent, and no change reports them.
 * Faults are {@link Unavailable}. Thread-safe.
 */
public interface CallRecordChanges {
    /** How long a reader may pause. After that, deletions may be forgotten, and the reader must start again. */
    Duration LONGEST_PAUSE = Duration.ofDays(7);

    /**
     * How far readers are behind. A change has the time at which its request began, and may be stored as late as the
     * function's time-out: 15 seconds later. The rest is for a write that arrives late, for clocks that differ, and for
     * the index.
     */
    Duration BEHIND = Duration.ofSeconds(30);

    /**
     * Returns the records that changed after a position.
     *
     * @param size the most records
     */
    ChangesPage changes(String tenant, ChangesPosition after, int size, Instant now);

    /**
     * A call record that changed.
     *
     * @param record the record as it is now; null if it was deleted
     */
    record ChangedRecord(CallRecordKey key, @Nullable CallRecord record) {}

    /**
     * A page of changes.
     *
     * @param isLast whether {@code next} is the position of later changes; otherwise more changes follow now
     */
    record ChangesPage(List<ChangedRecord> changes, ChangesPosition next, boolean isLast) {
        public ChangesPage {
            changes = List.copyOf(changes);
        }
    }
}
