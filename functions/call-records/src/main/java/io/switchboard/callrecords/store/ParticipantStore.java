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
 * Stores the participants of call records. They are read and changed through a {@link CallRecord} that was read before;
 * see {@link CallRecordStore}. Faults are {@link Unavailable}. Thread-safe.
 */
public interface ParticipantStore {
    /** Lists participants by key. A page ends early when its content exceeds {@code maximumBytes} of JSON. */
    Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes);

    /** Counts the participants. */
    long countParticipants(CallRecord record);

    /** Reads the first participant with an id. */
    default Optional<Participant> participant(CallRecord record, String id) {
        return participants(record, id, "", 1).stream().findFirst();
    }

    /**
     * Reads the participants with an id, at most {@code limit}.
     *
     * @param digest only the participant with this digest; empty for all
     */
    List<Participant> participants(CallRecord record, String id, String digest, int limit);

    /**
     * Stores a new participant. If its key exists, equal content and content that only fills null values are accepted.
     */
    PostParticipantOutcome post(CallRecord record, Participant participant, Instant now);

    /** Changes a participant. */
    RecordChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now);

    /** Deletes a participant. */
    RecordChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now);
}
