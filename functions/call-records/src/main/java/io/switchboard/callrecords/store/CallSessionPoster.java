package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;

/** Stores sessions that are posted individually. Faults are {@link Unavailable}. Thread-safe. */
public interface CallSessionPoster {
    /**
     * Creates or updates the record, and stores the session under it. The record's modalities, start and end are
     * extended to include the session's; its version stays. This takes two writes and no read if the session is new and
     * within the record's start and end. The first session of a day and hour in a process takes one more write, which
     * enters the day into the tenant's directory. A rejected session leaves the record unchanged.
     */
    PostSessionOutcome post(CallRecordKey key, NewCallSession session, Instant now);
}
