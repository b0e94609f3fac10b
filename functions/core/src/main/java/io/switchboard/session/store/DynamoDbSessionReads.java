package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.session.Desk;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads the Sessions table, for callers and for decisions about writes. Thread-safe. */
final class DynamoDbSessionReads implements SessionReadStore, DeskReadStore {
    /** The number of items that a filtered page reads. */
    private static final int FILTERED_SCAN = 100;

    private final DynamoDb dynamoDb;
    private final String table;
    private final SessionLimits limits;

    DynamoDbSessionReads(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
    }

    @Override
    public Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        LookupResult result = lookUp(scope.owner(), null, id, now);
        @Nullable SessionItem item = result.visible(scope);
        return item == null ? Optional.empty() : Optional.of(onDesk(item.session(), result.desk, now));
    }

    @Override
    public DeskView desk(Owner owner, Instant now) {
        Desk desk = readDesk(owner);
        List<SessionOnDesk> open = new ArrayList<>();
        String focused = Session.HOME;
        for (SessionItem item : living(owner, desk.open(), now)) {
            SessionOnDesk onDesk = onDesk(item.session(), desk, now);
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
                        Attributes.text(DynamoDbSessionItems.partition(owner)),
                        "prefix",
                        Attributes.text(DynamoDbSessionItems.SESSION)),
                page.after() == null ? null : DynamoDbSessionItems.sessionKey(owner, page.after()),
                filtered ? Math.max(FILTERED_SCAN, page.size()) : page.size());
        List<SessionOnDesk> sessions = new ArrayList<>();
        for (Map<String, AttributeValue> attributes : found.items()) {
            @Nullable SessionItem item = DynamoDbSessionItems.living(attributes, now);
            if (item == null) {
                continue;
            }
            SessionOnDesk onDesk = onDesk(item.session(), desk, now);
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

    Desk readDesk(Owner owner) {
        return DynamoDbSessionItems.desk(dynamoDb.get(table, DynamoDbSessionItems.deskKey(owner)));
    }

    /** Returns the item of a session, including tombstones; null if it does not exist or has expired. */
    @Nullable
    SessionItem readItem(Owner owner, String id, Instant now) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, DynamoDbSessionItems.sessionKey(owner, id));
        return item == null || DynamoDbSessionItems.isExpired(item, now) ? null : DynamoDbSessionItems.read(item);
    }

    /** Returns the existing sessions that have not expired. */
    List<SessionItem> living(Owner owner, Set<String> ids, Instant now) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String id : ids) {
            keys.add(DynamoDbSessionItems.sessionKey(owner, id));
        }
        List<SessionItem> sessions = new ArrayList<>();
        for (Map<String, AttributeValue> attributes : dynamoDb.getAll(table, keys)) {
            @Nullable SessionItem item = DynamoDbSessionItems.living(attributes, now);
            if (item != null) {
                sessions.add(item);
            }
        }
        return sessions;
    }

    /**
     * Reads a session and its desk in one call.
     *
     * @param target the owner of another desk to read as well; null for none
     */
    LookupResult lookUp(Owner owner, @Nullable Owner target, String id, Instant now) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        keys.add(DynamoDbSessionItems.deskKey(owner));
        keys.add(DynamoDbSessionItems.sessionKey(owner, id));
        if (target != null) {
            keys.add(DynamoDbSessionItems.deskKey(target));
        }
        @Nullable SessionItem item = null;
        Desk desk = Desk.EMPTY;
        Desk targetDesk = Desk.EMPTY;
        for (Map<String, AttributeValue> attributes : dynamoDb.getAll(table, keys)) {
            if (!DynamoDbSessionItems.isDesk(attributes)) {
                item = DynamoDbSessionItems.isExpired(attributes, now) ? null : DynamoDbSessionItems.read(attributes);
            } else if (DynamoDbSessionItems.isOf(owner, attributes)) {
                desk = DynamoDbSessionItems.desk(attributes);
            } else {
                targetDesk = DynamoDbSessionItems.desk(attributes);
            }
        }
        return new LookupResult(item, desk, targetDesk);
    }

    /** Returns a session with its state on the desk. */
    SessionOnDesk onDesk(Session session, Desk desk, Instant now) {
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        return new SessionOnDesk(session, closedAt == null && desk.focused().equals(session.id()), closedAt);
    }

    /**
     * A session and its desk as they were read.
     *
     * @param item the item of the session, including tombstones; null for none
     * @param targetDesk the other desk; empty if none was read
     */
    record LookupResult(@Nullable SessionItem item, Desk desk, Desk targetDesk) {
        /** Returns the item if the session exists in the scope, else null. */
        @Nullable
        SessionItem visible(SessionScope scope) {
            return item == null || item.gone() != null || !scope.sees(item.session()) ? null : item;
        }
    }
}
