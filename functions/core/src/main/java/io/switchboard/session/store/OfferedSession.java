package io.switchboard.session.store;

import io.switchboard.offer.Offer;
import io.switchboard.session.Owner;
import org.jspecify.annotations.Nullable;

/** Computes the session that opens when a user accepts an offer. */
@FunctionalInterface
public interface OfferedSession {
    /**
     * Returns the session.
     *
     * @param owner the user who accepts
     * @return null if the offer opens no session
     * @throws NotPossible if an automatic accept cannot create the session now; the offer stays
     * @throws RuntimeException if another accept cannot create it; then nothing is written
     */
    @Nullable
    NewSession plan(Offer offer, Owner owner);

    /** The session of an automatic accept cannot be created. It has no stack trace, because it is an answer. */
    final class NotPossible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param cause the error that a user who accepts would receive */
        public NotPossible(RuntimeException cause) {
            super("The session of an automatic accept cannot be created", cause, false, false);
        }
    }
}
