package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.REQUEST_HASH;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.REQUEST_KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.attributeOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.bytes;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.kept;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.number;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.numberOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.seconds;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.text;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.textOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The items of sessions: one each, and beside it those that hold its segments where they are large. The pieces bear the id
 * of the write that made them, and the session tells it, so that a reader never joins pieces of two writes. Thread-safe.
 */
final class DynamoDbCallRecordSessions {
    /** The segments, where they lie within the session's own item; of a piece, what it holds. */
    private static final String SEGMENTS = "segments";
    /** Which write made the pieces of the segments. */
    private static final String SEGMENTS_ID = "segmentsId";
    /** How many pieces there are. */
    private static final String CHUNKS = "chunks";

    private static final String IN_RANGE = "#record = :record AND #key BETWEEN :from AND :to";
    /** Below and above every character of a key, all of which are ASCII and visible. */
    private static final String BELOW = " ";

    private static final String ABOVE = "\u007F";
    /** More than one answer of DynamoDB holds, at their size. */
    private static final int CHUNKS_AT_ONCE = 100;

    private final DynamoDb dynamoDb;
    private final String table;

    DynamoDbCallRecordSessions(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** Where sessions lie, and how long. */
    record Place(
            CallRecordKey record,
            String generation,
            @Nullable Instant expiresAt) {
        static Place of(CallRecord record) {
            return new Place(record.key(), record.generation(), record.expiresAt());
        }
    }

    /**
     * A session as it is found.
     *
     * @param bytes how many bytes of JSON it is
     * @param requestKey the sort key of the idempotency key that made it; null for none
     */
    record Found(
            StoredSession session,
            int bytes,
            String writeId,
            @Nullable String requestKey,
            @Nullable String requestHash) {}

    // ---- writes

    /** A session that is new, the condition in the first write. */
    List<Write> put(
            Place place,
            SessionKey sessionKey,
            PackedSession packed,
            @Nullable IdempotencyKey request,
            String writeId) {
        Map<String, AttributeValue> item = item(place, sessionKey, packed, 1, writeId);
        if (request != null) {
            item.put(REQUEST_KEY, text(DynamoDbCallRecordItems.request(request)));
            item.put(REQUEST_HASH, text(request.requestHash()));
        }
        return put(item, place, sessionKey, packed, writeId);
    }

    /** A session that comes from another key, the condition in the first write. */
    List<Write> move(Place place, Found from, StoredSession moved, PackedSession packed, String writeId) {
        Map<String, AttributeValue> item = item(place, moved.key(), packed, moved.revision(), writeId);
        if (from.requestKey() != null && from.requestHash() != null) {
            item.put(REQUEST_KEY, text(from.requestKey()));
            item.put(REQUEST_HASH, text(from.requestHash()));
        }
        return put(item, place, moved.key(), packed, writeId);
    }

    private static Map<String, AttributeValue> item(
            Place place, SessionKey sessionKey, PackedSession packed, long revision, String writeId) {
        Map<String, AttributeValue> item = sessionKey(place, sessionKey);
        item.put(DOCUMENT, kept(packed.document()));
        item.put(REVISION, number(revision));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.putAll(segments(packed, writeId));
        putExpiry(item, place);
        return item;
    }

    private List<Write> put(
            Map<String, AttributeValue> item,
            Place place,
            SessionKey sessionKey,
            PackedSession packed,
            String writeId) {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.put(table, item).onlyIf("attribute_not_exists(#key)"));
        addChunks(writes, place, sessionKey, packed, writeId);
        return writes;
    }

    /** A session in another state than the one that was seen, the condition in the first write. */
    List<Write> replace(Place place, StoredSession seen, PackedSession packed, String writeId) {
        String change = "SET #document = :document, #revision = :next, #writeId = :writeId";
        boolean keepsSegments = packed.hasSameSegmentsAs(seen.content());
        Map<String, AttributeValue> segments = keepsSegments ? Map.of() : segments(packed, writeId);
        StringBuilder set = new StringBuilder(change);
        StringBuilder remove = new StringBuilder();
        for (String name : keepsSegments ? List.<String>of() : List.of(SEGMENTS, SEGMENTS_ID, CHUNKS)) {
            if (segments.containsKey(name)) {
                set.append(", #").append(name).append(" = :").append(name);
            } else {
                remove.append(remove.isEmpty() ? " REMOVE #" : ", #").append(name);
            }
        }
        Write write = Write.update(
                        table, sessionKey(place, seen.key()), set.append(remove).toString())
                .onlyIf("#revision = :seen")
                .with("document", kept(packed.document()))
                .with("next", number(seen.revision() + 1))
                .with("writeId", text(writeId))
                .with("seen", number(seen.revision()));
        segments.forEach(write::with);
        List<Write> writes = new ArrayList<>();
        writes.add(write);
        if (!keepsSegments) {
            addChunks(writes, place, seen.key(), packed, writeId);
            addDeletes(writes, place, seen.key(), packed.chunks().size());
        }
        return writes;
    }

    /** A session that is to be gone, the condition in the first write. */
    List<Write> delete(Place place, StoredSession seen) {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.delete(table, sessionKey(place, seen.key()))
                .onlyIf("#revision = :seen")
                .with("seen", number(seen.revision())));
        addDeletes(writes, place, seen.key(), 0);
        return writes;
    }

    private static Map<String, AttributeValue> segments(PackedSession packed, String writeId) {
        Map<String, AttributeValue> segments = new HashMap<>();
        if (!packed.isInline()) {
            segments.put(SEGMENTS_ID, text(writeId));
            segments.put(CHUNKS, number(packed.chunks().size()));
        } else if (packed.segments().length > 0) {
            segments.put(SEGMENTS, bytes(packed.segments()));
        }
        return segments;
    }

    private void addChunks(
            List<Write> writes, Place place, SessionKey sessionKey, PackedSession packed, String writeId) {
        List<byte[]> chunks = packed.chunks();
        for (int i = 0; i < chunks.size(); i++) {
            Map<String, AttributeValue> item = chunkKey(place, sessionKey, i);
            item.put(SEGMENTS, bytes(chunks.get(i)));
            item.put(DynamoDb.WRITE_ID, text(writeId));
            putExpiry(item, place);
            writes.add(Write.put(table, item));
        }
    }

    private void addDeletes(List<Write> writes, Place place, SessionKey sessionKey, int from) {
        for (int i = from; i < PackedSession.MOST_CHUNKS; i++) {
            writes.add(Write.delete(table, chunkKey(place, sessionKey, i)));
        }
    }

    private static void putExpiry(Map<String, AttributeValue> item, Place place) {
        if (place.expiresAt() != null) {
            item.put(EXPIRES_AT, seconds(place.expiresAt()));
        }
    }

    // ---- reads

    /** One session; null where there is none. One read, two only where somebody changes it meanwhile. */
    @Nullable
    Found find(Place place, SessionKey sessionKey, boolean withSegments) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        keys.add(sessionKey(place, sessionKey));
        for (int i = 0; withSegments && i < PackedSession.MOST_CHUNKS; i++) {
            keys.add(chunkKey(place, sessionKey, i));
        }
        while (true) {
            Map<String, Map<String, AttributeValue>> items = new HashMap<>();
            for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
                items.put(textOf(item, KEY), item);
            }
            @Nullable Map<String, AttributeValue> item = items.get(textOf(keys.getFirst(), KEY));
            if (item == null) {
                return null;
            }
            @Nullable
            Found found = found(place, item, withSegments, (key, number) -> items.get(chunk(place, key, number)));
            if (found != null) {
                return found;
            }
            WriteLoop.requireTime("a session was changed during every reading");
        }
    }

    /** The session of an item, its segments read where they lie beside it; null where it is gone meanwhile. */
    @Nullable
    Found found(Place place, Map<String, AttributeValue> item) {
        return item.containsKey(CHUNKS)
                ? find(place, keyOf(place, item), true)
                : found(place, item, true, (key, number) -> null);
    }

    /** A page of all sessions; see {@link CallRecordStore#sessions}. */
    Page<StoredSession> page(Place place, boolean withSegments, PageRequest page, int maximumBytes) {
        String prefix = DynamoDbCallRecordItems.sessions(place.generation());
        String from = page.after() == null ? prefix : prefix + page.after() + BELOW;
        return page(place, from, prefix + ABOVE, withSegments, page.size(), maximumBytes);
    }

    /** The sessions of one id, the earliest first. */
    List<StoredSession> ofId(Place place, String id, boolean withSegments, int limit) {
        String prefix = DynamoDbCallRecordItems.sessions(place.generation()) + Keys.join(id) + "#";
        return page(place, prefix, prefix + ABOVE, withSegments, limit, Integer.MAX_VALUE)
                .items();
    }

    private Page<StoredSession> page(
            Place place, String from, String to, boolean withSegments, int size, int maximumBytes) {
        List<StoredSession> sessions = new ArrayList<>();
        if (from.compareTo(to) > 0) {
            // Of a position nobody was given: DynamoDB refuses a range that ends before it begins.
            return new Page<>(sessions, null);
        }
        // One more than is wanted tells whether there is a next page.
        QueryResponse answer = dynamoDb.query(table, IN_RANGE, range(place, from, to), null, size + 1);
        Chunks chunks = new Chunks(place, answer.items());
        long bytes = 0;
        for (Map<String, AttributeValue> item : answer.items()) {
            if (sessions.size() == size) {
                return new Page<>(sessions, sessions.getLast().key().text());
            }
            @Nullable Found found = found(place, item, withSegments, chunks);
            if (found == null) {
                // Changed between the two readings.
                found = find(place, keyOf(place, item), withSegments);
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
                answer.hasLastEvaluatedKey()
                        ? textOf(answer.lastEvaluatedKey(), KEY)
                                .substring(DynamoDbCallRecordItems.sessions(place.generation())
                                        .length())
                        : null);
    }

    long count(Place place) {
        String prefix = DynamoDbCallRecordItems.sessions(place.generation());
        return dynamoDb.count(table, IN_RANGE, range(place, prefix, prefix + ABOVE));
    }

    private static Map<String, AttributeValue> range(Place place, String from, String to) {
        return Map.of(
                "record", text(DynamoDbCallRecordItems.partition(place.record())), "from", text(from), "to", text(to));
    }

    /** Where the pieces of large segments are had from. */
    private interface Pieces {
        /** Null where it is not there. */
        @Nullable
        Map<String, AttributeValue> piece(SessionKey key, int number);
    }

    /** @return null where the pieces are not those that the session tells of */
    private static @Nullable Found found(
            Place place, Map<String, AttributeValue> item, boolean withSegments, Pieces pieces) {
        SessionKey sessionKey = keyOf(place, item);
        byte[] json = DynamoDbCallRecordItems.json(attributeOf(item, DOCUMENT));
        Map<String, @Nullable Object> content = DynamoDbCallRecordItems.contentOf(json);
        int bytes = json.length;
        if (withSegments) {
            byte @Nullable [] segments = segments(item, sessionKey, pieces);
            if (segments == null) {
                return null;
            }
            bytes += PackedSession.unpack(segments, content);
        }
        return new Found(
                new StoredSession(sessionKey, content, numberOf(item, REVISION)),
                bytes,
                textOf(item, DynamoDb.WRITE_ID),
                textOrNull(item, REQUEST_KEY),
                textOrNull(item, REQUEST_HASH));
    }

    private static byte @Nullable [] segments(Map<String, AttributeValue> item, SessionKey key, Pieces pieces) {
        @Nullable AttributeValue inline = item.get(SEGMENTS);
        if (inline != null) {
            return inline.b().asByteArrayUnsafe();
        }
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        int count = item.containsKey(CHUNKS) ? (int) numberOf(item, CHUNKS) : 0;
        for (int i = 0; i < count; i++) {
            @Nullable Map<String, AttributeValue> piece = pieces.piece(key, i);
            if (piece == null || !textOf(piece, DynamoDb.WRITE_ID).equals(textOf(item, SEGMENTS_ID))) {
                return null;
            }
            segments.writeBytes(attributeOf(piece, SEGMENTS).b().asByteArrayUnsafe());
        }
        return segments.toByteArray();
    }

    /** The pieces of a page's sessions, asked for in the order of their keys, and read no further than they are asked for. */
    private final class Chunks implements Pieces {
        private final Place place;
        private final String last;
        private String from;
        private final Deque<Map<String, AttributeValue>> read = new ArrayDeque<>();
        private boolean isAtEnd;

        Chunks(Place place, List<Map<String, AttributeValue>> sessions) {
            this.place = place;
            List<Map<String, AttributeValue>> large =
                    sessions.stream().filter(item -> item.containsKey(CHUNKS)).toList();
            isAtEnd = large.isEmpty();
            from = isAtEnd ? "" : chunk(place, keyOf(place, large.getFirst()), 0);
            last = isAtEnd ? "" : chunk(place, keyOf(place, large.getLast()), PackedSession.MOST_CHUNKS);
        }

        @Override
        public @Nullable Map<String, AttributeValue> piece(SessionKey key, int number) {
            String wanted = chunk(place, key, number);
            while (true) {
                if (read.isEmpty() && !isAtEnd) {
                    QueryResponse answer =
                            dynamoDb.query(table, IN_RANGE, range(place, from, last), null, CHUNKS_AT_ONCE);
                    read.addAll(answer.items());
                    isAtEnd = !answer.hasLastEvaluatedKey();
                    from = isAtEnd ? from : textOf(answer.lastEvaluatedKey(), KEY) + BELOW;
                }
                @Nullable Map<String, AttributeValue> next = read.peek();
                if (next == null || textOf(next, KEY).compareTo(wanted) > 0) {
                    return null;
                }
                read.remove();
                if (textOf(next, KEY).equals(wanted)) {
                    return next;
                }
            }
        }
    }

    // ---- keys

    private static SessionKey keyOf(Place place, Map<String, AttributeValue> item) {
        return SessionKey.ofText(textOf(item, KEY)
                .substring(DynamoDbCallRecordItems.sessions(place.generation()).length()));
    }

    private static Map<String, AttributeValue> sessionKey(Place place, SessionKey sessionKey) {
        return DynamoDbCallRecordItems.key(
                place.record(), DynamoDbCallRecordItems.sessions(place.generation()) + sessionKey.text());
    }

    private static Map<String, AttributeValue> chunkKey(Place place, SessionKey sessionKey, int number) {
        return DynamoDbCallRecordItems.key(place.record(), chunk(place, sessionKey, number));
    }

    private static String chunk(Place place, SessionKey sessionKey, int number) {
        return DynamoDbCallRecordItems.chunks(place.generation()) + sessionKey.text() + "#%03d".formatted(number);
    }
}
