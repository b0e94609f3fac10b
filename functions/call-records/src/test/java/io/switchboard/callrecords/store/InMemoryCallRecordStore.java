package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Reconciled;
import io.switchboard.json.Json;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A store that keeps everything in memory and nothing longer; held to {@link CallRecordStoreContract}. Thread-safe. */
public final class InMemoryCallRecordStore implements CallRecordStore {
    private static final Duration MEMORY = Duration.ofHours(24);
    private static final long MAXIMUM_BYTES = 4 * 1_048_576L;

    private final RecordLimits limits;
    private final Map<CallRecordKey, Drawer> drawers = new HashMap<>();

    /** An empty store. */
    public InMemoryCallRecordStore(RecordLimits limits) {
        this.limits = limits;
    }

    /** What there is of one call record. Sessions and participants lie under their generations, by their keys. */
    private static final class Drawer {
        private @Nullable Kept record;
        private @Nullable Memory deleted;
        private final Map<String, NavigableMap<String, Session>> sessions = new HashMap<>();
        private final Map<String, NavigableMap<String, Participant>> participants = new HashMap<>();
        private final Map<String, Memory> memories = new HashMap<>();

        @Nullable
        Kept living(Instant now) {
            return record == null || isExpired(record.expiresAt, now) ? null : record;
        }

        NavigableMap<String, Session> sessions(String generation) {
            return sessions.computeIfAbsent(generation, each -> new TreeMap<>());
        }

        NavigableMap<String, Participant> participants(String generation) {
            return participants.computeIfAbsent(generation, each -> new TreeMap<>());
        }
    }

    /** @param document null for a record that came into being by a session */
    private record Kept(
            String generation,
            String participantGeneration,
            long version,
            @Nullable Map<String, @Nullable Object> document,
            Span span,
            Set<String> modalities,
            Instant lastModified,
            long revision,
            String writeId,
            @Nullable Instant expiresAt,
            @Nullable IdempotencyKey request) {

        Kept holding(Span wanted, Set<String> more, Instant now) {
            Set<String> all = new TreeSet<>(modalities);
            all.addAll(more);
            return new Kept(
                    generation,
                    participantGeneration,
                    version,
                    document,
                    span.widenedBy(wanted),
                    all,
                    now,
                    revision + 1,
                    writeId,
                    expiresAt,
                    request);
        }
    }

    private record Session(StoredSession stored, @Nullable IdempotencyKey request) {}

    private record Memory(
            IdempotencyKey request,
            String generation,
            SessionKey session,
            @Nullable Instant expiresAt) {}

    private Drawer drawer(CallRecordKey key) {
        return drawers.computeIfAbsent(key, each -> new Drawer());
    }

    private static boolean isExpired(@Nullable Instant expiresAt, Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    private @Nullable Instant expiry(Instant now) {
        return limits.retention().isZero()
                ? null
                : Instant.ofEpochSecond(now.plus(limits.retention()).getEpochSecond());
    }

    private static String generation() {
        return UUID.randomUUID().toString();
    }

    private static Set<String> modalities(Map<String, @Nullable Object> content) {
        Set<String> modalities = new TreeSet<>();
        if (content.get("modalities") instanceof List<?> listed) {
            listed.forEach(each -> modalities.add(String.valueOf(each)));
        }
        return modalities;
    }

    private static CallRecord record(CallRecordKey key, Kept kept) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        List<@Nullable Object> modalities = new ArrayList<>();
        if (kept.document == null) {
            content.put("id", key.id());
            content.put("version", kept.version);
            content.put("type", "unknown");
        } else {
            content.putAll(kept.document);
            if (kept.document.get("modalities") instanceof List<?> posted) {
                modalities.addAll(posted);
            }
        }
        for (String modality : kept.modalities) {
            if (!modalities.contains(modality)) {
                modalities.add(modality);
            }
        }
        content.put("modalities", modalities);
        kept.span.tell(content);
        content.putIfAbsent("lastModifiedDateTime", kept.lastModified.toString());
        return new CallRecord(
                key,
                kept.generation,
                kept.participantGeneration,
                kept.version,
                content,
                kept.revision,
                kept.writeId,
                kept.expiresAt);
    }

    // ---- sessions that are posted

    @Override
    public synchronized PostSessionOutcome post(CallRecordKey key, NewSession wanted, Instant now) {
        PackedSession packed = PackedSession.of(wanted.content());
        PackedSession.@Nullable Oversize oversize = packed.oversize();
        if (oversize != null) {
            return new PostSessionOutcome.TooLarge(oversize.bytes(), oversize.maximum());
        }
        Drawer drawer = drawer(key);
        @Nullable Kept record = drawer.living(now);
        @Nullable IdempotencyKey request = wanted.idempotencyKey();
        @Nullable Memory memory = request == null ? null : drawer.memories.get(request.key());
        if (request != null && memory != null && !isExpired(memory.expiresAt, now)) {
            if (!memory.request.equals(request)) {
                return new PostSessionOutcome.KeyReused();
            }
            @Nullable
            Session session =
                    record == null ? null : drawer.sessions(record.generation).get(memory.session.text());
            return session == null ? new PostSessionOutcome.Deleted() : new PostSessionOutcome.Replayed(session.stored);
        }
        if (record == null) {
            if (limits.mustExist()) {
                return new PostSessionOutcome.NoRecord();
            }
            String generation = generation();
            record = new Kept(
                    generation,
                    generation,
                    0,
                    null,
                    Span.of(wanted.content()),
                    Set.of(),
                    now,
                    0,
                    generation,
                    expiry(now),
                    null);
        }
        NavigableMap<String, Session> sessions = drawer.sessions(record.generation);
        @Nullable Session before = sessions.get(wanted.key().text());
        StoredSession stored = new StoredSession(wanted.key(), packed.content(), 1);
        if (before != null) {
            switch (CallRecordTypes.session().reconcile(before.stored.content(), wanted.content())) {
                case Reconciled.Same() -> stored = before.stored;
                case Reconciled.Filled(var content) -> {
                    PackedSession filled = PackedSession.of(content);
                    PackedSession.@Nullable Oversize grown = filled.oversize();
                    if (grown != null) {
                        return new PostSessionOutcome.TooLarge(grown.bytes(), grown.maximum());
                    }
                    stored = new StoredSession(wanted.key(), filled.content(), before.stored.revision() + 1);
                }
                case Reconciled.Different(String target) -> {
                    return new PostSessionOutcome.Different(before.stored, target);
                }
            }
        }
        sessions.put(wanted.key().text(), new Session(stored, before == null ? request : before.request));
        drawer.record = record.holding(Span.of(stored.content()), modalities(stored.content()), now);
        if (request != null) {
            drawer.memories.put(
                    request.key(), new Memory(request, record.generation, wanted.key(), remembered(record, now)));
        }
        return new PostSessionOutcome.Posted(stored);
    }

    private static @Nullable Instant remembered(Kept record, Instant now) {
        Instant least = now.plus(MEMORY);
        return record.expiresAt == null || record.expiresAt.isAfter(least) ? record.expiresAt : least;
    }

    // ---- call records

    @Override
    public synchronized PutRecordOutcome put(NewCallRecord wanted, Instant now) {
        JsonDocument document = JsonDocument.of(wanted.content());
        if (!document.fits()) {
            return new PutRecordOutcome.TooLarge("", document.kept().length, JsonDocument.LARGEST);
        }
        PutRecordOutcome.@Nullable TooLarge tooLarge =
                DynamoDbCallRecordStaging.Children.of(wanted).tooLarge();
        if (tooLarge != null) {
            return tooLarge;
        }
        Drawer drawer = drawer(wanted.key());
        @Nullable Kept before = drawer.living(now);
        @Nullable IdempotencyKey request = wanted.idempotencyKey();
        if (request != null) {
            @Nullable
            IdempotencyKey earlier = before != null
                    ? before.request
                    : drawer.deleted != null && !isExpired(drawer.deleted.expiresAt, now)
                            ? drawer.deleted.request
                            : null;
            if (earlier != null && earlier.key().equals(request.key())) {
                if (!earlier.equals(request)) {
                    return new PutRecordOutcome.KeyReused();
                }
                return before == null
                        ? new PutRecordOutcome.Deleted()
                        : new PutRecordOutcome.Replayed(record(wanted.key(), before));
            }
        }
        if (before != null && before.version >= wanted.version()) {
            return new PutRecordOutcome.Kept(record(wanted.key(), before));
        }
        @Nullable Kept keeping = before != null && before.version == 0 ? before : null;
        String fresh = generation();
        @Nullable List<NewSession> sessions = wanted.sessions();
        @Nullable List<Participant> participants = wanted.participants();
        String generation = keeping != null && sessions == null ? keeping.generation : fresh;
        String participantGeneration = keeping != null && participants == null ? keeping.participantGeneration : fresh;
        for (NewSession each : sessions == null ? List.<NewSession>of() : sessions) {
            StoredSession stored = new StoredSession(
                    each.key(), PackedSession.of(each.content()).content(), 1);
            drawer.sessions(fresh).put(each.key().text(), new Session(stored, null));
        }
        for (Participant each : participants == null ? List.<Participant>of() : participants) {
            drawer.participants(fresh).put(Keys.join(each.id()), each);
        }
        boolean isKeeping = keeping != null && (sessions == null || participants == null);
        Kept stored = new Kept(
                generation,
                participantGeneration,
                wanted.version(),
                wanted.content(),
                Span.of(wanted.content()),
                modalities(wanted.content()),
                now,
                before == null ? 1 : before.revision + 1,
                fresh,
                keeping != null && isKeeping ? keeping.expiresAt : expiry(now),
                request);
        drawer.record = stored;
        return new PutRecordOutcome.Stored(record(wanted.key(), stored));
    }

    @Override
    public synchronized Optional<CallRecord> read(CallRecordKey key, Instant now) {
        @Nullable Kept kept = drawer(key).living(now);
        return kept == null ? Optional.empty() : Optional.of(record(key, kept));
    }

    @Override
    public synchronized ChangeOutcome<CallRecord> change(
            CallRecord before, Map<String, @Nullable Object> content, Instant now) {
        JsonDocument document = JsonDocument.of(content);
        if (!document.fits()) {
            return new ChangeOutcome.TooLarge<>(document.kept().length, JsonDocument.LARGEST);
        }
        Drawer drawer = drawer(before.key());
        @Nullable Kept kept = drawer.living(now);
        if (kept == null) {
            return new ChangeOutcome.Gone<>();
        }
        if (!isAsSeen(before, kept)) {
            return new ChangeOutcome.Overtaken<>();
        }
        Span span = Span.of(before.content());
        boolean keepsSpan = span.equals(Span.of(content));
        boolean keepsModalities = modalities(before.content()).equals(modalities(content));
        if ((!keepsSpan && !span.equals(kept.span))
                || (!keepsModalities && !modalities(before.content()).equals(kept.modalities))) {
            return new ChangeOutcome.Overtaken<>();
        }
        Kept changed = new Kept(
                kept.generation,
                kept.participantGeneration,
                kept.version,
                content,
                keepsSpan ? kept.span : Span.of(content),
                keepsModalities ? kept.modalities : modalities(content),
                now,
                kept.revision + 1,
                generation(),
                kept.expiresAt,
                kept.request);
        drawer.record = changed;
        return new ChangeOutcome.Done<>(record(before.key(), changed));
    }

    private static boolean isAsSeen(CallRecord before, Kept kept) {
        return before.writeId().equals(kept.writeId) && before.generation().equals(kept.generation);
    }

    @Override
    public synchronized ChangeOutcome<Void> delete(CallRecord before, Instant now) {
        Drawer drawer = drawer(before.key());
        @Nullable Kept kept = drawer.living(now);
        if (kept == null) {
            return new ChangeOutcome.Gone<>();
        }
        if (!isAsSeen(before, kept)) {
            return new ChangeOutcome.Overtaken<>();
        }
        drawer.record = null;
        drawer.deleted = kept.request == null
                ? null
                : new Memory(kept.request, kept.generation, new SessionKey("-", "-", "-"), now.plus(MEMORY));
        return done();
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private static ChangeOutcome<Void> done() {
        return new ChangeOutcome.Done<>(null);
    }

    @Override
    public synchronized Page<CallRecord> list(String tenant, CallRecordFilter filter, PageRequest page, Instant now) {
        NavigableMap<String, CallRecord> found = new TreeMap<>();
        drawers.forEach((key, drawer) -> {
            @Nullable Kept kept = drawer.living(now);
            if (!key.tenant().equals(tenant) || kept == null || !filter.admits(kept.span.start())) {
                return;
            }
            @Nullable String participant = filter.participant();
            if (participant == null) {
                found.put(kept.span.start().key() + "#" + Keys.join(key.id()), record(key, kept));
            } else if (drawer.participants(kept.participantGeneration).containsKey(Keys.join(participant))) {
                found.put(Keys.join(key.id()), record(key, kept));
            }
        });
        return page(found, page, MAXIMUM_BYTES, each -> Json.size(each.content()));
    }

    private static <T> Page<T> page(
            NavigableMap<String, T> all, PageRequest page, long maximumBytes, ToLongFunction<T> size) {
        List<T> items = new ArrayList<>();
        long bytes = 0;
        @Nullable String last = null;
        for (var each : (page.after() == null ? all : all.tailMap(page.after(), false)).entrySet()) {
            bytes += size.applyAsLong(each.getValue());
            if (last != null && (items.size() == page.size() || bytes > maximumBytes)) {
                return new Page<>(items, last);
            }
            items.add(each.getValue());
            last = each.getKey();
        }
        return new Page<>(items, null);
    }

    @Override
    public synchronized long count(String tenant, CallRecordFilter filter, Instant now) {
        long count = 0;
        @Nullable String after = null;
        do {
            Page<CallRecord> page = list(tenant, filter, new PageRequest(after, 100), now);
            count += page.items().size();
            after = page.next();
        } while (after != null);
        return count;
    }

    // ---- sessions

    private NavigableMap<String, Session> sessionsOf(CallRecord record) {
        return drawer(record.key()).sessions(record.generation());
    }

    private static StoredSession shown(Session session, boolean withSegments) {
        StoredSession stored = session.stored;
        Map<String, @Nullable Object> content = new LinkedHashMap<>(stored.content());
        if (!withSegments) {
            content.remove("segments");
        }
        return new StoredSession(stored.key(), content, stored.revision());
    }

    private static long size(StoredSession session) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(session.content());
        @Nullable Object segments = own.remove("segments");
        return (long) Json.size(own) + (segments instanceof List<?> list && !list.isEmpty() ? Json.size(list) : 0);
    }

    @Override
    public synchronized Page<StoredSession> sessions(
            CallRecord record, boolean withSegments, PageRequest page, int maximumBytes) {
        NavigableMap<String, StoredSession> shown = new TreeMap<>();
        sessionsOf(record).forEach((key, session) -> shown.put(key, shown(session, withSegments)));
        return page(shown, page, maximumBytes, InMemoryCallRecordStore::size);
    }

    @Override
    public synchronized long countSessions(CallRecord record) {
        return sessionsOf(record).size();
    }

    @Override
    public synchronized List<StoredSession> sessions(CallRecord record, String id, boolean withSegments, int limit) {
        return sessionsOf(record).values().stream()
                .filter(session -> session.stored.key().id().equals(id))
                .limit(limit)
                .map(session -> shown(session, withSegments))
                .toList();
    }

    @Override
    public synchronized Optional<StoredSession> session(CallRecord record, SessionKey key, boolean withSegments) {
        return Optional.ofNullable(sessionsOf(record).get(key.text())).map(session -> shown(session, withSegments));
    }

    @Override
    public synchronized ChangeOutcome<StoredSession> change(
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
        NavigableMap<String, Session> sessions = sessionsOf(record);
        @Nullable Session found = sessions.get(before.key().text());
        if (found == null) {
            return new ChangeOutcome.Gone<>();
        }
        if (found.stored.revision() != before.revision()) {
            return new ChangeOutcome.Overtaken<>();
        }
        if (!key.equals(before.key()) && sessions.containsKey(key.text())) {
            return new ChangeOutcome.Taken<>();
        }
        StoredSession changed = new StoredSession(key, packed.content(), before.revision() + 1);
        sessions.remove(before.key().text());
        sessions.put(key.text(), new Session(changed, found.request));
        Drawer drawer = drawer(record.key());
        if (found.request != null) {
            drawer.memories.computeIfPresent(
                    found.request.key(),
                    (request, memory) -> new Memory(memory.request, memory.generation, key, memory.expiresAt));
        }
        @Nullable Kept kept = drawer.record;
        if (kept != null && kept.generation.equals(record.generation())) {
            drawer.record = kept.holding(Span.of(content), modalities(content), now);
        }
        return new ChangeOutcome.Done<>(changed);
    }

    @Override
    public synchronized ChangeOutcome<Void> delete(CallRecord record, StoredSession before, Instant now) {
        return delete(
                sessionsOf(record), before.key().text(), session -> session.stored.revision() == before.revision());
    }

    private static <T> ChangeOutcome<Void> delete(Map<String, T> from, String key, Predicate<T> isAsSeen) {
        @Nullable T found = from.get(key);
        if (found == null) {
            return new ChangeOutcome.Gone<>();
        }
        if (!isAsSeen.test(found)) {
            return new ChangeOutcome.Overtaken<>();
        }
        from.remove(key);
        return done();
    }

    // ---- participants

    private NavigableMap<String, Participant> participantsOf(CallRecord record) {
        return drawer(record.key()).participants(record.participantGeneration());
    }

    @Override
    public synchronized Page<Participant> participants(CallRecord record, PageRequest page, int maximumBytes) {
        return page(participantsOf(record), page, maximumBytes, each -> Json.size(each.content()));
    }

    @Override
    public synchronized long countParticipants(CallRecord record) {
        return participantsOf(record).size();
    }

    @Override
    public synchronized Optional<Participant> participant(CallRecord record, String id) {
        return Optional.ofNullable(participantsOf(record).get(Keys.join(id)));
    }

    @Override
    public synchronized PostParticipantOutcome post(CallRecord record, Participant participant, Instant now) {
        JsonDocument document = JsonDocument.of(participant.content());
        if (!document.fits()) {
            return new PostParticipantOutcome.TooLarge(document.kept().length, JsonDocument.LARGEST);
        }
        @Nullable Kept kept = drawer(record.key()).living(now);
        if (kept == null || !kept.participantGeneration.equals(record.participantGeneration())) {
            return new PostParticipantOutcome.Gone();
        }
        NavigableMap<String, Participant> participants = participantsOf(record);
        @Nullable Participant before = participants.get(Keys.join(participant.id()));
        Participant stored = participant;
        if (before != null) {
            switch (CallRecordTypes.participant().reconcile(before.content(), participant.content())) {
                case Reconciled.Same() -> stored = before;
                case Reconciled.Filled(var content) ->
                    stored = new Participant(participant.id(), content, before.revision() + 1);
                case Reconciled.Different(String target) -> {
                    return new PostParticipantOutcome.Different(before, target);
                }
            }
        }
        participants.put(Keys.join(participant.id()), stored);
        return new PostParticipantOutcome.Posted(stored);
    }

    @Override
    public synchronized ChangeOutcome<Participant> change(
            CallRecord record, Participant before, Map<String, @Nullable Object> content, Instant now) {
        JsonDocument document = JsonDocument.of(content);
        if (!document.fits()) {
            return new ChangeOutcome.TooLarge<>(document.kept().length, JsonDocument.LARGEST);
        }
        @Nullable Participant found = participantsOf(record).get(Keys.join(before.id()));
        if (found == null) {
            return new ChangeOutcome.Gone<>();
        }
        if (found.revision() != before.revision()) {
            return new ChangeOutcome.Overtaken<>();
        }
        Participant changed = new Participant(before.id(), content, before.revision() + 1);
        participantsOf(record).put(Keys.join(before.id()), changed);
        return new ChangeOutcome.Done<>(changed);
    }

    @Override
    public synchronized ChangeOutcome<Void> delete(CallRecord record, Participant before, Instant now) {
        return delete(participantsOf(record), Keys.join(before.id()), found -> found.revision() == before.revision());
    }

    @Override
    public synchronized boolean sweep(CallRecordKey key, String generation, Instant now) {
        Drawer drawer = drawer(key);
        @Nullable Kept kept = drawer.record;
        if (kept == null || !kept.generation.equals(generation)) {
            drawer.sessions.remove(generation);
            Instant soon = now.plus(MEMORY);
            drawer.memories.replaceAll((request, memory) ->
                    memory.generation.equals(generation) && (memory.expiresAt == null || memory.expiresAt.isAfter(soon))
                            ? new Memory(memory.request, generation, memory.session, soon)
                            : memory);
        }
        if (kept == null || !kept.participantGeneration.equals(generation)) {
            drawer.participants.remove(generation);
        }
        return true;
    }
}
