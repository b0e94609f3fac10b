package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempts;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.session.Desk;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DynamoDbDeskSlots.FreeSlot;
import io.switchboard.session.store.DynamoDbSessionReads.LookupResult;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores sessions and desks in the Sessions table. Each owner has a partition with the item {@code DESK} and one item
 * per session.
 *
 * <p>The desk contains the set of ids that have a slot, a summary of each, and the order of focus, so that one read
 * shows the whole desk ({@code docs/decisions/0040-desk-in-one-read.md}). It does not contain a count, because
 * {@code size(open)} in a condition is always correct. A session item contains the session as a JSON document and the
 * attributes for conditions and time to live. A change of both is one transaction, so that a fault cannot change only
 * one of them. A deleted or handed-over session leaves a tombstone, which only retries of requests use. Thread-safe.
 */
public final class DynamoDbSessionStore implements SessionStore, WrapUpDeadlines {
    private final WriteLoop loop;
    private final SessionLimits limits;
    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbSessionReads reads;
    private final DynamoDbDeskSlots slots;
    private final DynamoDbSessionOpening opening;
    private final DynamoDbSessionClosing closing;
    private final DynamoDbHandOver handOver;

    /** Creates a store in this table. */
    public DynamoDbSessionStore(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.loop = WriteLoop.withCause(dynamoDb);
        this.limits = limits;
        this.items = new DynamoDbSessionItems(table, limits);
        this.desks = new DynamoDbDeskItems(table, limits);
        this.reads = new DynamoDbSessionReads(dynamoDb, table, limits);
        this.slots = new DynamoDbDeskSlots(dynamoDb, limits, items, reads);
        this.opening = new DynamoDbSessionOpening(items, desks, slots);
        DynamoDbHandOverMarks marks = new DynamoDbHandOverMarks(
                new DynamoDbOfferItems(table),
                new DynamoDbDeskOffers(table),
                new DynamoDbOfferReads(dynamoDb, table),
                items,
                desks,
                reads);
        this.closing = new DynamoDbSessionClosing(limits, items, desks, reads, slots, marks);
        this.handOver = new DynamoDbHandOver(loop, limits, reads, new DynamoDbSessionMoves(items, desks, slots), marks);
    }

    /** Creates a session. The first attempt reads nothing; its failed condition determines the next attempt. */
    @Override
    public CreateOutcome create(Owner owner, NewSession newSession, Instant now) {
        CreateOutcome created =
                new CreateOutcome.Created(new SessionOnDesk(newSession.session(), newSession.isFocused(), null));
        return loop.decide("the desk changed during every attempt", now, attempts -> {
            String writeId = attempts.writeId();
            WriteOutcome.@Nullable Rejected refused = attempts.rejected();
            return refused == null
                    ? new Step<>(
                            created,
                            List.of(
                                    items.putNew(owner, newSession, writeId, now),
                                    desks.takeSlot(owner, newSession, writeId)))
                    : createAfter(refused, owner, newSession, created, attempts);
        });
    }

    private Step<CreateOutcome> createAfter(
            WriteOutcome.Rejected refused,
            Owner owner,
            NewSession newSession,
            CreateOutcome created,
            Attempts<CreateOutcome> attempts) {
        Instant now = attempts.now();
        WriteOutcome.Part session = refused.parts().get(0);
        if (session.failed()) {
            // An abandoned attempt may have succeeded since, with an earlier write id of this request.
            @Nullable CreateOutcome landed = attempts.landed(Attributes.textOf(session.found(), DynamoDb.WRITE_ID));
            return Step.none(
                    landed == null
                            ? existing(owner, DynamoDbSessionItems.read(session.found()), newSession.requestHash(), now)
                            : landed);
        }
        WriteOutcome.Part slotPart = refused.parts().get(1);
        DeskItem found = slotPart.failed() ? DynamoDbDeskItems.read(slotPart.found()) : reads.readDesk(owner);
        DeskItem desk = reads.completed(owner, found, now);
        @Nullable List<Write> writes = opening.open(owner, desk, desk.offers(), newSession, attempts.writeId(), now);
        return writes == null
                ? Step.none(new CreateOutcome.LimitReached(limits.openSessions()))
                : new Step<>(created, writes);
    }

    @Override
    public Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now) {
        @Nullable SessionItem item = reads.readItem(owner, id, now);
        return item == null ? Optional.empty() : Optional.of(existing(owner, item, requestHash, now));
    }

    /** @param requestHash null for a request without a key, whose id is unique, so that the session is its own */
    private CreateOutcome existing(Owner owner, SessionItem item, @Nullable String requestHash, Instant now) {
        if (requestHash != null && !requestHash.equals(item.requestHash())) {
            return new CreateOutcome.KeyReused();
        }
        Session session = item.session();
        return new CreateOutcome.Replayed(
                item.gone() == null
                        ? reads.onDesk(session, reads.readDesk(owner), now)
                        // For this user, the session ended at its hand-over.
                        : new SessionOnDesk(session, false, session.times().lastModified()));
    }

    @Override
    public Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        return reads.read(scope, id, now);
    }

    @Override
    public DeskView desk(Owner owner, Instant now) {
        return reads.desk(owner, now);
    }

    @Override
    public Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        return reads.list(scope, filter, page, now);
    }

    @Override
    public ChangeOutcome change(
            SessionScope scope, String id, Precondition precondition, SessionChange change, Instant now) {
        return decide(scope, id, precondition, now, (item, desk, writeId) -> {
            Session session = desk.current(item.session()).at(now);
            if (session.closedAt(now, limits.idle()).isPresent()) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            SessionOnDesk before = reads.onDesk(session, desk, now);
            Session changed = change.apply(before);
            Instant activity = session.times().lastActivity();
            boolean isRecent = limits.isRecent(activity, changed.times().lastActivity());
            Session next = isRecent ? changed.touched(activity) : changed;
            List<Write> writes = new ArrayList<>();
            if (!changed.equals(session)) {
                writes.add(items.replace(scope.owner(), item, next, writeId));
            }
            if (desk.desk().open().contains(id) && !desk.shows(next)) {
                writes.add(desks.replace(scope.owner(), desk, desk.next(desk.desk(), List.of(next)), writeId));
            }
            return new Step<>(new ChangeOutcome.Done(new SessionOnDesk(next, before.isFocused(), null)), writes);
        });
    }

    @Override
    public ChangeOutcome focus(SessionScope scope, String id, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        return decide(scope, id, precondition, now, (item, desk, writeId) -> {
            Session session = desk.current(item.session()).at(now);
            if (session.closedAt(now, limits.idle()).isPresent()) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            Instant activity = session.times().lastActivity();
            Session touched = session.focused(now);
            Session focused = limits.isRecent(activity, now) ? touched.touched(activity) : touched;
            List<Write> writes = new ArrayList<>();
            // Usually, only the desk is written, which shows the session's activity.
            if (focused.version() != session.version()
                    || limits.isStale(item.session().times().lastActivity(), now)) {
                writes.add(items.replace(owner, item, focused, writeId));
            }
            boolean isFocused = desk.desk().focused().equals(id);
            if (!isFocused || !desk.shows(focused)) {
                Desk next =
                        isFocused ? desk.desk() : desk.desk().next(desk.desk().focusOrderWith(id), Set.of(), null);
                writes.add(desks.replace(owner, desk, desk.next(next, List.of(focused)), writeId));
            }
            return new Step<>(new ChangeOutcome.Done(new SessionOnDesk(focused, true, null)), writes);
        });
    }

    @Override
    public void focusHome(Owner owner, Instant now) {
        loop.decide("the desk changed during every attempt", now, attempts -> {
            DeskItem desk = reads.completed(owner, reads.readDesk(owner), now);
            if (desk.desk().focused().equals(Session.HOME)) {
                return Step.none(true);
            }
            Desk next = desk.desk().next(desk.desk().focusOrderWith(Session.HOME), Set.of(), null);
            return new Step<>(
                    true, List.of(desks.replace(owner, desk, desk.next(next, List.of()), attempts.writeId())));
        });
    }

    @Override
    public ChangeOutcome close(SessionScope scope, String id, Precondition precondition, Closing how, Instant now) {
        return decide(
                scope,
                id,
                precondition,
                now,
                (item, desk, writeId) -> closing.close(scope.owner(), item, desk, how, writeId, now));
    }

    @Override
    public void close(Owner owner, String id, Instant now) {
        decide(
                SessionScope.all(owner),
                id,
                Precondition.NONE,
                now,
                (item, desk, writeId) -> closing.end(owner, item, desk, writeId, now));
    }

    @Override
    public ChangeOutcome reopen(SessionScope scope, String id, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        return decide(scope, id, precondition, now, (item, desk, writeId) -> {
            Session session = desk.current(item.session()).at(now);
            boolean isClosed = session.closedAt(now, limits.idle()).isPresent();
            boolean isPending = session.wrapUp().pending().isPresent();
            if (!isClosed && !isPending) {
                return Step.none(new ChangeOutcome.Done(reads.onDesk(session, desk, now)));
            }
            boolean hasSlot = desk.desk().open().contains(id) && (!isPending || limits.wrapUpCounts());
            @Nullable FreeSlot slot = hasSlot ? FreeSlot.AVAILABLE : slots.find(owner, desk.without(id), now);
            if (slot == null) {
                return Step.none(new ChangeOutcome.LimitReached(limits.openSessions()));
            }
            Session reopened = session.reopened(now);
            List<String> focusOrder = desk.desk().focusOrderWithoutIdle(slot.leaving());
            focusOrder.remove(id);
            focusOrder.add(id);
            List<Write> writes = new ArrayList<>();
            writes.add(items.replace(owner, item, reopened, writeId));
            Desk next = desk.desk().next(focusOrder, slot.leaving(), id);
            writes.add(desks.replace(owner, desk, desk.next(next, List.of(reopened)), writeId));
            writes.addAll(slots.closes(owner, slot, writeId, now));
            return new Step<>(new ChangeOutcome.Done(new SessionOnDesk(reopened, true, null)), writes);
        });
    }

    @Override
    public ChangeOutcome delete(
            SessionScope scope, String id, Precondition precondition, boolean discards, Instant now) {
        return decide(
                scope,
                id,
                precondition,
                now,
                (item, desk, writeId) -> closing.delete(scope.owner(), item, desk, discards, writeId, now));
    }

    @Override
    public ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now) {
        return handOver.handOver(scope, id, user, mayBeUnknown, precondition, now);
    }

    private ChangeOutcome decide(
            SessionScope scope, String id, Precondition precondition, Instant now, SessionDecision decision) {
        return loop.decide("the session or the desk changed during every attempt", now, attempts -> {
            LookupResult found = reads.lookUp(scope.owner(), null, id, now);
            @Nullable SessionItem item = found.visible(scope);
            if (item == null) {
                return Step.none(new ChangeOutcome.NotFound());
            }
            long version = item.session().version();
            return precondition.admits(version)
                    ? decision.step(item, reads.completed(scope.owner(), found.desk(), now), attempts.writeId())
                    : Step.none(new ChangeOutcome.VersionMismatch(version));
        });
    }

    /** Decides the change of an existing session that has the required version. */
    @FunctionalInterface
    private interface SessionDecision {
        Step<ChangeOutcome> step(SessionItem item, DeskItem desk, String writeId);
    }
}
