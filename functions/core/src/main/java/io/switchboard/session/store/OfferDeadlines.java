package io.switchboard.session.store;

import io.switchboard.runtime.Unavailable;
import java.time.Instant;

/** Resolves offers whose time is over. Thread-safe. */
@FunctionalInterface
public interface OfferDeadlines {
    /**
     * Stores what the deadlines of an offer have decided, brings the attempt that follows to its desks, and accepts the
     * offer if its template says so and a desk displays it.
     *
     * @throws Unavailable if a later retry may succeed; all or nothing was written then
     */
    void resolve(String tenant, String id, Instant now);
}
