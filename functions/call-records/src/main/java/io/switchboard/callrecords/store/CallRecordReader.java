package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads single call records: the part of {@link CallRecordStore} that operations on their children need. Faults are
 * {@link Unavailable}. Thread-safe.
 */
public interface CallRecordReader {
    /** One record; one read. */
    Optional<CallRecord> read(CallRecordKey key, Instant now);
}
