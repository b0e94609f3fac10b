package io.switchboard.session.store;

import io.switchboard.presence.PresenceTimer;
import io.switchboard.runtime.Unavailable;
import java.time.Instant;
import java.util.Optional;

/** Reports presences that were not renewed. Thread-safe. */
@FunctionalInterface
public interface PresenceDeadlines {
    /**
     * Stores that a presence has expired, if it has.
     *
     * @return the timer that follows, if the presence was renewed
     * @throws Unavailable if a later retry may succeed
     */
    Optional<PresenceTimer> expire(PresenceTimer timer, Instant now);
}
