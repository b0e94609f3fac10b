package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CHANGED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CHANGED_PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CREATED_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.DOCUMENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.END;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.END_TEXT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.FIXED_PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IS_ABSENT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.LAST_MODIFIED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.LISTED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MEMORY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MODALITIES;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MODIFIED_PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REMAINS;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_HASH;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REQUEST_KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.START;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.START_TEXT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.VERSION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.changedIn;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.contentOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.documentAttribute;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.keyOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByStart;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.callrecords.store.DynamoDbModalities.addModalities;
import static io.switchboard.callrecords.store.DynamoDbModalities.modalities;
import static io.switchboard.callrecords.store.DynamoDbModalities.modalitiesOf;
import static io.switchboard.callrecords.store.DynamoDbModalities.putModalities;
import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Builds the items of call records and the conditional writes that change them. */
final class DynamoDbCallRecordItems {
    /** The record was not written since it was read; sessions may have been added. */
    private static final String AS_SEEN = "#generation = :seenGeneration AND #writeId = :seenWriteId";

    /** The attributes that a new version of a record sets or removes. */
    private static final List<String> REPLACED = List.of(
            GENERATION,
            PARTICIPANT_GENERATION,
            VERSION,
            DOCUMENT,
            START,
            START_TEXT,
            END,
            END_TEXT,
            LISTED,
            PLACE,
            CHANGED,
            CHANGED_PLACE,
            MODIFIED_PLACE,
            FIXED_PLACE,
            MODALITIES,
            LAST_MODIFIED,
            EXPIRES_AT,
            REQUEST_KEY,
            REQUEST_HASH,
            DynamoDb.WRITE_ID);

    /** The type of a record that was created by a session. */
    private static final String UNKNOWN_TYPE = "unknown";

    private final String table;
    private final RecordLimits limits;
    private final IndexShards shards;

    DynamoDbCallRecordItems(String table, RecordLimits limits, IndexShards shards) {
        this.table = table;
        this.limits = limits;
        this.shards = shards;
    }

    /** Returns the item of a posted record. */
    Map<String, AttributeValue> posted(
            NewCallRecord requested,
            JsonDocument document,
            String generation,
            String participantGeneration,
            @Nullable Instant expiresAt,
            Instant now) {
        Map<String, AttributeValue> item = recordKey(requested.key());
        item.putAll(content(requested.key(), requested.content(), document, now));
        item.put(GENERATION, text(generation));
        item.put(PARTICIPANT_GENERATION, text(participantGeneration));
        item.put(VERSION, number(requested.version()));
        item.put(REVISION, number(1));
        item.put(CREATED_AT, text(now.toString()));
        putExpiry(item, expiresAt);
        DynamoDbRequestMemory.putRequest(item, requested.idempotencyKey());
        return item;
    }

    /** Returns the attributes that the content of a record determines. */
    private Map<String, AttributeValue> content(
            CallRecordKey key, Map<String, @Nullable Object> content, JsonDocument document, Instant now) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(DOCUMENT, documentAttribute(document));
        putSpan(attributes, key, Span.of(content));
        putModalities(attributes, modalities(content));
        attributes.put(LAST_MODIFIED, text(now.toString()));
        putChange(attributes, key, ChangePlace.of(now, key));
        Optional<String> fixed = ModifiedPlace.of(key, content);
        fixed.ifPresent(place -> attributes.put(FIXED_PLACE, text(place)));
        attributes.put(MODIFIED_PLACE, text(fixed.orElseGet(() -> ModifiedPlace.of(key, now))));
        return attributes;
    }

    /** Puts a whole record, if none exists. */
    Write putAbsent(Map<String, AttributeValue> item, Instant now) {
        return Write.put(table, item).onlyIf(IS_ABSENT).with("now", seconds(now));
    }

    /** Does the same, if the remains of a deleted record were not created by a request with this key either. */
    Write putAbsent(Map<String, AttributeValue> item, @Nullable IdempotencyKey key, Instant now) {
        return key == null
                ? putAbsent(item, now)
                : putAbsent(item, now)
                        .onlyIf(IS_ABSENT + " AND (#expiresAt <= :now OR #requestUntil <= :now"
                                + " OR NOT #requestKey = :requestKey)")
                        .with("requestKey", text(DynamoDbRequestMemory.request(key)));
    }

    /**
     * Replaces the record that was read, even if sessions were added to it since.
     *
     * @param item gets the retained attributes of the record that was read
     */
    Write replace(Map<String, AttributeValue> item, Map<String, AttributeValue> seen) {
        StringBuilder set = new StringBuilder();
        StringBuilder remove = new StringBuilder();
        for (String name : REPLACED) {
            if (item.containsKey(name)) {
                set.append(set.isEmpty() ? "SET " : ", ").append("#%1$s = :%1$s".formatted(name));
            } else {
                remove.append(remove.isEmpty() ? " REMOVE #" : ", #").append(name);
            }
        }
        Write write = Write.update(table, keyOf(item), set + " ADD #" + REVISION + " :one" + remove)
                .with("one", number(1));
        for (String name : REPLACED) {
            if (item.containsKey(name)) {
                write.with(name, attributeOf(item, name));
            }
        }
        item.put(REVISION, number(numberOf(seen, REVISION) + 1));
        item.put(CREATED_AT, attributeOf(seen, CREATED_AT));
        return write.onlyIf(AS_SEEN)
                .with("seenGeneration", attributeOf(seen, GENERATION))
                .with("seenWriteId", attributeOf(seen, DynamoDb.WRITE_ID));
    }

    /**
     * Changes the content of a record. Attributes that sessions extend are not written unless the content changes them:
     * sessions arrive frequently, and neither write has to wait for the other.
     */
    Write change(CallRecord before, Map<String, AttributeValue> changed, String writeId, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(DynamoDb.WRITE_ID, text(writeId));
        values.put(DOCUMENT, attributeOf(changed, DOCUMENT));
        for (String name : List.of(LAST_MODIFIED, CHANGED, CHANGED_PLACE, MODIFIED_PLACE)) {
            values.put(name, attributeOf(changed, name));
        }
        List<String> removed = new ArrayList<>();
        if (changed.containsKey(FIXED_PLACE)) {
            values.put(FIXED_PLACE, attributeOf(changed, FIXED_PLACE));
        } else {
            removed.add(FIXED_PLACE);
        }
        Map<String, AttributeValue> seen = new HashMap<>();
        StringBuilder condition = new StringBuilder(AS_SEEN + " AND NOT " + IS_ABSENT);
        Span span = Span.of(before.content());
        if (!span.equals(spanOf(changed))) {
            putSpan(values, before.key(), spanOf(changed));
            condition.append(" AND #start = :seenStart AND #end = :seenEnd");
            seen.put("seenStart", text(span.start().key()));
            seen.put("seenEnd", text(span.end().key()));
        }
        Set<String> modalities = modalities(before.content());
        if (!modalities.equals(modalitiesOf(changed))) {
            putModalities(values, modalitiesOf(changed));
            if (modalitiesOf(changed).isEmpty()) {
                removed.add(MODALITIES);
            }
            if (modalities.isEmpty()) {
                condition.append(" AND attribute_not_exists(#modalities)");
            } else {
                condition.append(" AND #modalities = :seenModalities");
                seen.put("seenModalities", AttributeValue.fromSs(List.copyOf(modalities)));
            }
        }
        StringBuilder change = new StringBuilder();
        values.keySet()
                .forEach(name ->
                        change.append(change.isEmpty() ? "SET " : ", ").append("#%1$s = :%1$s".formatted(name)));
        String remove = removed.isEmpty() ? "" : " REMOVE #" + String.join(", #", removed);
        Write write = Write.update(table, recordKey(before.key()), change + remove + " ADD #" + REVISION + " :one")
                .onlyIf(condition.toString())
                .with("one", number(1))
                .with("seenGeneration", text(before.generation()))
                .with("seenWriteId", text(before.writeId()))
                .with("now", seconds(now));
        values.forEach(write::with);
        seen.forEach(write::with);
        return write;
    }

    /** Returns the attributes that new content of a record determines. */
    Map<String, AttributeValue> changed(
            CallRecord before, Map<String, @Nullable Object> content, JsonDocument document, Instant now) {
        return content(before.key(), content, document, now);
    }

    /** Returns a record after it was {@link #changed}. */
    static CallRecord record(CallRecord before, Map<String, AttributeValue> changed, String writeId) {
        Map<String, AttributeValue> item = new HashMap<>(changed);
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(REVISION, number(before.revision() + 1));
        item.put(GENERATION, text(before.generation()));
        item.put(PARTICIPANT_GENERATION, text(before.participantGeneration()));
        item.put(VERSION, number(before.version()));
        putExpiry(item, before.expiresAt());
        return record(before.key(), item);
    }

    /**
     * Ends a record. The remaining item distinguishes a late repetition of a write from a new write. Without it, the
     * first session's write, sent again after its response was lost, would restore the ended generation. It also
     * reports the deletion to readers of changes.
     */
    Write end(CallRecord before, String writeId, Instant now) {
        StringBuilder removed = new StringBuilder();
        for (String name : List.of(
                GENERATION,
                PARTICIPANT_GENERATION,
                VERSION,
                REVISION,
                CREATED_AT,
                LAST_MODIFIED,
                DOCUMENT,
                MODALITIES,
                START,
                START_TEXT,
                END,
                END_TEXT,
                LISTED,
                PLACE,
                MODIFIED_PLACE,
                FIXED_PLACE)) {
            removed.append(removed.isEmpty() ? " REMOVE #" : ", #").append(name);
        }
        Map<String, AttributeValue> change = new HashMap<>();
        putChange(change, before.key(), ChangePlace.of(now, before.key()));
        String set = "SET #writeId = :writeId, #expiresAt = :expiresAt, #requestUntil = :requestUntil,"
                + " #changed = :changed, #changedPlace = :changedPlace";
        Write write = Write.update(table, recordKey(before.key()), set + removed)
                .onlyIf(AS_SEEN + " AND NOT " + IS_ABSENT)
                .with("seenGeneration", text(before.generation()))
                .with("seenWriteId", text(before.writeId()))
                .with("now", seconds(now))
                .with("writeId", text(writeId))
                .with("requestUntil", seconds(now.plus(MEMORY)))
                .with("expiresAt", seconds(now.plus(REMAINS)));
        change.forEach(write::with);
        return write;
    }

    /** Returns true if an item is a record that is visible to readers. */
    static boolean isLiving(Map<String, AttributeValue> item, Instant now) {
        return item.containsKey(GENERATION) && !isExpired(item, now);
    }

    /** Returns the record of an item. */
    static CallRecord record(CallRecordKey key, Map<String, AttributeValue> item) {
        long version = numberOf(item, VERSION);
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        @Nullable AttributeValue document = item.get(DOCUMENT);
        if (document == null) {
            content.put("id", key.id());
            content.put("version", version);
            content.put("type", UNKNOWN_TYPE);
            content.put(MODALITIES, List.copyOf(modalitiesOf(item)));
        } else {
            content.putAll(contentOf(document));
            addModalities(content, modalitiesOf(item));
        }
        spanOf(item).writeTo(content);
        content.putIfAbsent("lastModifiedDateTime", textOf(item, LAST_MODIFIED));
        return new CallRecord(
                key,
                textOf(item, GENERATION),
                textOf(item, PARTICIPANT_GENERATION),
                version,
                content,
                numberOf(item, REVISION),
                textOf(item, DynamoDb.WRITE_ID),
                expiryOf(item));
    }

    static Span spanOf(Map<String, AttributeValue> item) {
        return new Span(
                new GraphInstant(textOf(item, START)),
                textOf(item, START_TEXT),
                new GraphInstant(textOf(item, END)),
                textOf(item, END_TEXT));
    }

    void putSpan(Map<String, AttributeValue> item, CallRecordKey key, Span span) {
        item.put(START, text(span.start().key()));
        item.put(START_TEXT, text(span.startText()));
        item.put(END, text(span.end().key()));
        item.put(END_TEXT, text(span.endText()));
        item.put(LISTED, text(listedByStart(key.tenant(), shards.of(key))));
        item.put(PLACE, text(span.start().key() + "#" + Keys.join(key.id())));
    }

    /** Puts the place of the last change. */
    void putChange(Map<String, AttributeValue> item, CallRecordKey key, String place) {
        item.put(CHANGED, text(changedIn(key.tenant(), shards.of(key))));
        item.put(CHANGED_PLACE, text(place));
    }

    /** Returns when a record that is stored now expires; null if it does not. */
    @Nullable
    Instant expiry(Instant now) {
        return limits.retention().isZero()
                ? null
                : Instant.ofEpochSecond(now.plus(limits.retention()).getEpochSecond());
    }

    // ---- outcomes

    /** Returns the outcome of the deletion of a child, whose condition is in the first write. */
    static RecordChangeOutcome<Void> deleted(WriteOutcome outcome) {
        if (outcome instanceof WriteOutcome.Rejected rejected) {
            return rejected.parts().getFirst().found().isEmpty()
                    ? new RecordChangeOutcome.Gone<>()
                    : new RecordChangeOutcome.Overtaken<>();
        }
        return done();
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    static RecordChangeOutcome<Void> done() {
        return new RecordChangeOutcome.Done<>(null);
    }
}
