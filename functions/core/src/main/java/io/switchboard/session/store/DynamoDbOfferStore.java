package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempts;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferTarget;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.offer.SenderId;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DynamoDbOfferReads.Found;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Stores offers in the Sessions table ({@code docs/decisions/0052-offers-on-desks.md}).
 *
 * <p>The item of an offer states who has answered. The item of each desk has an entry for each offer on it, which
 * decides what the desk shows. A transaction writes both, and each write is conditioned on what was read. An accept
 * also ends the offer on the desks of other users, without reading them. Thread-safe.
 */
public final class DynamoDbOfferStore implements OfferStore {
    private static final String CONTENTION = "the offer or a desk changed during every attempt";

    private final WriteLoop loop;
    private final SessionLimits limits;
    private final DynamoDbOfferItems items;
    private final DynamoDbDeskOffers deskOffers;
    private final DynamoDbOfferReads offers;
    private final DynamoDbSessionReads sessions;
    private final DynamoDbSessionOpening opening;
    private final DynamoDbOfferDesks desks;
    private final DynamoDbHandOverOffers handOvers;
    private final DynamoDbHandOverMarks marks;
    private final DynamoDbPresenceStore presences;

    /** Creates a store in this table, which also has the sessions. */
    public DynamoDbOfferStore(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.loop = WriteLoop.withCause(dynamoDb);
        this.limits = limits;
        this.presences = new DynamoDbPresenceStore(dynamoDb, table, limits);
        this.items = new DynamoDbOfferItems(table);
        this.deskOffers = new DynamoDbDeskOffers(table);
        this.offers = new DynamoDbOfferReads(dynamoDb, table);
        this.sessions = new DynamoDbSessionReads(dynamoDb, table, limits);
        DynamoDbSessionItems sessionItems = new DynamoDbSessionItems(table, limits);
        DynamoDbDeskItems deskItems = new DynamoDbDeskItems(table, limits);
        DynamoDbDeskSlots slots = new DynamoDbDeskSlots(dynamoDb, limits, sessionItems, sessions);
        this.opening = new DynamoDbSessionOpening(sessionItems, deskItems, slots);
        this.desks = new DynamoDbOfferDesks(deskOffers, offers, sessions, opening);
        this.marks = new DynamoDbHandOverMarks(items, deskOffers, offers, sessionItems, deskItems, sessions);
        DynamoDbSessionMoves moves = new DynamoDbSessionMoves(sessionItems, deskItems, slots);
        this.handOvers = new DynamoDbHandOverOffers(
                loop, limits, items, deskOffers, sessionItems, deskItems, sessions, moves, presences);
    }

    /** Returns the deadlines without sessions: an automatic accept that opens one is left to another caller. */
    public static OfferDeadlines deadlines(DynamoDb dynamoDb, String table) {
        DynamoDbOfferStore store =
                new DynamoDbOfferStore(dynamoDb, table, new SessionLimits(0, Duration.ZERO, Duration.ZERO));
        OfferedSession none = (offer, owner) -> {
            if (offer.purpose().session() == null) {
                return null;
            }
            throw new OfferedSession.NotPossible(new UnsupportedOperationException("Sessions are not opened here"));
        };
        return (tenant, id, now) -> store.resolve(tenant, id, none, now);
    }

    @Override
    public OfferOutcome create(String tenant, NewOffer newOffer, OfferedSession planned, Instant now) {
        Offer wanted = newOffer.offer();
        List<String> users =
                wanted.attempt().targets().stream().map(OfferTarget::userId).toList();
        return loop.decide(CONTENTION, now, attempts -> {
            @Nullable OfferOutcome landed = landed(attempts);
            if (landed != null) {
                return Step.none(landed);
            }
            Found found = offers.read(tenant, newOffer.requestHash() == null ? null : wanted.id(), users);
            @Nullable OfferItem existing = found.item();
            if (existing != null && existing.isKept(now)) {
                return Step.none(existing(tenant, existing, newOffer.requestHash(), now));
            }
            List<String> unknown = users.stream()
                    .filter(user -> found.desk(user).desk().version() == 0)
                    .toList();
            if (!unknown.isEmpty() && !newOffer.mayBeUnknown()) {
                return Step.none(new OfferOutcome.UnknownUsers(unknown));
            }
            DynamoDbOfferDesks.Change change = desks.change(tenant, wanted, found);
            change.place(now);
            List<Write> writes = new ArrayList<>();
            change.acceptAutomatically(planned, attempts.writeId(), now, writes);
            writes.addFirst(items.putNew(tenant, newOffer, change.offer(), attempts.writeId(), now));
            change.addDesks(attempts.writeId(), writes);
            writes.add(items.putSent(tenant, wanted));
            if (wanted.purpose().cancellationToken() != null) {
                writes.add(items.putToken(tenant, wanted, wanted.purpose().cancellationToken()));
            }
            List<String> unavailable = presences.unavailable(
                    tenant, users.stream().filter(found.present()::contains).toList(), now);
            return new Step<>(new OfferOutcome.Created(change.view(now), unknown, unavailable), writes);
        });
    }

    @Override
    public Optional<OfferOutcome> replay(String tenant, String id, String requestHash, Instant now) {
        return Optional.ofNullable(offers.read(tenant, id, Set.of()).item())
                .filter(item -> item.isKept(now))
                .map(item -> existing(tenant, item, requestHash, now));
    }

    private OfferOutcome existing(String tenant, OfferItem item, @Nullable String requestHash, Instant now) {
        return requestHash != null && requestHash.equals(item.requestHash())
                ? new OfferOutcome.Replayed(whole(tenant, item.offer(), now))
                : new OfferOutcome.KeyReused();
    }

    /** The first part of a create stores the offer, under an id that may be free again. */
    private static @Nullable OfferOutcome landed(Attempts<OfferOutcome> attempts) {
        WriteOutcome.@Nullable Rejected rejected = attempts.rejected();
        WriteOutcome.@Nullable Part first =
                rejected == null ? null : rejected.parts().getFirst();
        return first == null || !first.failed() ? null : attempts.landed(writeIdOf(first.found()));
    }

    private static @Nullable String writeIdOf(Map<String, AttributeValue> item) {
        return Attributes.textOrNull(item, DynamoDb.WRITE_ID);
    }

    @Override
    public Optional<OfferView> read(String tenant, String id, @Nullable String user, Instant now) {
        Found found = user == null ? offers.read(tenant, id, Set.of()) : judged(tenant, id, user, now);
        return Optional.ofNullable(found.item())
                .map(item -> OfferView.of(item.offer(), found.offers(), now))
                .filter(view -> !view.offer().isForgotten(now));
    }

    /** Reads an offer with the desks that decide about it for a user: the user's own, or those of all who wait. */
    private Found judged(String tenant, String id, String user, Instant now) {
        Found found = offers.read(tenant, id, Set.of(user));
        @Nullable OfferItem item = found.item();
        if (item == null || item.offer().isResolved()) {
            return found;
        }
        Offer offer = item.offer().at(now, found.offers());
        boolean isAskedLater = !offer.isResolved()
                && !offer.attempt().pending().contains(user)
                && offer.attempt().next().stream()
                        .anyMatch(step -> step.userIds().contains(user));
        if (offer.hasStateOf(item.offer()) && !isAskedLater) {
            return found;
        }
        // The stored attempt has ended for all its users, or may have. Their desks decide when and how.
        Set<String> users = new LinkedHashSet<>(item.offer().waiting());
        users.add(user);
        return offers.read(tenant, id, users);
    }

    @Override
    public Optional<OfferView> readAll(String tenant, String id, Instant now) {
        return Optional.ofNullable(offers.read(tenant, id, Set.of()).item())
                .map(item -> whole(tenant, item.offer(), now))
                .filter(view -> !view.offer().isForgotten(now));
    }

    private OfferView whole(String tenant, Offer offer, Instant now) {
        List<String> waiting = offer.waiting();
        return OfferView.of(
                offer,
                waiting.isEmpty()
                        ? Map.of()
                        : offers.read(tenant, null, waiting).offers(),
                now);
    }

    @Override
    public Page<OfferView> list(
            String tenant, SenderId sender, @Nullable OfferState state, PageRequest page, Instant now) {
        return offers.list(tenant, sender, state, page, now);
    }

    @Override
    public String position(OfferView view) {
        return DynamoDbOfferItems.position(view.offer());
    }

    @Override
    public OfferOutcome accept(SessionScope scope, String id, OfferedSession planned, Instant now) {
        Owner owner = scope.owner();
        return loop.decide(CONTENTION, now, attempts -> {
            OfferAnswer answer = answer(scope, id, now);
            @Nullable Offer offer = answer.offer();
            if (offer == null) {
                return Step.none(new OfferOutcome.NotFound());
            }
            if (owner.user().equals(offer.acceptedBy()) || answer.isResolved()) {
                return Step.none(resolved(answer, now));
            }
            @Nullable NewSession newSession = planned.plan(offer, owner);
            @Nullable OfferedHandOver handOver = offer.purpose().handOver();
            if (handOver != null) {
                @Nullable
                Step<OfferOutcome> moved =
                        handOvers.accept(owner, answer.item(), offer, handOver, answer.desk(), attempts);
                // The session left after the offer was read, by an accept or a close, or it became idle.
                return moved == null ? Step.none(resolved(answer(scope, id, now), now)) : moved;
            }
            DeskItem desk = sessions.completed(owner, answer.desk(), now);
            DeskOffers left = desk.offers().without(id, now);
            @Nullable
            List<Write> opened = newSession == null
                    ? List.of(deskOffers.replace(owner, desk, left, attempts.writeId()))
                    : opening.open(owner, desk, left, newSession, attempts.writeId(), now);
            if (opened == null) {
                return Step.none(new OfferOutcome.LimitReached(limits.openSessions()));
            }
            @Nullable
            String sessionId = newSession == null ? null : newSession.session().id();
            Offer accepted = offer.accepted(owner.user(), OfferResult.ACCEPT, sessionId, now)
                    .next();
            List<Write> writes = new ArrayList<>(opened);
            writes.add(items.replace(owner.tenant(), answer.item(), accepted, attempts.writeId()));
            for (String user : answer.item().offer().attempt().pending()) {
                if (!user.equals(owner.user())) {
                    writes.add(deskOffers.end(new Owner(owner.tenant(), user), id, now, attempts.writeId()));
                }
            }
            @Nullable
            SessionOnDesk session =
                    newSession == null ? null : new SessionOnDesk(newSession.session(), newSession.isFocused(), null);
            return new Step<>(new OfferOutcome.Accepted(OfferView.of(accepted, Map.of(), now), session), writes);
        });
    }

    /** Returns the outcome of an accept after the offer ended. The winner gets the session again. */
    private OfferOutcome resolved(OfferAnswer answer, Instant now) {
        @Nullable Offer offer = answer.offer();
        if (offer == null || !answer.owner().user().equals(offer.acceptedBy())) {
            return new OfferOutcome.AlreadyResolved(answer.view(now));
        }
        @Nullable String opened = offer.sessionId();
        @Nullable
        SessionOnDesk session = opened == null
                ? null
                : sessions.read(SessionScope.all(answer.owner()), opened, now).orElse(null);
        return new OfferOutcome.Accepted(answer.view(now), session);
    }

    @Override
    public OfferOutcome reject(SessionScope scope, String id, @Nullable String reason, Instant now) {
        Owner owner = scope.owner();
        return loop.decide(CONTENTION, now, attempts -> {
            OfferAnswer answer = answer(scope, id, now);
            @Nullable Offer offer = answer.offer();
            if (offer == null) {
                return Step.none(new OfferOutcome.NotFound());
            }
            @Nullable OfferTarget target = offer.target(owner.user());
            @Nullable OfferEnd end = target == null ? null : target.end();
            if (end != null && end.result() == OfferResult.DECLINED) {
                return Step.none(new OfferOutcome.Done(answer.view(now)));
            }
            if (answer.isResolved()) {
                return Step.none(new OfferOutcome.AlreadyResolved(answer.view(now)));
            }
            DeskOffers left = answer.desk().offers().without(id, now);
            Offer rejected = offer.ended(owner.user(), new OfferEnd(OfferResult.DECLINED, now, reason))
                    .at(now, Map.of(owner.user(), left))
                    .next();
            List<Write> writes = new ArrayList<>();
            writes.add(items.replace(owner.tenant(), answer.item(), rejected, attempts.writeId()));
            writes.add(deskOffers.replace(owner, answer.desk(), left, attempts.writeId()));
            writes.addAll(marks.unmark(owner.tenant(), offer, attempts.writeId(), now));
            return new Step<>(new OfferOutcome.Done(OfferView.of(rejected, Map.of(owner.user(), left), now)), writes);
        });
    }

    @Override
    public ChangeOutcome handOver(
            SessionScope scope,
            String sessionId,
            String user,
            HandOverPlan plan,
            Precondition precondition,
            Instant now) {
        return handOvers.offer(scope, sessionId, user, plan, precondition, now);
    }

    /** Reads an offer that the owner may answer. It has no offer if the owner is not a target. */
    private OfferAnswer answer(SessionScope scope, String id, Instant now) {
        Owner owner = scope.owner();
        Found found = judged(owner.tenant(), id, owner.user(), now);
        @Nullable OfferItem item = found.item();
        @Nullable Offer offer = item == null ? null : item.offer().at(now, found.offers());
        boolean isVisible = offer != null
                && !offer.isForgotten(now)
                && offer.target(owner.user()) != null
                && scope.sees(offer.sender().provider());
        return new OfferAnswer(owner, found, isVisible ? offer : null);
    }

    @Override
    public OfferOutcome cancel(String tenant, SenderId sender, String id, Instant now) {
        return loop.decide(CONTENTION, now, attempts -> {
            @Nullable OfferItem item = offers.read(tenant, id, Set.of()).item();
            if (item == null || !item.offer().sender().equals(sender)) {
                return Step.none(new OfferOutcome.NotFound());
            }
            List<String> pending = item.offer().isResolved()
                    ? List.of()
                    : item.offer().attempt().pending();
            Found found = pending.isEmpty() ? new Found(item, Map.of()) : offers.read(tenant, id, pending);
            @Nullable OfferItem current = found.item();
            if (current == null) {
                return Step.none(new OfferOutcome.NotFound());
            }
            Offer offer = current.offer().at(now, found.offers());
            if (offer.isForgotten(now)) {
                return Step.none(new OfferOutcome.NotFound());
            }
            if (offer.isResolved()) {
                OfferView view = new OfferView(offer, List.of());
                return Step.none(
                        offer.acceptedBy() == null
                                ? new OfferOutcome.Done(view)
                                : new OfferOutcome.AlreadyResolved(view));
            }
            DynamoDbOfferDesks.Change change =
                    desks.change(tenant, offer.cancelled(now).next(), found);
            change.leave(now);
            List<Write> writes = new ArrayList<>();
            writes.add(items.replace(tenant, current, change.offer(), attempts.writeId()));
            change.addDesks(attempts.writeId(), writes);
            writes.addAll(marks.unmark(tenant, offer, attempts.writeId(), now));
            return new Step<>(new OfferOutcome.Done(change.view(now)), writes);
        });
    }

    @Override
    public void cancelAll(String tenant, SenderId sender, String cancellationToken, Instant now) {
        for (String id : offers.withToken(tenant, sender, cancellationToken)) {
            cancel(tenant, sender, id, now);
        }
    }

    @Override
    public void resolve(String tenant, String id, OfferedSession planned, Instant now) {
        loop.decide(CONTENTION, now, attempts -> {
            @Nullable OfferItem item = offers.read(tenant, id, Set.of()).item();
            if (item == null || item.offer().isResolved()) {
                return Step.none(true);
            }
            DynamoDbOfferDesks.Change change = desks.change(tenant, item.offer(), new Found(item, Map.of()));
            change.settle(now);
            List<Write> writes = new ArrayList<>();
            change.acceptAutomatically(planned, attempts.writeId(), now, writes);
            if (!change.isChanged(item.offer())) {
                return Step.none(true);
            }
            writes.addFirst(items.replace(tenant, item, change.offer().next(), attempts.writeId()));
            change.addDesks(attempts.writeId(), writes);
            return new Step<>(true, writes);
        });
    }
}
