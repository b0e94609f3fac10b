package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IN_RANGE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.range;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.sessionPrefix;
import static io.switchboard.callrecords.store.DynamoDbCallSessionItems.CHUNKS;
import static io.switchboard.callrecords.store.DynamoDbCallSessionItems.chunk;
import static io.switchboard.callrecords.store.DynamoDbCallSessionItems.chunkKey;
import static io.switchboard.callrecords.store.DynamoDbCallSessionItems.sessionKey;
import static io.switchboard.callrecords.store.DynamoDbCallSessionItems.sessionKeyOf;
import static io.switchboard.callrecords.store.DynamoDbCallSessionItems.stored;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.callrecords.store.DynamoDbCallSessionItems.Pieces;
import io.switchboard.callrecords.store.DynamoDbCallSessionItems.StoredCallSession;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads one or many sessions, with their segments if requested. Thread-safe. */
final class DynamoDbCallSessionReader {
    /** More pieces than one response of DynamoDB can contain at their size. */
    private static final int CHUNKS_AT_ONCE = 100;

    private final DynamoDb dynamoDb;
    private final String table;

    DynamoDbCallSessionReader(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * Reads one session; null if it does not exist. One read, or two if another request changes it at the same time.
     */
    @Nullable
    StoredCallSession find(Partition partition, SessionKey sessionKey, boolean withSegments) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        keys.add(sessionKey(partition, sessionKey));
        for (int i = 0; withSegments && i < PackedSession.MOST_CHUNKS; i++) {
            keys.add(chunkKey(partition, sessionKey, i));
        }
        Optional<StoredCallSession> session = WriteLoop.until("a session was changed during every read", () -> {
            Map<String, Map<String, AttributeValue>> items = new HashMap<>();
            for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
                items.put(textOf(item, KEY), item);
            }
            @Nullable Map<String, AttributeValue> item = items.get(textOf(keys.getFirst(), KEY));
            if (item == null) {
                return Optional.empty();
            }
            @Nullable
            StoredCallSession found =
                    stored(partition, item, withSegments, (key, number) -> items.get(chunk(partition, key, number)));
            return found == null ? null : Optional.of(found);
        });
        return session.orElse(null);
    }

    /** Returns the session of an item with its segments, which may be in other items; null if it was deleted since. */
    @Nullable
    StoredCallSession ofItem(Partition partition, Map<String, AttributeValue> item) {
        return item.containsKey(CHUNKS)
                ? find(partition, sessionKeyOf(partition, item), true)
                : stored(partition, item, true, (key, number) -> null);
    }

    /** Returns a page of all sessions; see {@link CallSessionStore#sessions}. */
    Page<CallSession> page(Partition partition, boolean withSegments, PageRequest page, int maximumBytes) {
        String prefix = sessionPrefix(partition.generation());
        String from = page.after() == null ? prefix : prefix + page.after() + BELOW;
        return page(partition, from, prefix + ABOVE, withSegments, page.size(), maximumBytes);
    }

    /** Returns the sessions with one id, the earliest first. */
    List<CallSession> ofId(Partition partition, String id, boolean withSegments, int limit) {
        String prefix = sessionPrefix(partition.generation()) + Keys.join(id) + "#";
        return page(partition, prefix, prefix + ABOVE, withSegments, limit, Integer.MAX_VALUE)
                .items();
    }

    /** Returns the sessions with a key without a digest: the one that has none, and those that have one. */
    List<CallSession> ofKey(Partition partition, SessionKey key, boolean withSegments, int limit) {
        String from = sessionPrefix(partition.generation()) + key.text();
        return page(partition, from, from + "#" + ABOVE, withSegments, limit, Integer.MAX_VALUE)
                .items();
    }

    private Page<CallSession> page(
            Partition partition, String from, String to, boolean withSegments, int size, int maximumBytes) {
        List<CallSession> sessions = new ArrayList<>();
        if (from.compareTo(to) > 0) {
            // No such position was issued. DynamoDB rejects a range that ends before it begins.
            return new Page<>(sessions, null);
        }
        // One more than requested shows whether there is a next page.
        QueryResponse response = dynamoDb.query(table, IN_RANGE, range(partition.record(), from, to), null, size + 1);
        Chunks chunks = new Chunks(partition, response.items());
        long bytes = 0;
        for (Map<String, AttributeValue> item : response.items()) {
            if (sessions.size() == size) {
                return new Page<>(sessions, sessions.getLast().key().text());
            }
            @Nullable StoredCallSession found = stored(partition, item, withSegments, chunks);
            if (found == null) {
                // The session changed between the two reads.
                found = find(partition, sessionKeyOf(partition, item), withSegments);
            }
            if (found == null) {
                continue;
            }
            bytes += found.bytes();
            if (bytes > maximumBytes && !sessions.isEmpty()) {
                return new Page<>(sessions, sessions.getLast().key().text());
            }
            sessions.add(found.session());
        }
        return new Page<>(
                sessions,
                response.hasLastEvaluatedKey()
                        ? textOf(response.lastEvaluatedKey(), KEY)
                                .substring(sessionPrefix(partition.generation()).length())
                        : null);
    }

    long count(Partition partition) {
        String prefix = sessionPrefix(partition.generation());
        return dynamoDb.count(table, IN_RANGE, range(partition.record(), prefix, prefix + ABOVE));
    }

    /**
     * The pieces of a page's sessions. They are requested in the order of their keys and read only as far as requested.
     */
    private final class Chunks implements Pieces {
        private final Partition partition;
        private final String last;
        private String from;
        private final Deque<Map<String, AttributeValue>> read = new ArrayDeque<>();
        private boolean isAtEnd;

        Chunks(Partition partition, List<Map<String, AttributeValue>> sessions) {
            this.partition = partition;
            List<Map<String, AttributeValue>> large =
                    sessions.stream().filter(item -> item.containsKey(CHUNKS)).toList();
            isAtEnd = large.isEmpty();
            from = isAtEnd ? "" : chunk(partition, sessionKeyOf(partition, large.getFirst()), 0);
            last = isAtEnd ? "" : chunk(partition, sessionKeyOf(partition, large.getLast()), PackedSession.MOST_CHUNKS);
        }

        @Override
        public @Nullable Map<String, AttributeValue> piece(SessionKey key, int number) {
            String requested = chunk(partition, key, number);
            while (true) {
                if (read.isEmpty() && !isAtEnd) {
                    QueryResponse response = dynamoDb.query(
                            table, IN_RANGE, range(partition.record(), from, last), null, CHUNKS_AT_ONCE);
                    read.addAll(response.items());
                    isAtEnd = !response.hasLastEvaluatedKey();
                    from = isAtEnd ? from : textOf(response.lastEvaluatedKey(), KEY) + BELOW;
                }
                @Nullable Map<String, AttributeValue> next = read.peek();
                if (next == null || textOf(next, KEY).compareTo(requested) > 0) {
                    return null;
                }
                read.remove();
                if (textOf(next, KEY).equals(requested)) {
                    return next;
                }
            }
        }
    }
}
