package io.switchboard.dynamodb;

import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Conditional writes and consistent reads. All stores use DynamoDB through this class. Thread-safe.
 *
 * <p>Every write except {@link #update} has a {@code writeId}. If a condition fails on an item with the write's own id,
 * then the first attempt was stored and its response was lost, so the write is a success. {@link Retries} has the rules
 * for retries. A lasting fault is thrown as {@link Unavailable} if a later retry may succeed.
 */
public final class DynamoDb {
    /** The attribute with the id of the write that last stored the item. Every conditionally written item has it. */
    public static final String WRITE_ID = "writeId";

    /** The most writes that DynamoDB accepts in one batch. */
    private static final int LARGEST_BATCH_OF_WRITES = 25;

    private final DynamoDbClient client;
    private final Retries retries;

    /** Uses this client, which must not retry by itself: {@link Wiring#client}. */
    public DynamoDb(DynamoDbClient client) {
        this(client, Thread::sleep);
    }

    /** Uses this client, with other pauses between the attempts. */
    public DynamoDb(DynamoDbClient client, Pauses pauses) {
        this.client = client;
        this.retries = new Retries(pauses);
    }

    /** Returns a new id for one write. It must be created for each request, never before a snapshot. */
    public static String newWriteId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Writes all parts or none. Even a single part is written as a transaction, because its token makes a retry
     * idempotent when the item cannot show the first attempt: it was deleted, or another request has written it since.
     *
     * @param writeId the {@link #WRITE_ID} of the items of these writes
     * @throws Unavailable if a later retry may succeed
     */
    public WriteOutcome write(String writeId, List<Write> writes) {
        return call(writes.getFirst().table(), "TransactWriteItems", () -> attempt(writeId, writes));
    }

    /**
     * Changes one item without a transaction, for half its price, and returns the previous item. After a lost response
     * the change may be applied twice or late, so it must be harmless then ({@code docs/decisions/0018}). All other
     * writes use {@link #write}.
     *
     * @param change an update
     * @throws Unavailable if a later retry may succeed
     */
    public UpdateOutcome update(Write change) {
        return call(change.table(), "UpdateItem", () -> attemptUpdate(change));
    }

    private UpdateOutcome attemptUpdate(Write change) {
        try {
            var response = client.updateItem(change.toUpdateItem()
                    .returnValues(ReturnValue.ALL_OLD)
                    .overrideConfiguration(timeLeft())
                    .build());
            return new UpdateOutcome.Updated(response.hasAttributes() ? response.attributes() : Map.of());
        } catch (ConditionalCheckFailedException e) {
            return new UpdateOutcome.Rejected(e.hasItem() ? e.item() : Map.of());
        }
    }

    /**
     * Deletes items of one table without a condition, 25 in each round trip. After a failure, some items may be
     * deleted.
     *
     * @param keys distinct keys
     * @throws Unavailable if a later retry may succeed
     */
    public void deleteAll(String table, List<Map<String, AttributeValue>> keys) {
        for (int from = 0; from < keys.size(); from += LARGEST_BATCH_OF_WRITES) {
            List<WriteRequest> deletes = new ArrayList<>();
            for (Map<String, AttributeValue> key :
                    keys.subList(from, Math.min(keys.size(), from + LARGEST_BATCH_OF_WRITES))) {
                deletes.add(
                        WriteRequest.builder().deleteRequest(d -> d.key(key)).build());
            }
            writeBatch(table, deletes);
        }
    }

    private void writeBatch(String table, List<WriteRequest> writes) {
        Map<String, List<WriteRequest>> wanted = new HashMap<>(Map.of(table, writes));
        call(table, "BatchWriteItem", () -> {
            Map<String, List<WriteRequest>> rest = client.batchWriteItem(BatchWriteItemRequest.builder()
                            .requestItems(wanted)
                            .overrideConfiguration(timeLeft())
                            .build())
                    .unprocessedItems();
            wanted.clear();
            wanted.putAll(rest);
            if (!wanted.isEmpty()) {
                throw new Retries.Unprocessed("DynamoDB did not write all items of a batch");
            }
            return true;
        });
    }

    private WriteOutcome attempt(String writeId, List<Write> writes) {
        try {
            transact(writeId, writes);
            return new WriteOutcome.Written();
        } catch (TransactionCanceledException e) {
            if (isPassing(e.cancellationReasons())) {
                throw e;
            }
            if (e.cancellationReasons().stream().noneMatch(DynamoDb::isConditionFailure)) {
                throw new IllegalStateException("DynamoDB rejected a transaction permanently", e);
            }
            List<WriteOutcome.Part> parts = new ArrayList<>();
            for (CancellationReason reason : e.cancellationReasons()) {
                parts.add(
                        new WriteOutcome.Part(isConditionFailure(reason), reason.hasItem() ? reason.item() : Map.of()));
            }
            return rejected(writeId, parts);
        }
    }

    private void transact(String writeId, List<Write> writes) {
        List<TransactWriteItem> parts = new ArrayList<>();
        for (Write write : writes) {
            parts.add(write.toTransactWriteItem());
        }
        client.transactWriteItems(TransactWriteItemsRequest.builder()
                .clientRequestToken(WriteCause.token(writeId))
                .transactItems(parts)
                .overrideConfiguration(timeLeft())
                .build());
    }

    private static WriteOutcome rejected(String writeId, List<WriteOutcome.Part> parts) {
        for (WriteOutcome.Part part : parts) {
            @Nullable AttributeValue found = part.found().get(WRITE_ID);
            if (found != null && writeId.equals(found.s())) {
                return new WriteOutcome.Written();
            }
        }
        return new WriteOutcome.Rejected(parts);
    }

    private static boolean isConditionFailure(CancellationReason reason) {
        return "ConditionalCheckFailed".equals(reason.code());
    }

    /**
     * Returns whether a retry may succeed. If one part was throttled or had a conflict, its condition was not
     * evaluated, so the results of the other parts are incomplete.
     */
    private static boolean isPassing(List<CancellationReason> reasons) {
        boolean hasReason = false;
        for (CancellationReason reason : reasons) {
            if (Retries.isThrottling(reason) || "TransactionConflict".equals(reason.code())) {
                return true;
            }
            hasReason |= !"None".equals(reason.code());
        }
        return !hasReason;
    }

    /** Reads one item consistently; null if it does not exist. */
    public @Nullable Map<String, AttributeValue> get(String table, Map<String, AttributeValue> key) {
        return call(table, "GetItem", () -> {
            var response = client.getItem(GetItemRequest.builder()
                    .tableName(table)
                    .key(key)
                    .consistentRead(true)
                    .overrideConfiguration(timeLeft())
                    .build());
            return response.hasItem() ? response.item() : null;
        });
    }

    /**
     * Reads up to 100 items of one table consistently, in one round trip unless DynamoDB leaves keys unprocessed.
     *
     * @return the existing items, in any order
     */
    public List<Map<String, AttributeValue>> getAll(String table, List<Map<String, AttributeValue>> keys) {
        return keys.isEmpty() ? new ArrayList<>() : batches(table, keys);
    }

    private List<Map<String, AttributeValue>> batches(String table, List<Map<String, AttributeValue>> keys) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, KeysAndAttributes> wanted = new HashMap<>(Map.of(
                table,
                KeysAndAttributes.builder().keys(keys).consistentRead(true).build()));
        return call(table, "BatchGetItem", () -> {
            BatchGetItemResponse response = client.batchGetItem(BatchGetItemRequest.builder()
                    .requestItems(wanted)
                    .overrideConfiguration(timeLeft())
                    .build());
            items.addAll(response.responses().getOrDefault(table, List.of()));
            wanted.clear();
            wanted.putAll(response.unprocessedKeys());
            if (!wanted.isEmpty()) {
                throw new Retries.Unprocessed("DynamoDB did not read all keys of a batch");
            }
            return items;
        });
    }

    /**
     * Reads one page of a partition consistently, in the order of the sort key.
     *
     * @param condition the key condition, with placeholders as in {@link Write}
     * @param startKey the key after which the page begins; null for the first page
     * @param limit the most items that are read
     */
    public QueryResponse query(
            String table,
            String condition,
            Map<String, AttributeValue> values,
            @Nullable Map<String, AttributeValue> startKey,
            int limit) {
        return query(table, condition, values, startKey, limit, true);
    }

    /** Reads one page of a partition consistently, in the reverse order of the sort key. */
    public QueryResponse queryBackwards(
            String table,
            String condition,
            Map<String, AttributeValue> values,
            @Nullable Map<String, AttributeValue> startKey,
            int limit) {
        return query(table, condition, values, startKey, limit, false);
    }

    private QueryResponse query(
            String table,
            String condition,
            Map<String, AttributeValue> values,
            @Nullable Map<String, AttributeValue> startKey,
            int limit,
            boolean isForward) {
        return query(request(table, condition, values)
                .exclusiveStartKey(startKey)
                .limit(limit)
                .scanIndexForward(isForward)
                .consistentRead(true));
    }

    /**
     * Reads one page of a partition consistently, with these attributes only.
     *
     * @param attributes the placeholders, such as {@code #record, #key}
     */
    public QueryResponse queryOnly(
            String table, String attributes, String condition, Map<String, AttributeValue> values, int limit) {
        return query(request(table, condition, values)
                .projectionExpression(attributes)
                .expressionAttributeNames(Expression.names(condition + " " + attributes))
                .limit(limit)
                .consistentRead(true));
    }

    /** Reads one page of an index partition with eventual consistency, in the order of its sort key. */
    public QueryResponse queryIndex(
            String table, String index, String condition, Map<String, AttributeValue> values, int limit) {
        return queryIndex(table, index, condition, values, null, limit, true);
    }

    /**
     * Reads one page of an index partition with eventual consistency, from a position and in either direction.
     *
     * @param startKey the keys of table and index after which the page begins; null for the first page
     */
    public QueryResponse queryIndex(
            String table,
            String index,
            String condition,
            Map<String, AttributeValue> values,
            @Nullable Map<String, AttributeValue> startKey,
            int limit,
            boolean isForward) {
        return query(request(table, condition, values)
                .indexName(index)
                .exclusiveStartKey(startKey)
                .limit(limit)
                .scanIndexForward(isForward));
    }

    /** Counts the items of a partition consistently, with one round trip for each megabyte. */
    public long count(String table, String condition, Map<String, AttributeValue> values) {
        return count(request(table, condition, values).consistentRead(true));
    }

    /**
     * Counts some items of a partition consistently, with one round trip for each megabyte.
     *
     * @param filter the items to count
     */
    public long count(String table, String condition, String filter, Map<String, AttributeValue> values) {
        return count(request(table, condition, values)
                .consistentRead(true)
                .filterExpression(filter)
                .expressionAttributeNames(Expression.names(condition + " " + filter)));
    }

    /**
     * Counts the items of an index partition with eventual consistency, with one round trip for each megabyte.
     *
     * @param filter the items to count
     */
    public long countIndex(
            String table, String index, String condition, String filter, Map<String, AttributeValue> values) {
        return count(request(table, condition, values)
                .indexName(index)
                .filterExpression(filter)
                .expressionAttributeNames(Expression.names(condition + " " + filter)));
    }

    private long count(QueryRequest.Builder request) {
        long count = 0;
        QueryResponse page;
        do {
            page = query(request.select(Select.COUNT));
            count += page.count();
            request.exclusiveStartKey(page.lastEvaluatedKey());
        } while (page.hasLastEvaluatedKey());
        return count;
    }

    private static QueryRequest.Builder request(String table, String condition, Map<String, AttributeValue> values) {
        Map<String, AttributeValue> placeholders = new HashMap<>();
        for (var value : values.entrySet()) {
            placeholders.put(":" + value.getKey(), value.getValue());
        }
        return QueryRequest.builder()
                .tableName(table)
                .keyConditionExpression(condition)
                .expressionAttributeNames(Expression.names(condition))
                .expressionAttributeValues(placeholders);
    }

    private QueryResponse query(QueryRequest.Builder request) {
        QueryRequest plain = request.build();
        return call(
                plain.tableName(),
                "Query",
                () -> client.query(
                        plain.toBuilder().overrideConfiguration(timeLeft()).build()));
    }

    private static AwsRequestOverrideConfiguration timeLeft() {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(WriteLoop.requireTime("The request has no time left for DynamoDB"))
                .build();
    }

    /** Makes a call and records it with all its attempts in the request log. */
    private <T extends @Nullable Object> T call(String table, String operation, Supplier<T> attempt) {
        RequestLog log = RequestLog.current();
        log.callStarted(table, operation);
        try {
            // All attempts share one deadline. Outside of a request, each attempt would otherwise have its own.
            return Deadline.in(Deadline.left()).during(() -> retries.call(table, log, attempt));
        } finally {
            log.callEnded();
        }
    }
}
