package io.switchboard.session.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.session.Desk;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DynamoDbSessionItems.Kept;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Sessions and desks in the Sessions table: one partition per owner, in it the item {@code DESK} and one item per session.
 *
 * <p>The desk holds the set of ids that have a place and the order of focus. It keeps no count: {@code size(open)} in a
 * condition cannot drift. A session item holds the session as a JSON document, beside it what conditions and time to live
 * need. Whatever concerns both is one transaction, so that no fault leaves one without the other. A session that is deleted or
 * handed over leaves a tombstone, which only repeats of requests see. Thread-safe.
 */
public final class DynamoDbSessionStore implements SessionStore {
    /** How many items a filtered page looks at. */
    private static final int FILTERED_SCAN = 100;
    /** How many idle sessions one transaction closes: all of them at their largest stay within DynamoDB's 4 MB. */
    private static final int MOST_CLOSED_AT_ONCE = 12;

    /** Which part of a hand-over's transaction brings the session to the other user. */
    private static final int ARRIVAL = 2;

    private final DynamoDb dynamoDb;
    private final String table;
    private final SessionLimits limits;
    private final DynamoDbSessionItems items;

    /** A store in this table. */
    public DynamoDbSessionStore(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
        this.items = new DynamoDbSessionItems(table, limits);
    }

    @Override
    public CreateOutcome create(Owner owner, NewSession wanted, Instant now) {
        CreateOutcome created =
                new CreateOutcome.Created(new SessionOnDesk(wanted.session(), wanted.isFocused(), null));
        Set<String> ours = new HashSet<>();
        String writeId = DynamoDb.newWriteId();
        List<Write> writes =
                List.of(items.putNew(owner, wanted, writeId, now), items.takePlace(owner, wanted, writeId));
        while (true) {
            ours.add(writeId);
            if (!(dynamoDb.write(writeId, writes) instanceof WriteOutcome.Refused refused)) {
                return created;
            }
            WriteOutcome.Part session = refused.parts().get(0);
            if (session.failed()) {
                // An attempt that was given up may have arrived since, under the id of an earlier write of this
                // request.
                return ours.contains(DynamoDbSessionItems.textOf(session.found(), DynamoDb.WRITE_ID))
                        ? created
                        : existing(owner, session.found(), wanted.requestHash(), now);
            }
            WriteOutcome.Part place = refused.parts().get(1);
            Desk desk = place.failed() ? DynamoDbSessionItems.desk(place.found()) : readDesk(owner);
            // A new write, so a new id: the token of a transaction belongs to its exact parts.
            writeId = DynamoDb.newWriteId();
            @Nullable Room room = room(owner, desk, now);
            if (room == null) {
                return new CreateOutcome.LimitReached(limits.openSessions());
            }
            WriteLoop.requireTime("the desk changed under every attempt");
            List<String> focusOrder = desk.focusOrderWithoutIdle(room.leaving);
            if (wanted.isFocused()) {
                focusOrder.add(wanted.session().id());
            }
            writes = new ArrayList<>();
            writes.add(items.putNew(owner, wanted, writeId, now));
            writes.add(items.changeDesk(
                    owner, desk, focusOrder, room.leaving, wanted.session().id(), writeId));
            addCloses(writes, owner, room.closing, writeId, now);
        }
    }

    @Override
    public Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, DynamoDbSessionItems.sessionKey(owner, id));
        return item == null || DynamoDbSessionItems.isExpired(item, now)
                ? Optional.empty()
                : Optional.of(existing(owner, item, requestHash, now));
    }

    @Override
    public Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        Loaded found = load(scope.owner(), id, now);
        @Nullable Session session = found.visible(scope);
        return session == null ? Optional.empty() : Optional.of(onDesk(session, found.desk, now));
    }

    @Override
    public DeskView desk(Owner owner, Instant now) {
        Desk desk = readDesk(owner);
        List<SessionOnDesk> open = new ArrayList<>();
        String focused = Session.HOME;
        for (Kept kept : sessions(owner, desk.open(), now)) {
            SessionOnDesk onDesk = onDesk(kept.session(), desk, now);
            if (onDesk.isOpen()) {
                open.add(onDesk);
                focused = onDesk.isFocused() ? onDesk.session().id() : focused;
            }
        }
        open.sort(Comparator.comparing(
                        (SessionOnDesk onDesk) -> onDesk.session().times().created())
                .thenComparing(onDesk -> onDesk.session().id()));
        return new DeskView(limits.openSessions(), focused, desk.version(), open);
    }

    @Override
    public Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        Owner owner = scope.owner();
        if (filter.isOfClosed()) {
            return new DynamoDbSessionHistory(dynamoDb, table, limits, scope, filter, page, now).read();
        }
        Desk desk = readDesk(owner);
        boolean filtered = filter.open() != null || filter.templateName() != null || scope.provider() != null;
        var found = dynamoDb.query(
                table,
                "#owner = :owner AND begins_with(#key, :prefix)",
                Map.of(
                        "owner",
                        DynamoDbSessionItems.text(DynamoDbSessionItems.partition(owner)),
                        "prefix",
                        DynamoDbSessionItems.text(DynamoDbSessionItems.SESSION)),
                page.after() == null ? null : DynamoDbSessionItems.sessionKey(owner, page.after()),
                filtered ? Math.max(FILTERED_SCAN, page.size()) : page.size());
        List<SessionOnDesk> sessions = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            @Nullable Kept kept = DynamoDbSessionItems.living(item, now);
            if (kept == null) {
                continue;
            }
            SessionOnDesk onDesk = onDesk(kept.session(), desk, now);
            if (!scope.sees(onDesk.session()) || !filter.admits(onDesk)) {
                continue;
            }
            if (sessions.size() == page.size()) {
                return new Page<>(sessions, sessions.getLast().session().id());
            }
            sessions.add(onDesk);
        }
        @Nullable
        String next = found.hasLastEvaluatedKey() ? DynamoDbSessionItems.idOf(found.lastEvaluatedKey()) : null;
        return new Page<>(sessions, next);
    }

    @Override
    public ChangeOutcome change(
            SessionScope scope, String id, Precondition precondition, SessionChange change, Instant now) {
        return decide(scope, id, precondition, now, (found, session, writeId) -> {
            if (session.closedAt(now, limits.idle()).isPresent()) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            SessionOnDesk before = onDesk(session, found.desk, now);
            Session changed = change.apply(before);
            return changed.equals(session)
                    ? Step.none(new ChangeOutcome.Done(before))
                    : new Step(
                            new ChangeOutcome.Done(new SessionOnDesk(changed, before.isFocused(), null)),
                            List.of(items.replace(scope.owner(), found.kept(), changed, writeId)));
        });
    }

    @Override
    public ChangeOutcome focus(SessionScope scope, String id, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        return decide(scope, id, precondition, now, (found, session, writeId) -> {
            if (session.closedAt(now, limits.idle()).isPresent()) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            Session focused = session.focused(now);
            List<Write> writes = new ArrayList<>();
            // Also where it is in focus already: a focus keeps it from going idle.
            writes.add(items.replace(owner, found.kept(), focused, writeId));
            if (!found.desk.focused().equals(id)) {
                writes.add(items.changeDesk(owner, found.desk, found.desk.focusOrderWith(id), Set.of(), null, writeId));
            }
            return new Step(new ChangeOutcome.Done(new SessionOnDesk(focused, true, null)), writes);
        });
    }

    @Override
    public void focusHome(Owner owner, Instant now) {
        while (true) {
            Desk desk = readDesk(owner);
            if (desk.focused().equals(Session.HOME)) {
                return;
            }
            String writeId = DynamoDb.newWriteId();
            Write turn = items.changeDesk(owner, desk, desk.focusOrderWith(Session.HOME), Set.of(), null, writeId);
            if (dynamoDb.write(writeId, List.of(turn)) instanceof WriteOutcome.Written) {
                return;
            }
            WriteLoop.requireTime("the desk changed under every attempt");
        }
    }

    @Override
    public ChangeOutcome close(SessionScope scope, String id, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        return decide(scope, id, precondition, now, (found, session, writeId) -> {
            @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
            if (session.times().closed() != null
                    || (closedAt != null && !found.desk.open().contains(id))) {
                return Step.none(new ChangeOutcome.Done(onDesk(session, found.desk, now)));
            }
            if (closedAt == null && !session.presentation().canClose()) {
                return Step.none(new ChangeOutcome.NotClosable());
            }
            Session closed = session.closed(closedAt == null ? now : closedAt, now);
            return new Step(
                    new ChangeOutcome.Done(
                            new SessionOnDesk(closed, false, closed.times().closed())),
                    List.of(
                            items.replace(owner, found.kept(), closed, writeId),
                            items.changeDesk(
                                    owner,
                                    found.desk,
                                    focusOrderAfter(owner, id, found.desk, now),
                                    Set.of(id),
                                    null,
                                    writeId)));
        });
    }

    @Override
    public ChangeOutcome reopen(SessionScope scope, String id, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        return decide(scope, id, precondition, now, (found, session, writeId) -> {
            if (session.closedAt(now, limits.idle()).isEmpty()) {
                return Step.none(new ChangeOutcome.Done(onDesk(session, found.desk, now)));
            }
            boolean hasPlace = found.desk.open().contains(id);
            @Nullable Room room = hasPlace ? Room.ENOUGH : room(owner, found.desk, now);
            if (room == null) {
                return Step.none(new ChangeOutcome.LimitReached(limits.openSessions()));
            }
            Session reopened = session.reopened(now);
            List<String> focusOrder = found.desk.focusOrderWithoutIdle(room.leaving);
            focusOrder.remove(id);
            focusOrder.add(id);
            List<Write> writes = new ArrayList<>();
            writes.add(items.replace(owner, found.kept(), reopened, writeId));
            writes.add(items.changeDesk(owner, found.desk, focusOrder, room.leaving, id, writeId));
            addCloses(writes, owner, room.closing, writeId, now);
            return new Step(new ChangeOutcome.Done(new SessionOnDesk(reopened, true, null)), writes);
        });
    }

    @Override
    public ChangeOutcome delete(SessionScope scope, String id, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        return decide(scope, id, precondition, now, (found, session, writeId) -> {
            @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
            if (closedAt == null && !session.presentation().canClose()) {
                return Step.none(new ChangeOutcome.NotClosable());
            }
            Session emptied = session.emptied(closedAt == null ? now : closedAt, now);
            List<Write> writes = new ArrayList<>();
            writes.add(items.forget(owner, found.kept(), emptied, writeId, now));
            if (found.desk.open().contains(id)) {
                List<String> focusOrder = focusOrderAfter(owner, id, found.desk, now);
                writes.add(items.changeDesk(owner, found.desk, focusOrder, Set.of(id), null, writeId));
            }
            return new Step(
                    new ChangeOutcome.Done(
                            new SessionOnDesk(emptied, false, emptied.times().closed())),
                    writes);
        });
    }

    @Override
    public ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now) {
        Owner owner = scope.owner();
        Owner target = new Owner(owner.tenant(), user);
        Map<String, ChangeOutcome> ours = new HashMap<>();
        while (true) {
            Loaded found = load(owner, target, id, now);
            @Nullable Kept kept = found.found;
            @Nullable ChangeOutcome landed = found.landed(ours);
            if (landed != null) {
                return landed;
            }
            if (kept == null || !scope.sees(kept.session())) {
                return new ChangeOutcome.NotFound();
            }
            if (kept.gone() != null) {
                return user.equals(kept.handedOverTo())
                        ? new ChangeOutcome.HandedOver(new SessionOnDesk(kept.session(), false, null), true)
                        : new ChangeOutcome.NotFound();
            }
            Session session = kept.session();
            if (!precondition.admits(session.version())) {
                return new ChangeOutcome.VersionMismatch(session.version());
            }
            if (session.closedAt(now, limits.idle()).isPresent()) {
                return new ChangeOutcome.AlreadyClosed();
            }
            boolean isUserKnown = found.targetDesk.version() > 0;
            if (!isUserKnown && !mayBeUnknown) {
                return new ChangeOutcome.UnknownUser();
            }
            @Nullable Room room = room(target, found.targetDesk, now);
            if (room == null) {
                return new ChangeOutcome.LimitReached(limits.openSessions());
            }
            String writeId = DynamoDb.newWriteId();
            Session moved = session.focusRequested(now);
            List<String> focusOrder = focusOrderAfter(owner, id, found.desk, now);
            List<Write> writes = new ArrayList<>();
            writes.add(items.leave(owner, kept, moved, user, writeId, now));
            writes.add(items.changeDesk(owner, found.desk, focusOrder, Set.of(id), null, writeId));
            writes.add(items.arrive(target, kept, moved, owner.user(), writeId, now));
            writes.add(items.changeDesk(
                    target,
                    found.targetDesk,
                    found.targetDesk.focusOrderWithoutIdle(room.leaving),
                    room.leaving,
                    id,
                    writeId));
            addCloses(writes, target, room.closing, writeId, now);
            ChangeOutcome done = new ChangeOutcome.HandedOver(new SessionOnDesk(moved, false, null), isUserKnown);
            ours.put(writeId, done);
            if (!(dynamoDb.write(writeId, writes) instanceof WriteOutcome.Refused refused)) {
                return done;
            }
            WriteOutcome.Part arrival = refused.parts().get(ARRIVAL);
            if (arrival.failed()
                    && !ours.containsKey(DynamoDbSessionItems.textOf(arrival.found(), DynamoDb.WRITE_ID))) {
                return new ChangeOutcome.IdTaken();
            }
            WriteLoop.requireTime("one of the desks changed under every attempt");
        }
    }

    /**
     * Reads, decides and writes until nothing came in between. What was read is what the writes are conditioned on, so what was
     * decided is decided on what is replaced.
     */
    private ChangeOutcome decide(
            SessionScope scope, String id, Precondition precondition, Instant now, Decision decision) {
        Map<String, ChangeOutcome> ours = new HashMap<>();
        while (true) {
            Loaded found = load(scope.owner(), id, now);
            // An attempt that was given up may have arrived since.
            @Nullable ChangeOutcome landed = found.landed(ours);
            if (landed != null) {
                return landed;
            }
            @Nullable Session session = found.visible(scope);
            if (session == null) {
                return new ChangeOutcome.NotFound();
            }
            if (!precondition.admits(session.version())) {
                return new ChangeOutcome.VersionMismatch(session.version());
            }
            String writeId = DynamoDb.newWriteId();
            Step step = decision.step(found, session, writeId);
            if (step.writes.isEmpty()) {
                return step.outcome;
            }
            ours.put(writeId, step.outcome);
            if (dynamoDb.write(writeId, step.writes) instanceof WriteOutcome.Written) {
                return step.outcome;
            }
            WriteLoop.requireTime("the session or the desk changed under every attempt");
        }
    }

    /** Where the focused session leaves, the one that comes forward must be open: idle ones are found out by one more read. */
    private List<String> focusOrderAfter(Owner owner, String leaving, Desk desk, Instant now) {
        List<String> order = desk.focusOrderWithout(leaving);
        boolean comesForward = !order.isEmpty() && !order.getLast().equals(Session.HOME);
        if (comesForward && desk.focused().equals(leaving)) {
            order.removeAll(idle(owner, desk, now).ids);
        }
        return order;
    }

    /** How a place comes free on the desk; null where none does. */
    private @Nullable Room room(Owner owner, Desk desk, Instant now) {
        if (desk.open().size() < limits.openSessions()) {
            return Room.ENOUGH;
        }
        Idle idle = idle(owner, desk, now);
        if (desk.open().size() - idle.ids.size() >= limits.openSessions()) {
            return null;
        }
        // No session may leave the desk before it is closed: the list of closed sessions would not find it. If one of
        // these
        // writes is refused, the desk has changed too, and the caller reads it again.
        List<Kept> closing = idle.sessions;
        while (closing.size() > MOST_CLOSED_AT_ONCE) {
            String writeId = DynamoDb.newWriteId();
            List<Write> closes = new ArrayList<>();
            addCloses(closes, owner, closing.subList(0, MOST_CLOSED_AT_ONCE), writeId, now);
            dynamoDb.write(writeId, closes);
            closing = closing.subList(MOST_CLOSED_AT_ONCE, closing.size());
        }
        return new Room(idle.ids, closing);
    }

    private void addCloses(List<Write> writes, Owner owner, List<Kept> closing, String writeId, Instant now) {
        for (Kept idle : closing) {
            Instant closedAt = idle.session().closedAt(now, limits.idle()).orElse(now);
            writes.add(items.replace(owner, idle, idle.session().closed(closedAt, now), writeId));
        }
    }

    /** @param requestHash null for a request without a key: its id is nobody else's, so what is there is its own */
    private CreateOutcome existing(
            Owner owner, Map<String, AttributeValue> item, @Nullable String requestHash, Instant now) {
        Kept kept = DynamoDbSessionItems.kept(item);
        if (requestHash != null && !requestHash.equals(kept.requestHash())) {
            return new CreateOutcome.KeyReused();
        }
        return new CreateOutcome.Replayed(
                kept.gone() == null
                        ? onDesk(kept.session(), readDesk(owner), now)
                        // To this user it ended when it went.
                        : new SessionOnDesk(
                                kept.session(), false, kept.session().times().lastModified()));
    }

    /** The sessions that hold a place on the desk without being open: idle, closed already, gone or expired. */
    private Idle idle(Owner owner, Desk desk, Instant now) {
        Set<String> ids = new HashSet<>(desk.open());
        List<Kept> sessions = new ArrayList<>();
        for (Kept kept : sessions(owner, desk.open(), now)) {
            if (kept.session().closedAt(now, limits.idle()).isEmpty()) {
                ids.remove(kept.session().id());
            } else if (kept.session().times().closed() == null) {
                sessions.add(kept);
            }
        }
        return new Idle(ids, sessions);
    }

    private Desk readDesk(Owner owner) {
        return DynamoDbSessionItems.desk(dynamoDb.get(table, DynamoDbSessionItems.deskKey(owner)));
    }

    private List<Kept> sessions(Owner owner, Set<String> ids, Instant now) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String id : ids) {
            keys.add(DynamoDbSessionItems.sessionKey(owner, id));
        }
        List<Kept> sessions = new ArrayList<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
            @Nullable Kept kept = DynamoDbSessionItems.living(item, now);
            if (kept != null) {
                sessions.add(kept);
            }
        }
        return sessions;
    }

    private Loaded load(Owner owner, String id, Instant now) {
        return load(owner, null, id, now);
    }

    /** @param target whose desk is read as well; null for nobody's */
    private Loaded load(Owner owner, @Nullable Owner target, String id, Instant now) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        keys.add(DynamoDbSessionItems.deskKey(owner));
        keys.add(DynamoDbSessionItems.sessionKey(owner, id));
        if (target != null) {
            keys.add(DynamoDbSessionItems.deskKey(target));
        }
        @Nullable Kept kept = null;
        Desk desk = Desk.EMPTY;
        Desk targetDesk = Desk.EMPTY;
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
            if (!DynamoDbSessionItems.isDesk(item)) {
                kept = DynamoDbSessionItems.isExpired(item, now) ? null : DynamoDbSessionItems.kept(item);
            } else if (DynamoDbSessionItems.isOf(owner, item)) {
                desk = DynamoDbSessionItems.desk(item);
            } else {
                targetDesk = DynamoDbSessionItems.desk(item);
            }
        }
        return new Loaded(kept, desk, targetDesk);
    }

    private SessionOnDesk onDesk(Session session, Desk desk, Instant now) {
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        return new SessionOnDesk(session, closedAt == null && desk.focused().equals(session.id()), closedAt);
    }

    /** What a change comes to, seen from what was read. */
    @FunctionalInterface
    private interface Decision {
        Step step(Loaded found, Session session, String writeId);
    }

    /** An outcome and what must be written for it; nothing where it holds already. */
    private record Step(ChangeOutcome outcome, List<Write> writes) {
        static Step none(ChangeOutcome outcome) {
            return new Step(outcome, List.of());
        }
    }

    /** @param targetDesk the desk a session is to come to; empty where none was read */
    private record Loaded(@Nullable Kept found, Desk desk, Desk targetDesk) {
        @Nullable
        ChangeOutcome landed(Map<String, ChangeOutcome> ours) {
            return found == null ? null : ours.get(found.writeId());
        }

        @Nullable
        Session visible(SessionScope scope) {
            return found == null || found.gone() != null || !scope.sees(found.session()) ? null : found.session();
        }

        Kept kept() {
            if (found == null) {
                throw new IllegalStateException("A session that is not there cannot change");
            }
            return found;
        }
    }

    private record Idle(Set<String> ids, List<Kept> sessions) {}

    /**
     * A place that is free, or comes free.
     *
     * @param leaving who gives its place back
     * @param closing those of them that are still to be closed
     */
    private record Room(Set<String> leaving, List<Kept> closing) {
        static final Room ENOUGH = new Room(Set.of(), List.of());
    }
}
