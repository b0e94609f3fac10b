package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.Precondition;
import java.time.Duration;
import java.time.Instant;

/**
 * Changes sessions that are there, and what is in focus on desks. Expired sessions are absent. Each method throws
 * {@link Unavailable} if a later retry may succeed, and then has written all or nothing. Thread-safe.
 */
public interface SessionChangeStore {
    /** How long a deleted or handed-over session is known to repeats of requests. */
    Duration MEMORY = ClosedTab.MEMORY;

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
     * Closes a session; a closed one stays as it is. If it was in focus, the open one that was in focus before it comes
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
     * as it is, and the session requests it. The same again within {@link #MEMORY} changes nothing.
     *
     * @param user another user of the same tenant
     * @param mayBeUnknown whether the user may be one who never had a desk
     * @return the session as it came to the other desk
     */
    ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now);
}
