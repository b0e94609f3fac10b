package io.switchboard.session;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Keys;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.http.Page;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
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
 * need. Thread-safe.
 */
public final class DynamoDbSessionStore implements SessionStore {
    private static final String OWNER = "owner";
    private static final String KEY = "key";
    private static final String OPEN = "open";
    private static final String FOCUS_ORDER = "focusOrder";
    private static final String VERSION = "version";
    private static final String DOCUMENT = "document";
    private static final String LAST_ACTIVITY = "lastActivity";
    private static final String REQUEST_HASH = "requestHash";
    private static final String EXPIRES_AT = "expiresAt";

    private static final String DESK = "DESK";
    private static final String SESSION = "SESSION#";
    /** How many items a filtered page looks at. */
    private static final int FILTERED_SCAN = 100;

    private static final String IS_FREE = "attribute_not_exists(#key) OR #expiresAt <= :now";

    private final DynamoDb dynamoDb;
    private final String table;
    private final SessionLimits limits;

    /** A store in this table. */
    public DynamoDbSessionStore(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
    }

    @Override
    public CreateOutcome create(Owner owner, NewSession wanted, Instant now) {
        CreateOutcome created =
                new CreateOutcome.Created(new SessionOnDesk(wanted.session(), wanted.isFocused(), null));
        Set<String> ours = new HashSet<>();
        String writeId = DynamoDb.newWriteId();
        List<Write> writes = List.of(putNew(owner, wanted, writeId, now), takePlace(owner, wanted, writeId));
        while (true) {
            ours.add(writeId);
            if (!(dynamoDb.write(writeId, writes) instanceof WriteOutcome.Refused refused)) {
                return created;
            }
            WriteOutcome.Part session = refused.parts().get(0);
            if (session.failed()) {
                // An attempt that was given up may have arrived since, under the id of an earlier write of this
                // request.
                return ours.contains(textOf(session.found(), DynamoDb.WRITE_ID))
                        ? created
                        : existing(owner, session.found(), wanted.requestHash(), now);
            }
            WriteOutcome.Part place = refused.parts().get(1);
            Desk desk = desk(place.failed() ? place.found() : dynamoDb.get(table, key(owner, DESK)));
            Idle idle = idle(owner, desk, now);
            if (desk.open().size() - idle.ids.size() >= limits.openSessions()) {
                return new CreateOutcome.LimitReached(limits.openSessions());
            }
            DynamoDb.requireTime("the desk changed under every attempt");
            // A new write, so a new id: the token of a transaction belongs to its exact parts.
            writeId = DynamoDb.newWriteId();
            writes = replaceIdle(owner, wanted, desk, idle, writeId, now);
        }
    }

    @Override
    public Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(owner, SESSION + id));
        return item == null || isExpired(item, now)
                ? Optional.empty()
                : Optional.of(existing(owner, item, requestHash, now));
    }

    @Override
    public Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        return load(scope, id, now).map(found -> onDesk(found.session, found.desk, now));
    }

    @Override
    public DeskView desk(Owner owner, Instant now) {
        Desk desk = desk(dynamoDb.get(table, key(owner, DESK)));
        List<SessionOnDesk> open = new ArrayList<>();
        String focused = Session.HOME;
        for (Session session : sessions(owner, desk.open(), now)) {
            SessionOnDesk onDesk = onDesk(session, desk, now);
            if (onDesk.isOpen()) {
                open.add(onDesk);
                focused = onDesk.isFocused() ? session.id() : focused;
            }
        }
        open.sort(
                Comparator.comparing((SessionOnDesk onDesk) -> onDesk.session().createdDateTime())
                        .thenComparing(onDesk -> onDesk.session().id()));
        return new DeskView(limits.openSessions(), focused, desk.version(), open);
    }

    @Override
    public Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        Owner owner = scope.owner();
        Desk desk = desk(dynamoDb.get(table, key(owner, DESK)));
        boolean filtered = filter.open() != null || filter.templateName() != null || scope.provider() != null;
        var found = dynamoDb.query(
                table,
                "#owner = :owner AND begins_with(#key, :prefix)",
                Map.of("owner", text(partition(owner)), "prefix", text(SESSION)),
                page.after() == null ? null : key(owner, SESSION + page.after()),
                filtered ? Math.max(FILTERED_SCAN, page.size()) : page.size());
        List<SessionOnDesk> sessions = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            if (isExpired(item, now)) {
                continue;
            }
            SessionOnDesk onDesk = onDesk(session(item), desk, now);
            if (!scope.sees(onDesk.session()) || !filter.admits(onDesk)) {
                continue;
            }
            if (sessions.size() == page.size()) {
                return new Page<>(sessions, sessions.getLast().session().id());
            }
            sessions.add(onDesk);
        }
        @Nullable
        String next = found.hasLastEvaluatedKey()
                ? textOf(found.lastEvaluatedKey(), KEY).substring(SESSION.length())
                : null;
        return new Page<>(sessions, next);
    }

    @Override
    public CloseOutcome close(SessionScope scope, String id, Precondition precondition, Instant now) {
        while (true) {
            @Nullable Loaded found = load(scope, id, now).orElse(null);
            if (found == null) {
                return new CloseOutcome.NotFound();
            }
            if (!precondition.admits(found.session.version())) {
                return new CloseOutcome.VersionMismatch(found.session.version());
            }
            @Nullable
            Instant closedAt = found.session.closedAt(now, limits.idle()).orElse(null);
            if (found.session.closedDateTime() != null
                    || (closedAt != null && !found.desk.open().contains(id))) {
                return new CloseOutcome.Closed(onDesk(found.session, found.desk, now));
            }
            if (closedAt == null && !found.session.canClose()) {
                return new CloseOutcome.NotClosable();
            }
            Session closed = found.session.closed(closedAt == null ? now : closedAt, now);
            String writeId = DynamoDb.newWriteId();
            List<Write> writes = new ArrayList<>();
            writes.add(replace(scope.owner(), found.session, closed, writeId));
            writes.add(changeDesk(
                    scope.owner(), found.desk, focusOrderAfter(scope.owner(), found, now), Set.of(id), null, writeId));
            if (dynamoDb.write(writeId, writes) instanceof WriteOutcome.Written) {
                return new CloseOutcome.Closed(new SessionOnDesk(closed, false, closed.closedDateTime()));
            }
            DynamoDb.requireTime("the desk changed under every attempt");
        }
    }

    /** Where the focused session closes, the one that comes forward must be open: idle ones are found out by one more read. */
    private List<String> focusOrderAfter(Owner owner, Loaded closing, Instant now) {
        List<String> order = closing.desk.focusOrderWithout(closing.session.id());
        boolean comesForward = !order.isEmpty() && !order.getLast().equals(Session.HOME);
        if (comesForward && closing.desk.focused().equals(closing.session.id())) {
            order.removeAll(idle(owner, closing.desk, now).ids);
        }
        return order;
    }

    private Write putNew(Owner owner, NewSession wanted, String writeId, Instant now) {
        Map<String, AttributeValue> item = key(owner, SESSION + wanted.session().id());
        item.putAll(attributes(wanted.session(), writeId));
        item.put(REQUEST_HASH, text(wanted.requestHash()));
        return Write.put(table, item).onlyIf(IS_FREE).with("now", seconds(now));
    }

    private Write takePlace(Owner owner, NewSession wanted, String writeId) {
        String id = wanted.session().id();
        String focus =
                wanted.isFocused() ? ", #focusOrder = list_append(if_not_exists(#focusOrder, :none), :focused)" : "";
        Write write = Write.update(
                        table,
                        key(owner, DESK),
                        "SET #writeId = :writeId" + focus + " ADD #open :session, #version :one")
                .onlyIf("attribute_not_exists(#open) OR size(#open) < :limit")
                .with("writeId", text(writeId))
                .with("session", AttributeValue.fromSs(List.of(id)))
                .with("one", AttributeValue.fromN("1"))
                .with("limit", AttributeValue.fromN(Integer.toString(limits.openSessions())));
        if (wanted.isFocused()) {
            write.with("none", AttributeValue.fromL(List.of()))
                    .with("focused", AttributeValue.fromL(List.of(text(id))));
        }
        return write;
    }

    /** The new session, the desk as it was seen less the idle ones, and each idle one closed if it is idle still. */
    private List<Write> replaceIdle(Owner owner, NewSession wanted, Desk desk, Idle idle, String writeId, Instant now) {
        List<String> focusOrder = desk.focusOrderWithoutIdle(idle.ids);
        if (wanted.isFocused()) {
            focusOrder.add(wanted.session().id());
        }
        List<Write> writes = new ArrayList<>();
        writes.add(putNew(owner, wanted, writeId, now));
        writes.add(
                changeDesk(owner, desk, focusOrder, idle.ids, wanted.session().id(), writeId));
        for (Session session : idle.sessions) {
            Instant closedAt = session.closedAt(now, limits.idle()).orElse(now);
            writes.add(replace(owner, session, session.closed(closedAt, now), writeId));
        }
        return writes;
    }

    /** Replaces the open set as a whole: one update may not both add to a set and take from it. */
    private Write changeDesk(
            Owner owner,
            Desk seen,
            List<String> focusOrder,
            Set<String> leaving,
            @Nullable String coming,
            String writeId) {
        Set<String> open = new HashSet<>(seen.open());
        open.removeAll(leaving);
        if (coming != null) {
            open.add(coming);
        }
        List<AttributeValue> order = new ArrayList<>();
        for (String id : focusOrder) {
            order.add(text(id));
        }
        // A set may not be empty in DynamoDB: an empty one is no attribute.
        String set = "SET #writeId = :writeId, #focusOrder = :focusOrder, #version = :next";
        Write write =
                Write.update(table, key(owner, DESK), open.isEmpty() ? set + " REMOVE #open" : set + ", #open = :open");
        if (!open.isEmpty()) {
            write.with("open", AttributeValue.fromSs(new ArrayList<>(open)));
        }
        return write.onlyIf("#version = :seen")
                .with("writeId", text(writeId))
                .with("focusOrder", AttributeValue.fromL(order))
                .with("next", AttributeValue.fromN(Long.toString(seen.version() + 1)))
                .with("seen", AttributeValue.fromN(Long.toString(seen.version())));
    }

    private Write replace(Owner owner, Session seen, Session next, String writeId) {
        return Write.update(
                        table,
                        key(owner, SESSION + seen.id()),
                        "SET #document = :document, #version = :version, #lastActivity = :lastActivity,"
                                + " #writeId = :writeId, #expiresAt = :expiresAt")
                .onlyIf("#version = :seen AND #lastActivity = :seenActivity")
                .with("document", text(SessionJson.toDocument(next)))
                .with("version", AttributeValue.fromN(Long.toString(next.version())))
                .with("lastActivity", text(next.lastActivity().toString()))
                .with("writeId", text(writeId))
                .with("expiresAt", seconds(expiry(next)))
                .with("seen", AttributeValue.fromN(Long.toString(seen.version())))
                .with("seenActivity", text(seen.lastActivity().toString()));
    }

    private CreateOutcome existing(Owner owner, Map<String, AttributeValue> item, String requestHash, Instant now) {
        if (!requestHash.equals(textOf(item, REQUEST_HASH))) {
            return new CreateOutcome.KeyReused();
        }
        return new CreateOutcome.Replayed(onDesk(session(item), desk(dynamoDb.get(table, key(owner, DESK))), now));
    }

    /** The sessions that hold a place on the desk without being open: idle, closed half-way, or expired. */
    private Idle idle(Owner owner, Desk desk, Instant now) {
        Set<String> ids = new HashSet<>(desk.open());
        List<Session> sessions = new ArrayList<>();
        for (Session session : sessions(owner, desk.open(), now)) {
            if (session.closedAt(now, limits.idle()).isEmpty()) {
                ids.remove(session.id());
            } else {
                sessions.add(session);
            }
        }
        return new Idle(ids, sessions);
    }

    private List<Session> sessions(Owner owner, Set<String> ids, Instant now) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String id : ids) {
            keys.add(key(owner, SESSION + id));
        }
        List<Session> sessions = new ArrayList<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
            if (!isExpired(item, now)) {
                sessions.add(session(item));
            }
        }
        return sessions;
    }

    private Optional<Loaded> load(SessionScope scope, String id, Instant now) {
        Owner owner = scope.owner();
        @Nullable Session session = null;
        Desk desk = Desk.EMPTY;
        for (Map<String, AttributeValue> item :
                dynamoDb.getAll(table, List.of(key(owner, DESK), key(owner, SESSION + id)))) {
            if (textOf(item, KEY).equals(DESK)) {
                desk = desk(item);
            } else if (!isExpired(item, now)) {
                session = session(item);
            }
        }
        return session == null || !scope.sees(session) ? Optional.empty() : Optional.of(new Loaded(session, desk));
    }

    private SessionOnDesk onDesk(Session session, Desk desk, Instant now) {
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        return new SessionOnDesk(session, closedAt == null && desk.focused().equals(session.id()), closedAt);
    }

    private Map<String, AttributeValue> attributes(Session session, String writeId) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(DOCUMENT, text(SessionJson.toDocument(session)));
        attributes.put(VERSION, AttributeValue.fromN(Long.toString(session.version())));
        attributes.put(LAST_ACTIVITY, text(session.lastActivity().toString()));
        attributes.put(DynamoDb.WRITE_ID, text(writeId));
        attributes.put(EXPIRES_AT, seconds(expiry(session)));
        return attributes;
    }

    private Instant expiry(Session session) {
        @Nullable Instant closed = session.closedDateTime();
        return (closed == null ? session.lastActivity().plus(limits.idle()) : closed).plus(limits.retention());
    }

    private static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
        @Nullable AttributeValue expiresAt = item.get(EXPIRES_AT);
        return expiresAt != null && Long.parseLong(expiresAt.n()) <= now.getEpochSecond();
    }

    private static Session session(Map<String, AttributeValue> item) {
        return SessionJson.fromDocument(
                textOf(item, DOCUMENT), Instant.parse(textOf(item, LAST_ACTIVITY)), numberOf(item, VERSION));
    }

    private static Desk desk(@Nullable Map<String, AttributeValue> item) {
        if (item == null || item.isEmpty()) {
            return Desk.EMPTY;
        }
        @Nullable AttributeValue open = item.get(OPEN);
        @Nullable AttributeValue order = item.get(FOCUS_ORDER);
        List<String> focusOrder = new ArrayList<>();
        if (order != null) {
            for (AttributeValue id : order.l()) {
                focusOrder.add(id.s());
            }
        }
        return new Desk(open == null ? Set.of() : new HashSet<>(open.ss()), focusOrder, numberOf(item, VERSION));
    }

    private static String partition(Owner owner) {
        return Keys.join(owner.tenant(), owner.user());
    }

    private static Map<String, AttributeValue> key(Owner owner, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(OWNER, text(partition(owner)));
        key.put(KEY, text(sortKey));
        return key;
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private static AttributeValue seconds(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.getEpochSecond()));
    }

    private static String textOf(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("An item of the Sessions table has no " + name);
        }
        return value.s();
    }

    private static long numberOf(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("An item of the Sessions table has no " + name);
        }
        return Long.parseLong(value.n());
    }

    private record Loaded(Session session, Desk desk) {}

    private record Idle(Set<String> ids, List<Session> sessions) {}
}
