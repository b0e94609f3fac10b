package io.switchboard.http;

import org.jspecify.annotations.Nullable;

/**
 * Under which version a change may happen.
 *
 * @param ifMatch the header {@code If-Match}; null where none was sent
 */
public record Precondition(@Nullable String ifMatch) {
    /** Whatever the version. */
    public static final Precondition NONE = new Precondition(null);

    /** The condition of a request. */
    public static Precondition of(Request request) {
        return new Precondition(request.ifMatch().orElse(null));
    }

    /** This version, and no other. */
    public static Precondition ofVersion(long version) {
        return new Precondition(EntityTag.ofVersion(version).toString());
    }

    /** Whether the change may happen to this version. */
    public boolean admits(long version) {
        return ifMatch == null || EntityTag.ofVersion(version).matchesAnyOf(ifMatch);
    }
}
