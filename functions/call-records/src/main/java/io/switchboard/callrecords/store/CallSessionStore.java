package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the sessions of call records, with their segments. They are read and changed through a {@link CallRecord} that
 * was read before; see {@link CallRecordStore}. Faults are {@link Unavailable}. Thread-safe.
 */
public interface CallSessionStore {
    /** The largest compressed segments of one session, in bytes. */
    int LARGEST_SEGMENTS = 1_048_576;

    /**
     * The largest session, in bytes of JSON, with quotes and backslashes counted twice: it must fit into one response.
     * Responses of Lambda have 6 MB, in which the body is an escaped text.
     */
    int LARGEST_RESPONSE = 5_600_000;

    /**
     * Lists sessions by key. A page ends early when its content, including segments, exceeds {@code maximumBytes} of
     * JSON; it has at least one session.
     *
     * @param withSegments whether {@code segments} are inline
     */
    Page<CallSession> sessions(CallRecord record, boolean withSegments, PageRequest page, int maximumBytes);

    /** Counts the sessions. */
    long countSessions(CallRecord record);

    /** Reads the sessions with one id, the earliest start first; at most {@code limit}. */
    List<CallSession> sessions(CallRecord record, String id, boolean withSegments, int limit);

    /** Reads the sessions with a key, at most {@code limit}: one if the key has a digest. */
    List<CallSession> sessions(CallRecord record, SessionKey key, boolean withSegments, int limit);

    /** Reads the first session with a key. */
    default Optional<CallSession> session(CallRecord record, SessionKey key, boolean withSegments) {
        return sessions(record, key, withSegments, 1).stream().findFirst();
    }

    /**
     * Changes a session. If its key changes, it moves to its new key in the same transaction. The record is extended to
     * include it.
     *
     * @param before the session, read with its segments
     * @param content the new content, with {@code segments} inline
     */
    RecordChangeOutcome<CallSession> change(
            CallRecord record, CallSession before, SessionKey key, Map<String, @Nullable Object> content, Instant now);

    /** Deletes a session with its segments. The record's start, end and modalities stay. */
    RecordChangeOutcome<Void> delete(CallRecord record, CallSession before, Instant now);
}
