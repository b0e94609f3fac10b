package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PositionForm;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stores call records. No data of one tenant is reachable from another. Expired records are absent.
 *
 * <p>Their children are {@linkplain CallSessionStore sessions} and {@linkplain ParticipantStore participants}. They are
 * read and changed through a {@link CallRecord} that was read before, because its generation is part of their keys. If
 * the record is deleted or replaced in between, the children are returned unchanged or not at all, never those of
 * another generation.
 *
 * <p>Every write is safe to repeat. Concurrent writes are atomic. Faults are
 * {@link io.switchboard.runtime.Unavailable}. Thread-safe.
 */
public interface CallRecordStore extends CallRecordReader {
    /** The longest position of a list, in bytes: an id and its context. A page token cannot hold more. */
    int LONGEST_POSITION = 759;

    /** Creates the record, or replaces a lower version atomically, with all its children. */
    PutRecordOutcome put(NewCallRecord requested, Instant now);

    /**
     * Changes the record's own content; its version and its children stay. Start, end and modalities get the values of
     * the content if it changes them. Otherwise they keep the values to which sessions have extended them.
     */
    RecordChangeOutcome<CallRecord> change(CallRecord before, Map<String, @Nullable Object> content, Instant now);

    /**
     * Deletes the record with all its children, which are absent to readers at once. Sessions added since the record
     * was read do not prevent it.
     */
    RecordChangeOutcome<Void> delete(CallRecord before, Instant now);

    /**
     * Lists records by a time, then id, in either direction; the records of {@link CallRecordFilter#participant} by id.
     * The bounds of the filter are those of that time. A page may be short and still have a next page. The list is read
     * from an index, so a new record may be missing briefly. Records that earlier releases stored have no place in the
     * order by last modification until they change.
     */
    Page<CallRecord> list(String tenant, CallRecordFilter filter, ListOrder order, PageRequest page, Instant now);

    /** Lists records by start in ascending order. */
    default Page<CallRecord> list(String tenant, CallRecordFilter filter, PageRequest page, Instant now) {
        return list(tenant, filter, ListOrder.BY_START, page, now);
    }

    /** Counts the records of a list by start. */
    long count(String tenant, CallRecordFilter filter, Instant now);

    /**
     * Returns true if {@link #list} may issue this position: the time and id of a record, the day after or before which
     * it continues, or the id of a record and its generation in the list of a participant.
     */
    static boolean isPosition(CallRecordFilter filter, String position) {
        if (filter.participant() != null) {
            return PositionForm.key(LONGEST_POSITION).fits(position);
        }
        int end = position.indexOf('#');
        if (end < 0) {
            String day = position.substring(0, Math.max(0, position.length() - 1));
            return (position.endsWith("\u007F") || position.endsWith(" "))
                    && GraphInstant.of(day + "T00:00:00Z")
                            .filter(at -> at.day().equals(day))
                            .isPresent();
        }
        String start = position.substring(0, end);
        return GraphInstant.of(start + "Z").filter(at -> at.key().equals(start)).isPresent()
                && PositionForm.key(CallRecordKey.LONGEST_ID).fits(position.substring(end + 1));
    }
}
