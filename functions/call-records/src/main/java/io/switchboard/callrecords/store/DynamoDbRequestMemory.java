package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MEMORY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MOVED_TO;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_HASH;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_UNTIL;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.key;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.keyOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.secondsOrNull;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.text.Sha256;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Stores the requests that created sessions, so that a repetition is recognised. The request of a call record is stored
 * in the record's own item.
 */
final class DynamoDbRequestMemory {
    private static final String IS_FREE = "attribute_not_exists(#key) OR #expiresAt <= :now";

    private final DynamoDb dynamoDb;
    private final String table;

    DynamoDbRequestMemory(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** Returns the item of an earlier request with this key; null if there is none. */
    @Nullable
    Map<String, AttributeValue> find(CallRecordKey record, IdempotencyKey key, Instant now) {
        @Nullable Map<String, AttributeValue> memory = dynamoDb.get(table, key(record, request(key)));
        return memory == null || isExpired(memory, now) ? null : memory;
    }

    /** Returns the write that stores a request that created a child, if its key is unused. */
    Write store(
            CallRecordKey record,
            IdempotencyKey key,
            String generation,
            @Nullable Instant expiresAt,
            String writeId,
            Instant now) {
        return Write.put(table, memory(record, request(key), key.requestHash(), generation, expiresAt, writeId, now))
                .onlyIf(IS_FREE)
                .with("now", seconds(now));
    }

    /** Returns the write that stores the new key of a session that a request created. */
    Write storeMove(
            CallRecord record, String requestKey, String requestHash, SessionKey moved, String writeId, Instant now) {
        Map<String, AttributeValue> item =
                memory(record.key(), requestKey, requestHash, record.generation(), record.expiresAt(), writeId, now);
        item.put(MOVED_TO, text(moved.text()));
        return Write.put(table, item);
    }

    private static Map<String, AttributeValue> memory(
            CallRecordKey record,
            String requestKey,
            String requestHash,
            String generation,
            @Nullable Instant expiresAt,
            String writeId,
            Instant now) {
        Map<String, AttributeValue> item = key(record, requestKey);
        item.put(REQUEST_HASH, text(requestHash));
        item.put(GENERATION, text(generation));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        Instant least = now.plus(MEMORY);
        putExpiry(item, expiresAt == null || expiresAt.isAfter(least) ? expiresAt : least);
        return item;
    }

    /** Returns the write that makes a request expire a day after the resource that it created. */
    Write expireSoon(Map<String, AttributeValue> memory, Instant now) {
        return Write.update(table, keyOf(memory), "SET #expiresAt = :expiresAt REMOVE #" + MOVED_TO)
                .onlyIf("#generation = :generation")
                .with("generation", attributeOf(memory, GENERATION))
                .with("expiresAt", seconds(now.plus(MEMORY)));
    }

    /** Puts a request's key into the item that the request creates. */
    static void putRequest(Map<String, AttributeValue> item, @Nullable IdempotencyKey key) {
        if (key != null) {
            item.put(REQUEST_KEY, text(request(key)));
            item.put(REQUEST_HASH, text(key.requestHash()));
        }
    }

    /** Returns true if an item was created by a request with this key, with any hash. */
    static boolean isOfKey(Map<String, AttributeValue> item, IdempotencyKey key, Instant now) {
        @Nullable Instant until = secondsOrNull(item, REQUEST_UNTIL);
        return request(key).equals(textOrNull(item, REQUEST_KEY))
                && !isExpired(item, now)
                && (until == null || until.isAfter(now));
    }

    static boolean isOfRequest(Map<String, AttributeValue> item, IdempotencyKey key) {
        return key.requestHash().equals(textOrNull(item, REQUEST_HASH));
    }

    /** Returns the sort key of an idempotency key's item. */
    static String request(IdempotencyKey key) {
        return REQUEST + HexFormat.of().formatHex(Sha256.of(key.key()));
    }
}
