package io.switchboard.storage;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions to which a change may be applied.
 *
 * @param versions the versions; null for any version
 */
public record Precondition(@Nullable Set<Long> versions) {
    /** Accepts any version. */
    public static final Precondition NONE = new Precondition(null);

    public Precondition {
        versions = versions == null ? null : Set.copyOf(versions);
    }

    /** Returns the precondition that accepts this version only. */
    public static Precondition ofVersion(long version) {
        return new Precondition(Set.of(version));
    }

    /** Returns whether the change may be applied to this version. */
    public boolean admits(long version) {
        return versions == null || versions.contains(version);
    }
}
