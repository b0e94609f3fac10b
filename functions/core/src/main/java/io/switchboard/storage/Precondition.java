package io.switchboard.storage;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under which version a change may happen.
 *
 * @param versions any of these; null for any version
 */
public record Precondition(@Nullable Set<Long> versions) {
    /** Whatever the version. */
    public static final Precondition NONE = new Precondition(null);

    public Precondition {
        versions = versions == null ? null : Set.copyOf(versions);
    }

    /** This version, and no other. */
    public static Precondition ofVersion(long version) {
        return new Precondition(Set.of(version));
    }

    /** Whether the change may happen to this version. */
    public boolean admits(long version) {
        return versions == null || versions.contains(version);
    }
}
