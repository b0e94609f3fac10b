package io.switchboard.callrecords.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored call record, without its children.
 *
 * @param generation the generation of its sessions ({@code docs/explanation/architecture.md}, "Tables")
 * @param participantGeneration the generation of its participants, which may last longer: a version 0 that is replaced
 *     without participants keeps them
 * @param version the version that the source assigned; 0 if only sessions were received so far
 * @param content all content that a response returns, {@code organizer_v2} inline, with the current start, end and
 *     modalities
 * @param revision the number of changes of this item, including added sessions; used for preconditions
 * @param writeId the id of the write of its content; unchanged if only sessions were added since
 * @param expiresAt when it expires; null if it does not
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
