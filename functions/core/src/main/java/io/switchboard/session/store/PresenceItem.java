package io.switchboard.session.store;

import io.switchboard.presence.Presence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A presence as it is stored. It may have expired.
 *
 * @param timer the number of its timer; 0 for none. Another number means that another timer was started
 * @param writeId the id of the write that stored it; null if it is not stored
 */
record PresenceItem(Presence presence, long timer, @Nullable String writeId) {
    /** The item of a user who never set a presence. */
    static final PresenceItem NONE = new PresenceItem(Presence.NONE, 0, null);

    /**
     * Returns the number of the timer of the presence that follows. The timer of a presence that is renewed or changed
     * continues. A presence that begins, or that expires earlier than before, needs another one.
     */
    long timerOf(Presence next, Instant now) {
        @Nullable Instant expires = next.expires();
        if (expires == null) {
            return timer;
        }
        @Nullable Instant before = presence.at(now).expires();
        return before == null || expires.isBefore(before) ? timer + 1 : timer;
    }
}
