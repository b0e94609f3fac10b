package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * Which sessions of a list are wanted; null for all.
 *
 * @param open true for open ones, false for closed ones
 * @param templateName the session template they were made from
 */
public record SessionFilter(
        @Nullable Boolean open, @Nullable String templateName) {
    /** Whether a session is wanted. */
    public boolean admits(SessionOnDesk session) {
        return (open == null || open == session.isOpen())
                && (templateName == null
                        || templateName.equals(session.session().templateName()));
    }
}
