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

/** Deletes what lies under a generation that has ended. Runs again from the start do no harm. Thread-safe. */
final class DynamoDbCallRecordSweep {
    /** Kept back for the answer; the next run goes on. */
    private static final Duration RESERVE = Duration.ofSeconds(2);

    private static final int AT_ONCE = 500;
    /** The most parts of a transaction. */
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
            // An expired record counts as well: its children expire with it, and its removal has them swept.
            boolean isStaged = textOf(item, KEY).equals(staged);
            keepsSessions |= isStaged || generation.equals(textOrNull(item, GENERATION));
            keepsParticipants |= isStaged || generation.equals(textOrNull(item, PARTICIPANT_GENERATION));
        }
        // Sessions go before the pieces of their segments, so that nobody meets one without.
        return (keepsSessions
                        || (delete(record, sessionPrefix(generation))
                                && delete(record, chunkPrefix(generation))
                                && forgetRequests(record, generation, now)))
                && (keepsParticipants || delete(record, participantPrefix(generation)));
    }

    /** @return whether nothing is left */
    private boolean delete(CallRecordKey record, String prefix) {
        while (hasTime()) {
            QueryResponse answer = dynamoDb.queryOnly(
                    table, "#record, #key", IN_RANGE, range(record, prefix, prefix + ABOVE), AT_ONCE);
            for (int from = 0; from < answer.items().size(); from += TRANSACTION) {
                if (!hasTime()) {
                    return false;
                }
                dynamoDb.deleteAll(
                        table,
                        answer.items().subList(from, Math.min(answer.items().size(), from + TRANSACTION)));
            }
            if (!answer.hasLastEvaluatedKey()) {
                return true;
            }
        }
        return false;
    }

    /** Requests are known for another day, without what they made. */
    private boolean forgetRequests(CallRecordKey record, String generation, Instant now) {
        Instant soon = now.plus(MEMORY);
        String from = REQUEST;
        while (hasTime()) {
            QueryResponse answer =
                    dynamoDb.queryOnly(table, ATTRIBUTES, IN_RANGE, range(record, from, REQUEST + ABOVE), AT_ONCE);
            List<Write> changes = new ArrayList<>();
            for (Map<String, AttributeValue> item : answer.items()) {
                @Nullable Instant expiresAt = expiryOf(item);
                if (generation.equals(textOrNull(item, GENERATION)) && (expiresAt == null || expiresAt.isAfter(soon))) {
                    changes.add(memory.forgetSoon(item, now));
                }
            }
            for (int each = 0; each < changes.size(); each += TRANSACTION) {
                List<Write> part = changes.subList(each, Math.min(changes.size(), each + TRANSACTION));
                if (dynamoDb.write(DynamoDb.newWriteId(), part) instanceof WriteOutcome.Refused) {
                    // One of them was removed or made anew meanwhile: the next run sees.
                    return false;
                }
            }
            if (!answer.hasLastEvaluatedKey()) {
                return true;
            }
            from = textOf(answer.lastEvaluatedKey(), KEY) + BELOW;
        }
        return false;
    }

    private static boolean hasTime() {
        return Deadline.left().compareTo(RESERVE) > 0;
    }
}
