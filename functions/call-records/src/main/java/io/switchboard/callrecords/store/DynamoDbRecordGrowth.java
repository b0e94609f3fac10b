package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.spanOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CHANGED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CHANGED_PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CREATED_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.LAST_MODIFIED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MODALITIES;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MODIFIED_PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTITION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.VERSION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.newGeneration;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.callrecords.store.DynamoDbModalities.modalities;
import static io.switchboard.callrecords.store.DynamoDbModalities.modalitiesOf;
import static io.switchboard.callrecords.store.DynamoDbModalities.putModalities;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.UpdateOutcome;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempt;
import io.switchboard.dynamodb.WriteOutcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Extends call records when sessions are added, in three steps: the session is announced to its record, which is
 * created if it does not exist; the session is written; the record is extended to include the session's start and end.
 * Thread-safe.
 */
final class DynamoDbRecordGrowth {
    private static final String CONTENTION = "the call record changed during every attempt";

    private static final String IS_LIVING =
            "attribute_exists(#generation) AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now)";

    /** The attributes that each session sets, besides the times. */
    private static final List<String> OF_EACH_SESSION = List.of(CHANGED, CHANGED_PLACE);

    /** Sets the time of the last session. The place in the index follows it, unless the document has a time. */
    private static final String SET_MODIFIED =
            "SET #lastModified = :lastModified, #modifiedPlace = if_not_exists(#fixedPlace, :modifiedPlace)";

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbCallRecordItems items;

    DynamoDbRecordGrowth(DynamoDb dynamoDb, String table, DynamoDbCallRecordItems items) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.items = items;
    }

    /**
     * A record to which a session was announced.
     *
     * @param span its span after the update, which need not include the session's
     * @param added the modalities that the update added
     */
    record UpdatedRecord(Partition partition, Span span, Set<String> added, long revision) {
        private static UpdatedRecord made(CallRecordKey key, Map<String, AttributeValue> item) {
            return of(key, item, Set.of(), 1);
        }

        private static UpdatedRecord touched(
                CallRecordKey key, Map<String, AttributeValue> before, NewCallSession session) {
            Set<String> added = modalities(session.content());
            added.removeAll(modalitiesOf(before));
            return of(key, before, added, numberOf(before, REVISION) + 1);
        }

        private static UpdatedRecord of(
                CallRecordKey key, Map<String, AttributeValue> item, Set<String> added, long revision) {
            return new UpdatedRecord(
                    new Partition(key, textOf(item, GENERATION), expiryOf(item)), spanOf(item), added, revision);
        }
    }

    // ---- before a session is written

    /** Creates or updates the record; empty if it does not exist and must not be created. */
    Optional<UpdatedRecord> announce(CallRecordKey key, NewCallSession session, boolean mayCreate, Instant now) {
        return WriteLoop.until(CONTENTION, !mayCreate, requiresRecord -> {
            Map<String, AttributeValue> made = made(key, session, newGeneration(), now);
            return switch (dynamoDb.update(touch(key, made, requiresRecord, now))) {
                case UpdateOutcome.Updated(var before) ->
                    new Attempt.Done<>(Optional.of(
                            before.isEmpty()
                                    ? UpdatedRecord.made(key, made)
                                    : UpdatedRecord.touched(key, before, session)));
                case UpdateOutcome.Rejected rejected
                when isLiving(rejected.found(), now) ->
                    // The record has no expiry: the retention at its creation was zero.
                    new Attempt.Overtaken<>(true);
                case UpdateOutcome.Rejected rejected ->
                    mayCreate ? recreate(key, session, now) : new Attempt.Done<>(Optional.empty());
            };
        });
    }

    /** Creates a record in place of an ended one. */
    private Attempt<Boolean, Optional<UpdatedRecord>> recreate(CallRecordKey key, NewCallSession session, Instant now) {
        // A new generation: an attempt whose response was lost may have created the one that has ended here.
        String generation = newGeneration();
        Map<String, AttributeValue> made = made(key, session, generation, now);
        return dynamoDb.write(generation, List.of(items.putAbsent(made, now))) instanceof WriteOutcome.Written
                ? new Attempt.Done<>(Optional.of(UpdatedRecord.made(key, made)))
                : new Attempt.Overtaken<>(false);
    }

    /** Returns the item of a record that a session creates. */
    private Map<String, AttributeValue> made(
            CallRecordKey key, NewCallSession session, String generation, Instant now) {
        Map<String, AttributeValue> item = recordKey(key);
        Span span = Span.of(session.content(), new GraphInstant(session.key().start()), session.end());
        items.putSpan(item, key, span);
        items.putChange(item, key, ChangePlace.ofSession(now, key));
        putModalities(item, modalities(session.content()));
        item.put(GENERATION, text(generation));
        item.put(PARTICIPANT_GENERATION, text(generation));
        item.put(DynamoDb.WRITE_ID, text(generation));
        item.put(VERSION, number(0));
        item.put(REVISION, number(1));
        item.put(CREATED_AT, text(now.toString()));
        item.put(LAST_MODIFIED, text(now.toString()));
        item.put(MODIFIED_PLACE, text(ModifiedPlace.of(key, now)));
        putExpiry(item, items.expiry(now));
        return item;
    }

    /**
     * Returns the write that creates a record for a session, or adds the session's modalities to an existing record.
     * Other attributes stay; the response shows whether the span must be extended too.
     *
     * @param made the record to create if none exists
     * @param requiresRecord whether the record must exist
     */
    private Write touch(CallRecordKey key, Map<String, AttributeValue> made, boolean requiresRecord, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>(made);
        values.keySet().removeAll(List.of(PARTITION, KEY));
        if (requiresRecord) {
            values.remove(EXPIRES_AT);
        }
        boolean expires = values.containsKey(EXPIRES_AT);
        StringBuilder change = new StringBuilder(SET_MODIFIED);
        for (String name : values.keySet()) {
            if (OF_EACH_SESSION.contains(name)) {
                change.append(", #%1$s = :%1$s".formatted(name));
            } else if (!List.of(LAST_MODIFIED, MODIFIED_PLACE, MODALITIES, REVISION)
                    .contains(name)) {
                change.append(", #%1$s = if_not_exists(#%1$s, :%1$s)".formatted(name));
            }
        }
        change.append(" ADD #" + REVISION + " :" + REVISION);
        if (values.containsKey(MODALITIES)) {
            change.append(", #" + MODALITIES + " :" + MODALITIES);
        }
        Write write = Write.update(table, recordKey(key), change.toString())
                .onlyIf(requiresRecord ? IS_LIVING : "attribute_not_exists(#key) OR " + touchable(expires))
                .with("now", seconds(now));
        values.forEach(write::with);
        return write;
    }

    /** Returns the condition for updating a record. A record that never expires must not get an expiry. */
    private static String touchable(boolean expires) {
        return expires ? "(attribute_exists(#generation) AND #expiresAt > :now)" : "(" + IS_LIVING + ")";
    }

    // ---- after a session was rejected

    /** Removes from the record what a rejected session added. */
    void withdraw(UpdatedRecord updated, Instant now) {
        if (!updated.added.isEmpty()) {
            Partition partition = updated.partition;
            dynamoDb.update(withdraw(partition.record(), partition.generation(), updated.revision, updated.added, now));
        }
    }

    /** Returns the write that removes the modalities a rejected session added, if the record has not changed since. */
    private Write withdraw(CallRecordKey key, String generation, long revision, Set<String> modalities, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>();
        items.putChange(values, key, ChangePlace.ofSession(now, key));
        Write write = Write.update(
                        table,
                        recordKey(key),
                        "SET #changed = :changed, #changedPlace = :changedPlace ADD #" + REVISION + " :one DELETE #"
                                + MODALITIES + " :" + MODALITIES)
                .onlyIf("#generation = :seenGeneration AND #revision = :seenRevision")
                .with("seenGeneration", text(generation))
                .with("seenRevision", number(revision))
                .with("one", number(1))
                .with(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
        values.forEach(write::with);
        return write;
    }

    // ---- after a session was written

    /** Extends the record to include a session that was announced to it, unless its generation has ended. */
    void widen(UpdatedRecord updated, CallSession session, Instant now) {
        // The record already has the session's modalities.
        widen(updated.partition, updated.span, modalities(session.content()), session, now);
    }

    /** Extends the record to include one of its sessions, unless its generation has ended. */
    void widen(CallRecord record, CallSession session, Instant now) {
        Map<String, @Nullable Object> content = record.content();
        widen(Partition.of(record), Span.of(content), modalities(content), session, now);
    }

    /**
     * The extent of a record.
     *
     * @param missing the modalities of a session that the record lacks
     */
    private record Extent(Span span, Set<String> missing) {}

    private void widen(Partition partition, Span seen, Set<String> seenModalities, CallSession session, Instant now) {
        Span requested = Span.of(session.content());
        Set<String> missing = modalities(session.content());
        missing.removeAll(seenModalities);
        WriteLoop.until(CONTENTION, new Extent(seen, missing), extent -> widen(partition, extent, requested, now));
    }

    /** @return whether the record was extended */
    private Attempt<Extent, Boolean> widen(Partition partition, Extent seen, Span requested, Instant now) {
        Span wider = seen.span.widenedBy(requested);
        if (wider.equals(seen.span) && seen.missing.isEmpty()) {
            return new Attempt.Done<>(false);
        }
        Write write = widen(partition.record(), partition.generation(), seen.span, wider, seen.missing, now);
        if (!(dynamoDb.update(write) instanceof UpdateOutcome.Rejected rejected)) {
            return new Attempt.Done<>(true);
        }
        if (!partition.generation().equals(textOrNull(rejected.found(), GENERATION))) {
            return new Attempt.Done<>(false);
        }
        Set<String> missing = new TreeSet<>(seen.missing);
        missing.removeAll(modalitiesOf(rejected.found()));
        return new Attempt.Overtaken<>(new Extent(spanOf(rejected.found()), missing));
    }

    /** Returns the write that extends the span and modalities of a record, if they are still those that were read. */
    private Write widen(
            CallRecordKey key, String generation, Span seen, Span wider, Set<String> modalities, Instant now) {
        Map<String, AttributeValue> span = new HashMap<>();
        items.putSpan(span, key, wider);
        items.putChange(span, key, ChangePlace.ofSession(now, key));
        StringBuilder change = new StringBuilder(SET_MODIFIED);
        span.keySet()
                .forEach(
                        name -> change.append(", #").append(name).append(" = :").append(name));
        change.append(" ADD #" + REVISION + " :one");
        if (!modalities.isEmpty()) {
            change.append(", #" + MODALITIES + " :" + MODALITIES);
        }
        Write write = Write.update(table, recordKey(key), change.toString())
                .onlyIf("#generation = :generation AND #start = :seenStart AND #end = :seenEnd")
                .with(LAST_MODIFIED, text(now.toString()))
                .with(MODIFIED_PLACE, text(ModifiedPlace.of(key, now)))
                .with("one", number(1))
                .with(GENERATION, text(generation))
                .with("seenStart", text(seen.start().key()))
                .with("seenEnd", text(seen.end().key()));
        span.forEach(write::with);
        if (!modalities.isEmpty()) {
            write.with(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
        }
        return write;
    }
}
