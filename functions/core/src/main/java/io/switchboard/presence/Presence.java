package io.switchboard.presence;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The presence of a user. Unless it is renewed, it expires: then the user is offline, even if no write has stored that.
 * So every reader uses {@link #at}.
 *
 * @param since the time from which the user has had this content; null if it was never set
 * @param expires the time when the user becomes offline; null for a user who is offline already
 * @param version the number of changes, including the expiry, without renewals
 */
public record Presence(
        PresenceContent content,
        @Nullable Instant since,
        @Nullable Instant expires,
        long version) {
    /** The presence of a user who never set one. */
    public static final Presence NONE = new Presence(PresenceContent.OFFLINE, null, null, 0);

    /** The shortest time in which a presence must be renewed. */
    public static final Duration SHORTEST_LIFE = Duration.ofSeconds(30);

    /** The longest time in which a presence must be renewed. */
    public static final Duration LONGEST_LIFE = Duration.ofHours(1);

    /** The time in which a presence must be renewed if the caller does not set it. */
    public static final Duration USUAL_LIFE = Duration.ofMinutes(2);

    /** Returns the presence as it is at a time. */
    public Presence at(Instant now) {
        return expires == null || now.isBefore(expires)
                ? this
                : new Presence(PresenceContent.OFFLINE, expires, null, version + 1);
    }

    /**
     * Returns the presence after it was set. This presence must not have expired.
     *
     * @param life the time in which it must be renewed
     */
    public Presence set(PresenceContent next, Duration life, Instant now) {
        boolean isSame = since != null && next.equals(content);
        return new Presence(
                next, isSame ? since : now, next.isOffline() ? null : now.plus(life), isSame ? version : version + 1);
    }
}
