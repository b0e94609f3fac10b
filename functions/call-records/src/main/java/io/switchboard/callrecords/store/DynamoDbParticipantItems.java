package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IS_ABSENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.LISTED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.contentOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.kept;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByParticipant;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.participantId;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.participantKey;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of participants, and the conditional writes that change them. */
final class DynamoDbParticipantItems {
    private final String table;

    DynamoDbParticipantItems(String table) {
        this.table = table;
    }

    /** A participant that is new in its generation. */
    Write put(
            CallRecordKey record,
            String generation,
            Participant participant,
            JsonDocument document,
            @Nullable Instant expiresAt,
            String writeId) {
        Map<String, AttributeValue> item = participantKey(record, generation, participant.id());
        item.put(DOCUMENT, kept(document));
        item.put(REVISION, number(participant.revision()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(LISTED, text(listedByParticipant(record.tenant(), participant.id())));
        item.put(PLACE, text(Keys.join(record.id()) + "#" + generation));
        putExpiry(item, expiresAt);
        return Write.put(table, item).onlyIf("attribute_not_exists(#key)");
    }

    /** The record still has this generation of participants. */
    Write requireGeneration(CallRecord record, Instant now) {
        return Write.check(table, recordKey(record.key()))
                .onlyIf("#participantGeneration = :generation AND NOT " + IS_ABSENT)
                .with("generation", text(record.participantGeneration()))
                .with("now", seconds(now));
    }

    /** A participant with another content. */
    Write change(CallRecord record, Participant before, JsonDocument document, String writeId) {
        return Write.update(
                        table,
                        participantKey(record.key(), record.participantGeneration(), before.id()),
                        "SET #document = :document, #revision = :next, #writeId = :writeId")
                .onlyIf("#revision = :seen")
                .with("document", kept(document))
                .with("next", number(before.revision() + 1))
                .with("writeId", text(writeId))
                .with("seen", number(before.revision()));
    }

    /** Deletes a participant, if it is still the one that was seen. */
    Write delete(CallRecord record, Participant before) {
        return Write.delete(table, participantKey(record.key(), record.participantGeneration(), before.id()))
                .onlyIf("#revision = :seen")
                .with("seen", number(before.revision()));
    }

    /** The participant that an item holds. */
    static Participant participant(Map<String, AttributeValue> item) {
        return new Participant(
                participantId(textOf(item, KEY)), contentOf(attributeOf(item, DOCUMENT)), numberOf(item, REVISION));
    }
}
