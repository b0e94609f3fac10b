package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TabState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the states of tabs. A state belongs to the session and its tab, not to a user, so it follows a hand-over. Each
 * method throws {@link Unavailable} if a later retry may succeed. Thread-safe.
 */
public interface TabStateStore {
    /**
     * A session with the state of one of its tabs.
     *
     * @param state the state; {@link TabState#NONE} also if the session does not have the tab
     */
    record SessionTabState(SessionOnDesk session, TabState state) {}

    /** Decides the next state of a tab. It is applied again if another request has changed the state since then. */
    @FunctionalInterface
    interface StateChange {
        /**
         * Returns the next text; null to delete the state.
         *
         * @throws RuntimeException if the session or the state do not allow the change; then nothing is written
         */
        @Nullable
        String next(SessionTabState current);
    }

    /** Returns a session of the scope with the state of a tab; empty if the scope does not have the session. */
    Optional<SessionTabState> state(SessionScope scope, String id, String tabId, Instant now);

    /**
     * Changes the state of an open tab.
     *
     * @param change it must throw if the session does not have the tab
     * @return the new state; empty if the scope does not have the session
     */
    Optional<TabState> changeState(SessionScope scope, String id, String tabId, StateChange change, Instant now);
}
