package io.switchboard.callrecords.store;

import io.switchboard.storage.IdempotencyKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call record as it is posted.
 *
 * @param content of type callRecord, {@code organizer_v2} inline, without {@code sessions} and {@code participants_v2}
 * @param sessions distinct keys; null where the body has none, which keeps those of a version 0
 * @param participants distinct ids; null where the body has none, which keeps those of a version 0
 * @param idempotencyKey null without one
 */
public record NewCallRecord(
        CallRecordKey key,
        long version,
        Map<String, @Nullable Object> content,
        @Nullable List<NewCallSession> sessions,
        @Nullable List<Participant> participants,
        @Nullable IdempotencyKey idempotencyKey) {}
