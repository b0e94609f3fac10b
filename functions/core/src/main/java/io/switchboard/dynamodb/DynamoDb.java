package io.switchboard.dynamodb;

import io.switchboard.http.Deadline;
import io.switchboard.http.RequestLog;
import io.switchboard.http.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Conditional writes and consistent reads: the one way every store talks to DynamoDB. Thread-safe.
 *
 * <p>Every write but {@link #update} carries a {@code writeId}. When a condition fails on an item that holds our own id, our
 * first attempt was stored and only its answer lost: that is a success. Conflicts between transactions, which the SDK does
 * not retry, are retried here with full jitter until the request's {@link Deadline}; then, as for every fault a later retry
 * may mend, {@link Unavailable} is thrown.
 */
public final class DynamoDb {
    /** The attribute every conditionally written item carries: which write made it what it is. */
    public static final String WRITE_ID = "writeId";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

    /** How many writes DynamoDB takes in one batch. */
    private static final int LARGEST_BATCH_OF_WRITES = 25;

    private final DynamoDbClient client;

    /** Talks through this client. */
    public DynamoDb(DynamoDbClient client) {
        this.client = client;
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
        return call(
                writes.getFirst().table(),
                "TransactWriteItems",
                () -> throughConflicts(writeId.hashCode(), () -> attempt(writeId, writes)));
    }

    /** Repeats an attempt, with full jitter, as long as transactions of others are in its way. */
    private static <T> T throughConflicts(long seed, Supplier<T> attempt) {
        SplittableRandom jitter = new SplittableRandom(seed);
        Duration ceiling = FIRST_PAUSE;
        while (true) {
            try {
                return attempt.get();
            } catch (TransactionCanceledException | TransactionInProgressException | TransactionConflictException e) {
                pause(jitter, ceiling, e);
                ceiling =
                        ceiling.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : ceiling.multipliedBy(2);
            }
        }
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
        return call(
                change.table(), "UpdateItem", () -> throughConflicts(System.nanoTime(), () -> attemptUpdate(change)));
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
     * Deletes items of one table without a condition, 25 in a round trip. Whoever is interrupted has deleted some of them.
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
            call(table, "BatchWriteItem", () -> throughConflicts(System.nanoTime(), () -> writeBatch(table, deletes)));
        }
    }

    private boolean writeBatch(String table, List<WriteRequest> writes) {
        Map<String, List<WriteRequest>> wanted = Map.of(table, writes);
        SplittableRandom jitter = new SplittableRandom(System.nanoTime());
        while (true) {
            wanted = client.batchWriteItem(BatchWriteItemRequest.builder()
                            .requestItems(wanted)
                            .overrideConfiguration(timeLeft())
                            .build())
                    .unprocessedItems();
            if (wanted.isEmpty()) {
                return true;
            }
            pauseForRest(jitter, "DynamoDB left items of a batch unwritten");
        }
    }

    private WriteOutcome attempt(String writeId, List<Write> writes) {
        try {
            transact(writeId, writes);
            return new WriteOutcome.Written();
        } catch (TransactionCanceledException e) {
            if (e.cancellationReasons().stream().anyMatch(DynamoDb::isPassing)) {
                // Where one part met a conflict, nobody has judged its condition: the others' verdict is half the
                // truth.
                throw e;
            }
            if (e.cancellationReasons().stream().allMatch(reason -> "None".equals(reason.code()))) {
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

    private static boolean isPassing(CancellationReason reason) {
        return switch (String.valueOf(reason.code())) {
            case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded" -> true;
            default -> false;
        };
    }

    private static void pause(SplittableRandom jitter, Duration ceiling, DynamoDbException conflict) {
        long pause = jitter.nextLong(1, ceiling.toMillis() + 1);
        if (Deadline.left().toMillis() <= pause) {
            throw new Unavailable(false, "a conflict between transactions lasted", conflict);
        }
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable(false, "interrupted while waiting for a conflict to pass", e);
        }
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
     * Reads up to 100 items of one table consistently, in one round trip unless DynamoDB leaves some for the next.
     *
     * @return those that are there, in no order
     */
    public List<Map<String, AttributeValue>> getAll(String table, List<Map<String, AttributeValue>> keys) {
        return keys.isEmpty() ? new ArrayList<>() : call(table, "BatchGetItem", () -> batches(table, keys));
    }

    private List<Map<String, AttributeValue>> batches(String table, List<Map<String, AttributeValue>> keys) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, KeysAndAttributes> wanted = Map.of(
                table,
                KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
        SplittableRandom jitter = new SplittableRandom(System.nanoTime());
        while (true) {
            BatchGetItemResponse response = client.batchGetItem(BatchGetItemRequest.builder()
                    .requestItems(wanted)
                    .overrideConfiguration(timeLeft())
                    .build());
            items.addAll(response.responses().getOrDefault(table, List.of()));
            wanted = response.unprocessedKeys();
            if (wanted.isEmpty()) {
                return items;
            }
            pauseForRest(jitter, "DynamoDB left keys of a batch unread");
        }
    }

    private static void pauseForRest(SplittableRandom jitter, String otherwise) {
        long pause = jitter.nextLong(1, FIRST_PAUSE.toMillis());
        if (Deadline.left().toMillis() <= pause) {
            throw new Unavailable(true, otherwise, new IllegalStateException());
        }
        java.util.concurrent.locks.LockSupport.parkNanos(
                Duration.ofMillis(pause).toNanos());
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
                .apiCallTimeout(requireTime("no time is left for DynamoDB"))
                .build();
    }

    /**
     * The time that is left, asked for before each further attempt at what others keep changing.
     *
     * @param otherwise for the log: what took it all
     * @throws Unavailable where none is left
     */
    public static Duration requireTime(String otherwise) {
        Duration left = Deadline.left();
        if (left.isZero()) {
            throw new Unavailable(false, otherwise, new IllegalStateException());
        }
        return left;
    }

    /** Notes a call in the request's log, and turns the SDK's faults into ours. */
    private static <T extends @Nullable Object> T call(String table, String operation, Supplier<T> call) {
        RequestLog log = RequestLog.current();
        log.calling(table, operation);
        long began = System.nanoTime();
        try {
            return call.get();
        } catch (DynamoDbException e) {
            if (e.isThrottlingException()) {
                throw new Unavailable(
                        true, "DynamoDB throttled: " + e.awsErrorDetails().errorCode(), e);
            }
            if (e.statusCode() >= 500) {
                throw new Unavailable(false, "DynamoDB answered " + e.statusCode(), e);
            }
            if (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null) {
                // Cut off on its way: nobody can tell what was refused, or whether anything was.
                throw new Unavailable(false, "DynamoDB answered " + e.statusCode() + " and not why", e);
            }
            throw e;
        } catch (SdkClientException e) {
            throw new Unavailable(false, "DynamoDB did not answer", e);
        } catch (SdkException e) {
            throw new Unavailable(false, "the call to DynamoDB was given up", e);
        } finally {
            log.called(Duration.ofNanos(System.nanoTime() - began));
        }
    }
}
