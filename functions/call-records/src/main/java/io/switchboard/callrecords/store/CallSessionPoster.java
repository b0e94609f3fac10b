package io.switchboard.callrecords.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;

/** Stores sessions that are posted one by one. Faults are {@link Unavailable}. Thread-safe. */
public interface CallSessionPoster {
    /**
     * Makes the record or touches it (modalities, start and end grow to hold the session's; its version stays), and puts the
     * session under it. Two writes and no read where the session is new and inside the record's start and end; one more for
     * the first of a day and hour in a process, which enters the day into the tenant's directory. A session that is refused
     * leaves the record as it was.
     */
    PostSessionOutcome post(CallRecordKey key, NewCallSession session, Instant now);
}
