package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.modalities;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.modalitiesOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.putModalities;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.putSpan;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.spanOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.CREATED_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.EXPIRES_AT;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.LAST_MODIFIED;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MODALITIES;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTITION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.VERSION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.putExpiry;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
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
 * Lets call records grow with their sessions, in three steps: a session is announced to its record, which is made if there is none; the session
 * is written; the record widens to hold the session's start and end. Thread-safe.
 */
final class DynamoDbRecordGrowth {
    private static final String CONTENTION = "the call record changed under every attempt";

    private static final String IS_LIVING =
            "attribute_exists(#generation) AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now)";

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbCallRecordItems items;
    private final DynamoDbDayDirectory days;

    DynamoDbRecordGrowth(DynamoDb dynamoDb, String table, DynamoDbCallRecordItems items, DynamoDbDayDirectory days) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.items = items;
        this.days = days;
    }

    /**
     * A record that a session was announced to.
     *
     * @param span what it holds after the update, which need not be the session's
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

    /** Makes or touches the record; nothing if there is none and none may be made. */
    Optional<UpdatedRecord> announce(CallRecordKey key, NewCallSession session, boolean mayMake, Instant now) {
        return WriteLoop.until(CONTENTION, !mayMake, requiresRecord -> {
            Map<String, AttributeValue> made = made(key, session, DynamoDb.newWriteId(), now);
            return switch (dynamoDb.update(touch(key, made, requiresRecord, now))) {
                case UpdateOutcome.Updated(var before) ->
                    new Attempt.Done<>(Optional.of(
                            before.isEmpty()
                                    ? UpdatedRecord.made(key, made)
                                    : UpdatedRecord.touched(key, before, session)));
                case UpdateOutcome.Refused refused
                when isLiving(refused.found(), now) ->
                    // It is kept for good, as a setting said when it came into being.
                    new Attempt.Overtaken<>(true);
                case UpdateOutcome.Refused refused ->
                    mayMake ? makeAgain(key, session, now) : new Attempt.Done<>(Optional.empty());
            };
        });
    }

    /** Makes a record in the place of one that has ended. */
    private Attempt<Boolean, Optional<UpdatedRecord>> makeAgain(
            CallRecordKey key, NewCallSession session, Instant now) {
        // Under a generation of its own: an attempt whose answer was lost may have made the one that has ended here.
        String writeId = DynamoDb.newWriteId();
        Map<String, AttributeValue> made = made(key, session, writeId, now);
        return dynamoDb.write(writeId, List.of(items.putAbsent(made, now))) instanceof WriteOutcome.Written
                ? new Attempt.Done<>(Optional.of(UpdatedRecord.made(key, made)))
                : new Attempt.Overtaken<>(false);
    }

    /** A record that a session brings into being. */
    private Map<String, AttributeValue> made(
            CallRecordKey key, NewCallSession session, String generation, Instant now) {
        Map<String, AttributeValue> item = recordKey(key);
        Span span = Span.of(session.content(), new GraphInstant(session.key().start()), session.end());
        putSpan(item, key, span);
        putModalities(item, modalities(session.content()));
        item.put(GENERATION, text(generation));
        item.put(PARTICIPANT_GENERATION, text(generation));
        item.put(DynamoDb.WRITE_ID, text(generation));
        item.put(VERSION, number(0));
        item.put(REVISION, number(1));
        item.put(CREATED_AT, text(now.toString()));
        item.put(LAST_MODIFIED, text(now.toString()));
        putExpiry(item, items.expiry(now));
        return item;
    }

    /**
     * Makes a record for a session where there is none, and else lets it hold the session's modalities. The rest of it
     * stays; what may have to grow besides is seen from the answer.
     *
     * @param made the record, where there is none
     * @param requiresRecord whether it is only done where there is one
     */
    private Write touch(CallRecordKey key, Map<String, AttributeValue> made, boolean requiresRecord, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>(made);
        values.keySet().removeAll(List.of(PARTITION, KEY));
        if (requiresRecord) {
            values.remove(EXPIRES_AT);
        }
        boolean expires = values.containsKey(EXPIRES_AT);
        StringBuilder change = new StringBuilder("SET #" + LAST_MODIFIED + " = :" + LAST_MODIFIED);
        for (String name : values.keySet()) {
            if (!List.of(LAST_MODIFIED, MODALITIES, REVISION).contains(name)) {
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

    /** A record that is kept for good must not begin to expire by being touched. */
    private static String touchable(boolean expires) {
        return expires ? "(attribute_exists(#generation) AND #expiresAt > :now)" : "(" + IS_LIVING + ")";
    }

    // ---- after a session was refused

    /** Takes back what the record got for a session that was refused. */
    void withdraw(UpdatedRecord updated) {
        if (!updated.added.isEmpty()) {
            Partition partition = updated.partition;
            dynamoDb.update(withdraw(partition.record(), partition.generation(), updated.revision, updated.added));
        }
    }

    /** Takes back modalities that a record got for a session that was refused, if nothing else has come since. */
    private Write withdraw(CallRecordKey key, String generation, long revision, Set<String> modalities) {
        return Write.update(
                        table, recordKey(key), "ADD #" + REVISION + " :one DELETE #" + MODALITIES + " :" + MODALITIES)
                .onlyIf("#generation = :seenGeneration AND #revision = :seenRevision")
                .with("seenGeneration", text(generation))
                .with("seenRevision", number(revision))
                .with("one", number(1))
                .with(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
    }

    // ---- after a session was written

    /** Lets the record hold a session that was announced to it, unless its generation has ended. */
    void widen(UpdatedRecord updated, CallSession session, Instant now) {
        // The record has the session's modalities already.
        widen(updated.partition, updated.span, modalities(session.content()), session, now);
    }

    /** Lets the record hold a session that it has, unless its generation has ended. */
    void widen(CallRecord record, CallSession session, Instant now) {
        Map<String, @Nullable Object> content = record.content();
        widen(Partition.of(record), Span.of(content), modalities(content), session, now);
    }

    /**
     * What a record holds.
     *
     * @param missing the modalities of a session that it does not have
     */
    private record Extent(Span span, Set<String> missing) {}

    private void widen(Partition partition, Span seen, Set<String> seenModalities, CallSession session, Instant now) {
        Span wanted = Span.of(session.content());
        Set<String> missing = modalities(session.content());
        missing.removeAll(seenModalities);
        WriteLoop.until(CONTENTION, new Extent(seen, missing), extent -> widen(partition, extent, wanted, now));
    }

    /** @return whether the record was widened */
    private Attempt<Extent, Boolean> widen(Partition partition, Extent seen, Span wanted, Instant now) {
        Span wider = seen.span.widenedBy(wanted);
        if (wider.equals(seen.span) && seen.missing.isEmpty()) {
            return new Attempt.Done<>(false);
        }
        if (!wider.start().equals(seen.span.start())) {
            days.announce(partition.record().tenant(), wider.start().day(), now);
        }
        Write write = widen(partition.record(), partition.generation(), seen.span, wider, seen.missing, now);
        if (!(dynamoDb.update(write) instanceof UpdateOutcome.Refused refused)) {
            return new Attempt.Done<>(true);
        }
        if (!partition.generation().equals(textOrNull(refused.found(), GENERATION))) {
            return new Attempt.Done<>(false);
        }
        Set<String> missing = new TreeSet<>(seen.missing);
        missing.removeAll(modalitiesOf(refused.found()));
        return new Attempt.Overtaken<>(new Extent(spanOf(refused.found()), missing));
    }

    /** Lets a record hold a longer span and more modalities than it was seen with. */
    private Write widen(
            CallRecordKey key, String generation, Span seen, Span wider, Set<String> modalities, Instant now) {
        Map<String, AttributeValue> span = new HashMap<>();
        putSpan(span, key, wider);
        StringBuilder change = new StringBuilder("SET #" + LAST_MODIFIED + " = :" + LAST_MODIFIED);
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
