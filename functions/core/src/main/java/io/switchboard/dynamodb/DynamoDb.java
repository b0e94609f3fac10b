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
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Conditional writes and consistent reads: the one way every store talks to DynamoDB. Thread-safe.
 *
 * <p>Every write carries a {@code writeId}. When a condition fails on an item that holds our own id, our first attempt
 * was stored and only its answer lost: that is a success. Conflicts between transactions, which the SDK does not
 * retry, are retried here with full jitter until the request's {@link Deadline}; then, as for every fault a later retry
 * may mend, {@link Unavailable} is thrown.
 */
public final class DynamoDb {
    /** The attribute every conditionally written item carries: which write made it what it is. */
    public static final String WRITE_ID = "writeId";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

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
        return call(writes.getFirst().table(), "TransactWriteItems", () -> {
            SplittableRandom jitter = new SplittableRandom(writeId.hashCode());
            Duration ceiling = FIRST_PAUSE;
            while (true) {
                try {
                    return attempt(writeId, writes);
                } catch (TransactionCanceledException | TransactionInProgressException e) {
                    pause(jitter, ceiling, e);
                    ceiling = ceiling.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                            ? LONGEST_PAUSE
                            : ceiling.multipliedBy(2);
                }
            }
        });
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
            long pause = jitter.nextLong(1, FIRST_PAUSE.toMillis());
            if (Deadline.left().toMillis() <= pause) {
                throw new Unavailable(true, "DynamoDB left keys of a batch unread", new IllegalStateException());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(pause).toNanos());
        }
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
        Map<String, AttributeValue> placeholders = new HashMap<>();
        for (var value : values.entrySet()) {
            placeholders.put(":" + value.getKey(), value.getValue());
        }
        return call(
                table,
                "Query",
                () -> client.query(QueryRequest.builder()
                        .tableName(table)
                        .keyConditionExpression(condition)
                        .expressionAttributeNames(Expression.names(condition))
                        .expressionAttributeValues(placeholders)
                        .exclusiveStartKey(startKey)
                        .limit(limit)
                        .scanIndexForward(isForward)
                        .consistentRead(true)
                        .overrideConfiguration(timeLeft())
                        .build()));
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
