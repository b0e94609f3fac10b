package io.switchboard.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as a reader sees it now.
 *
 * @param isFocused whether the desk has it in focus
 * @param closedAt when it ended, by a close or by idleness; null while it is open
 */
public record SessionOnDesk(
        Session session, boolean isFocused, @Nullable Instant closedAt) {
    /** Whether it is open. */
    public boolean isOpen() {
        return closedAt == null;
    }
}
