package io.switchboard.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session with its current state on the desk.
 *
 * @param isFocused whether it is in focus
 * @param closedAt the time when it ended; null while it is on the desk
 */
public record SessionOnDesk(
        Session session, boolean isFocused, @Nullable Instant closedAt) {
    /** Returns true if it is on the desk: open or in wrap-up. */
    public boolean isOpen() {
        return closedAt == null;
    }

    /** Returns its status. */
    public SessionStatus status() {
        if (closedAt != null) {
            return SessionStatus.CLOSED;
        }
        return session.wrapUp().pending().isPresent() ? SessionStatus.WRAP_UP : SessionStatus.OPEN;
    }
}
