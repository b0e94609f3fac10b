package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;

/**
 * Deletes the children of call records that were replaced, deleted or have expired. Faults are {@link Unavailable}.
 * Thread-safe.
 */
public interface EndedGenerations {
    /**
     * Deletes the items of a generation of sessions or participants that no record names any more.
     *
     * @return whether all of them are deleted; false if the time did not suffice
     */
    boolean sweep(CallRecordKey key, String generation, Instant now);
}
