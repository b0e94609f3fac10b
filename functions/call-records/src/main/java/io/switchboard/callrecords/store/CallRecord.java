package io.switchboard.callrecords.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call record as it is stored, without its children.
 *
 * @param generation its sessions lie under this one ({@code DESIGN.md} §5)
 * @param participantGeneration its participants lie under this one, which may live longer: version 0 replaced without
 *     sessions keeps them
 * @param version of the record, as its source counts; 0 where only sessions came so far
 * @param content everything an answer shows of it, {@code organizer_v2} inline, start, end and modalities as they are by now
 * @param revision counts changes of this item, sessions that come to it too; for preconditions
 * @param writeId which write gave it its content: another one where somebody wrote it since, the same where only sessions came
 * @param expiresAt null where it is kept
 */
public record CallRecord(
        CallRecordKey key,
        String generation,
        String participantGeneration,
        long version,
        Map<String, @Nullable Object> content,
        long revision,
        String writeId,
        @Nullable Instant expiresAt) {}
