package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import java.time.Instant;

/** Reads desks. Thread-safe. */
@FunctionalInterface
public interface DeskReadStore {
    /**
     * The owner's desk with all its open sessions, whatever their provider.
     *
     * @throws Unavailable if a later retry may succeed
     */
    DeskView desk(Owner owner, Instant now);
}
