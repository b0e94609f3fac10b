package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempts;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.offer.DeskOffer;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.session.Owner;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DynamoDbSessionReads.LookupResult;
import io.switchboard.storage.Precondition;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands sessions over by offers ({@code docs/decisions/0054-hand-over-is-an-offer.md}). Thread-safe. */
final class DynamoDbHandOverOffers {
    private final WriteLoop loop;
    private final SessionLimits limits;
    private final DynamoDbOfferItems offerItems;
    private final DynamoDbDeskOffers deskOffers;
    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbSessionReads reads;
    private final DynamoDbSessionMoves moves;
    private final DynamoDbPresenceStore presences;

    DynamoDbHandOverOffers(
            WriteLoop loop,
            SessionLimits limits,
            DynamoDbOfferItems offerItems,
            DynamoDbDeskOffers deskOffers,
            DynamoDbSessionItems items,
            DynamoDbDeskItems desks,
            DynamoDbSessionReads reads,
            DynamoDbSessionMoves moves,
            DynamoDbPresenceStore presences) {
        this.loop = loop;
        this.limits = limits;
        this.offerItems = offerItems;
        this.deskOffers = deskOffers;
        this.items = items;
        this.desks = desks;
        this.reads = reads;
        this.moves = moves;
        this.presences = presences;
    }

    /** Implements {@link OfferStore#handOver}. */
    ChangeOutcome offer(
            SessionScope scope, String id, String user, HandOverPlan plan, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        Owner target = new Owner(owner.tenant(), user);
        return loop.decide("the session or one of the desks changed during every attempt", now, attempts -> {
            @Nullable ChangeOutcome landed = landed(attempts);
            if (landed != null) {
                return Step.none(landed);
            }
            LookupResult found = reads.lookUp(owner, target, id, now);
            @Nullable SessionItem item = found.item();
            if (item == null || !scope.sees(item.session())) {
                return Step.none(new ChangeOutcome.NotFound());
            }
            if (item.gone() != null) {
                return Step.none(DynamoDbHandOver.repeated(item, user));
            }
            DeskItem desk = reads.completed(owner, found.desk(), now);
            SessionOnDesk onDesk = reads.onDesk(item.session(), desk, now);
            @Nullable PendingHandOver pending = onDesk.session().markers().handOver();
            if (onDesk.isOpen() && pending != null && pending.userId().equals(user)) {
                return Step.none(new ChangeOutcome.HandOverOffered(onDesk, true, false, true));
            }
            if (!precondition.admits(onDesk.session().version())) {
                return Step.none(
                        new ChangeOutcome.VersionMismatch(onDesk.session().version()));
            }
            if (!onDesk.isOpen()) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            if (pending != null) {
                return Step.none(new ChangeOutcome.HandOverPending());
            }
            boolean isFull = found.targetDesk().offers().isFull(now);
            NewOffer planned = plan.plan(onDesk.session(), id(owner.tenant(), onDesk.session(), isFull, now));
            boolean isUserKnown = found.targetDesk().desk().version() > 0;
            if (!isUserKnown && !planned.mayBeUnknown()) {
                return Step.none(new ChangeOutcome.UnknownUser());
            }
            return isFull
                    ? refused(owner, user, planned, onDesk, attempts)
                    : offered(owner, target, planned, item, onDesk, desk, found, attempts);
        });
    }

    /**
     * Returns the id of the offer of this version of the session, which has no other one: storing an offer increments
     * the version. A rejected offer does not, so its id has the time of the request.
     */
    private static String id(String tenant, Session session, boolean isRefused, Instant now) {
        return DerivedId.of(
                tenant,
                "hand-over of",
                session.id(),
                Long.toString(session.version()),
                isRefused ? now.toString() : "");
    }

    /** The first part stores the offer. An earlier attempt of this request may have stored it. */
    private static @Nullable ChangeOutcome landed(Attempts<ChangeOutcome> attempts) {
        WriteOutcome.@Nullable Rejected rejected = attempts.rejected();
        WriteOutcome.@Nullable Part first =
                rejected == null ? null : rejected.parts().getFirst();
        return first == null || !first.failed()
                ? null
                : attempts.landed(Attributes.textOrNull(first.found(), DynamoDb.WRITE_ID));
    }

    /** Stores the offer as rejected, because the queue of the other desk is full. The session stays without a mark. */
    private Step<ChangeOutcome> refused(
            Owner owner, String user, NewOffer planned, SessionOnDesk onDesk, Attempts<ChangeOutcome> attempts) {
        Instant now = attempts.now();
        Offer ended = planned.offer()
                .ended(user, new OfferEnd(OfferResult.QUEUE_LIMIT, now))
                .at(now, Map.of());
        return new Step<>(
                new ChangeOutcome.HandOverOffered(onDesk, true, false, false),
                List.of(
                        offerItems.putNew(owner.tenant(), planned, ended, attempts.writeId(), now),
                        offerItems.putSent(owner.tenant(), ended)));
    }

    private Step<ChangeOutcome> offered(
            Owner owner,
            Owner target,
            NewOffer planned,
            SessionItem item,
            SessionOnDesk onDesk,
            DeskItem desk,
            LookupResult found,
            Attempts<ChangeOutcome> attempts) {
        Instant now = attempts.now();
        String writeId = attempts.writeId();
        DeskItem targetDesk = found.targetDesk();
        boolean isUnavailable = found.other() != null
                && DynamoDbPresenceItems.isMarked(found.other())
                && !presences
                        .unavailable(target.tenant(), List.of(target.user()), now)
                        .isEmpty();
        Offer offer = planned.offer();
        DeskOffers queue = targetDesk.offers().with(DeskOffer.of(offer, now), now);
        Offer shown = offer.at(now, Map.of(target.user(), queue));
        Session marked = onDesk.session()
                .offered(
                        new PendingHandOver(
                                offer.id(), target.user(), offer.attempt().expires()),
                        now);
        List<Write> writes = new ArrayList<>();
        writes.add(offerItems.putNew(owner.tenant(), planned, shown, writeId, now));
        writes.add(offerItems.putSent(owner.tenant(), offer));
        writes.add(deskOffers.replace(target, targetDesk, queue, writeId));
        writes.add(items.replace(owner, item, marked, writeId));
        if (desk.desk().open().contains(marked.id())) {
            writes.add(desks.replace(owner, desk, desk.next(desk.desk(), List.of(marked)), writeId));
        }
        return new Step<>(
                new ChangeOutcome.HandOverOffered(
                        new SessionOnDesk(marked, onDesk.isFocused(), null),
                        targetDesk.desk().version() > 0,
                        isUnavailable,
                        true),
                writes);
    }

    /**
     * Returns the step that moves the session of an offer to the user who accepts.
     *
     * @param offer the pending offer as it is now
     * @param seenDesk the desk of that user
     * @return null if the session is not open on the desk of the sender any more
     */
    @Nullable
    Step<OfferOutcome> accept(
            Owner owner,
            OfferItem seen,
            Offer offer,
            OfferedHandOver handOver,
            DeskItem seenDesk,
            Attempts<OfferOutcome> attempts) {
        Instant now = attempts.now();
        if (DynamoDbSessionMoves.isIdTaken(attempts)) {
            return Step.none(new OfferOutcome.IdTaken());
        }
        Owner from = new Owner(owner.tenant(), handOver.userId());
        LookupResult found = reads.lookUp(from, null, handOver.sessionId(), now);
        DeskItem fromDesk = reads.completed(from, found.desk(), now);
        @Nullable SessionItem item = found.item();
        if (item == null
                || item.gone() != null
                || !reads.onDesk(item.session(), fromDesk, now).isOpen()) {
            return null;
        }
        DeskItem desk = reads.completed(owner, seenDesk, now);
        Session moved = fromDesk.current(item.session()).arrived(now);
        @Nullable
        List<Write> writes = moves.writes(
                new DynamoDbSessionMoves.Move(
                        from, owner, item, moved, fromDesk, desk, desk.offers().without(offer.id(), now)),
                attempts.writeId(),
                now);
        if (writes == null) {
            return Step.none(new OfferOutcome.LimitReached(limits.openSessions()));
        }
        Offer accepted = offer.accepted(owner.user(), OfferResult.ACCEPT, moved.id(), now)
                .next();
        writes.add(offerItems.replace(owner.tenant(), seen, accepted, attempts.writeId()));
        return new Step<>(
                new OfferOutcome.Accepted(OfferView.of(accepted, Map.of(), now), new SessionOnDesk(moved, false, null)),
                writes);
    }
}
