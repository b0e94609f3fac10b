package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.REQUEST;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.text;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.textOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.textOrNull;

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
    private static final String IN_RANGE = "#record = :record AND #key BETWEEN :from AND :to";
    private static final String BELOW = " ";
    private static final String ABOVE = "\u007F";

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbCallRecordItems items;

    DynamoDbCallRecordSweep(DynamoDb dynamoDb, String table, DynamoDbCallRecordItems items) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.items = items;
    }

    /** See {@link CallRecordStore#sweep}. */
    boolean sweep(CallRecordKey record, String generation, Instant now) {
        String staged = DynamoDbCallRecordItems.STAGED + generation;
        boolean keepsSessions = false;
        boolean keepsParticipants = false;
        for (Map<String, AttributeValue> item : dynamoDb.getAll(
                table,
                List.of(DynamoDbCallRecordItems.recordKey(record), DynamoDbCallRecordItems.key(record, staged)))) {
            // An expired record counts as well: its children expire with it, and its removal has them swept.
            boolean isStaged = textOf(item, KEY).equals(staged);
            keepsSessions |= isStaged || generation.equals(textOrNull(item, GENERATION));
            keepsParticipants |= isStaged || generation.equals(textOrNull(item, PARTICIPANT_GENERATION));
        }
        // Sessions go before the pieces of their segments, so that nobody meets one without.
        return (keepsSessions
                        || (delete(record, DynamoDbCallRecordItems.sessions(generation))
                                && delete(record, DynamoDbCallRecordItems.chunks(generation))
                                && forgetRequests(record, generation, now)))
                && (keepsParticipants || delete(record, DynamoDbCallRecordItems.participants(generation)));
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
        Instant soon = now.plus(DynamoDbCallRecordItems.MEMORY);
        String from = REQUEST;
        while (hasTime()) {
            QueryResponse answer =
                    dynamoDb.queryOnly(table, ATTRIBUTES, IN_RANGE, range(record, from, REQUEST + ABOVE), AT_ONCE);
            List<Write> changes = new ArrayList<>();
            for (Map<String, AttributeValue> item : answer.items()) {
                @Nullable Instant expiresAt = expiryOf(item);
                if (generation.equals(textOrNull(item, GENERATION)) && (expiresAt == null || expiresAt.isAfter(soon))) {
                    changes.add(items.forgetSoon(item, now));
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

    private static Map<String, AttributeValue> range(CallRecordKey record, String from, String to) {
        return Map.of("record", text(DynamoDbCallRecordItems.partition(record)), "from", text(from), "to", text(to));
    }
}
