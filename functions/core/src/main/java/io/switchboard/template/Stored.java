package io.switchboard.template;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored template with its read-only properties.
 *
 * @param version the number of writes under its name, from 1; 0 for a built-in template
 * @param createdDateTime null for a built-in template, like the next three
 */
public record Stored<T extends Template>(
        T template,
        Origin origin,
        long version,
        @Nullable Instant createdDateTime,
        @Nullable String createdBy,
        @Nullable Instant lastModifiedDateTime,
        @Nullable String lastModifiedBy) {
    /** Returns a built-in template. */
    public static <T extends Template> Stored<T> shipped(T template, Origin origin) {
        return new Stored<>(template, origin, 0, null, null, null, null);
    }

    /** Returns a new template of the tenant. */
    public static <T extends Template> Stored<T> created(T template, String by, Instant now) {
        return created(template, 1, by, now);
    }

    /**
     * Returns a new template of the tenant under a name that was used before.
     *
     * @param version one more than the last version under the name, so that ETags of the deleted template do not match
     */
    public static <T extends Template> Stored<T> created(T template, long version, String by, Instant now) {
        return new Stored<>(template, Origin.CUSTOM, version, now, by, now, by);
    }

    /** Returns the next version, with this content. */
    public <U extends Template> Stored<U> replacedBy(U next, String by, Instant now) {
        return new Stored<>(next, Origin.CUSTOM, version + 1, createdDateTime, createdBy, now, by);
    }
}
