package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IN_RANGE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.length;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.participantPrefix;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.range;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Reconciled;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Stores the participants of call records in the CallRecords table. Thread-safe. */
final class DynamoDbParticipants implements ParticipantStore {
    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbParticipantItems items;

    DynamoDbParticipants(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.items = new DynamoDbParticipantItems(table);
    }

    @Override
    public Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes) {
        String prefix = participantPrefix(record.participantGeneration());
        String from = page.after() == null ? prefix : prefix + page.after() + BELOW;
        List<Participant> participants = new ArrayList<>();
        if (from.compareTo(prefix + ABOVE) > 0) {
            // No such position was issued. DynamoDB rejects a range that ends before it begins.
            return new Page<>(participants, null);
        }
        // One more than requested shows whether there is a next page.
        QueryResponse response =
                dynamoDb.query(table, IN_RANGE, range(record.key(), from, prefix + ABOVE), null, page.size() + 1);
        long bytes = 0;
        @Nullable String last = null;
        for (Map<String, AttributeValue> item : response.items()) {
            bytes += length(item);
            if (last != null && (participants.size() == page.size() || bytes > maximumBytes)) {
                return new Page<>(participants, last);
            }
            participants.add(DynamoDbParticipantItems.participant(item));
            last = textOf(item, KEY).substring(prefix.length());
        }
        return new Page<>(participants, response.hasLastEvaluatedKey() ? last : null);
    }

    @Override
    public long countParticipants(CallRecord record) {
        String prefix = participantPrefix(record.participantGeneration());
        return dynamoDb.count(table, IN_RANGE, range(record.key(), prefix, prefix + ABOVE));
    }

    @Override
    public List<Participant> participants(CallRecord record, String id, String digest, int limit) {
        if (!CallRecordKey.fits(id)) {
            return List.of();
        }
        String from =
                participantPrefix(record.participantGeneration()) + new Participant(id, digest, Map.of(), 1).key();
        return dynamoDb
                .query(table, IN_RANGE, range(record.key(), from, from + "#" + ABOVE), null, limit)
                .items()
                .stream()
                .map(DynamoDbParticipantItems::participant)
                .toList();
    }

    @Override
    public PostParticipantOutcome post(CallRecord record, Participant posted, Instant now) {
        Participant participant =
                DynamoDbCallRecordTable.hasDigests(record.participantGeneration()) ? posted : posted.withDigest("");
        JsonDocument document = JsonDocument.of(participant.content());
        if (!document.fits()) {
            return new PostParticipantOutcome.TooLarge(document.oversize());
        }
        return WriteLoop.until("the participant changed during every attempt", () -> {
            String writeId = DynamoDb.newWriteId();
            Write put = items.put(
                    record.key(), record.participantGeneration(), participant, document, record.expiresAt(), writeId);
            if (!(dynamoDb.write(writeId, List.of(put, items.requireGeneration(record, now)))
                    instanceof WriteOutcome.Rejected rejected)) {
                return new PostParticipantOutcome.Posted(participant);
            }
            return rejected.parts().getLast().failed()
                    ? new PostParticipantOutcome.Gone()
                    : reconcile(
                            record,
                            DynamoDbParticipantItems.participant(
                                    rejected.parts().getFirst().found()),
                            participant,
                            now);
        });
    }

    /**
     * Returns the outcome of posting a participant whose id exists; null if that participant changed at the same time.
     */
    private @Nullable PostParticipantOutcome reconcile(
            CallRecord record, Participant stored, Participant posted, Instant now) {
        return switch (CallRecordTypes.participant().reconcile(stored.content(), posted.content())) {
            case Reconciled.Same() -> new PostParticipantOutcome.Posted(stored);
            case Reconciled.Filled(var content) ->
                switch (change(record, stored, content, now)) {
                    case RecordChangeOutcome.Done<Participant>(Participant filled) ->
                        new PostParticipantOutcome.Posted(filled);
                    case RecordChangeOutcome.TooLarge<Participant>(Oversize oversize) ->
                        new PostParticipantOutcome.TooLarge(oversize);
                    case RecordChangeOutcome.Gone<Participant>(),
                            RecordChangeOutcome.Overtaken<Participant>(),
                            RecordChangeOutcome.Taken<Participant>() -> null;
                };
            case Reconciled.Different(String target) -> new PostParticipantOutcome.Different(stored, target);
        };
    }

    @Override
    public RecordChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now) {
        JsonDocument document = JsonDocument.of(content);
        if (!document.fits()) {
            return new RecordChangeOutcome.TooLarge<>(document.oversize());
        }
        String writeId = DynamoDb.newWriteId();
        if (dynamoDb.write(writeId, List.of(items.change(record, before, document, writeId)))
                instanceof WriteOutcome.Rejected rejected) {
            return rejected.parts().getFirst().found().isEmpty()
                    ? new RecordChangeOutcome.Gone<>()
                    : new RecordChangeOutcome.Overtaken<>();
        }
        return new RecordChangeOutcome.Done<>(
                new Participant(before.id(), before.digest(), content, before.revision() + 1));
    }

    @Override
    public RecordChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now) {
        return DynamoDbCallRecordItems.deleted(
                dynamoDb.write(DynamoDb.newWriteId(), List.of(items.delete(record, before))));
    }
}
