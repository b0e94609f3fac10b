package io.switchboard.session.store;

import io.switchboard.session.Session;
import io.switchboard.session.SessionOnDesk;

/**
 * A change of an open session. It is asked again whenever somebody else has changed the session meanwhile, so it depends on
 * what it is given alone.
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
