package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.Owner;
import java.time.Instant;
import java.util.Optional;

/** Stores new sessions. Each method throws {@link Unavailable} if a later retry may succeed. Thread-safe. */
public interface SessionCreateStore {
    /**
     * Stores a session and assigns it a slot on the desk, in one transaction. A replay is recognised before the limit
     * applies. Idle sessions release their slots when the limit is reached.
     *
     * @throws Unavailable if a later retry may succeed; all or nothing was written then
     */
    CreateOutcome create(Owner owner, NewSession session, Instant now);

    /**
     * Returns the session that a request with an idempotency key created before, for requests that would otherwise
     * fail.
     *
     * @return the replay or the reused key; empty if no session has that id
     */
    Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now);
}
