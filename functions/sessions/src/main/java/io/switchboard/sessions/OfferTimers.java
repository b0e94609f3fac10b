package io.switchboard.sessions;

import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferTimer;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.session.store.DynamoDbSessionImage;
import io.switchboard.session.store.DynamoDbSessionImage.OfDesk;
import io.switchboard.session.store.DynamoDbSessionImage.OfOffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Derives the timers of offers from changes of desks and offers. */
final class OfferTimers {
    private OfferTimers() {}

    /**
     * Returns the timers that a change starts: for the end of the offer that a desk displays, for the deadlines of those
     * that wait, and for an attempt that must reach its desks.
     *
     * @throws RuntimeException if the record cannot be read
     */
    static List<OfferTimer> of(StreamRecord record) {
        if (record.kind().equals("REMOVE")) {
            return List.of();
        }
        @Nullable
        DynamoDbSessionImage before = record.before().isEmpty() ? null : DynamoDbSessionImage.read(record.before());
        DynamoDbSessionImage after = DynamoDbSessionImage.read(record.after());
        if (after instanceof OfDesk desk) {
            String tenant = desk.owner().tenant();
            List<OfferTimer> timers = of(tenant, desk.offers());
            timers.removeAll(before instanceof OfDesk earlier ? of(tenant, earlier.offers()) : List.of());
            return timers;
        }
        return after instanceof OfOffer offer
                ? of(offer.tenant(), before instanceof OfOffer earlier ? earlier.offer() : null, offer.offer())
                : List.of();
    }

    private static List<OfferTimer> of(String tenant, DeskOffers desk) {
        List<OfferTimer> timers = new ArrayList<>();
        Instant now = desk.storedAt();
        for (DeskOffers.Turn turn : desk.pending(now)) {
            boolean isDisplayed = turn.isDisplayed(now);
            timers.add(new OfferTimer(
                    tenant, turn.offer().id(), isDisplayed ? turn.end() : turn.offer().expires()));
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
