package io.switchboard.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session with its current state on the desk.
 *
 * @param isFocused whether it is in focus
 * @param closedAt the time when it ended, by a close or by idleness; null while it is open
 */
public record SessionOnDesk(
        Session session, boolean isFocused, @Nullable Instant closedAt) {
    /** Returns true if it is open. */
    public boolean isOpen() {
        return closedAt == null;
    }
}
