package io.switchboard.offer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An offer at a time, with its state on the desks of its users.
 *
 * @param offer the offer at that time
 * @param standings of the users of the current or last attempt, in order, and of no others
 */
public record OfferView(Offer offer, List<Standing> standings) {
    /** The place of an offer in a queue that is not known: behind the one that is displayed. */
    private static final int UNKNOWN_POSITION = 1;

    public OfferView {
        standings = List.copyOf(standings);
    }

    /**
     * The state of an offer for one user.
     *
     * @param position the number of offers before it on the desk; 0 unless it is queued
     * @param displayed when the desk began to show it; null if it never did, or if that is not known any more
     * @param deadline when it ends without an answer
     * @param end null while it is pending
     */
    public record Standing(
            String userId,
            OfferState state,
            int position,
            @Nullable Instant displayed,
            Instant deadline,
            @Nullable OfferEnd end) {}

    /**
     * Returns the view of an offer.
     *
     * @param desks the offers on the desks of the users, as far as they are known
     */
    public static OfferView of(Offer stored, Map<String, DeskOffers> desks, Instant now) {
        Offer offer = stored.at(now, desks);
        List<Standing> standings = new ArrayList<>();
        for (OfferTarget target : offer.attempt().targets()) {
            standings.add(standing(offer, target, desks.get(target.userId()), now));
        }
        return new OfferView(offer, standings);
    }

    /** Returns the state for one user, in the latest attempt with that user; null for a user who is not a target. */
    public @Nullable Standing standing(String userId) {
        for (Standing standing : standings) {
            if (standing.userId().equals(userId)) {
                return standing;
            }
        }
        @Nullable OfferTarget target = offer.target(userId);
        return target == null ? null : standing(offer, target, null, Instant.MIN);
    }

    /** Returns the state of the offer as a whole: displayed if any desk shows it. */
    public OfferState state() {
        if (offer.end() != null) {
            return offer.end().result().state();
        }
        return standings.stream().anyMatch(standing -> standing.state() == OfferState.DISPLAYED)
                ? OfferState.DISPLAYED
                : OfferState.QUEUED;
    }

    private static Standing standing(Offer offer, OfferTarget target, @Nullable DeskOffers desk, Instant now) {
        Instant deadline = offer.attempt().deadline(target, offer.content().timeout());
        @Nullable OfferEnd end = target.end();
        if (end != null) {
            return new Standing(target.userId(), end.result().state(), 0, target.displayed(), deadline, end);
        }
        if (target.displayed() != null) {
            return new Standing(target.userId(), OfferState.DISPLAYED, 0, target.displayed(), deadline, null);
        }
        DeskOffers.@Nullable Turn turn =
                desk == null ? null : desk.turn(offer.id(), offer.attempt().number());
        int position = desk == null || turn == null
                ? UNKNOWN_POSITION
                : desk.pending(now).indexOf(turn);
        return new Standing(
                target.userId(), OfferState.QUEUED, Math.max(UNKNOWN_POSITION, position), null, deadline, null);
    }
}
