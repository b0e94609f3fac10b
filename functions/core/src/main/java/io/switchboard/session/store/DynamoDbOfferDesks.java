package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.offer.DeskOffer;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferView;
import io.switchboard.session.Owner;
import io.switchboard.session.store.DynamoDbOfferReads.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes offers together with the desks of their users. Thread-safe. */
final class DynamoDbOfferDesks {
    private final DynamoDbDeskOffers deskOffers;
    private final DynamoDbOfferReads offers;
    private final DynamoDbSessionReads sessions;
    private final DynamoDbSessionOpening opening;

    DynamoDbOfferDesks(
            DynamoDbDeskOffers deskOffers,
            DynamoDbOfferReads offers,
            DynamoDbSessionReads sessions,
            DynamoDbSessionOpening opening) {
        this.deskOffers = deskOffers;
        this.offers = offers;
        this.sessions = sessions;
        this.opening = opening;
    }

    /** Starts a change of an offer and of desks that were read. */
    Change change(String tenant, Offer offer, Found found) {
        return new Change(tenant, offer, found);
    }

    /** A change of an offer together with desks that were read. Not thread-safe. */
    final class Change {
        private final String tenant;
        private final Map<String, DeskItem> seen;
        private final Map<String, DeskOffers> next;
        private Offer offer;
        /** The user whose desk another write of the transaction changes. */
        private @Nullable String accepting;

        private Change(String tenant, Offer offer, Found found) {
            this.tenant = tenant;
            this.offer = offer;
            this.seen = new LinkedHashMap<>(found.desks());
            this.next = new LinkedHashMap<>(found.offers());
        }

        /** Returns the offer after the change. */
        Offer offer() {
            return offer;
        }

        /** Applies the deadlines: records the ends, and puts the offer on the desks of the attempt that follows. */
        void settle(Instant now) {
            int attempt;
            do {
                attempt = offer.attempt().number();
                read();
                offer = offer.at(now, next);
                leave(now);
                read();
                // An attempt whose desks are all full is followed by the next one.
                place(now);
            } while (!offer.isResolved() && offer.attempt().number() != attempt);
        }

        /** Reads the desks of users who have not answered, except those that were read before. */
        private void read() {
            List<String> missing = new ArrayList<>(offer.attempt().pending());
            missing.removeAll(seen.keySet());
            if (!missing.isEmpty()) {
                Found found = offers.read(tenant, null, missing);
                seen.putAll(found.desks());
                next.putAll(found.offers());
            }
        }

        /** Puts the offer on the desks of the current attempt that do not have it. */
        void place(Instant now) {
            DeskOffer entry = DeskOffer.of(offer, now);
            for (String user : offer.attempt().pending()) {
                DeskOffers desk = next.getOrDefault(user, DeskOffers.NONE);
                if (desk.turn(entry.id(), entry.attempt()) == null) {
                    if (desk.isFull(now)) {
                        offer = offer.ended(user, new OfferEnd(OfferResult.QUEUE_LIMIT, now));
                    } else {
                        next.put(user, desk.with(entry, now));
                    }
                }
            }
            offer = offer.at(now, next);
        }

        /** Takes the offer from the desks whose users have no pending attempt any more. */
        void leave(Instant now) {
            List<String> pending =
                    offer.isResolved() ? List.of() : offer.attempt().pending();
            for (String user : List.copyOf(next.keySet())) {
                DeskOffers desk = next.getOrDefault(user, DeskOffers.NONE);
                boolean hasPending = pending.contains(user)
                        && desk.turn(offer.id(), offer.attempt().number()) != null;
                boolean has =
                        desk.entries().stream().anyMatch(entry -> entry.id().equals(offer.id()));
                if (has && !hasPending) {
                    next.put(user, desk.without(offer.id(), now));
                }
            }
        }

        /** Accepts the offer for the first user whose desk shows it, if its template says so. */
        void acceptAutomatically(OfferedSession planned, String writeId, Instant now, List<Write> writes) {
            if (!offer.content().autoAccept() || offer.isResolved()) {
                return;
            }
            for (String user : offer.attempt().pending()) {
                DeskOffers desk = next.getOrDefault(user, DeskOffers.NONE);
                DeskOffers.@Nullable Turn turn =
                        desk.turn(offer.id(), offer.attempt().number());
                if (turn == null || !turn.isDisplayed(now)) {
                    continue;
                }
                @Nullable NewSession newSession;
                try {
                    newSession = planned.plan(offer, new Owner(tenant, user));
                } catch (OfferedSession.NotPossible e) {
                    continue;
                }
                if (accept(user, newSession, writeId, now, writes)) {
                    return;
                }
            }
        }

        private boolean accept(
                String user, @Nullable NewSession newSession, String writeId, Instant now, List<Write> writes) {
            Owner owner = new Owner(tenant, user);
            DeskItem complete = sessions.completed(owner, seen.getOrDefault(user, DeskItem.EMPTY), now);
            DeskOffers left = next.getOrDefault(user, DeskOffers.NONE).without(offer.id(), now);
            @Nullable
            List<Write> opened = newSession == null
                    ? List.of(deskOffers.replace(owner, complete, left, writeId))
                    : opening.open(owner, complete, left, newSession, writeId, now);
            if (opened == null) {
                return false;
            }
            writes.addAll(opened);
            accepting = user;
            @Nullable
            String sessionId = newSession == null ? null : newSession.session().id();
            offer = offer.accepted(user, OfferResult.AUTO_ACCEPT, sessionId, now);
            leave(now);
            return true;
        }

        /** Adds the writes of the desks that change. */
        void addDesks(String writeId, List<Write> writes) {
            next.forEach((user, desk) -> {
                DeskItem before = seen.getOrDefault(user, DeskItem.EMPTY);
                if (!user.equals(accepting) && !desk.equals(before.offers())) {
                    writes.add(deskOffers.replace(new Owner(tenant, user), before, desk, writeId));
                }
            });
        }

        /** Returns true if there is anything to store. */
        boolean isChanged(Offer stored) {
            boolean isSame = stored.attempt().number() == offer.attempt().number()
                    && stored.attempt().pending().equals(offer.attempt().pending())
                    && !offer.isResolved();
            return !isSame
                    || seen.entrySet().stream()
                            .anyMatch(desk -> !desk.getValue().offers().equals(next.get(desk.getKey())));
        }

        OfferView view(Instant now) {
            return OfferView.of(offer, next, now);
        }
    }
}
