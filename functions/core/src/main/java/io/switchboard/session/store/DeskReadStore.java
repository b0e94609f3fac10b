package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import java.time.Instant;

/** Reads desks. Thread-safe. */
@FunctionalInterface
public interface DeskReadStore {
    /**
     * Returns the owner's desk with the open sessions of all providers.
     *
     * @throws Unavailable if a later retry may succeed
     */
    DeskView desk(Owner owner, Instant now);
}
