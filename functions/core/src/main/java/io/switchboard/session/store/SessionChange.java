package io.switchboard.session.store;

import io.switchboard.session.Session;
import io.switchboard.session.SessionOnDesk;

/**
 * A change of an open session. It is called again if another request has changed the session since, so it depends only on
 * its argument.
 */
@FunctionalInterface
public interface SessionChange {
    /**
     * What the session becomes.
     *
     * @param session as it is now; open
     * @return what follows {@link Session#next}, or the session itself if nothing is to change
     * @throws RuntimeException if its state forbids the change; nothing is written then
     */
    Session apply(SessionOnDesk session);
}
