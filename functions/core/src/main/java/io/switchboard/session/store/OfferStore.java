package io.switchboard.session.store;

import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.SenderId;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores offers together with the desks of their users. An offer that ended more than 24 hours ago does not exist. Each
 * method throws {@link Unavailable} if a later retry may succeed; it has then written all or nothing. Thread-safe.
 */
public interface OfferStore {
    /**
     * Stores an offer and puts it on the desks of its users: one batch read and one transaction. A desk that shows it
     * at once accepts it, if its template says so.
     */
    OfferOutcome create(String tenant, NewOffer offer, OfferedSession sessions, Instant now);

    /**
     * Returns the offer that a request with an idempotency key created before, for requests that would otherwise fail.
     *
     * @return the replay or the reused key; empty if no offer has that id
     */
    Optional<OfferOutcome> replay(String tenant, String id, String requestHash, Instant now);

    /**
     * Returns an offer with the state for one user.
     *
     * @param user null for a caller without a user
     */
    Optional<OfferView> read(String tenant, String id, @Nullable String user, Instant now);

    /** Returns an offer with the state for all its users. */
    Optional<OfferView> readAll(String tenant, String id, Instant now);

    /**
     * Lists the offers of a sender, the latest first. A page reads a bounded number of items and may be short.
     *
     * @param state null for all states
     * @throws InvalidPosition if the position does not belong to the list
     */
    Page<OfferView> list(String tenant, SenderId sender, @Nullable OfferState state, PageRequest page, Instant now);

    /** Returns the position of an offer in {@link #list}. */
    String position(OfferView view);

    /**
     * Accepts an offer for the scope's owner and opens its session: one batch read and one transaction. For all other
     * users, the offer is cancelled. If it hands a session over, that session moves, after a second batch read.
     */
    OfferOutcome accept(SessionScope scope, String id, OfferedSession sessions, Instant now);

    /**
     * Offers an open session to another user. The session stays on its desk, with a mark, until that user accepts. The
     * same request again changes nothing while the offer is pending, and for {@link SessionChangeStore#REPLAY_WINDOW}
     * after the session has moved.
     *
     * @param user another user of the same tenant
     * @param precondition the required version of the session
     */
    ChangeOutcome handOver(
            SessionScope scope,
            String sessionId,
            String user,
            HandOverPlan plan,
            Precondition precondition,
            Instant now);

    /**
     * Rejects an offer for the scope's owner.
     *
     * @param reason the user's text; null for none
     */
    OfferOutcome reject(SessionScope scope, String id, @Nullable String reason, Instant now);

    /** Withdraws an offer of a sender. */
    OfferOutcome cancel(String tenant, SenderId sender, String id, Instant now);

    /** Withdraws the pending offers of a sender that have this cancellation token. */
    void cancelAll(String tenant, SenderId sender, String cancellationToken, Instant now);

    /**
     * Stores what the deadlines of an offer have decided, and offers it to the next users. That changes no answer of
     * the API: it reports the ends, and brings the next attempt to its desks. If the template accepts, the first user
     * whose desk displays the offer accepts it.
     */
    void resolve(String tenant, String id, OfferedSession sessions, Instant now);
}
