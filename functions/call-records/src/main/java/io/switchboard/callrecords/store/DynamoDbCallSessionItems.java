package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_HASH;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.chunkPrefix;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.contentOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.documentAttribute;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.json;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.key;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.sessionPrefix;
import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.bytes;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.storage.IdempotencyKey;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Builds the items of sessions: one each, and further items with the pieces of its segments if they are large. The
 * pieces carry the id of their write, and the session names that id, so that a reader never joins pieces of two writes.
 * Thread-safe.
 */
final class DynamoDbCallSessionItems {
    /** The segments, if stored in the session's own item; in the item of a piece, its content. */
    private static final String SEGMENTS = "segments";
    /** The id of the write of the pieces of the segments. */
    private static final String SEGMENTS_ID = "segmentsId";
    /** The number of pieces. */
    static final String CHUNKS = "chunks";

    private final String table;

    DynamoDbCallSessionItems(String table) {
        this.table = table;
    }

    /**
     * A session with the attributes that only its item has.
     *
     * @param bytes its length in bytes of JSON
     * @param requestKey the sort key of the idempotency key that created it; null if it had none
     */
    record StoredCallSession(
            CallSession session,
            int bytes,
            String writeId,
            @Nullable String requestKey,
            @Nullable String requestHash) {}

    // ---- writes

    /** Returns the writes of a new session, the condition in the first write. */
    List<Write> put(
            Partition partition,
            SessionKey sessionKey,
            PackedSession packed,
            @Nullable IdempotencyKey request,
            String writeId) {
        Map<String, AttributeValue> item = item(partition, sessionKey, packed, 1, writeId);
        if (request != null) {
            item.put(REQUEST_KEY, text(DynamoDbRequestMemory.request(request)));
            item.put(REQUEST_HASH, text(request.requestHash()));
        }
        return put(item, partition, sessionKey, packed, writeId);
    }

    /** Returns the writes of a session that moves from another key, the condition in the first write. */
    List<Write> move(
            Partition partition, StoredCallSession from, CallSession moved, PackedSession packed, String writeId) {
        Map<String, AttributeValue> item = item(partition, moved.key(), packed, moved.revision(), writeId);
        if (from.requestKey() != null && from.requestHash() != null) {
            item.put(REQUEST_KEY, text(from.requestKey()));
            item.put(REQUEST_HASH, text(from.requestHash()));
        }
        return put(item, partition, moved.key(), packed, writeId);
    }

    private static Map<String, AttributeValue> item(
            Partition partition, SessionKey sessionKey, PackedSession packed, long revision, String writeId) {
        Map<String, AttributeValue> item = sessionKey(partition, sessionKey);
        item.put(DOCUMENT, documentAttribute(packed.document()));
        item.put(REVISION, number(revision));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.putAll(segments(packed, writeId));
        putExpiry(item, partition.expiresAt());
        return item;
    }

    private List<Write> put(
            Map<String, AttributeValue> item,
            Partition partition,
            SessionKey sessionKey,
            PackedSession packed,
            String writeId) {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.put(table, item).onlyIf("attribute_not_exists(#key)"));
        addChunks(writes, partition, sessionKey, packed, writeId);
        return writes;
    }

    /** Returns the writes that replace the session that was read, the condition in the first write. */
    List<Write> replace(Partition partition, CallSession seen, PackedSession packed, String writeId) {
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
                        table,
                        sessionKey(partition, seen.key()),
                        set.append(remove).toString())
                .onlyIf("#revision = :seen")
                .with("document", documentAttribute(packed.document()))
                .with("next", number(seen.revision() + 1))
                .with("writeId", text(writeId))
                .with("seen", number(seen.revision()));
        segments.forEach(write::with);
        List<Write> writes = new ArrayList<>();
        writes.add(write);
        if (!keepsSegments) {
            addChunks(writes, partition, seen.key(), packed, writeId);
            addDeletes(writes, partition, seen.key(), packed.chunks().size());
        }
        return writes;
    }

    /** Returns the writes that delete a session, the condition in the first write. */
    List<Write> delete(Partition partition, CallSession seen) {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.delete(table, sessionKey(partition, seen.key()))
                .onlyIf("#revision = :seen")
                .with("seen", number(seen.revision())));
        addDeletes(writes, partition, seen.key(), 0);
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
            List<Write> writes, Partition partition, SessionKey sessionKey, PackedSession packed, String writeId) {
        List<byte[]> chunks = packed.chunks();
        for (int i = 0; i < chunks.size(); i++) {
            Map<String, AttributeValue> item = chunkKey(partition, sessionKey, i);
            item.put(SEGMENTS, bytes(chunks.get(i)));
            item.put(DynamoDb.WRITE_ID, text(writeId));
            putExpiry(item, partition.expiresAt());
            writes.add(Write.put(table, item));
        }
    }

    private void addDeletes(List<Write> writes, Partition partition, SessionKey sessionKey, int from) {
        for (int i = from; i < PackedSession.MOST_CHUNKS; i++) {
            writes.add(Write.delete(table, chunkKey(partition, sessionKey, i)));
        }
    }

    // ---- reads

    /** Provides the pieces of large segments. */
    interface Pieces {
        /** Returns a piece; null if it does not exist. */
        @Nullable
        Map<String, AttributeValue> piece(SessionKey key, int number);
    }

    /** Returns the session of an item; null if the pieces are not those that the session names. */
    static @Nullable StoredCallSession stored(
            Partition partition, Map<String, AttributeValue> item, boolean withSegments, Pieces pieces) {
        SessionKey sessionKey = sessionKeyOf(partition, item);
        byte[] json = json(attributeOf(item, DOCUMENT));
        Map<String, @Nullable Object> content = contentOf(json);
        int bytes = json.length;
        if (withSegments) {
            byte @Nullable [] segments = segments(item, sessionKey, pieces);
            if (segments == null) {
                return null;
            }
            bytes += PackedSession.unpack(segments, content);
        }
        return new StoredCallSession(
                new CallSession(sessionKey, content, numberOf(item, REVISION)),
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

    // ---- keys

    static SessionKey sessionKeyOf(Partition partition, Map<String, AttributeValue> item) {
        return SessionKey.ofText(textOf(item, KEY)
                .substring(sessionPrefix(partition.generation()).length()));
    }

    static Map<String, AttributeValue> sessionKey(Partition partition, SessionKey sessionKey) {
        return key(partition.record(), sessionPrefix(partition.generation()) + sessionKey.text());
    }

    static Map<String, AttributeValue> chunkKey(Partition partition, SessionKey sessionKey, int number) {
        return key(partition.record(), chunk(partition, sessionKey, number));
    }

    static String chunk(Partition partition, SessionKey sessionKey, int number) {
        return chunkPrefix(partition.generation()) + sessionKey.text() + "#%03d".formatted(number);
    }
}
