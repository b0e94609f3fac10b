package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.Precondition;
import java.time.Duration;
import java.time.Instant;

/**
 * Changes existing sessions and the focus of desks. Expired sessions do not exist. Each method throws
 * {@link Unavailable} if a later retry may succeed; it has then written all or nothing. Thread-safe.
 */
public interface SessionChangeStore {
    /** How long retries of requests are recognised after a session was deleted or handed over. */
    Duration REPLAY_WINDOW = ClosedTab.REPLAY_WINDOW;

    /**
     * Changes an open session, but not the desk.
     *
     * @param precondition the required version
     */
    ChangeOutcome change(SessionScope scope, String id, Precondition precondition, SessionChange change, Instant now);

    /** Gives an open session the focus. Clears its focus request and its badge. */
    ChangeOutcome focus(SessionScope scope, String id, Precondition precondition, Instant now);

    /** Gives home the focus. */
    void focusHome(Owner owner, Instant now);

    /**
     * Closes a session; a closed one does not change. If it was in focus, the previously focused open session gets the
     * focus, else home. If its template has wrap-up, and the caller does not complete it, the wrap-up starts instead.
     *
     * @param precondition the required version
     */
    ChangeOutcome close(SessionScope scope, String id, Precondition precondition, Closing closing, Instant now);

    /** Closes a session, or starts its wrap-up, as {@link Closing#BY_AGENT}. */
    default ChangeOutcome close(SessionScope scope, String id, Precondition precondition, Instant now) {
        return close(scope, id, precondition, Closing.BY_AGENT, now);
    }

    /**
     * Reopens a session that is closed or in wrap-up and gives it the focus; an open one does not change. The limit
     * applies.
     */
    ChangeOutcome reopen(SessionScope scope, String id, Precondition precondition, Instant now);

    /**
     * Closes a session and deletes its content. For {@link #REPLAY_WINDOW}, its id is still known, to recognise retries
     * of the creating request.
     *
     * @param discards whether unsaved changes of tabs are lost; otherwise, an open session with them is not deleted
     */
    ChangeOutcome delete(SessionScope scope, String id, Precondition precondition, boolean discards, Instant now);

    /** Closes a session and deletes its content, unless one of its tabs has unsaved changes. */
    default ChangeOutcome delete(SessionScope scope, String id, Precondition precondition, Instant now) {
        return delete(scope, id, precondition, false, now);
    }

    /**
     * Moves an open session to another user's desk at once, in one transaction. The limit of that desk applies. Its
     * focus does not change; the session requests the focus. A pending offer of the session is withdrawn. A retry
     * within {@link #REPLAY_WINDOW} changes nothing.
     *
     * @param user another user of the same tenant
     * @param mayBeUnknown whether a user without a desk is allowed
     * @return the session as it arrived at the other desk
     */
    ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now);
}
