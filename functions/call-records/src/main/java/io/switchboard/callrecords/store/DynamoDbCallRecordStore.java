package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.record;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.VERSION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.callrecords.store.DynamoDbCallRecordStaging.StagedChildren;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Stores call records and their children in the CallRecords table.
 *
 * <p>The item {@code RECORD} names the generation of the sessions and the generation of the participants. One
 * conditional write of that item ends a generation. The children of an ended generation are invisible at once and
 * {@link #sweep swept} later, so a write of a child does not depend on the state of its record. See
 * {@code docs/decisions/0018} for the reasons. Thread-safe.
 */
public final class DynamoDbCallRecordStore
        implements CallRecordStore,
                CallRecordChanges,
                CallSessionPoster,
                CallSessionStore,
                ParticipantStore,
                EndedGenerations {
    private final DynamoDb dynamoDb;
    private final String table;
    private final WriteLoop loop;
    private final DynamoDbCallRecordItems items;
    private final DynamoDbCallRecordStaging staging;
    private final DynamoDbCallRecordList list;
    private final DynamoDbRecordChanges changes;
    private final DynamoDbCallSessions sessions;
    private final DynamoDbParticipants participants;
    private final DynamoDbCallRecordSweep sweep;

    /** Creates a store in this table. */
    public DynamoDbCallRecordStore(DynamoDb dynamoDb, String table, RecordLimits limits) {
        this(dynamoDb, table, limits, IndexShards.DEFAULT);
    }

    /** Creates a store with another number of shards, for tests. */
    DynamoDbCallRecordStore(DynamoDb dynamoDb, String table, RecordLimits limits, IndexShards shards) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.loop = new WriteLoop(dynamoDb);
        this.items = new DynamoDbCallRecordItems(table, limits, shards);
        this.staging = new DynamoDbCallRecordStaging(dynamoDb, table);
        this.participants = new DynamoDbParticipants(dynamoDb, table);
        this.list = new DynamoDbCallRecordList(
                dynamoDb, table, new DynamoDbTimeIndexes(dynamoDb, table, shards), participants);
        this.changes = new DynamoDbRecordChanges(dynamoDb, table, shards, list);
        DynamoDbRecordGrowth growth = new DynamoDbRecordGrowth(dynamoDb, table, items);
        this.sessions = new DynamoDbCallSessions(dynamoDb, table, limits, this, growth);
        this.sweep = new DynamoDbCallRecordSweep(dynamoDb, table);
    }

    // ---- call records

    @Override
    public PutRecordOutcome put(NewCallRecord requested, Instant now) {
        JsonDocument document = JsonDocument.of(requested.content());
        if (!document.fits()) {
            return new PutRecordOutcome.TooLarge("", document.oversize());
        }
        StagedChildren children = staging.of(requested);
        if (children.tooLarge() != null) {
            return children.tooLarge();
        }
        @Nullable
        Map<String, AttributeValue> read = children.isEmpty() ? null : dynamoDb.get(table, recordKey(requested.key()));
        return loop.decide("the call record changed during every attempt", now, attempts -> {
            WriteOutcome.@Nullable Rejected rejected = attempts.rejected();
            Map<String, AttributeValue> seen = rejected == null
                    ? Objects.requireNonNullElse(read, Map.of())
                    : rejected.parts().getFirst().found();
            boolean isOwnWrite = attempts.landed(textOrNull(seen, DynamoDb.WRITE_ID)) != null;
            @Nullable PutRecordOutcome outcome = evaluate(requested, seen, isOwnWrite, now);
            if (outcome != null) {
                children.drop();
                return Step.none(outcome);
            }
            return replace(requested, document, seen, children, attempts);
        });
    }

    /** Returns the writes with which a posted record replaces the stored one, with all its children. */
    private Step<PutRecordOutcome> replace(
            NewCallRecord requested,
            JsonDocument document,
            Map<String, AttributeValue> seen,
            StagedChildren children,
            WriteLoop.Attempts<PutRecordOutcome> attempts) {
        CallRecordKey key = requested.key();
        Instant now = attempts.now();
        boolean isReplaced = isLiving(seen, now);
        boolean keepsChildren = isReplaced && numberOf(seen, VERSION) == 0;
        boolean keepsSessions = keepsChildren && requested.sessions() == null;
        boolean keepsParticipants = keepsChildren && requested.participants() == null;
        // Children expire with their record, so a record that keeps children keeps their expiry.
        @Nullable Instant expiresAt = keepsSessions || keepsParticipants ? expiryOf(seen) : items.expiry(now);
        String generation = children.stage(expiresAt, now);
        Map<String, AttributeValue> item = items.posted(
                requested,
                document,
                keepsSessions ? textOf(seen, GENERATION) : generation,
                keepsParticipants ? textOf(seen, PARTICIPANT_GENERATION) : generation,
                expiresAt,
                now);
        item.put(DynamoDb.WRITE_ID, text(attempts.writeId()));
        List<Write> writes = new ArrayList<>();
        writes.add(isReplaced ? items.replace(item, seen) : items.putAbsent(item, requested.idempotencyKey(), now));
        if (!children.isEmpty()) {
            writes.add(children.unstage());
        }
        return new Step<>(new PutRecordOutcome.Stored(record(key, item)), writes);
    }

    /** Returns the outcome of posting a record over the stored one; null if it must be stored. */
    private static @Nullable PutRecordOutcome evaluate(
            NewCallRecord requested, Map<String, AttributeValue> seen, boolean isOwnWrite, Instant now) {
        CallRecordKey key = requested.key();
        @Nullable IdempotencyKey request = requested.idempotencyKey();
        boolean isLiving = isLiving(seen, now);
        if (isLiving && isOwnWrite) {
            // An attempt that timed out has succeeded since.
            return new PutRecordOutcome.Stored(record(key, seen));
        }
        if (request != null && DynamoDbRequestMemory.isOfKey(seen, request, now)) {
            if (!DynamoDbRequestMemory.isOfRequest(seen, request)) {
                return new PutRecordOutcome.KeyReused();
            }
            return isLiving ? new PutRecordOutcome.Replayed(record(key, seen)) : new PutRecordOutcome.Deleted();
        }
        return isLiving && numberOf(seen, VERSION) >= requested.version()
                ? new PutRecordOutcome.Unchanged(record(key, seen))
                : null;
    }

    @Override
    public Optional<CallRecord> read(CallRecordKey key, Instant now) {
        if (!CallRecordKey.fits(key.id())) {
            return Optional.empty();
        }
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, recordKey(key));
        return item == null || !isLiving(item, now) ? Optional.empty() : Optional.of(record(key, item));
    }

    @Override
    public RecordChangeOutcome<CallRecord> change(
            CallRecord before, Map<String, @Nullable Object> content, Instant now) {
        JsonDocument document = JsonDocument.of(content);
        if (!document.fits()) {
            return new RecordChangeOutcome.TooLarge<>(document.oversize());
        }
        Map<String, AttributeValue> changed = items.changed(before, content, document, now);
        String writeId = DynamoDb.newWriteId();
        if (dynamoDb.write(writeId, List.of(items.change(before, changed, writeId, now)))
                instanceof WriteOutcome.Rejected rejected) {
            return isLiving(rejected.parts().getFirst().found(), now)
                    ? new RecordChangeOutcome.Overtaken<>()
                    : new RecordChangeOutcome.Gone<>();
        }
        return new RecordChangeOutcome.Done<>(record(before, changed, writeId));
    }

    @Override
    public RecordChangeOutcome<Void> delete(CallRecord before, Instant now) {
        String writeId = DynamoDb.newWriteId();
        if (dynamoDb.write(writeId, List.of(items.end(before, writeId, now)))
                instanceof WriteOutcome.Rejected rejected) {
            return isLiving(rejected.parts().getFirst().found(), now)
                    ? new RecordChangeOutcome.Overtaken<>()
                    : new RecordChangeOutcome.Gone<>();
        }
        return DynamoDbCallRecordItems.done();
    }

    @Override
    public Page<CallRecord> list(
            String tenant, CallRecordFilter filter, ListOrder order, PageRequest page, Instant now) {
        return list.page(tenant, filter, order, page, now);
    }

    @Override
    public long count(String tenant, CallRecordFilter filter, Instant now) {
        return list.count(tenant, filter, now);
    }

    @Override
    public ChangesPage changes(String tenant, ChangesPosition after, int size, Instant now) {
        return changes.changes(tenant, after, size, now);
    }

    // ---- sessions

    @Override
    public PostSessionOutcome post(CallRecordKey key, NewCallSession session, Instant now) {
        return sessions.post(key, session, now);
    }

    @Override
    public Page<CallSession> sessions(CallRecord record, boolean withSegments, PageRequest page, int maximumBytes) {
        return sessions.sessions(record, withSegments, page, maximumBytes);
    }

    @Override
    public long countSessions(CallRecord record) {
        return sessions.countSessions(record);
    }

    @Override
    public List<CallSession> sessions(CallRecord record, String id, boolean withSegments, int limit) {
        return sessions.sessions(record, id, withSegments, limit);
    }

    @Override
    public List<CallSession> sessions(CallRecord record, SessionKey key, boolean withSegments, int limit) {
        return sessions.sessions(record, key, withSegments, limit);
    }

    @Override
    public RecordChangeOutcome<CallSession> change(
            CallRecord record, CallSession before, SessionKey key, Map<String, @Nullable Object> content, Instant now) {
        return sessions.change(record, before, key, content, now);
    }

    @Override
    public RecordChangeOutcome<Void> delete(CallRecord record, CallSession before, Instant now) {
        return sessions.delete(record, before, now);
    }

    // ---- participants

    @Override
    public Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes) {
        return participants.participants(record, page, maximumBytes);
    }

    @Override
    public long countParticipants(CallRecord record) {
        return participants.countParticipants(record);
    }

    @Override
    public List<Participant> participants(CallRecord record, String id, String digest, int limit) {
        return participants.participants(record, id, digest, limit);
    }

    @Override
    public PostParticipantOutcome post(CallRecord record, Participant participant, Instant now) {
        return participants.post(record, participant, now);
    }

    @Override
    public RecordChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now) {
        return participants.change(record, before, content, now);
    }

    @Override
    public RecordChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now) {
        return participants.delete(record, before, now);
    }

    // ---- ended generations

    @Override
    public boolean sweep(CallRecordKey key, String generation, Instant now) {
        return sweep.sweep(key, generation, now);
    }
}
