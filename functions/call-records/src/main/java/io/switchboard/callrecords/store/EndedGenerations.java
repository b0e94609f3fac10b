package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;

/** What call records that were replaced, deleted or have expired leave behind. Faults are {@link Unavailable}. Thread-safe. */
public interface EndedGenerations {
    /**
     * Deletes what lies under a generation of sessions or participants that no record names any more.
     *
     * @return whether all of it is gone; false where the time did not suffice
     */
    boolean sweep(CallRecordKey key, String generation, Instant now);
}
