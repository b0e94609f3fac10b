package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IS_ABSENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.LISTED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.contentOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.documentAttribute;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByParticipant;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.participantKey;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.participantParts;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Builds the items of participants and the conditional writes that change them. */
final class DynamoDbParticipantItems {
    private final String table;

    DynamoDbParticipantItems(String table) {
        this.table = table;
    }

    /** Returns the write of a new participant of a generation. */
    Write put(
            CallRecordKey record,
            String generation,
            Participant participant,
            JsonDocument document,
            @Nullable Instant expiresAt,
            String writeId) {
        Map<String, AttributeValue> item = participantKey(record, generation, participant);
        item.put(DOCUMENT, documentAttribute(document));
        item.put(REVISION, number(participant.revision()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(LISTED, text(listedByParticipant(record.tenant(), participant.id())));
        item.put(PLACE, text(Keys.join(record.id()) + "#" + generation));
        putExpiry(item, expiresAt);
        return Write.put(table, item).onlyIf("attribute_not_exists(#key)");
    }

    /** Returns the check that the record still has this generation of participants. */
    Write requireGeneration(CallRecord record, Instant now) {
        return Write.check(table, recordKey(record.key()))
                .onlyIf("#participantGeneration = :generation AND NOT " + IS_ABSENT)
                .with("generation", text(record.participantGeneration()))
                .with("now", seconds(now));
    }

    /** Returns the write that changes the content of a participant. */
    Write change(CallRecord record, Participant before, JsonDocument document, String writeId) {
        return Write.update(
                        table,
                        participantKey(record.key(), record.participantGeneration(), before),
                        "SET #document = :document, #revision = :next, #writeId = :writeId")
                .onlyIf("#revision = :seen")
                .with("document", documentAttribute(document))
                .with("next", number(before.revision() + 1))
                .with("writeId", text(writeId))
                .with("seen", number(before.revision()));
    }

    /** Returns the write that deletes a participant, if it was not changed since it was read. */
    Write delete(CallRecord record, Participant before) {
        return Write.delete(table, participantKey(record.key(), record.participantGeneration(), before))
                .onlyIf("#revision = :seen")
                .with("seen", number(before.revision()));
    }

    /** Returns the participant of an item. */
    static Participant participant(Map<String, AttributeValue> item) {
        List<String> parts = participantParts(textOf(item, KEY));
        return new Participant(
                parts.getFirst(),
                parts.size() > 1 ? parts.getLast() : "",
                contentOf(attributeOf(item, DOCUMENT)),
                numberOf(item, REVISION));
    }
}
