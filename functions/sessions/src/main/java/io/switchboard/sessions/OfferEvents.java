package io.switchboard.sessions;

import io.switchboard.offer.DeskOffer;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferTarget;
import io.switchboard.session.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derives events of offers: from a change of a desk whether an offer waits or is displayed, and from a change of an
 * offer its end for each user. The same change always results in the same events.
 */
final class OfferEvents {
    private OfferEvents() {}

    /** Receives an event. */
    @FunctionalInterface
    interface Sink {
        /**
         * Adds an event.
         *
         * @param owner the user whom it concerns
         * @param offer the offer and its attempt
         * @param version the version of the item that changed
         */
        void add(String type, Owner owner, String offer, long version, Map<String, Object> more);
    }

    /** Adds the events of a desk. */
    static void of(Owner owner, DeskOffers before, DeskOffers after, long version, Sink sink) {
        Set<String> known = new HashSet<>();
        before.entries().forEach(entry -> known.add(key(entry)));
        Set<String> displayedBefore = displayed(before, before.storedAt());
        Instant now = after.storedAt();
        for (DeskOffers.Turn turn : after.pending(now)) {
            DeskOffer entry = turn.offer();
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("notificationId", entry.id());
            detail.put("attempt", entry.attempt());
            @Nullable Instant displayed = turn.displayed(now);
            if (displayed != null && !displayedBefore.contains(key(entry))) {
                detail.put("displayedDateTime", displayed.toString());
                detail.put("expiresDateTime", turn.end().toString());
                sink.add("NotificationDisplayed", owner, key(entry), version, detail);
            } else if (displayed == null && !known.contains(key(entry))) {
                detail.put("expiresDateTime", entry.expires().toString());
                sink.add("NotificationQueued", owner, key(entry), version, detail);
            }
        }
    }

    private static Set<String> displayed(DeskOffers desk, Instant now) {
        Set<String> displayed = new HashSet<>();
        for (DeskOffers.Turn turn : desk.pending(now)) {
            if (turn.isDisplayed(now)) {
                displayed.add(key(turn.offer()));
            }
        }
        return displayed;
    }

    private static String key(DeskOffer entry) {
        return entry.id() + ' ' + entry.attempt();
    }

    /** Adds the events of an offer. */
    static void of(String tenant, @Nullable Offer before, Offer after, Sink sink) {
        List<OfferTarget> earlier = before == null ? List.of() : targets(before);
        List<OfferTarget> targets = targets(after);
        for (int i = 0; i < targets.size(); i++) {
            OfferTarget target = targets.get(i);
            @Nullable OfferEnd end = target.end();
            boolean isKnown = i < earlier.size() && earlier.get(i).end() != null;
            if (end == null || isKnown) {
                continue;
            }
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("notificationId", after.id());
            detail.put("provider", after.sender().provider());
            detail.put("templateName", after.content().templateName());
            detail.put("state", end.result().state().text());
            detail.put("actionName", end.result().actionName());
            detail.put("responseReason", end.result().responseReason());
            detail.put("resolvedDateTime", end.at().toString());
            detail.put("isFinal", after.isResolved());
            put(detail, "conversationId", after.purpose().conversationId());
            put(detail, "correlationId", after.purpose().correlationId());
            put(detail, "sessionId", target.userId().equals(after.acceptedBy()) ? after.sessionId() : null);
            sink.add(
                    "NotificationResolved",
                    new Owner(tenant, target.userId()),
                    after.id() + ' ' + i,
                    after.version(),
                    detail);
        }
    }

    private static void put(Map<String, Object> detail, String name, @Nullable String value) {
        if (value != null) {
            detail.put(name, value);
        }
    }

    /** Returns the users of all attempts, in order. The users of a later version begin with those of an earlier one. */
    private static List<OfferTarget> targets(Offer offer) {
        List<OfferTarget> all = new ArrayList<>(offer.earlier());
        all.addAll(offer.attempt().targets());
        return all;
    }
}
