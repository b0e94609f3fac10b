package io.switchboard.session.store;

import io.switchboard.session.Session;
import io.switchboard.session.SessionOnDesk;

/**
 * A change of an open session. It is applied again if another request has changed the session since then, so it must
 * depend only on its argument.
 */
@FunctionalInterface
public interface SessionChange {
    /**
     * Returns the changed session.
     *
     * @param session the current session, which is open
     * @return a version from {@link Session#next}, or the session itself if nothing changes
     * @throws RuntimeException if its state does not allow the change; then nothing is written
     */
    Session apply(SessionOnDesk session);
}
