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
 * Conditional writes and consistent reads: the one way every store talks to DynamoDB. Thread-safe.
 *
 * <p>Every write but {@link #update} carries a {@code writeId}. When a condition fails on an item that holds our own id, our
 * first attempt was stored and only its answer lost: that is a success. Every call is retried by one rule, that of
 * {@link Retries}; a fault that lasts is thrown as {@link Unavailable} if a later retry may fix it.
 */
public final class DynamoDb {
    /** The attribute every conditionally written item carries: which write made it what it is. */
    public static final String WRITE_ID = "writeId";

    /** How many writes DynamoDB takes in one batch. */
    private static final int LARGEST_BATCH_OF_WRITES = 25;

    private final DynamoDbClient client;
    private final Retries retries;

    /** Talks through this client, which must not retry by itself: {@link Wiring#client}. */
    public DynamoDb(DynamoDbClient client) {
        this(client, Thread::sleep);
    }

    /** The same, with other pauses between its attempts. */
    public DynamoDb(DynamoDbClient client, Pauses pauses) {
        this.client = client;
        this.retries = new Retries(pauses);
    }

    /** A fresh id for one write; made per request, never before a snapshot. */
    public static String newWriteId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Writes all or nothing, always as a transaction, be it of one part: only its token makes a repeated write the same one where
     * the item cannot tell, because it was deleted or because somebody else has written it since.
     *
     * @param writeId the id that the items of these writes carry as {@link #WRITE_ID}
     * @throws Unavailable where a later retry may succeed
     */
    public WriteOutcome write(String writeId, List<Write> writes) {
        return call(writes.getFirst().table(), "TransactWriteItems", () -> attempt(writeId, writes));
    }

    /**
     * Changes one item without a transaction, for half its price and with what was there as the answer. It may happen twice,
     * or late, after an answer was lost: only for changes that do no harm then ({@code docs/decisions/0018}). Every other
     * write is {@link #write}.
     *
     * @param change an update
     * @throws Unavailable where a later retry may succeed
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
            return new UpdateOutcome.Refused(e.hasItem() ? e.item() : Map.of());
        }
    }

    /**
     * Deletes items of one table without a condition, 25 in a round trip. If it fails, some of them may be deleted.
     *
     * @param keys distinct
     * @throws Unavailable where a later retry may succeed
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
                throw new Retries.Unprocessed("DynamoDB left items of a batch unwritten");
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
                throw new IllegalStateException("DynamoDB refused a transaction for good", e);
            }
            List<WriteOutcome.Part> parts = new ArrayList<>();
            for (CancellationReason reason : e.cancellationReasons()) {
                parts.add(
                        new WriteOutcome.Part(isConditionFailure(reason), reason.hasItem() ? reason.item() : Map.of()));
            }
            return refused(writeId, parts);
        }
    }

    private void transact(String writeId, List<Write> writes) {
        List<TransactWriteItem> parts = new ArrayList<>();
        for (Write write : writes) {
            parts.add(write.toTransactWriteItem());
        }
        client.transactWriteItems(TransactWriteItemsRequest.builder()
                .clientRequestToken(writeId)
                .transactItems(parts)
                .overrideConfiguration(timeLeft())
                .build());
    }

    private static WriteOutcome refused(String writeId, List<WriteOutcome.Part> parts) {
        for (WriteOutcome.Part part : parts) {
            @Nullable AttributeValue found = part.found().get(WRITE_ID);
            if (found != null && writeId.equals(found.s())) {
                return new WriteOutcome.Written();
            }
        }
        return new WriteOutcome.Refused(parts);
    }

    private static boolean isConditionFailure(CancellationReason reason) {
        return "ConditionalCheckFailed".equals(reason.code());
    }

    /**
     * Whether a retry may succeed. If one part was throttled or met a conflict, nobody has judged its condition, so what the others
     * found is half the truth.
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

    /** Reads one item consistently; null where there is none. */
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
     * Reads up to 100 items of one table consistently, in one round trip unless DynamoDB leaves some of them unread.
     *
     * @return those that are there, in no order
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
                throw new Retries.Unprocessed("DynamoDB left keys of a batch unread");
            }
            return items;
        });
    }

    /**
     * Reads one page of a partition consistently, in the order of the sort key.
     *
     * @param condition the key condition, placeholders as in {@link Write}
     * @param startKey the key to begin behind; null for the first page
     * @param limit how many items are looked at, at most
     */
    public QueryResponse query(
            String table,
            String condition,
            Map<String, AttributeValue> values,
            @Nullable Map<String, AttributeValue> startKey,
            int limit) {
        return query(table, condition, values, startKey, limit, true);
    }

    /** The same from the end of the partition. */
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
     * Reads one page of a partition consistently, and of each item these attributes only.
     *
     * @param attributes placeholders, such as {@code #record, #key}
     */
    public QueryResponse queryOnly(
            String table, String attributes, String condition, Map<String, AttributeValue> values, int limit) {
        return query(request(table, condition, values)
                .projectionExpression(attributes)
                .expressionAttributeNames(Expression.names(condition + " " + attributes))
                .limit(limit)
                .consistentRead(true));
    }

    /** Reads one page of an index's partition, in the order of its sort key: as it was a moment ago. */
    public QueryResponse queryIndex(
            String table, String index, String condition, Map<String, AttributeValue> values, int limit) {
        return queryIndex(table, index, condition, values, null, limit, true);
    }

    /**
     * The same from a position on, in either direction.
     *
     * @param startKey the keys of table and index to begin behind; null for the first page
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

    /** Counts the items of a partition consistently, in as many round trips as it has megabytes. */
    public long count(String table, String condition, Map<String, AttributeValue> values) {
        return count(request(table, condition, values).consistentRead(true));
    }

    /**
     * Counts the items of an index's partition as it was a moment ago, in as many round trips as it has megabytes.
     *
     * @param filter which of them count
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
                .apiCallTimeout(WriteLoop.requireTime("no time is left for DynamoDB"))
                .build();
    }

    /** Notes a call in the request's log, with all its attempts. */
    private <T extends @Nullable Object> T call(String table, String operation, Supplier<T> attempt) {
        RequestLog log = RequestLog.current();
        log.calling(table, operation);
        try {
            // One deadline for all attempts, also outside of a request, where each of them would have its own.
            return Deadline.in(Deadline.left()).during(() -> retries.call(table, log, attempt));
        } finally {
            log.called();
        }
    }
}
