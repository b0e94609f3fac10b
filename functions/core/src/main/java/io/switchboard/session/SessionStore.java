package io.switchboard.session;

import io.switchboard.http.Page;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
import io.switchboard.http.Unavailable;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps sessions and desks. Expired sessions are absent everywhere. Every method throws {@link Unavailable} where a later
 * retry may succeed, and then has written all or nothing. Thread-safe.
 */
public interface SessionStore {
    /**
     * Stores a session and gives it a place on the desk, both or neither. A replay is recognised before the limit. Idle
     * sessions give their places back when the limit is met.
     */
    CreateOutcome create(Owner owner, NewSession session, Instant now);

    /** A session of the scope. */
    Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now);

    /**
     * The session a request with an idempotency key made before, for requests that would otherwise fail.
     *
     * @return the replay or the reused key; nothing where there is no session of that id
     */
    Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now);

    /** The owner's desk with all its open sessions, whatever their provider. */
    DeskView desk(Owner owner, Instant now);

    /** Sessions of the scope by id. A filtered page looks at a bounded number of items and may be short. */
    Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now);

    /**
     * Closes a session; a closed one stays as it is.
     *
     * @param precondition the version it must have
     */
    CloseOutcome close(SessionScope scope, String id, Precondition precondition, Instant now);
}
