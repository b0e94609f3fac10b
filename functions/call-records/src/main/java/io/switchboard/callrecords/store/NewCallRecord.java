package io.switchboard.callrecords.store;

import io.switchboard.storage.IdempotencyKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A posted call record.
 *
 * @param content the content, of type callRecord, {@code organizer_v2} inline, without {@code sessions} and
 *     {@code participants_v2}
 * @param sessions the sessions, with distinct keys; null if the body omits them, which keeps those of a version 0
 * @param participants the participants, with distinct ids; null if the body omits them, which keeps those of a version
 *     0
 * @param idempotencyKey the key; null if none was sent
 */
public record NewCallRecord(
        CallRecordKey key,
        long version,
        Map<String, @Nullable Object> content,
        @Nullable List<NewCallSession> sessions,
        @Nullable List<Participant> participants,
        @Nullable IdempotencyKey idempotencyKey) {
    /** Returns true if the body has a collection. Segments are part of the sessions. */
    public boolean has(String collection) {
        return collection.equals("participants_v2") ? participants != null : sessions != null;
    }
}
