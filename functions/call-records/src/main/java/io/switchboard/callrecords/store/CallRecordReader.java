package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads single call records. Operations on their children need only this part of {@link CallRecordStore}. Faults are
 * {@link Unavailable}. Thread-safe.
 */
public interface CallRecordReader {
    /** Reads one record, with one read of the table. */
    Optional<CallRecord> read(CallRecordKey key, Instant now);
}
