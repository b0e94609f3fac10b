package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PositionForm;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Call records. Nothing of one tenant is reachable from another. Expired ones are absent.
 *
 * <p>Their children, which are {@linkplain CallSessionStore sessions} and {@linkplain ParticipantStore participants}, are read and changed
 * through a {@link CallRecord} that was read before, since its generation is where they lie: a record deleted or re-issued in
 * between shows them as they were or not at all, never those of another generation.
 *
 * <p>Every write is safe to repeat, and of racing ones each is done as a whole or not at all. Faults are
 * {@link io.switchboard.runtime.Unavailable}. Thread-safe.
 */
public interface CallRecordStore extends CallRecordReader {
    /** The longest position of a list, in bytes: an id and what belongs to it. A page token has no room for more. */
    int LONGEST_POSITION = 759;

    /** Creates the record, or replaces a lower version as one step, with all its children. */
    PutRecordOutcome put(NewCallRecord wanted, Instant now);

    /**
     * Changes the record's own content; its version and its children stay. Of start, end and modalities, what the content
     * changes becomes what it says, and the rest is as large as sessions have made it by then.
     */
    RecordChangeOutcome<CallRecord> change(CallRecord before, Map<String, @Nullable Object> content, Instant now);

    /**
     * Ends the record with all that belongs to it, at once for readers; sessions that came to it since it was read do not
     * hinder it.
     */
    RecordChangeOutcome<Void> delete(CallRecord before, Instant now);

    /**
     * Records by start, then id; of one participant by id. A page may be short and have a next one. Read behind an index, a
     * new record may be missing for a moment.
     */
    Page<CallRecord> list(String tenant, CallRecordFilter filter, PageRequest page, Instant now);

    /** How many records a list holds. */
    long count(String tenant, CallRecordFilter filter, Instant now);

    /**
     * Whether {@link #list} may issue this position: the start and id of a record, the day behind which it goes on, or the id of a
     * record and its generation in the list of a participant.
     */
    static boolean isPosition(CallRecordFilter filter, String position) {
        if (filter.participant() != null) {
            return PositionForm.key(LONGEST_POSITION).fits(position);
        }
        int end = position.indexOf('#');
        if (end < 0) {
            String day = position.substring(0, Math.max(0, position.length() - 1));
            return position.endsWith("\u007F")
                    && GraphInstant.of(day + "T00:00:00Z")
                            .filter(at -> at.day().equals(day))
                            .isPresent();
        }
        String start = position.substring(0, end);
        return GraphInstant.of(start + "Z").filter(at -> at.key().equals(start)).isPresent()
                && PositionForm.key(CallRecordKey.LONGEST_ID).fits(position.substring(end + 1));
    }
}
