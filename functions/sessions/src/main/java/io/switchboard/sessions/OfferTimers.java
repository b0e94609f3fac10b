package io.switchboard.sessions;

import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferTimer;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.WrapUp;
import io.switchboard.session.store.DynamoDbSessionImage;
import io.switchboard.session.store.DynamoDbSessionImage.OfDesk;
import io.switchboard.session.store.DynamoDbSessionImage.OfOffer;
import io.switchboard.session.store.DynamoDbSessionImage.OfSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The work that a change of a desk, a session or an offer causes.
 *
 * @param timers for the end of the offer that a desk displays, for the deadlines of those that wait and of a wrap-up,
 *     and for an attempt that must reach its desks
 * @param automatic the offers that the desk began to display and whose template accepts them
 */
record OfferTimers(List<OfferTimer> timers, List<OfferTimer> automatic) {
    private static final OfferTimers NONE = new OfferTimers(List.of(), List.of());

    OfferTimers {
        timers = List.copyOf(timers);
        automatic = List.copyOf(automatic);
    }

    /**
     * Returns the work of a change.
     *
     * @throws RuntimeException if the record cannot be read
     */
    static OfferTimers of(StreamRecord record) {
        if (record.kind().equals("REMOVE")) {
            return NONE;
        }
        @Nullable
        DynamoDbSessionImage before = record.before().isEmpty() ? null : DynamoDbSessionImage.read(record.before());
        DynamoDbSessionImage after = DynamoDbSessionImage.read(record.after());
        if (after instanceof OfDesk desk) {
            String tenant = desk.owner().tenant();
            DeskOffers earlier = before instanceof OfDesk known ? known.offers() : DeskOffers.NONE;
            List<OfferTimer> timers = of(tenant, desk.offers());
            timers.removeAll(of(tenant, earlier));
            List<OfferTimer> automatic = automatic(tenant, desk.offers());
            automatic.removeAll(automatic(tenant, earlier));
            return new OfferTimers(timers, automatic);
        }
        if (after instanceof OfSession session) {
            List<OfferTimer> timers = of(session);
            timers.removeAll(before instanceof OfSession earlier ? of(earlier) : List.of());
            return new OfferTimers(timers, List.of());
        }
        return after instanceof OfOffer offer
                ? new OfferTimers(
                        of(offer.tenant(), before instanceof OfOffer earlier ? earlier.offer() : null, offer.offer()),
                        List.of())
                : NONE;
    }

    /** Returns the timer for the deadline of a wrap-up that has started. */
    private static List<OfferTimer> of(OfSession after) {
        List<OfferTimer> timers = new ArrayList<>();
        Session session = after.session();
        @Nullable
        Instant expires =
                session.wrapUp().pending().map(WrapUp.Pending::expires).orElse(null);
        if (expires != null && session.times().closed() == null) {
            Owner owner = after.owner();
            timers.add(new OfferTimer(owner.tenant(), owner.user(), session.id(), expires));
        }
        return timers;
    }

    /** Returns the displayed offers that are accepted automatically, with the time of their display. */
    private static List<OfferTimer> automatic(String tenant, DeskOffers desk) {
        List<OfferTimer> automatic = new ArrayList<>();
        for (DeskOffers.Turn turn : desk.pending(desk.storedAt())) {
            @Nullable Instant displayed = turn.displayed(desk.storedAt());
            if (displayed != null && turn.offer().autoAccept()) {
                automatic.add(new OfferTimer(tenant, turn.offer().id(), displayed));
            }
        }
        return automatic;
    }

    private static List<OfferTimer> of(String tenant, DeskOffers desk) {
        List<OfferTimer> timers = new ArrayList<>();
        Instant now = desk.storedAt();
        for (DeskOffers.Turn turn : desk.pending(now)) {
            boolean isDisplayed = turn.isDisplayed(now);
            timers.add(new OfferTimer(
                    tenant,
                    turn.offer().id(),
                    isDisplayed ? turn.end() : turn.offer().expires()));
        }
        return timers;
    }

    private static List<OfferTimer> of(String tenant, @Nullable Offer before, Offer after) {
        int attempt = before == null ? 1 : before.attempt().number();
        return after.isResolved() || after.attempt().number() == attempt
                ? List.of()
                : List.of(new OfferTimer(tenant, after.id(), after.attempt().start()));
    }
}
