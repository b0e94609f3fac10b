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
 * Reads sessions. Expired sessions are absent. Each method throws {@link Unavailable} if a later retry may succeed. Thread-safe.
 */
public interface SessionReadStore {
    /** A session of the scope. */
    Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now);

    /**
     * Sessions of the scope: closed ones by the time of closing if the filter is of them, else by id. A page reads a bounded number
     * of items and may be short. A session that was closed a moment ago may be missing from the closed ones.
     *
     * @throws InvalidPosition for a position that is not one of the list
     */
    Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now);
}
