package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTITION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_HASH;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.chunkPrefix;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.contentOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.json;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.key;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.partition;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Builds the items of sessions: one each, and further items with the pieces of its segments if they would make the
 * session's own item larger. The pieces carry the id of their write, and the session names that id, so that a reader
 * never joins pieces of two writes. Thread-safe.
 */
final class DynamoDbCallSessionItems {
    /** In the item of a piece, its content; in a session that an earlier release stored, small segments. */
    private static final String SEGMENTS = "segments";
    /** The id of the write of the pieces of the segments. */
    private static final String SEGMENTS_ID = "segmentsId";
    /** The number of pieces. */
    static final String CHUNKS = "chunks";

    /** The size of a generation that an earlier release created, in bytes; later ones are shorter. */
    private static final int LONGEST_GENERATION = 36;
    /** The size of the revision and of the expiry, in bytes. */
    private static final int NUMBERS = 2 + 6;
    /** The size of the key and the hash of a request, in bytes. */
    private static final int REQUEST = 68 + 64;

    private final String table;

    DynamoDbCallSessionItems(String table) {
        this.table = table;
    }

    /**
     * A session with the attributes that only its item has.
     *
     * @param bytes its length in bytes of JSON
     * @param hasPieces whether its segments are in separate items
     * @param requestKey the sort key of the idempotency key that created it; null if it had none
     */
    record StoredCallSession(
            CallSession session,
            int bytes,
            boolean hasPieces,
            @Nullable String requestKey,
            @Nullable String requestHash) {}

    // ---- writes

    /**
     * Packs the content of a session for its item.
     *
     * @param hasRequest whether the item will name an idempotency key
     */
    static PackedSession pack(
            CallRecordKey record, SessionKey sessionKey, Map<String, @Nullable Object> content, boolean hasRequest) {
        int others = PARTITION.length()
                + partition(record).length()
                + KEY.length()
                + sessionPrefix("").length()
                + LONGEST_GENERATION
                + sessionKey.text().length()
                + DOCUMENT.length()
                + REVISION.length()
                + EXPIRES_AT.length()
                + NUMBERS
                + (hasRequest ? REQUEST_KEY.length() + REQUEST_HASH.length() + REQUEST : 0);
        return PackedSession.of(sessionKey, content, others);
    }

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

    /**
     * Returns the item of a session. It has no id of its write: the token of the transaction recognises a repetition,
     * and a session with the same content in place of the own one is a success too.
     */
    private static Map<String, AttributeValue> item(
            Partition partition, SessionKey sessionKey, PackedSession packed, long revision, String writeId) {
        Map<String, AttributeValue> item = sessionKey(partition, sessionKey);
        item.put(DOCUMENT, bytes(packed.document()));
        item.put(REVISION, number(revision));
        item.putAll(names(packed, writeId));
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

    /** The pieces of the stored session's segments, as far as a caller knows. */
    enum StoredPieces {
        NONE,
        SOME,
        /** Unknown: all pieces are replaced or deleted. */
        ANY;

        static StoredPieces of(StoredCallSession session) {
            return session.hasPieces() ? SOME : NONE;
        }

        static StoredPieces of(PackedSession session) {
            return session.isInline() ? NONE : SOME;
        }

        /** Returns the condition that the session is still the one that was read, and has these pieces. */
        private String condition() {
            return "#revision = :seen"
                    + switch (this) {
                        case NONE -> " AND attribute_not_exists(#" + CHUNKS + ")";
                        case SOME -> " AND attribute_exists(#" + CHUNKS + ")";
                        case ANY -> "";
                    };
        }
    }

    /**
     * Returns the writes that replace the session that was read, the condition in the first write.
     *
     * @param stored the condition also requires that this is correct
     */
    List<Write> replace(
            Partition partition, CallSession seen, PackedSession packed, StoredPieces stored, String writeId) {
        boolean keepsPieces =
                stored == StoredPieces.SOME && !packed.isInline() && packed.hasSameSegmentsAs(seen.content());
        Map<String, AttributeValue> names = keepsPieces ? Map.of() : names(packed, writeId);
        StringBuilder change = new StringBuilder("SET #document = :document, #revision = :next");
        StringBuilder remove = new StringBuilder(" REMOVE #" + SEGMENTS + ", #" + DynamoDb.WRITE_ID);
        for (String name : keepsPieces ? List.<String>of() : List.of(SEGMENTS_ID, CHUNKS)) {
            if (names.containsKey(name)) {
                change.append(", #").append(name).append(" = :").append(name);
            } else {
                remove.append(", #").append(name);
            }
        }
        Write write = Write.update(
                        table,
                        sessionKey(partition, seen.key()),
                        change.append(remove).toString())
                .onlyIf(stored.condition())
                .with("document", bytes(packed.document()))
                .with("next", number(seen.revision() + 1))
                .with("seen", number(seen.revision()));
        names.forEach(write::with);
        List<Write> writes = new ArrayList<>();
        writes.add(write);
        if (!keepsPieces) {
            addChunks(writes, partition, seen.key(), packed, writeId);
        }
        if (!keepsPieces && stored != StoredPieces.NONE) {
            addDeletes(writes, partition, seen.key(), packed.chunks().size());
        }
        return writes;
    }

    /**
     * Returns the writes that delete a session, the condition in the first write.
     *
     * @param stored the condition also requires that this is correct
     */
    List<Write> delete(Partition partition, CallSession seen, StoredPieces stored) {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.delete(table, sessionKey(partition, seen.key()))
                .onlyIf(stored.condition())
                .with("seen", number(seen.revision())));
        if (stored != StoredPieces.NONE) {
            addDeletes(writes, partition, seen.key(), 0);
        }
        return writes;
    }

    /** Returns the attributes with which a session names its pieces. */
    private static Map<String, AttributeValue> names(PackedSession packed, String writeId) {
        return packed.isInline()
                ? Map.of()
                : Map.of(
                        SEGMENTS_ID,
                        text(writeId),
                        CHUNKS,
                        number(packed.chunks().size()));
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
        boolean hasPieces = item.containsKey(CHUNKS);
        byte[] own;
        byte @Nullable [] segments;
        @Nullable SdkBytes packed = attributeOf(item, DOCUMENT).b();
        if (packed == null || !PackedJson.isFormOf(packed.asByteArrayUnsafe())) {
            // An earlier release stored the item.
            own = json(attributeOf(item, DOCUMENT));
            segments = withSegments ? earlierSegments(item) : null;
        } else if (withSegments && !hasPieces) {
            PackedJson.Both both = PackedJson.both(packed.asByteArrayUnsafe(), sessionKey);
            own = both.first();
            segments = both.second();
        } else {
            own = PackedJson.first(packed.asByteArrayUnsafe(), sessionKey);
            segments = null;
        }
        Map<String, @Nullable Object> content = contentOf(own);
        int bytes = own.length;
        if (withSegments) {
            if (hasPieces) {
                segments = pieces(item, sessionKey, pieces);
            }
            if (segments == null) {
                return null;
            }
            bytes += segments.length;
            content.putAll(segments.length == 0 ? Map.of(PackedSession.SEGMENTS, List.of()) : contentOf(segments));
        }
        return new StoredCallSession(
                new CallSession(sessionKey, content, numberOf(item, REVISION)),
                bytes,
                hasPieces,
                textOrNull(item, REQUEST_KEY),
                textOrNull(item, REQUEST_HASH));
    }

    /** Returns the JSON of segments in the item of an earlier release; empty if it has none. */
    private static byte[] earlierSegments(Map<String, AttributeValue> item) {
        @Nullable AttributeValue inline = item.get(SEGMENTS);
        return inline == null ? new byte[0] : JsonDocument.decompress(inline.b().asByteArrayUnsafe());
    }

    /** Returns the JSON of segments in pieces; null if they are not those that the session names. */
    private static byte @Nullable [] pieces(Map<String, AttributeValue> item, SessionKey key, Pieces pieces) {
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        int count = (int) numberOf(item, CHUNKS);
        for (int i = 0; i < count; i++) {
            @Nullable Map<String, AttributeValue> piece = pieces.piece(key, i);
            if (piece == null || !textOf(piece, DynamoDb.WRITE_ID).equals(textOf(item, SEGMENTS_ID))) {
                return null;
            }
            segments.writeBytes(attributeOf(piece, SEGMENTS).b().asByteArrayUnsafe());
        }
        byte[] stored = segments.toByteArray();
        return PackedJson.isFormOf(stored) ? PackedJson.first(stored, key) : JsonDocument.decompress(stored);
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
