package io.switchboard.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times of a session.
 *
 * @param created the time of its creation
 * @param lastModified the time of the last visible change
 * @param closed the time of its closing; null while it is open; see {@link Session#closedAt} for idle sessions
 * @param lastActivity the stored time of a write or focus, from which idleness is measured; see
 *     {@link SessionLimits#isRecent}
 */
public record Times(
        Instant created, Instant lastModified, @Nullable Instant closed, Instant lastActivity) {
    /** Returns the times of a session that is created now. */
    public static Times startingAt(Instant now) {
        return new Times(now, now, null, now);
    }

    Times modified(Instant now) {
        return new Times(created, now, closed, now);
    }

    Times active(Instant now) {
        return new Times(created, lastModified, closed, now);
    }

    Times closed(@Nullable Instant newClosed) {
        return new Times(created, lastModified, newClosed, lastActivity);
    }
}
