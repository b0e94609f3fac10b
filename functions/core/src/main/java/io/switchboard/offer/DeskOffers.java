package io.switchboard.offer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The offers on a desk. It shows one, and the others wait.
 *
 * <p>The entries alone decide what the desk shows at any time: each offer is displayed from the end of the one before,
 * until its own end. No write is needed for that, and a write never changes it for the past.
 *
 * @param entries in the order of their arrival
 */
public record DeskOffers(List<DeskOffer> entries) {
    /** No offers. */
    public static final DeskOffers NONE = new DeskOffers(List.of());

    /** The most pending offers of a desk: the one that it shows, and the ten of CIF that wait. */
    public static final int MOST = 11;

    /** The most ended offers whose end has not been stored with the offer. The oldest are forgotten first. */
    public static final int MOST_ENDED = 50;

    public DeskOffers {
        entries = List.copyOf(entries);
    }

    /**
     * When the desk shows an offer, if nothing else happens.
     *
     * @param start when it is displayed; null if it ends before its turn
     * @param end when it ends
     */
    public record Turn(DeskOffer offer, @Nullable Instant start, Instant end) {
        /** Returns true if it has ended. */
        public boolean hasEnded(Instant now) {
            return !end.isAfter(now);
        }

        /** Returns true if the desk shows it. */
        public boolean isDisplayed(Instant now) {
            return start != null && !start.isAfter(now) && !hasEnded(now);
        }

        /** Returns when the desk began to show it; null if it has not yet. */
        public @Nullable Instant displayed(Instant now) {
            return start == null || start.isAfter(now) ? null : start;
        }

        /** Returns the end that its deadline causes. */
        OfferEnd deadline() {
            return new OfferEnd(start == null ? OfferResult.QUEUE_TIMEOUT : OfferResult.DISPLAY_TIMEOUT, end);
        }
    }

    /** Returns the time of the last write that the entries show. */
    public Instant storedAt() {
        Instant last = Instant.EPOCH;
        for (DeskOffer offer : entries) {
            last = later(last, offer.queued());
            last = offer.displayed() == null ? last : later(last, offer.displayed());
            last = offer.ended() == null ? last : later(last, offer.ended());
        }
        return last;
    }

    /** Returns the turns of all offers, in order. */
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        Instant free = Instant.MIN;
        for (DeskOffer offer : entries) {
            Instant last = earlier(offer.expires(), offer.ended());
            @Nullable Instant displayed = offer.displayed();
            Instant start = displayed == null ? later(offer.queued(), free) : displayed;
            if (!start.isBefore(last)) {
                turns.add(new Turn(offer, null, last));
                continue;
            }
            Instant end = offer.timeout() == 0 ? last : earlier(last, start.plusSeconds(offer.timeout()));
            free = later(free, end);
            turns.add(new Turn(offer, start, end));
        }
        return turns;
    }

    /** Returns the turns of the offers that have not ended: the displayed one first, then the queue. */
    public List<Turn> pending(Instant now) {
        List<Turn> pending = new ArrayList<>();
        for (Turn turn : turns()) {
            if (!turn.hasEnded(now)) {
                pending.add(turn);
            }
        }
        return pending;
    }

    /** Returns the turn of an attempt of an offer; null if the desk does not have it. */
    public @Nullable Turn turn(String id, int attempt) {
        for (Turn turn : turns()) {
            if (turn.offer().id().equals(id) && turn.offer().attempt() == attempt) {
                return turn;
            }
        }
        return null;
    }

    /** Returns true if no other offer fits. */
    public boolean isFull(Instant now) {
        return pending(now).size() >= MOST;
    }

    /** Returns the desk with another offer at the end of its queue. */
    public DeskOffers with(DeskOffer added, Instant now) {
        List<DeskOffer> all = new ArrayList<>(frozen(now));
        all.add(added);
        // A second time, because the desk may show the new one at once.
        return new DeskOffers(new DeskOffers(all).frozen(now));
    }

    /** Returns the desk after an offer ended and its item stores that. */
    public DeskOffers without(String id, Instant now) {
        return new DeskOffers(ended(Map.of(id, now)).frozen(now));
    }

    /** Returns the desk with the ends of these offers, by their id. */
    public DeskOffers ended(Map<String, Instant> ends) {
        List<DeskOffer> all = new ArrayList<>();
        for (DeskOffer offer : entries) {
            @Nullable Instant end = ends.get(offer.id());
            all.add(end == null || offer.ended() != null ? offer : offer.ended(end));
        }
        return new DeskOffers(all);
    }

    /**
     * Returns the entries with the times of display up to now, without those whose end is stored with their offer. So
     * the turns of the others stay the same.
     */
    private List<DeskOffer> frozen(Instant now) {
        List<DeskOffer> kept = new ArrayList<>();
        int ended = 0;
        List<Turn> turns = turns();
        for (int i = turns.size() - 1; i >= 0; i--) {
            Turn turn = turns.get(i);
            DeskOffer offer = turn.offer();
            ended += turn.hasEnded(now) ? 1 : 0;
            if (turn.hasEnded(now) && (offer.ended() != null || ended > MOST_ENDED)) {
                continue;
            }
            // An offer that was never displayed gets the time of its end, so that it stays without a turn.
            @Nullable Instant start = turn.start() == null && turn.hasEnded(now) ? turn.end() : turn.displayed(now);
            kept.addFirst(offer.displayed() == null && start != null ? offer.displayed(start) : offer);
        }
        return kept;
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private static Instant later(Instant one, Instant other) {
        return other.isAfter(one) ? other : one;
    }
}
