package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Reads a page of an owner's closed sessions, in the order of their closing. See
 * {@code docs/decisions/0027-closed-sessions.md}.
 *
 * <p>The first phase returns the sessions of the index, merged with idle sessions that are still on the desk, by the
 * same keys. The index is eventually consistent; the sessions themselves are read consistently, and only those that are
 * closed under the key of the index are returned. The second phase returns the items that were stored before the index
 * existed, by id.
 *
 * <p>A page reads at most {@link #MAXIMUM_READ} sessions, and stops after {@link #MAXIMUM_BYTES}. One instance reads
 * one page. Not thread-safe.
 */
final class DynamoDbSessionHistory {
    /** The most sessions that a page reads, including those on the desk. */
    private static final int MAXIMUM_READ = 200;
    /** The number of bytes of documents after which a page ends. */
    private static final int MAXIMUM_BYTES = 4 * 1_048_576;
    /**
     * The size of the first batch, before the size of documents is known. With the largest documents it fits about one
     * page.
     */
    private static final int FIRST_BATCH = 25;
    /** The most items of one BatchGetItem in DynamoDB. */
    private static final int LARGEST_BATCH = 100;

    /** Sort before and after every key of the index, because keys begin with a digit. */
    private static final String LOWEST = "0";

    private static final String HIGHEST = ":";
    /** Sorts after every key of one time, whose next character is #. */
    private static final String BEHIND_TIME = "$";

    private final DynamoDb dynamoDb;
    private final String table;
    private final SessionLimits limits;
    private final SessionScope scope;
    private final Owner owner;
    private final SessionFilter filter;
    private final PageRequest page;
    private final Instant now;

    private DeskItem desk = DeskItem.EMPTY;
    private final List<SessionOnDesk> sessions = new ArrayList<>();
    private int bytes;
    /** The position after the last session that was read; null before the first one. */
    private @Nullable HistoryPosition position;

    /** The documents that were read, by id; null if absent. {@link #bytesRead} does not include those on the desk. */
    private final Map<String, @Nullable Document> documents = new HashMap<>();

    private int bytesRead;
    private int deskSize;

    DynamoDbSessionHistory(
            DynamoDb dynamoDb,
            String table,
            SessionLimits limits,
            SessionScope scope,
            SessionFilter filter,
            PageRequest page,
            Instant now) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
        this.scope = scope;
        this.owner = scope.owner();
        this.filter = filter;
        this.page = page;
        this.now = now;
    }

    Page<SessionOnDesk> read() {
        @Nullable HistoryPosition start = page.after() == null ? null : HistoryPosition.parse(page.after());
        position = start;
        desk = DynamoDbDeskItems.read(dynamoDb.get(table, DynamoDbSessionItems.deskKey(owner)));
        boolean isOver = ((start != null && !start.isSorted()) || readSorted(start)) && readStored();
        return new Page<>(sessions, isOver || position == null ? null : position.toString());
    }

    /**
     * Adds sessions of the first phase.
     *
     * @return whether the phase is over
     */
    private boolean readSorted(@Nullable HistoryPosition start) {
        // Without this limit, a session that is closed again between two pages would be listed twice if the oldest
        // come first.
        @Nullable
        String latest = start != null ? start.latest() : filter.oldestFirst() ? HistoryPosition.time(now) : null;
        @Nullable String after = start == null ? null : start.after();
        String from = filter.closedFrom() == null ? LOWEST : HistoryPosition.time(filter.closedFrom());
        String to = filter.closedTo() == null ? HIGHEST : HistoryPosition.time(filter.closedTo());
        if (latest != null && to.compareTo(latest + BEHIND_TIME) > 0) {
            to = latest + BEHIND_TIME;
        }
        if (after != null && !isBetween(from, after, to)) {
            throw new InvalidPosition();
        }
        if (from.compareTo(to) < 0) {
            QueryResponse found = queryIndex(from, to, after, desk.desk().open().size());
            NavigableMap<String, String> candidates = candidates(found);
            load(desk.desk().open(), candidates.values());
            @Nullable String horizon = found.hasLastEvaluatedKey() ? candidates.lastKey() : null;
            for (String id : desk.desk().open()) {
                @Nullable Document document = documents.get(id);
                if (document != null && document.key != null && isBetween(from, document.key, to)) {
                    boolean isBehindStart = after == null || isBehind(after, document.key);
                    if (isBehindStart && (horizon == null || isBehind(document.key, horizon))) {
                        candidates.put(document.key, id);
                    }
                }
            }
            if (!offerAll(candidates, latest) || horizon != null) {
                return false;
            }
        }
        position = HistoryPosition.FIRST_STORED;
        return true;
    }

    private QueryResponse queryIndex(String from, String to, @Nullable String after, int onDesk) {
        @Nullable Map<String, AttributeValue> startKey = null;
        if (after != null) {
            startKey = DynamoDbSessionItems.sessionKey(owner, HistoryPosition.idOf(after));
            startKey.put(DynamoDbSessionItems.CLOSED_AT, Attributes.text(after));
        }
        return dynamoDb.queryIndex(
                table,
                DynamoDbSessionItems.CLOSED,
                "#owner = :owner AND #closedAt BETWEEN :from AND :to",
                Map.of(
                        "owner", Attributes.text(DynamoDbSessionItems.partition(owner)),
                        "from", Attributes.text(from),
                        "to", Attributes.text(to)),
                startKey,
                isFiltered() ? MAXIMUM_READ - onDesk : page.size() + 1,
                filter.oldestFirst());
    }

    /** Returns ids by key, in the order of the list. */
    private NavigableMap<String, String> candidates(QueryResponse found) {
        Comparator<String> byBytes = DynamoDbSessionHistory::compareBytes;
        NavigableMap<String, String> candidates = new TreeMap<>(filter.oldestFirst() ? byBytes : byBytes.reversed());
        for (Map<String, AttributeValue> item : found.items()) {
            candidates.put(Attributes.textOf(item, DynamoDbSessionItems.CLOSED_AT), DynamoDbSessionItems.idOf(item));
        }
        return candidates;
    }

    /** Adds candidates; returns false if the page was full before the last one. */
    private boolean offerAll(NavigableMap<String, String> candidates, @Nullable String latest) {
        for (Map.Entry<String, String> candidate : candidates.entrySet()) {
            String key = candidate.getKey();
            String id = candidate.getValue();
            if (!documents.containsKey(id)) {
                if (documents.size() >= MAXIMUM_READ || bytesRead >= MAXIMUM_BYTES) {
                    return false;
                }
                load(Set.of(), candidates.tailMap(key).values());
            }
            @Nullable Document document = documents.get(id);
            boolean isInPlace = document != null && key.equals(document.key);
            if (!offer(isInPlace ? document : null, new HistoryPosition(true, latest, key))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads all sessions that are on the desk, and as many of the others as one batch, the rest of the page and the
     * limits of a page allow.
     */
    private void load(Set<String> onDesk, Iterable<String> others) {
        int most = bytesRead == 0
                ? FIRST_BATCH
                : (int) Math.max(1, (long) (MAXIMUM_BYTES - bytesRead) * (documents.size() - deskSize) / bytesRead);
        most = Math.min(most, Math.min(LARGEST_BATCH, MAXIMUM_READ - documents.size()) - onDesk.size());
        if (!isFiltered()) {
            most = Math.min(most, page.size() + 1 - sessions.size());
        }
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String id : onDesk) {
            documents.put(id, null);
            keys.add(DynamoDbSessionItems.sessionKey(owner, id));
        }
        for (String id : others) {
            if (keys.size() - onDesk.size() >= most) {
                break;
            }
            if (!documents.containsKey(id)) {
                documents.put(id, null);
                keys.add(DynamoDbSessionItems.sessionKey(owner, id));
            }
        }
        deskSize += onDesk.size();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
            String id = DynamoDbSessionItems.idOf(item);
            int size = DynamoDbSessionItems.bytes(item);
            bytesRead += onDesk.contains(id) ? 0 : size;
            documents.put(id, document(item, size));
        }
    }

    /**
     * Adds sessions of the second phase, which are not in the index. Sessions on the desk belong to the first phase.
     *
     * @return whether the phase is over
     */
    private boolean readStored() {
        if (documents.size() >= MAXIMUM_READ || bytesRead >= MAXIMUM_BYTES) {
            return false;
        }
        @Nullable HistoryPosition start = position;
        QueryResponse found = dynamoDb.query(
                table,
                "#owner = :owner AND begins_with(#key, :prefix)",
                Map.of(
                        "owner", Attributes.text(DynamoDbSessionItems.partition(owner)),
                        "prefix", Attributes.text(DynamoDbSessionItems.SESSION)),
                start == null || start.after().isEmpty() ? null : DynamoDbSessionItems.sessionKey(owner, start.after()),
                MAXIMUM_READ - documents.size());
        for (Map<String, AttributeValue> item : found.items()) {
            String id = DynamoDbSessionItems.idOf(item);
            @Nullable Document document = document(item, DynamoDbSessionItems.bytes(item));
            boolean isInSecondPhase = document != null
                    && !document.item.isIndexed()
                    && !desk.desk().open().contains(id);
            if (!offer(isInSecondPhase ? document : null, new HistoryPosition(false, null, id))) {
                return false;
            }
        }
        return !found.hasLastEvaluatedKey();
    }

    /**
     * Adds a session if it matches the filter.
     *
     * @param document null if the position has no session
     * @param behind the position after it
     * @return false if it matches the filter but the page is full
     */
    private boolean offer(@Nullable Document document, HistoryPosition behind) {
        if (document != null && document.key != null) {
            Session session = desk.current(document.item.session());
            @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
            SessionOnDesk onDesk =
                    new SessionOnDesk(closedAt == null ? session : session.endedAt(closedAt), false, closedAt);
            if (scope.sees(session) && filter.admits(onDesk)) {
                boolean isTooLarge = !sessions.isEmpty() && bytes + document.size > MAXIMUM_BYTES;
                if (sessions.size() == page.size() || isTooLarge) {
                    return false;
                }
                sessions.add(onDesk);
                bytes += document.size;
            }
        }
        position = behind;
        return true;
    }

    private boolean isFiltered() {
        return filter.templateName() != null || filter.search() != null || scope.provider() != null;
    }

    private static boolean isBetween(String from, String key, String to) {
        return from.compareTo(key) < 0 && key.compareTo(to) < 0;
    }

    private boolean isBehind(String before, String key) {
        int order = compareBytes(before, key);
        return filter.oldestFirst() ? order < 0 : order > 0;
    }

    /** Compares texts as DynamoDB does, by their UTF-8 bytes. */
    private static int compareBytes(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable Document document(Map<String, AttributeValue> attributes, int size) {
        @Nullable SessionItem item = DynamoDbSessionItems.living(attributes, now);
        if (item == null) {
            return null;
        }
        @Nullable
        String key = desk.current(item.session())
                .closedAt(now, limits.idle())
                .map(closedAt -> HistoryPosition.key(closedAt, item.session().id()))
                .orElse(null);
        return new Document(item, key, size);
    }

    /**
     * A session that was read.
     *
     * @param key its sort key; null if it is open
     * @param size in bytes
     */
    private record Document(SessionItem item, @Nullable String key, int size) {}
}
