package io.switchboard.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the stages of a session's life were.
 *
 * @param created when it was made
 * @param lastModified when its readers last saw a change
 * @param closed when it was closed; null while it is open. See {@link Session#closedAt} for idle sessions
 * @param lastActivity the last write or focus; idleness counts from here
 */
public record Times(
        Instant created, Instant lastModified, @Nullable Instant closed, Instant lastActivity) {
    /** The times of a session that is made now. */
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
