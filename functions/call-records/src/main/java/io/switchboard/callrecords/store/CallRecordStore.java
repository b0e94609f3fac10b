package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PositionForm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Call records, their sessions with segments, and their participants. Nothing of one tenant is reachable from another.
 * Expired ones are absent.
 *
 * <p>Children are read and changed through a {@link CallRecord} that was read before, since its generation is where they
 * lie: a record deleted or re-issued in between shows them as they were or not at all, never those of another generation.
 * Thread-safe.
 *
 * <p>Every write is safe to repeat, and of racing ones each is done as a whole or not at all. Faults are
 * {@link io.switchboard.runtime.Unavailable}.
 */
public interface CallRecordStore {
    /** The largest compressed segments of one session, in bytes. */
    int LARGEST_SEGMENTS = 1_048_576;

    /** The longest position of a list, in bytes: an id and what belongs to it. A page token has no room for more. */
    int LONGEST_POSITION = 759;

    /**
     * Makes the record or touches it (modalities, start and end grow to hold the session's; its version stays), and puts the
     * session under it. Two writes and no read where the session is new and inside the record's start and end; one more for
     * the first of a day and hour in a process, which enters the day into the tenant's directory. A session that is refused
     * leaves the record as it was.
     */
    PostSessionOutcome post(CallRecordKey key, NewSession session, Instant now);

    /** Creates the record, or replaces a lower version as one step, with all its children. */
    PutRecordOutcome put(NewCallRecord wanted, Instant now);

    /** One record; one read. */
    Optional<CallRecord> read(CallRecordKey key, Instant now);

    /**
     * Changes the record's own content; its version and its children stay. Of start, end and modalities, what the content
     * changes becomes what it says, and the rest is as large as sessions have made it by then.
     */
    ChangeOutcome<CallRecord> change(CallRecord before, Map<String, @Nullable Object> content, Instant now);

    /**
     * Ends the record with all that belongs to it, at once for readers; sessions that came to it since it was read do not
     * hinder it.
     */
    ChangeOutcome<Void> delete(CallRecord before, Instant now);

    /**
     * Records by start, then id; of one participant by id. A page may be short and have a next one. Read behind an index, a
     * new record may be missing for a moment.
     */
    Page<CallRecord> list(String tenant, CallRecordFilter filter, PageRequest page, Instant now);

    /** How many records a list holds. */
    long count(String tenant, CallRecordFilter filter, Instant now);

    /**
     * Sessions by key. A page ends early where its content, segments counted, passes {@code maximumBytes} of JSON; one
     * session it has at least.
     *
     * @param withSegments whether {@code segments} are inline
     */
    Page<StoredSession> sessions(CallRecord record, boolean withSegments, PageRequest page, int maximumBytes);

    /** How many sessions there are. */
    long countSessions(CallRecord record);

    /** The sessions of one id, the earliest start first; at most {@code limit}. */
    List<StoredSession> sessions(CallRecord record, String id, boolean withSegments, int limit);

    /** One session. */
    Optional<StoredSession> session(CallRecord record, SessionKey key, boolean withSegments);

    /**
     * Changes a session; where its start or callee changes it moves to its new key in the same step. The record grows to hold it.
     *
     * @param before read with its segments
     * @param content with {@code segments} inline
     */
    ChangeOutcome<StoredSession> change(
            CallRecord record,
            StoredSession before,
            SessionKey key,
            Map<String, @Nullable Object> content,
            Instant now);

    /** Deletes a session with its segments. The record's start, end and modalities stay. */
    ChangeOutcome<Void> delete(CallRecord record, StoredSession before, Instant now);

    /** Participants by id. */
    Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes);

    /** How many participants there are. */
    long countParticipants(CallRecord record);

    /** One participant. */
    Optional<Participant> participant(CallRecord record, String id);

    /** Puts a participant: equal or only filling what was null is stored. */
    PostParticipantOutcome post(CallRecord record, Participant participant, Instant now);

    /** Changes a participant. */
    ChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now);

    /** Deletes a participant. */
    ChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now);

    /**
     * Deletes what lies under a generation of sessions or participants that no record names any more.
     *
     * @return whether all of it is gone; false where the time did not suffice
     */
    boolean sweep(CallRecordKey key, String generation, Instant now);

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
