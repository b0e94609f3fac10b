package io.switchboard.session.store;

import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.UserPresence;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.Owner;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.BasicState;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores the presence of users. Thread-safe. */
public interface PresenceStore {
    /** The longest id of a user with a presence, in bytes once encoded. With it, a position fits a page token. */
    int LONGEST_USER = 700;

    /**
     * Returns the presence of a user, as it is at this time.
     *
     * @throws Unavailable if a later retry may succeed
     */
    Presence presence(Owner owner, Instant now);

    /**
     * Sets the presence of a user, or renews it if its content is the same.
     *
     * @param life the time in which it must be renewed
     * @param check checks the content. It does not run for a renewal. If it throws, nothing is written
     * @throws Unavailable if a later retry may succeed
     */
    Presence setPresence(Owner owner, PresenceContent content, Duration life, Runnable check, Instant now);

    /**
     * Returns users who have had a presence, with the capacity of their desks.
     *
     * @param basicState the basic state of the users; null for any
     * @param admitted returns those of some users that the list may contain; null for all
     * @throws InvalidPosition if the page has no valid position
     * @throws Unavailable if a later retry may succeed
     */
    Page<UserPresence> presences(
            String tenant,
            @Nullable BasicState basicState,
            @Nullable UnaryOperator<Set<String>> admitted,
            PageRequest page,
            Instant now);
}
