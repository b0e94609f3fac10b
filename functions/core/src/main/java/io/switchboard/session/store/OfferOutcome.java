package io.switchboard.session.store;

import io.switchboard.offer.OfferView;
import io.switchboard.session.SessionOnDesk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of an operation on an offer. */
public sealed interface OfferOutcome {
    /**
     * The offer is stored.
     *
     * @param unknownUsers the users who had no desk
     * @param unavailableUsers the users who are offline or away
     */
    record Created(OfferView view, List<String> unknownUsers, List<String> unavailableUsers) implements OfferOutcome {
        public Created {
            unknownUsers = List.copyOf(unknownUsers);
            unavailableUsers = List.copyOf(unavailableUsers);
        }
    }

    /** The same request created the offer before. */
    record Replayed(OfferView view) implements OfferOutcome {}

    /** A different request created an offer with this key before. */
    record KeyReused() implements OfferOutcome {}

    /** Users do not have a desk, and the request is strict. Nothing was written. */
    record UnknownUsers(List<String> users) implements OfferOutcome {
        public UnknownUsers {
            users = List.copyOf(users);
        }
    }

    /**
     * The user accepted the offer, with this request or an earlier one.
     *
     * @param session the session that opened; null for none
     */
    record Accepted(OfferView view, @Nullable SessionOnDesk session) implements OfferOutcome {}

    /** The offer is as requested, because of this request or an earlier one. */
    record Done(OfferView view) implements OfferOutcome {}

    /** The offer ended in another way, for this user or as a whole. */
    record AlreadyResolved(OfferView view) implements OfferOutcome {}

    /** The offer does not exist in the caller's scope. */
    record NotFound() implements OfferOutcome {}

    /** The user already has a session with the id of the one that is handed over. The offer stays. */
    record IdTaken() implements OfferOutcome {}

    /** The desk has no slot for the session. The offer stays. */
    record LimitReached(int limit) implements OfferOutcome {}
}
