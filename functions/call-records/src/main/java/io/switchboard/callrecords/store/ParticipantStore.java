package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The participants of call records. They are read and changed through a {@link CallRecord} that was read before; see
 * {@link CallRecordStore}. Faults are {@link Unavailable}. Thread-safe.
 */
public interface ParticipantStore {
    /** Participants by id. A page ends early where its content passes {@code maximumBytes} of JSON. */
    Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes);

    /** How many participants there are. */
    long countParticipants(CallRecord record);

    /** One participant. */
    Optional<Participant> participant(CallRecord record, String id);

    /** Puts a participant: equal or only filling what was null is stored. */
    PostParticipantOutcome post(CallRecord record, Participant participant, Instant now);

    /** Changes a participant. */
    RecordChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now);

    /** Deletes a participant. */
    RecordChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now);
}
