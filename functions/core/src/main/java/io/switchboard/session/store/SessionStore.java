package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Duration;
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

    /**
     * Sessions of the scope: closed ones by the time of closing if the filter is of them, else by id. A page reads a bounded number
     * of items and may be short. A session that was closed a moment ago may be missing from the closed ones.
     *
     * @throws InvalidPosition for a position that is not one of the list
     */
    Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now);

    /**
     * Changes an open session, and nothing on the desk.
     *
     * @param precondition the version it must have
     */
    ChangeOutcome change(SessionScope scope, String id, Precondition precondition, SessionChange change, Instant now);

    /** Turns the desk to an open session: its request for focus is granted and its badge cleared. */
    ChangeOutcome focus(SessionScope scope, String id, Precondition precondition, Instant now);

    /** Turns the desk to its home. */
    void focusHome(Owner owner, Instant now);

    /**
     * Closes a session; a closed one stays as it is. Where it was in focus, the open one that was in focus before it comes
     * forward, else home.
     *
     * @param precondition the version it must have
     */
    ChangeOutcome close(SessionScope scope, String id, Precondition precondition, Instant now);

    /** Opens a closed session again and turns the desk to it; an open one stays as it is. The limit holds. */
    ChangeOutcome reopen(SessionScope scope, String id, Precondition precondition, Instant now);

    /**
     * Closes a session and forgets what it held. For {@link #MEMORY} only its id is known, to repeats of the request that made
     * it.
     */
    ChangeOutcome delete(SessionScope scope, String id, Precondition precondition, Instant now);

    /**
     * Moves an open session to another user's desk: there, or here, never both. The limit of that desk holds; its focus stays
     * where it is, and the session asks for it. The same again within {@link #MEMORY} changes nothing.
     *
     * @param user another user of the same tenant
     * @param mayBeUnknown whether the user may be one who never had a desk
     * @return the session as it came to the other desk
     */
    ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now);

    /** How long a deleted or handed-over session is known to repeats of requests. */
    Duration MEMORY = ClosedTab.MEMORY;
}
