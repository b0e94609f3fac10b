package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MOVED_TO;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.REVISION;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Reconciled;
import io.switchboard.callrecords.store.DynamoDbCallSessionItems.StoredCallSession;
import io.switchboard.callrecords.store.DynamoDbCallSessionItems.StoredPieces;
import io.switchboard.callrecords.store.DynamoDbRecordGrowth.UpdatedRecord;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempt;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.json.Json;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Posts, reads, changes and deletes the sessions of call records in the CallRecords table. Thread-safe. */
final class DynamoDbCallSessions implements CallSessionPoster, CallSessionStore {
    /** Longer content is not packed again to find out where its segments are, in bytes of JSON. */
    private static final int LONGEST_PACKED_AGAIN = 16 * 1_024;

    private final DynamoDb dynamoDb;
    private final RecordLimits limits;
    private final CallRecordReader records;
    private final DynamoDbRecordGrowth growth;
    private final DynamoDbCallSessionItems items;
    private final DynamoDbCallSessionReader reader;
    private final DynamoDbRequestMemory memory;

    DynamoDbCallSessions(
            DynamoDb dynamoDb,
            String table,
            RecordLimits limits,
            CallRecordReader records,
            DynamoDbRecordGrowth growth) {
        this.dynamoDb = dynamoDb;
        this.limits = limits;
        this.records = records;
        this.growth = growth;
        this.items = new DynamoDbCallSessionItems(table);
        this.reader = new DynamoDbCallSessionReader(dynamoDb, table);
        this.memory = new DynamoDbRequestMemory(dynamoDb, table);
    }

    // ---- posts

    @Override
    public PostSessionOutcome post(CallRecordKey key, NewCallSession session, Instant now) {
        @Nullable IdempotencyKey request = session.idempotencyKey();
        PackedSession packed = DynamoDbCallSessionItems.pack(key, session.key(), session.content(), request != null);
        @Nullable Oversize oversize = packed.oversize();
        if (oversize != null) {
            return new PostSessionOutcome.TooLarge(oversize);
        }
        boolean mayCreate = !limits.mustExist();
        @Nullable
        UpdatedRecord updated =
                growth.announce(key, session, mayCreate && request == null, now).orElse(null);
        if (updated == null && request != null) {
            // If the record is missing, the key is looked up first: a repeated request must not restore a resource that
            // was deleted since.
            @Nullable Map<String, AttributeValue> earlier = memory.find(key, request, now);
            if (earlier != null && !DynamoDbRequestMemory.isOfRequest(earlier, request)) {
                return new PostSessionOutcome.KeyReused();
            }
            // The same request, sent twice concurrently, may have created the record since.
            updated = mayCreate || earlier != null
                    ? growth.announce(key, session, earlier == null, now).orElse(null)
                    : null;
            if (updated == null && earlier != null) {
                return new PostSessionOutcome.Deleted();
            }
        }
        if (updated == null) {
            return new PostSessionOutcome.NoRecord();
        }
        PostSessionOutcome outcome = put(updated.partition(), session, packed, now);
        switch (outcome) {
            case PostSessionOutcome.Posted(CallSession stored) -> growth.widen(updated, stored, now);
            // An earlier attempt may have stored it and failed before it extended the record.
            case PostSessionOutcome.Replayed(CallSession stored) -> growth.widen(updated, stored, now);
            case PostSessionOutcome.Deleted deleted -> growth.withdraw(updated, now);
            case PostSessionOutcome.KeyReused reused -> growth.withdraw(updated, now);
            case PostSessionOutcome.Different different -> growth.withdraw(updated, now);
            case PostSessionOutcome.NoRecord noRecord -> growth.withdraw(updated, now);
            case PostSessionOutcome.TooLarge tooLarge -> growth.withdraw(updated, now);
        }
        return outcome;
    }

    private PostSessionOutcome put(Partition partition, NewCallSession session, PackedSession packed, Instant now) {
        @Nullable IdempotencyKey request = session.idempotencyKey();
        SessionKey key = partition.form(session.key());
        return WriteLoop.until("the session changed during every attempt", () -> {
            String writeId = DynamoDb.newWriteId();
            List<Write> writes = items.put(partition, key, packed, request, writeId);
            @Nullable ConflictingItem conflict = write(partition, writes, request, writeId, now);
            return conflict == null
                    ? new PostSessionOutcome.Posted(new CallSession(key, packed.content(), 1))
                    : evaluate(partition, session, conflict, now);
        });
    }

    /**
     * The items that made the conditions of a write fail.
     *
     * @param earlier the stored earlier request with the same key; null if there was none
     * @param found the conflicting item; empty if there is none
     */
    private record ConflictingItem(@Nullable Map<String, AttributeValue> earlier, Map<String, AttributeValue> found) {}

    /** Writes, and stores the request in the same transaction if it has a key. */
    private @Nullable ConflictingItem write(
            Partition partition, List<Write> writes, @Nullable IdempotencyKey request, String writeId, Instant now) {
        List<Write> all = new ArrayList<>(writes);
        if (request != null) {
            all.add(memory.store(
                    partition.record(), request, partition.generation(), partition.expiresAt(), writeId, now));
        }
        if (!(dynamoDb.write(writeId, all) instanceof WriteOutcome.Rejected rejected)) {
            return null;
        }
        WriteOutcome.Part last = rejected.parts().getLast();
        return new ConflictingItem(
                request != null && last.failed() ? last.found() : null,
                rejected.parts().getFirst().found());
    }

    /** Returns the outcome of posting a session that conflicts with an item; null if that item no longer exists. */
    private @Nullable PostSessionOutcome evaluate(
            Partition partition, NewCallSession session, ConflictingItem conflict, Instant now) {
        @Nullable IdempotencyKey request = session.idempotencyKey();
        if (conflict.earlier != null && request != null) {
            return repeated(partition, session.key(), conflict.earlier, request, now);
        }
        @Nullable StoredCallSession found = conflict.found.isEmpty() ? null : reader.ofItem(partition, conflict.found);
        if (found == null) {
            return null;
        }
        CallSession stored = found.session();
        String writeId = DynamoDb.newWriteId();
        List<Write> writes = List.of();
        switch (CallRecordTypes.session().reconcile(stored.content(), session.content())) {
            case Reconciled.Same() -> {
                if (request == null) {
                    return new PostSessionOutcome.Posted(stored);
                }
            }
            case Reconciled.Filled(var content) -> {
                PackedSession packed = DynamoDbCallSessionItems.pack(
                        partition.record(), stored.key(), content, found.requestKey() != null);
                @Nullable Oversize oversize = packed.oversize();
                if (oversize != null) {
                    return new PostSessionOutcome.TooLarge(oversize);
                }
                writes = items.replace(partition, stored, packed, StoredPieces.of(found), writeId);
                stored = new CallSession(stored.key(), packed.content(), stored.revision() + 1);
            }
            case Reconciled.Different(String target) -> {
                return new PostSessionOutcome.Different(stored, target);
            }
        }
        @Nullable ConflictingItem further = write(partition, writes, request, writeId, now);
        if (further == null) {
            return new PostSessionOutcome.Posted(stored);
        }
        return further.earlier == null || request == null
                ? null
                : repeated(partition, session.key(), further.earlier, request, now);
    }

    /**
     * Returns the outcome of a request whose key was used before. The same request has the same session in its body.
     */
    private PostSessionOutcome repeated(
            Partition partition,
            SessionKey posted,
            Map<String, AttributeValue> earlier,
            IdempotencyKey request,
            Instant now) {
        if (!DynamoDbRequestMemory.isOfRequest(earlier, request)) {
            return new PostSessionOutcome.KeyReused();
        }
        @Nullable String moved = textOrNull(earlier, MOVED_TO);
        SessionKey key = moved == null ? posted : SessionKey.ofText(moved);
        @Nullable StoredCallSession found = reader.find(partition, partition.form(key), true);
        if (found == null) {
            // The record may have been replaced since it was updated, or deleted and created again by the same request
            // sent twice.
            @Nullable CallRecord record = records.read(partition.record(), now).orElse(null);
            if (record != null && !record.generation().equals(partition.generation())) {
                Partition current = Partition.of(record);
                found = reader.find(current, current.form(key), true);
            }
        }
        return found == null ? new PostSessionOutcome.Deleted() : new PostSessionOutcome.Replayed(found.session());
    }

    // ---- reads

    @Override
    public Page<CallSession> sessions(CallRecord record, boolean withSegments, PageRequest page, int maximumBytes) {
        return reader.page(Partition.of(record), withSegments, page, maximumBytes);
    }

    @Override
    public long countSessions(CallRecord record) {
        return reader.count(Partition.of(record));
    }

    @Override
    public List<CallSession> sessions(CallRecord record, String id, boolean withSegments, int limit) {
        return CallRecordKey.fits(id) ? reader.ofId(Partition.of(record), id, withSegments, limit) : List.of();
    }

    @Override
    public List<CallSession> sessions(CallRecord record, SessionKey key, boolean withSegments, int limit) {
        if (!key.fits()) {
            return List.of();
        }
        Partition partition = Partition.of(record);
        if (key.digest().isEmpty()) {
            return reader.ofKey(partition, key, withSegments, limit);
        }
        @Nullable StoredCallSession found = reader.find(partition, key, withSegments);
        return found == null ? List.of() : List.of(found.session());
    }

    // ---- changes

    @Override
    public RecordChangeOutcome<CallSession> change(
            CallRecord record, CallSession before, SessionKey to, Map<String, @Nullable Object> content, Instant now) {
        Partition partition = Partition.of(record);
        SessionKey key = partition.form(to);
        PackedSession packed = DynamoDbCallSessionItems.pack(record.key(), key, content, false);
        @Nullable Oversize oversize = packed.oversize();
        if (oversize != null) {
            return new RecordChangeOutcome.TooLarge<>(oversize);
        }
        CallSession changed = new CallSession(key, packed.content(), before.revision() + 1);
        RecordChangeOutcome<CallSession> outcome = key.equals(before.key())
                ? replace(partition, before, changed, packed)
                : move(record, before, changed, packed, now);
        if (outcome instanceof RecordChangeOutcome.Done) {
            growth.widen(record, changed, now);
        }
        return outcome;
    }

    private RecordChangeOutcome<CallSession> replace(
            Partition partition, CallSession before, CallSession changed, PackedSession packed) {
        // Segments that do not change are usually stored in the same place as before.
        StoredPieces expected = packed.hasSameSegmentsAs(before.content())
                ? StoredPieces.of(packed)
                : expected(partition.record(), before);
        return write(
                before,
                expected,
                new RecordChangeOutcome.Done<>(changed),
                (stored, writeId) -> items.replace(partition, before, packed, stored, writeId));
    }

    /** Returns the pieces that a session has unless an earlier release stored it. */
    private static StoredPieces expected(CallRecordKey record, CallSession session) {
        boolean isLong = Json.escapedSize(session.content()) > LONGEST_PACKED_AGAIN;
        return !isLong
                        && DynamoDbCallSessionItems.pack(record, session.key(), session.content(), false)
                                .isInline()
                ? StoredPieces.NONE
                : StoredPieces.ANY;
    }

    /** Writes a change of the session that was read. If it has other pieces than expected, any are replaced. */
    private <T> RecordChangeOutcome<T> write(
            CallSession before,
            StoredPieces expected,
            RecordChangeOutcome<T> done,
            BiFunction<StoredPieces, String, List<Write>> writes) {
        return WriteLoop.until("a session was changed during every write", expected, stored -> {
            String writeId = DynamoDb.newWriteId();
            if (!(dynamoDb.write(writeId, writes.apply(stored, writeId)) instanceof WriteOutcome.Rejected rejected)) {
                return new Attempt.Done<>(done);
            }
            Map<String, AttributeValue> found = rejected.parts().getFirst().found();
            if (found.isEmpty()) {
                return new Attempt.Done<>(new RecordChangeOutcome.Gone<>());
            }
            return numberOf(found, REVISION) == before.revision()
                    ? new Attempt.Overtaken<>(StoredPieces.ANY)
                    : new Attempt.Done<>(new RecordChangeOutcome.Overtaken<>());
        });
    }

    private RecordChangeOutcome<CallSession> move(
            CallRecord record, CallSession before, CallSession changed, PackedSession packed, Instant now) {
        Partition partition = Partition.of(record);
        @Nullable StoredCallSession found = reader.find(partition, before.key(), false);
        if (found == null) {
            return new RecordChangeOutcome.Gone<>();
        }
        String writeId = DynamoDb.newWriteId();
        List<Write> writes = new ArrayList<>(items.delete(partition, before, StoredPieces.of(found)));
        writes.addAll(items.move(partition, found, changed, packed, writeId));
        if (found.requestKey() != null && found.requestHash() != null) {
            writes.add(memory.storeMove(record, found.requestKey(), found.requestHash(), changed.key(), writeId, now));
        }
        if (dynamoDb.write(writeId, writes) instanceof WriteOutcome.Rejected rejected) {
            WriteOutcome.Part departure = rejected.parts().getFirst();
            if (!departure.failed()) {
                return new RecordChangeOutcome.Taken<>();
            }
            return departure.found().isEmpty()
                    ? new RecordChangeOutcome.Gone<>()
                    : new RecordChangeOutcome.Overtaken<>();
        }
        return new RecordChangeOutcome.Done<>(changed);
    }

    @Override
    public RecordChangeOutcome<Void> delete(CallRecord record, CallSession before, Instant now) {
        Partition partition = Partition.of(record);
        return write(
                before,
                expected(record.key(), before),
                DynamoDbCallRecordItems.done(),
                (stored, writeId) -> items.delete(partition, before, stored));
    }
}
