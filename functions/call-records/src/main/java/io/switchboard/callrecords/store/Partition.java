package io.switchboard.callrecords.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the sessions of one generation of a call record.
 *
 * @param expiresAt when they expire; null if they do not
 */
record Partition(
        CallRecordKey record, String generation, @Nullable Instant expiresAt) {
    /** Returns the form of a key in this generation: those of earlier releases have keys without a digest. */
    SessionKey form(SessionKey key) {
        return DynamoDbCallRecordTable.hasDigests(generation) ? key : key.withoutDigest();
    }

    static Partition of(CallRecord record) {
        return new Partition(record.key(), record.generation(), record.expiresAt());
    }
}
