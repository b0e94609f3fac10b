package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTITION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.bytes;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.json.Json;
import io.switchboard.storage.Keys;
import io.switchboard.text.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The two items of a row of a log. The item of its time has the row, in one of the partitions of its tenant and kind,
 * which are sorted by time. The item of its id, in a separate partition, has the place of the row and a digest, so that
 * a row that is sent again is recognised. Both are written in one transaction.
 */
final class DynamoDbLogRowItems {
    /**
     * The number of partitions of a tenant's rows of one kind. A partition stores 1,000 write units a second, and a row
     * costs two there, so a tenant can store 8,000 rows of a kind a second. More partitions can be added later, because
     * the item of a row's id names the partition of the row.
     */
    static final int SHARDS = 16;

    private static final String SORT_KEY_OF_ID = "ROW";
    private static final String DIGEST = "digest";
    private static final String ROW_PARTITION = "rowPartition";
    private static final String ROW_KEY = "rowKey";

    private static final int DIGEST_BYTES = 16;

    private DynamoDbLogRowItems() {}

    /** A row that is to be stored, with its digest and its document. */
    static final class Packed {
        private final LogRow row;
        private final byte[] digest;
        private final JsonDocument document;

        Packed(LogRowKind kind, LogRow row) {
            this.row = row;
            this.digest = Arrays.copyOf(Sha256.of(Json.write(kind.type().normal(row.content()))), DIGEST_BYTES);
            this.document = JsonDocument.of(row.content());
        }

        String id() {
            return row.id();
        }

        /** Returns the size of the document in its item, in bytes. */
        int length() {
            return document.stored().length;
        }

        boolean equalsRow(Packed other) {
            return Arrays.equals(digest, other.digest);
        }

        /** @param item the item of the id of a stored row */
        boolean equalsRow(Map<String, AttributeValue> item) {
            return Arrays.equals(digest, attributeOf(item, DIGEST).b().asByteArrayUnsafe());
        }
    }

    /** Returns the partition with this number. */
    static String partition(String tenant, LogRowKind kind, int shard) {
        return Keys.join(tenant, "rows", kind.collection(), Integer.toString(shard));
    }

    private static String partition(String tenant, LogRowKind kind, LogRow row) {
        return partition(tenant, kind, Math.floorMod(Sha256.of(row.id())[0], SHARDS));
    }

    static Map<String, AttributeValue> keyOfId(String tenant, LogRowKind kind, String id) {
        return key(Keys.join(tenant, "row", kind.collection(), id), SORT_KEY_OF_ID);
    }

    /** Returns the id in the key of an item of an id. */
    static String idOf(Map<String, AttributeValue> item) {
        return Keys.split(textOf(item, PARTITION)).getLast();
    }

    private static Map<String, AttributeValue> key(String partition, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(PARTITION, text(partition));
        key.put(KEY, text(sortKey));
        return key;
    }

    /**
     * Returns the writes that store a row.
     *
     * @param found the item of its id; null if there is none
     */
    static List<Write> put(
            String table,
            String tenant,
            LogRowKind kind,
            Packed packed,
            @Nullable Map<String, AttributeValue> found,
            @Nullable Instant expiresAt,
            String writeId,
            Instant now) {
        LogRow row = packed.row;
        String partition = partition(tenant, kind, row);
        Map<String, AttributeValue> item = key(partition, LogRowStore.position(row));
        item.put(DOCUMENT, DynamoDbCallRecordTable.documentAttribute(packed.document));
        putExpiry(item, expiresAt);

        Map<String, AttributeValue> byId = keyOfId(tenant, kind, row.id());
        byId.put(ROW_PARTITION, text(partition));
        byId.put(ROW_KEY, text(LogRowStore.position(row)));
        byId.put(DIGEST, bytes(packed.digest));
        byId.put(DynamoDb.WRITE_ID, text(writeId));
        putExpiry(byId, expiresAt);

        List<Write> writes = new ArrayList<>();
        writes.add(Write.put(table, item));
        if (found == null || isExpired(found, now)) {
            writes.add(Write.put(table, byId)
                    .onlyIf("attribute_not_exists(#key) OR #expiresAt <= :now")
                    .with("now", seconds(now)));
            return writes;
        }
        writes.add(
                Write.put(table, byId).onlyIf("#writeId = :seen").with("seen", attributeOf(found, DynamoDb.WRITE_ID)));
        Map<String, AttributeValue> before = key(textOf(found, ROW_PARTITION), textOf(found, ROW_KEY));
        if (!before.equals(key(partition, LogRowStore.position(row)))) {
            writes.add(Write.delete(table, before));
        }
        return writes;
    }

    /** Returns the row in the item of its time. */
    static LogRow row(Map<String, AttributeValue> item) {
        String position = textOf(item, KEY);
        int end = position.indexOf('#');
        return new LogRow(
                Keys.split(position.substring(end + 1)).getFirst(),
                new GraphInstant(position.substring(0, end)),
                DynamoDbCallRecordTable.contentOf(attributeOf(item, DOCUMENT)));
    }

    /** Returns the first sort key of a range, after a position. */
    static String from(LogRowRange range, @Nullable String after) {
        String from = range.from().key();
        String next = after == null ? "" : after + BELOW;
        return from.compareTo(next) > 0 ? from : next;
    }

    /** Returns the last sort key of a range. */
    static String to(LogRowRange range) {
        // The character sorts after the separator that follows an instant, and before every longer instant.
        return range.kind().isEndInclusive()
                ? range.to().key() + '$'
                : range.to().key();
    }
}
