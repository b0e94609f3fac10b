package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.Owner;
import java.time.Instant;

/** Stores that sessions whose wrap-up is over are closed. Readers treat them as closed before that. Thread-safe. */
@FunctionalInterface
public interface WrapUpDeadlines {
    /**
     * Closes a session if the deadline of its wrap-up is over; otherwise, nothing changes.
     *
     * @throws Unavailable if a later retry may succeed; all or nothing was written then
     */
    void close(Owner owner, String id, Instant now);
}
