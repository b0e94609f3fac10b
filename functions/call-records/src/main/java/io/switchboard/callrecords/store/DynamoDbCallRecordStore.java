package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.MOVED_TO;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.REVISION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.VERSION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.expiryOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.modalities;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.modalitiesOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.numberOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.record;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.spanOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.text;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.textOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.textOrNull;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Reconciled;
import io.switchboard.callrecords.store.DynamoDbCallRecordSessions.Found;
import io.switchboard.callrecords.store.DynamoDbCallRecordSessions.Place;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.UpdateOutcome;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Call records in the CallRecordOperations table, whose items {@link DynamoDbCallRecordItems} and {@link DynamoDbCallRecordSessions}
 * describe.
 *
 * <p>The item {@code RECORD} names the generation under which the sessions lie, and another one for the participants.
 * Whoever ends a generation does it by one conditional write of that item; what lies under it is invisible from then on, and
 * {@link #sweep swept} later. So no write of a child needs to know what becomes of its record. {@code docs/decisions/0018}
 * argues all of it. Thread-safe.
 */
public final class DynamoDbCallRecordStore implements CallRecordStore {
    private static final String IN_RANGE = "#record = :record AND #key BETWEEN :from AND :to";
    private static final String BELOW = " ";
    private static final String ABOVE = "\u007F";

    private final DynamoDb dynamoDb;
    private final String table;
    private final RecordLimits limits;
    private final DynamoDbCallRecordItems items;
    private final DynamoDbCallRecordSessions sessions;
    private final DynamoDbCallRecordStaging staging;
    private final DynamoDbCallRecordList list;
    private final DynamoDbCallRecordSweep sweep;
    private final AnnouncedDays announced = new AnnouncedDays();

    /** A store in this table. */
    public DynamoDbCallRecordStore(DynamoDb dynamoDb, String table, RecordLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
        this.items = new DynamoDbCallRecordItems(table, limits);
        this.sessions = new DynamoDbCallRecordSessions(dynamoDb, table);
        this.staging = new DynamoDbCallRecordStaging(dynamoDb, items, sessions);
        this.list = new DynamoDbCallRecordList(dynamoDb, table);
        this.sweep = new DynamoDbCallRecordSweep(dynamoDb, table, items);
    }

    // ---- sessions that are posted

    @Override
    public PostSessionOutcome post(CallRecordKey key, NewSession session, Instant now) {
        PackedSession packed = PackedSession.of(session.content());
        PackedSession.@Nullable Oversize oversize = packed.oversize();
        if (oversize != null) {
            return new PostSessionOutcome.TooLarge(oversize.bytes(), oversize.maximum());
        }
        @Nullable IdempotencyKey request = session.idempotencyKey();
        boolean mayMake = !limits.mustExist();
        @Nullable Touched touched = touch(key, session, mayMake && request == null, now);
        if (touched == null && request != null) {
            // Where there is no record a key is looked up first: the repetition of a request must not bring back what
            // was deleted since.
            @Nullable Map<String, AttributeValue> memory = memory(key, request, now);
            if (memory != null && !DynamoDbCallRecordItems.isOfRequest(memory, request)) {
                return new PostSessionOutcome.KeyReused();
            }
            // What is remembered may have been done since: the same request, sent twice at once, has made the record.
            touched = mayMake || memory != null ? touch(key, session, memory == null, now) : null;
            if (touched == null && memory != null) {
                return new PostSessionOutcome.Deleted();
            }
        }
        if (touched == null) {
            return new PostSessionOutcome.NoRecord();
        }
        // Before the session: whatever breaks off in between, a record that has one is on a day that lists know.
        announce(key.tenant(), touched.span.start().day(), now);
        PostSessionOutcome outcome = put(touched.place, session, packed, now);
        switch (outcome) {
            case PostSessionOutcome.Posted(StoredSession stored) -> widen(touched, stored, now);
            // An attempt before may have stored it, and have broken off before the record grew.
            case PostSessionOutcome.Replayed(StoredSession stored) -> widen(touched, stored, now);
            case PostSessionOutcome.Deleted deleted -> withdraw(touched);
            case PostSessionOutcome.KeyReused reused -> withdraw(touched);
            case PostSessionOutcome.Different different -> withdraw(touched);
            case PostSessionOutcome.NoRecord noRecord -> withdraw(touched);
            case PostSessionOutcome.TooLarge tooLarge -> withdraw(touched);
        }
        return outcome;
    }

    private void widen(Touched touched, StoredSession session, Instant now) {
        // Its modalities the record has got already.
        widen(touched.place, touched.span, modalities(session.content()), session, now);
    }

    /** A session that was refused leaves the record without what it would have brought. */
    private void withdraw(Touched touched) {
        if (!touched.added.isEmpty()) {
            Place place = touched.place;
            dynamoDb.update(items.withdraw(place.record(), place.generation(), touched.revision, touched.added));
        }
    }

    /**
     * A record a session was announced to.
     *
     * @param span what it holds by then, which need not be the session's
     * @param added the modalities that it got by it
     */
    private record Touched(Place place, Span span, Set<String> added, long revision) {
        /** @param item the record as it is by then */
        static Touched of(CallRecordKey key, Map<String, AttributeValue> item, Set<String> added, long revision) {
            return new Touched(new Place(key, textOf(item, GENERATION), expiryOf(item)), spanOf(item), added, revision);
        }
    }

    /** Makes or touches the record; null where there is none and none may be made. */
    private @Nullable Touched touch(CallRecordKey key, NewSession session, boolean mayMake, Instant now) {
        boolean demandsRecord = !mayMake;
        while (true) {
            Map<String, AttributeValue> made = items.made(key, session, DynamoDb.newWriteId(), now);
            Map<String, AttributeValue> found;
            switch (dynamoDb.update(items.touch(key, made, demandsRecord, now))) {
                case UpdateOutcome.Updated(var before)
                when before.isEmpty() -> {
                    return Touched.of(key, made, Set.of(), 1);
                }
                case UpdateOutcome.Updated(var before) -> {
                    Set<String> added = modalities(session.content());
                    added.removeAll(modalitiesOf(before));
                    return Touched.of(key, before, added, numberOf(before, REVISION) + 1);
                }
                case UpdateOutcome.Refused refused -> found = refused.found();
            }
            if (isLiving(found, now)) {
                // It is kept for good, as a setting said when it came into being.
                demandsRecord = true;
            } else if (!mayMake) {
                return null;
            } else {
                // Under a generation of its own: an attempt whose answer was lost may have made the one that has ended
                // here.
                String writeId = DynamoDb.newWriteId();
                Map<String, AttributeValue> another = items.made(key, session, writeId, now);
                if (dynamoDb.write(writeId, List.of(items.putAbsent(another, now))) instanceof WriteOutcome.Written) {
                    return Touched.of(key, another, Set.of(), 1);
                }
                demandsRecord = false;
            }
            WriteLoop.requireTime("the call record changed under every attempt");
        }
    }

    private PostSessionOutcome put(Place place, NewSession session, PackedSession packed, Instant now) {
        @Nullable IdempotencyKey request = session.idempotencyKey();
        while (true) {
            String writeId = DynamoDb.newWriteId();
            @Nullable
            Obstacle obstacle =
                    write(place, sessions.put(place, session.key(), packed, request, writeId), request, writeId, now);
            if (obstacle == null) {
                return new PostSessionOutcome.Posted(new StoredSession(session.key(), packed.content(), 1));
            }
            @Nullable PostSessionOutcome outcome = judge(place, session, obstacle, now);
            if (outcome != null) {
                return outcome;
            }
            WriteLoop.requireTime("the session changed under every attempt");
        }
    }

    /**
     * What was in the way of a write.
     *
     * @param memory of an earlier request of the same key; null where there was none
     * @param found the item that is there instead; empty where there is none
     */
    private record Obstacle(@Nullable Map<String, AttributeValue> memory, Map<String, AttributeValue> found) {}

    /** Writes, and remembers the request in the same step where it has a key. */
    private @Nullable Obstacle write(
            Place place, List<Write> writes, @Nullable IdempotencyKey request, String writeId, Instant now) {
        List<Write> all = new ArrayList<>(writes);
        if (request != null) {
            all.add(items.remember(place.record(), request, place.generation(), place.expiresAt(), writeId, now));
        }
        if (!(dynamoDb.write(writeId, all) instanceof WriteOutcome.Refused refused)) {
            return null;
        }
        WriteOutcome.Part last = refused.parts().getLast();
        return new Obstacle(
                request != null && last.failed() ? last.found() : null,
                refused.parts().getFirst().found());
    }

    /** What a posted session comes to where something is in its way; null where that has gone. */
    private @Nullable PostSessionOutcome judge(Place place, NewSession session, Obstacle obstacle, Instant now) {
        @Nullable IdempotencyKey request = session.idempotencyKey();
        if (obstacle.memory != null && request != null) {
            return repeated(place, session.key(), obstacle.memory, request, now);
        }
        @Nullable Found found = obstacle.found.isEmpty() ? null : sessions.found(place, obstacle.found);
        if (found == null) {
            return null;
        }
        StoredSession stored = found.session();
        String writeId = DynamoDb.newWriteId();
        List<Write> writes = List.of();
        switch (CallRecordTypes.session().reconcile(stored.content(), session.content())) {
            case Reconciled.Same() -> {
                if (request == null) {
                    return new PostSessionOutcome.Posted(stored);
                }
            }
            case Reconciled.Filled(var content) -> {
                PackedSession packed = PackedSession.of(content);
                PackedSession.@Nullable Oversize oversize = packed.oversize();
                if (oversize != null) {
                    return new PostSessionOutcome.TooLarge(oversize.bytes(), oversize.maximum());
                }
                writes = sessions.replace(place, stored, packed, writeId);
                stored = new StoredSession(stored.key(), packed.content(), stored.revision() + 1);
            }
            case Reconciled.Different(String target) -> {
                return new PostSessionOutcome.Different(stored, target);
            }
        }
        @Nullable Obstacle further = write(place, writes, request, writeId, now);
        if (further == null) {
            return new PostSessionOutcome.Posted(stored);
        }
        return further.memory == null || request == null
                ? null
                : repeated(place, session.key(), further.memory, request, now);
    }

    /** What a request comes to whose key came before. The same request has the same session in its body. */
    private PostSessionOutcome repeated(
            Place place, SessionKey posted, Map<String, AttributeValue> memory, IdempotencyKey request, Instant now) {
        if (!DynamoDbCallRecordItems.isOfRequest(memory, request)) {
            return new PostSessionOutcome.KeyReused();
        }
        @Nullable String moved = textOrNull(memory, MOVED_TO);
        SessionKey key = moved == null ? posted : SessionKey.ofText(moved);
        @Nullable Found found = sessions.find(place, key, true);
        if (found == null) {
            // The record may have been replaced since it was touched, or deleted and made again by the same request
            // sent twice.
            @Nullable CallRecord record = read(place.record(), now).orElse(null);
            if (record != null && !record.generation().equals(place.generation())) {
                found = sessions.find(Place.of(record), key, true);
            }
        }
        return found == null ? new PostSessionOutcome.Deleted() : new PostSessionOutcome.Replayed(found.session());
    }

    private @Nullable Map<String, AttributeValue> memory(CallRecordKey key, IdempotencyKey request, Instant now) {
        @Nullable
        Map<String, AttributeValue> memory =
                dynamoDb.get(table, DynamoDbCallRecordItems.key(key, DynamoDbCallRecordItems.request(request)));
        return memory == null || isExpired(memory, now) ? null : memory;
    }

    /** Lets the record hold a session that it has by now, unless its generation has ended. */
    private void widen(Place place, Span seen, Set<String> seenModalities, StoredSession session, Instant now) {
        Span wanted = Span.of(session.content());
        Set<String> modalities = modalities(session.content());
        modalities.removeAll(seenModalities);
        Span span = seen;
        while (true) {
            Span wider = span.widenedBy(wanted);
            if (wider.equals(span) && modalities.isEmpty()) {
                return;
            }
            if (!wider.start().equals(span.start())) {
                announce(place.record().tenant(), wider.start().day(), now);
            }
            Write write = items.widen(place.record(), place.generation(), span, wider, modalities, now);
            if (!(dynamoDb.update(write) instanceof UpdateOutcome.Refused refused)
                    || !place.generation().equals(textOrNull(refused.found(), GENERATION))) {
                return;
            }
            span = spanOf(refused.found());
            modalities.removeAll(modalitiesOf(refused.found()));
            WriteLoop.requireTime("the call record changed under every attempt");
        }
    }

    private void announce(String tenant, String day, Instant now) {
        String key = Keys.join(tenant, day);
        if (!announced.has(key, now)) {
            // Refused, the day is there for longer.
            dynamoDb.update(items.announce(tenant, day, now));
            announced.add(key, now);
        }
    }

    // ---- call records

    @Override
    public PutRecordOutcome put(NewCallRecord wanted, Instant now) {
        CallRecordKey key = wanted.key();
        JsonDocument document = JsonDocument.of(wanted.content());
        if (!document.fits()) {
            return new PutRecordOutcome.TooLarge("", document.kept().length, JsonDocument.LARGEST);
        }
        DynamoDbCallRecordStaging.Children children = DynamoDbCallRecordStaging.Children.of(wanted);
        if (children.tooLarge() != null) {
            return children.tooLarge();
        }
        @Nullable
        Map<String, AttributeValue> read =
                children.isEmpty() ? null : dynamoDb.get(table, DynamoDbCallRecordItems.recordKey(key));
        Map<String, AttributeValue> seen = read == null ? Map.of() : read;
        DynamoDbCallRecordStaging.@Nullable Staged staged = null;
        Set<String> ours = new HashSet<>();
        while (true) {
            @Nullable PutRecordOutcome judged = judge(wanted, seen, ours, now);
            if (judged != null) {
                staging.drop(key, children, staged);
                return judged;
            }
            boolean isReplaced = isLiving(seen, now);
            boolean keepsChildren = isReplaced && numberOf(seen, VERSION) == 0;
            boolean keepsSessions = keepsChildren && wanted.sessions() == null;
            boolean keepsParticipants = keepsChildren && wanted.participants() == null;
            // Children follow their record: it expires with those that it keeps.
            @Nullable Instant expiresAt = keepsSessions || keepsParticipants ? expiryOf(seen) : items.expiry(now);
            staged = staging.stage(key, children, staged, expiresAt, now);
            Map<String, AttributeValue> item = items.posted(
                    wanted,
                    document,
                    keepsSessions ? textOf(seen, GENERATION) : staged.generation(),
                    keepsParticipants ? textOf(seen, PARTICIPANT_GENERATION) : staged.generation(),
                    expiresAt,
                    now);
            String writeId = DynamoDb.newWriteId();
            item.put(DynamoDb.WRITE_ID, text(writeId));
            List<Write> writes = new ArrayList<>();
            writes.add(isReplaced ? items.replace(item, seen) : items.putAbsent(item, wanted.idempotencyKey(), now));
            if (!children.isEmpty()) {
                writes.add(items.unstage(key, staged.generation()));
            }
            announce(key.tenant(), spanOf(item).start().day(), now);
            ours.add(writeId);
            if (!(dynamoDb.write(writeId, writes) instanceof WriteOutcome.Refused refused)) {
                return new PutRecordOutcome.Stored(record(key, item));
            }
            seen = refused.parts().getFirst().found();
            WriteLoop.requireTime("the call record changed under every attempt");
        }
    }

    /** What a posted record comes to where another one was seen; null where it is stored. */
    private static @Nullable PutRecordOutcome judge(
            NewCallRecord wanted, Map<String, AttributeValue> seen, Set<String> ours, Instant now) {
        CallRecordKey key = wanted.key();
        @Nullable IdempotencyKey request = wanted.idempotencyKey();
        boolean isLiving = isLiving(seen, now);
        @Nullable String writeId = textOrNull(seen, DynamoDb.WRITE_ID);
        if (isLiving && writeId != null && ours.contains(writeId)) {
            // An attempt that was given up has arrived since.
            return new PutRecordOutcome.Stored(record(key, seen));
        }
        if (request != null && DynamoDbCallRecordItems.isOfKey(seen, request, now)) {
            if (!DynamoDbCallRecordItems.isOfRequest(seen, request)) {
                return new PutRecordOutcome.KeyReused();
            }
            return isLiving ? new PutRecordOutcome.Replayed(record(key, seen)) : new PutRecordOutcome.Deleted();
        }
        return isLiving && numberOf(seen, VERSION) >= wanted.version()
                ? new PutRecordOutcome.Kept(record(key, seen))
                : null;
    }

    @Override
    public Optional<CallRecord> read(CallRecordKey key, Instant now) {
        if (!CallRecordKey.fits(key.id())) {
            return Optional.empty();
        }
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, DynamoDbCallRecordItems.recordKey(key));
        return item == null || !isLiving(item, now) ? Optional.empty() : Optional.of(record(key, item));
    }

    @Override
    public ChangeOutcome<CallRecord> change(CallRecord before, Map<String, @Nullable Object> content, Instant now) {
        JsonDocument document = JsonDocument.of(content);
        if (!document.fits()) {
            return new ChangeOutcome.TooLarge<>(document.kept().length, JsonDocument.LARGEST);
        }
        Map<String, AttributeValue> changed = DynamoDbCallRecordItems.changed(before, content, document, now);
        announce(before.key().tenant(), spanOf(changed).start().day(), now);
        String writeId = DynamoDb.newWriteId();
        if (dynamoDb.write(writeId, List.of(items.change(before, changed, writeId, now)))
                instanceof WriteOutcome.Refused refused) {
            return isLiving(refused.parts().getFirst().found(), now)
                    ? new ChangeOutcome.Overtaken<>()
                    : new ChangeOutcome.Gone<>();
        }
        return new ChangeOutcome.Done<>(record(before, changed, writeId));
    }

    @Override
    public ChangeOutcome<Void> delete(CallRecord before, Instant now) {
        String writeId = DynamoDb.newWriteId();
        if (dynamoDb.write(writeId, List.of(items.end(before, writeId, now))) instanceof WriteOutcome.Refused refused) {
            return isLiving(refused.parts().getFirst().found(), now)
                    ? new ChangeOutcome.Overtaken<>()
                    : new ChangeOutcome.Gone<>();
        }
        return done();
    }

    @Override
    public Page<CallRecord> list(String tenant, CallRecordFilter filter, PageRequest page, Instant now) {
        return list.page(tenant, filter, page, now);
    }

    @Override
    public long count(String tenant, CallRecordFilter filter, Instant now) {
        return list.count(tenant, filter, now);
    }

    // ---- sessions

    @Override
    public Page<StoredSession> sessions(CallRecord record, boolean withSegments, PageRequest page, int maximumBytes) {
        return sessions.page(Place.of(record), withSegments, page, maximumBytes);
    }

    @Override
    public long countSessions(CallRecord record) {
        return sessions.count(Place.of(record));
    }

    @Override
    public List<StoredSession> sessions(CallRecord record, String id, boolean withSegments, int limit) {
        return CallRecordKey.fits(id) ? sessions.ofId(Place.of(record), id, withSegments, limit) : List.of();
    }

    @Override
    public Optional<StoredSession> session(CallRecord record, SessionKey key, boolean withSegments) {
        if (!key.fits()) {
            return Optional.empty();
        }
        return Optional.ofNullable(sessions.find(Place.of(record), key, withSegments))
                .map(Found::session);
    }

    @Override
    public ChangeOutcome<StoredSession> change(
            CallRecord record,
            StoredSession before,
            SessionKey key,
            Map<String, @Nullable Object> content,
            Instant now) {
        PackedSession packed = PackedSession.of(content);
        PackedSession.@Nullable Oversize oversize = packed.oversize();
        if (oversize != null) {
            return new ChangeOutcome.TooLarge<>(oversize.bytes(), oversize.maximum());
        }
        Place place = Place.of(record);
        StoredSession changed = new StoredSession(key, packed.content(), before.revision() + 1);
        String writeId = DynamoDb.newWriteId();
        List<Write> writes;
        int arrival = -1;
        if (key.equals(before.key())) {
            writes = sessions.replace(place, before, packed, writeId);
        } else {
            @Nullable Found found = sessions.find(place, before.key(), false);
            if (found == null) {
                return new ChangeOutcome.Gone<>();
            }
            writes = new ArrayList<>(sessions.delete(place, before));
            arrival = writes.size();
            writes.addAll(sessions.move(place, found, changed, packed, writeId));
            if (found.requestKey() != null && found.requestHash() != null) {
                writes.add(items.rememberMove(record, found.requestKey(), found.requestHash(), key, writeId, now));
            }
        }
        if (dynamoDb.write(writeId, writes) instanceof WriteOutcome.Refused refused) {
            WriteOutcome.Part departure = refused.parts().getFirst();
            if (!departure.failed() && arrival >= 0) {
                return new ChangeOutcome.Taken<>();
            }
            return departure.found().isEmpty() ? new ChangeOutcome.Gone<>() : new ChangeOutcome.Overtaken<>();
        }
        widen(place, Span.of(record.content()), modalities(record.content()), changed, now);
        return new ChangeOutcome.Done<>(changed);
    }

    @Override
    public ChangeOutcome<Void> delete(CallRecord record, StoredSession before, Instant now) {
        return deleted(dynamoDb.write(DynamoDb.newWriteId(), sessions.delete(Place.of(record), before)));
    }

    // ---- participants

    @Override
    public Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes) {
        String prefix = DynamoDbCallRecordItems.participants(record.participantGeneration());
        String from = page.after() == null ? prefix : prefix + page.after() + BELOW;
        List<Participant> participants = new ArrayList<>();
        if (from.compareTo(prefix + ABOVE) > 0) {
            // Of a position nobody was given: DynamoDB refuses a range that ends before it begins.
            return new Page<>(participants, null);
        }
        // One more than is wanted tells whether there is a next page.
        QueryResponse answer =
                dynamoDb.query(table, IN_RANGE, range(record, from, prefix + ABOVE), null, page.size() + 1);
        long bytes = 0;
        @Nullable String last = null;
        for (Map<String, AttributeValue> item : answer.items()) {
            bytes += DynamoDbCallRecordItems.length(item);
            if (last != null && (participants.size() == page.size() || bytes > maximumBytes)) {
                return new Page<>(participants, last);
            }
            participants.add(DynamoDbCallRecordItems.participant(item));
            last = textOf(item, KEY).substring(prefix.length());
        }
        return new Page<>(participants, answer.hasLastEvaluatedKey() ? last : null);
    }

    @Override
    public long countParticipants(CallRecord record) {
        String prefix = DynamoDbCallRecordItems.participants(record.participantGeneration());
        return dynamoDb.count(table, IN_RANGE, range(record, prefix, prefix + ABOVE));
    }

    private static Map<String, AttributeValue> range(CallRecord record, String from, String to) {
        return Map.of(
                "record", text(DynamoDbCallRecordItems.partition(record.key())), "from", text(from), "to", text(to));
    }

    @Override
    public Optional<Participant> participant(CallRecord record, String id) {
        if (!CallRecordKey.fits(id)) {
            return Optional.empty();
        }
        return Optional.ofNullable(dynamoDb.get(
                        table,
                        DynamoDbCallRecordItems.participantKey(record.key(), record.participantGeneration(), id)))
                .map(DynamoDbCallRecordItems::participant);
    }

    @Override
    public PostParticipantOutcome post(CallRecord record, Participant participant, Instant now) {
        JsonDocument document = JsonDocument.of(participant.content());
        if (!document.fits()) {
            return new PostParticipantOutcome.TooLarge(document.kept().length, JsonDocument.LARGEST);
        }
        while (true) {
            String writeId = DynamoDb.newWriteId();
            Write put = items.putParticipant(
                    record.key(), record.participantGeneration(), participant, document, record.expiresAt(), writeId);
            if (!(dynamoDb.write(writeId, List.of(put, items.demandParticipants(record, now)))
                    instanceof WriteOutcome.Refused refused)) {
                return new PostParticipantOutcome.Posted(participant);
            }
            if (refused.parts().getLast().failed()) {
                return new PostParticipantOutcome.Gone();
            }
            Participant stored = DynamoDbCallRecordItems.participant(
                    refused.parts().getFirst().found());
            switch (CallRecordTypes.participant().reconcile(stored.content(), participant.content())) {
                case Reconciled.Same() -> {
                    return new PostParticipantOutcome.Posted(stored);
                }
                case Reconciled.Filled(var content) -> {
                    switch (change(record, stored, content, now)) {
                        case ChangeOutcome.Done<Participant>(Participant filled) -> {
                            return new PostParticipantOutcome.Posted(filled);
                        }
                        case ChangeOutcome.TooLarge<Participant>(int bytes, int maximum) -> {
                            return new PostParticipantOutcome.TooLarge(bytes, maximum);
                        }
                        case ChangeOutcome.Gone<Participant>(),
                                ChangeOutcome.Overtaken<Participant>(),
                                ChangeOutcome.Taken<Participant>() -> {}
                    }
                }
                case Reconciled.Different(String target) -> {
                    return new PostParticipantOutcome.Different(stored, target);
                }
            }
            WriteLoop.requireTime("the participant changed under every attempt");
        }
    }

    @Override
    public ChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now) {
        JsonDocument document = JsonDocument.of(content);
        if (!document.fits()) {
            return new ChangeOutcome.TooLarge<>(document.kept().length, JsonDocument.LARGEST);
        }
        String writeId = DynamoDb.newWriteId();
        if (dynamoDb.write(writeId, List.of(items.changeParticipant(record, before, document, writeId)))
                instanceof WriteOutcome.Refused refused) {
            return refused.parts().getFirst().found().isEmpty()
                    ? new ChangeOutcome.Gone<>()
                    : new ChangeOutcome.Overtaken<>();
        }
        return new ChangeOutcome.Done<>(new Participant(before.id(), content, before.revision() + 1));
    }

    @Override
    public ChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now) {
        return deleted(dynamoDb.write(DynamoDb.newWriteId(), List.of(items.deleteParticipant(record, before))));
    }

    private static ChangeOutcome<Void> deleted(WriteOutcome outcome) {
        if (outcome instanceof WriteOutcome.Refused refused) {
            return refused.parts().getFirst().found().isEmpty()
                    ? new ChangeOutcome.Gone<>()
                    : new ChangeOutcome.Overtaken<>();
        }
        return done();
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private static ChangeOutcome<Void> done() {
        return new ChangeOutcome.Done<>(null);
    }

    @Override
    public boolean sweep(CallRecordKey key, String generation, Instant now) {
        return sweep.sweep(key, generation, now);
    }
}
