package io.switchboard.template;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A template as it is kept, with what only the product writes.
 *
 * @param version counts the writes under its name, from 1; 0 for those that are shipped
 * @param createdDateTime null for those that are shipped, like the next three
 */
public record Stored<T extends Template>(
        T template,
        Origin origin,
        long version,
        @Nullable Instant createdDateTime,
        @Nullable String createdBy,
        @Nullable Instant lastModifiedDateTime,
        @Nullable String lastModifiedBy) {
    /** A template that is shipped. */
    public static <T extends Template> Stored<T> shipped(T template, Origin origin) {
        return new Stored<>(template, origin, 0, null, null, null, null);
    }

    /** A template this tenant creates. */
    public static <T extends Template> Stored<T> created(T template, String by, Instant now) {
        return created(template, 1, by, now);
    }

    /**
     * A template this tenant creates under a name that was in use before.
     *
     * @param version one more than the last that had the name: no tag of what was deleted fits what came after
     */
    public static <T extends Template> Stored<T> created(T template, long version, String by, Instant now) {
        return new Stored<>(template, Origin.CUSTOM, version, now, by, now, by);
    }

    /** The next version, with this content. */
    public <U extends Template> Stored<U> replacedBy(U next, String by, Instant now) {
        return new Stored<>(next, Origin.CUSTOM, version + 1, createdDateTime, createdBy, now, by);
    }
}
