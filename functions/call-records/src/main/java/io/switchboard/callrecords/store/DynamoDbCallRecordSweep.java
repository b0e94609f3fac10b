package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IN_RANGE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MEMORY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.STAGED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.chunkPrefix;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.key;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.participantPrefix;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.range;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.sessionPrefix;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.runtime.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Deletes the items of an ended generation. It can be repeated safely. Thread-safe. */
final class DynamoDbCallRecordSweep {
    /** The time reserved for the response; the next run continues. */
    private static final Duration RESERVE = Duration.ofSeconds(2);

    private static final int AT_ONCE = 500;
    /** The most writes in a transaction. */
    private static final int TRANSACTION = 100;

    private static final String ATTRIBUTES = "#record, #key, #generation, #expiresAt";

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbRequestMemory memory;

    DynamoDbCallRecordSweep(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.memory = new DynamoDbRequestMemory(dynamoDb, table);
    }

    /** See {@link EndedGenerations#sweep}. */
    boolean sweep(CallRecordKey record, String generation, Instant now) {
        String staged = STAGED + generation;
        boolean keepsSessions = false;
        boolean keepsParticipants = false;
        for (Map<String, AttributeValue> item :
                dynamoDb.getAll(table, List.of(recordKey(record), key(record, staged)))) {
            // An expired record also keeps its generation: its children expire with it, and its removal triggers
            // a sweep.
            boolean isStaged = textOf(item, KEY).equals(staged);
            keepsSessions |= isStaged || generation.equals(textOrNull(item, GENERATION));
            keepsParticipants |= isStaged || generation.equals(textOrNull(item, PARTICIPANT_GENERATION));
        }
        // Sessions are deleted before the pieces of their segments, so that no reader finds a session without them.
        return (keepsSessions
                        || (delete(record, sessionPrefix(generation))
                                && delete(record, chunkPrefix(generation))
                                && expireRequests(record, generation, now)))
                && (keepsParticipants || delete(record, participantPrefix(generation)));
    }

    /** @return whether all items are deleted */
    private boolean delete(CallRecordKey record, String prefix) {
        while (hasTime()) {
            QueryResponse response = dynamoDb.queryOnly(
                    table, "#record, #key", IN_RANGE, range(record, prefix, prefix + ABOVE), AT_ONCE);
            for (int from = 0; from < response.items().size(); from += TRANSACTION) {
                if (!hasTime()) {
                    return false;
                }
                dynamoDb.deleteAll(
                        table,
                        response.items().subList(from, Math.min(response.items().size(), from + TRANSACTION)));
            }
            if (!response.hasLastEvaluatedKey()) {
                return true;
            }
        }
        return false;
    }

    /** Keeps the items of requests for another day, without the resources that the requests created. */
    private boolean expireRequests(CallRecordKey record, String generation, Instant now) {
        Instant soon = now.plus(MEMORY);
        String from = REQUEST;
        while (hasTime()) {
            QueryResponse response =
                    dynamoDb.queryOnly(table, ATTRIBUTES, IN_RANGE, range(record, from, REQUEST + ABOVE), AT_ONCE);
            List<Write> changes = new ArrayList<>();
            for (Map<String, AttributeValue> item : response.items()) {
                @Nullable Instant expiresAt = expiryOf(item);
                if (generation.equals(textOrNull(item, GENERATION)) && (expiresAt == null || expiresAt.isAfter(soon))) {
                    changes.add(memory.expireSoon(item, now));
                }
            }
            for (int each = 0; each < changes.size(); each += TRANSACTION) {
                List<Write> part = changes.subList(each, Math.min(changes.size(), each + TRANSACTION));
                if (dynamoDb.write(DynamoDb.newWriteId(), part) instanceof WriteOutcome.Rejected) {
                    // One of them was removed or created again since then; the next run handles it.
                    return false;
                }
            }
            if (!response.hasLastEvaluatedKey()) {
                return true;
            }
            from = textOf(response.lastEvaluatedKey(), KEY) + BELOW;
        }
        return false;
    }

    private static boolean hasTime() {
        return Deadline.left().compareTo(RESERVE) > 0;
    }
}
