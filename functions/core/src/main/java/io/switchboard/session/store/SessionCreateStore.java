package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.Owner;
import java.time.Instant;
import java.util.Optional;

/** Stores new sessions. Each method throws {@link Unavailable} if a later retry may succeed. Thread-safe. */
public interface SessionCreateStore {
    /**
     * Stores a session and gives it a slot on the desk, both or neither. A replay is recognised before the limit. Idle
     * sessions give their slots back when the limit is met.
     *
     * @throws Unavailable if a later retry may succeed; all or nothing was written
     */
    CreateOutcome create(Owner owner, NewSession session, Instant now);

    /**
     * The session a request with an idempotency key made before, for requests that would otherwise fail.
     *
     * @return the replay or the reused key; empty if no session has that id
     */
    Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now);
}
