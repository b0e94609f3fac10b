package io.switchboard.session.store;

import io.switchboard.session.Session;

/** Makes the offer of a hand-over. It is used again if the session has changed since then. */
@FunctionalInterface
public interface HandOverPlan {
    /**
     * Returns the offer.
     *
     * @param session the current session, which is open
     * @param id the id of the offer
     * @throws RuntimeException if it cannot be offered; then nothing is written
     */
    NewOffer plan(Session session, String id);
}
