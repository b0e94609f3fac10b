package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads sessions. Expired sessions do not exist. Each method throws {@link Unavailable} if a later retry may succeed.
 * Thread-safe.
 */
public interface SessionReadStore {
    /** Returns a session of the scope. */
    Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now);

    /**
     * Lists sessions of the scope. A list of closed sessions is in the order of closing; other lists are in the order
     * of ids. A page reads a bounded number of items and may be short. A session that was just closed may be missing
     * from the closed sessions.
     *
     * @throws InvalidPosition if the position does not belong to the list
     */
    Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now);
}
