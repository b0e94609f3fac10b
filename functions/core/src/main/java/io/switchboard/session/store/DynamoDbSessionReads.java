package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionSummary;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
    private final DynamoDbOfferReads offers;

    DynamoDbSessionReads(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
        this.offers = new DynamoDbOfferReads(dynamoDb, table);
    }

    @Override
    public Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        LookupResult result = lookUp(scope.owner(), null, id, now);
        @Nullable SessionItem item = result.visible(scope);
        return item == null ? Optional.empty() : Optional.of(onDesk(item.session(), result.desk, now));
    }

    /** Reads the desk's item, and only those sessions whose appearance the item lacks, and its offers if it has any. */
    @Override
    public DeskView desk(Owner owner, Instant now) {
        DeskItem item = readDesk(owner);
        List<SessionSummary> open = new ArrayList<>();
        Set<String> lacking = new HashSet<>();
        for (String id : item.desk().open()) {
            @Nullable SessionSummary summary = item.summaries().get(id);
            if (summary == null || !summary.hasEnded(now, limits.idle())) {
                if (summary == null || summary.title().isEmpty()) {
                    lacking.add(id);
                } else {
                    open.add(summary.at(now));
                }
            }
        }
        for (SessionItem session : lacking.isEmpty() ? List.<SessionItem>of() : living(owner, lacking, now)) {
            SessionOnDesk onDesk = onDesk(session.session(), item, now);
            if (onDesk.isOpen()) {
                open.add(SessionSummary.of(onDesk.session()));
            }
        }
        String focused = item.desk().focused();
        boolean isFocusedOpen = open.stream().anyMatch(summary -> summary.id().equals(focused));
        open.sort(Comparator.comparing(SessionSummary::created).thenComparing(SessionSummary::id));
        return new DeskView(
                limits.openSessions(),
                open.size() - limits.uncounted(open, now),
                isFocusedOpen ? focused : Session.HOME,
                item.desk().version(),
                open,
                offers.onDesk(owner, item, now));
    }

    @Override
    public Page<SessionOnDesk> list(SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        Owner owner = scope.owner();
        if (filter.isOfClosed()) {
            return new DynamoDbSessionHistory(dynamoDb, table, limits, scope, filter, page, now).read();
        }
        DeskItem desk = readDesk(owner);
        boolean filtered = filter.status() != null || filter.templateName() != null || scope.provider() != null;
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

    DeskItem readDesk(Owner owner) {
        return DynamoDbDeskItems.read(dynamoDb.get(table, DynamoDbSessionItems.deskKey(owner)));
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

    /** Returns a desk with the summaries that its item lacks, from the sessions. */
    DeskItem completed(Owner owner, DeskItem desk, Instant now) {
        if (desk.isComplete()) {
            return desk;
        }
        Set<String> lacking = new HashSet<>(desk.desk().open());
        lacking.removeAll(desk.summaries().keySet());
        return desk.completedWith(living(owner, lacking, now));
    }

    /**
     * Reads a session and its desk in one call.
     *
     * @param target the owner of another desk to read as well; null for none
     */
    LookupResult lookUp(Owner owner, @Nullable Owner target, String id, Instant now) {
        return lookUp(owner, target == null ? null : DynamoDbSessionItems.deskKey(target), now, id);
    }

    /**
     * Reads a session, its desk and another item in one call.
     *
     * @param other the key of an item that is not a session
     */
    LookupResult lookUp(Owner owner, String id, Map<String, AttributeValue> other, Instant now) {
        return lookUp(owner, other, now, id);
    }

    private LookupResult lookUp(Owner owner, @Nullable Map<String, AttributeValue> more, Instant now, String id) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        keys.add(DynamoDbSessionItems.deskKey(owner));
        keys.add(DynamoDbSessionItems.sessionKey(owner, id));
        if (more != null) {
            keys.add(more);
        }
        @Nullable SessionItem item = null;
        DeskItem desk = DeskItem.EMPTY;
        @Nullable Map<String, AttributeValue> other = null;
        for (Map<String, AttributeValue> attributes : dynamoDb.getAll(table, keys)) {
            if (more != null && DynamoDbSessionItems.hasKey(attributes, more)) {
                other = attributes;
            } else if (DynamoDbSessionItems.isDesk(attributes)) {
                desk = DynamoDbDeskItems.read(attributes);
            } else {
                item = DynamoDbSessionItems.isExpired(attributes, now) ? null : DynamoDbSessionItems.read(attributes);
            }
        }
        return new LookupResult(item, desk, other);
    }

    /** Returns a session with its state on the desk. */
    SessionOnDesk onDesk(Session stored, DeskItem desk, Instant now) {
        Session session = desk.current(stored).at(now);
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        boolean isFocused = closedAt == null && desk.desk().focused().equals(session.id());
        return new SessionOnDesk(closedAt == null ? session : session.endedAt(closedAt), isFocused, closedAt);
    }

    /**
     * A session and its desk as they were read.
     *
     * @param item the item of the session, including tombstones; null for none
     * @param other the other item; null for none
     */
    record LookupResult(
            @Nullable SessionItem item,
            DeskItem desk,
            @Nullable Map<String, AttributeValue> other) {
        /** Returns the other desk; empty if none was read. */
        DeskItem targetDesk() {
            return DynamoDbDeskItems.read(other);
        }

        /** Returns the item if the session exists in the scope, else null. */
        @Nullable
        SessionItem visible(SessionScope scope) {
            return item == null || item.gone() != null || !scope.sees(item.session()) ? null : item;
        }
    }
}
