package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.TestCallRecords.at;
import static io.switchboard.callrecords.store.TestCallRecords.content;
import static io.switchboard.callrecords.store.TestCallRecords.participant;
import static io.switchboard.callrecords.store.TestCallRecords.record;
import static io.switchboard.callrecords.store.TestCallRecords.segment;
import static io.switchboard.callrecords.store.TestCallRecords.session;
import static io.switchboard.callrecords.store.TestCallRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.Race;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link DynamoDbCallRecordStore}. Subclasses supply the store. Each test has its own tenant, so all
 * tests share one table.
 */
public abstract class CallRecordStoreContract extends CallRecordSessionsContract {
    private static final String START = "2026-03-04T09:00";
    private static final String END = "2026-03-04T10:00";

    private static CallRecord stored(DynamoDbCallRecordStore store, NewCallRecord requested, Instant now) {
        PutRecordOutcome outcome = store.put(requested, now);
        assertThat(outcome).isInstanceOf(PutRecordOutcome.Stored.class);
        return ((PutRecordOutcome.Stored) outcome).record();
    }

    private NewCallRecord inline(long version, List<NewCallSession> sessions, List<Participant> participants) {
        return record(call, version, START, END, sessions, participants, null);
    }

    private static List<String> sessionIds(DynamoDbCallRecordStore store, CallRecord record) {
        return all(store, record, true, 50).stream()
                .map(session -> session.key().id())
                .toList();
    }

    private static List<Participant> participants(DynamoDbCallRecordStore store, CallRecord record, int size) {
        List<Participant> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<Participant> page = store.participants(record, new PageRequest(after, size), ANY_SIZE);
            assertThat(page.items().size()).isLessThanOrEqualTo(size);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    // ---- posted records

    @Test
    void absent_record_is_absent() {
        DynamoDbCallRecordStore store = store(MONTH);

        assertThat(store.read(call, NOW)).isEmpty();
        assertThat(store.read(new CallRecordKey(tenant, "x".repeat(3_000)), NOW))
                .isEmpty();
        assertThat(store.count(tenant, CallRecordFilter.ALL, NOW)).isZero();
        assertThat(store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 5), NOW))
                .isEqualTo(new Page<>(List.of(), null));
    }

    @Test
    void posted_record_is_read_unchanged() {
        DynamoDbCallRecordStore store = store(MONTH);
        NewCallRecord requested = record(call, 3, START, END);

        CallRecord stored = stored(store, requested, NOW);

        assertThat(stored.content()).isEqualTo(requested.content());
        assertThat(stored.version()).isEqualTo(3);
        assertThat(stored.revision()).isEqualTo(1);
        assertThat(stored.expiresAt()).isEqualTo(Instant.parse("2026-12-21T10:00:00Z"));
        assertThat(store.read(call, NOW)).contains(stored);
        assertThat(store.countSessions(stored)).isZero();
        assertThat(store.countParticipants(stored)).isZero();
    }

    @Test
    void record_is_stored_with_all_its_children() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<NewCallSession> sessions = new ArrayList<>(TestCallRecords.sessions(230));
        sessions.add(session(with(content("t", START, END), "segments", List.of(segment("g", 1_300_000)))));
        sessions.add(session(with(content("u", START, END), "segments", List.of(segment("h", 700_000)))));
        sessions.add(session(with(content("v", START, END), "segments", List.of(segment("i", 1_000_000)))));
        sessions.add(session(with(content("w", START, END), "segments", List.of(segment("j", 1_000_000)))));
        List<Participant> participants = IntStream.range(0, 120)
                .mapToObj(i -> participant("p%03d".formatted(i)))
                .toList();

        CallRecord stored = stored(store, inline(1, sessions, participants), NOW);

        assertThat(store.countSessions(stored)).isEqualTo(234);
        assertThat(all(store, stored, true, 60).stream()
                        .map(CallSession::content)
                        .toList())
                .isEqualTo(sessions.stream()
                        .map(session -> TestCallRecords.shown(session.content()))
                        .toList());
        assertThat(store.countParticipants(stored)).isEqualTo(120);
        assertThat(participants(store, stored, 50)).isEqualTo(participants);
    }

    @Test
    void higher_version_replaces_all_of_the_older_one() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord first =
                stored(store, inline(1, List.of(session("a", "09:00", "10:00")), List.of(participant("p"))), NOW);
        posted(store, call, session("b", "08:00", "11:00", "data"), NOW);
        long before = read(store, call, NOW).revision();

        CallRecord second = stored(
                store,
                inline(2, List.of(session("c", "09:00", "10:00")), List.of(participant("q"))),
                NOW.plusSeconds(60));

        assertThat(store.read(call, NOW)).contains(second);
        assertThat(second.content()).isEqualTo(inline(2, List.of(), List.of()).content());
        assertThat(second.revision()).isGreaterThan(before);
        assertThat(second.expiresAt()).isEqualTo(Instant.parse("2026-12-21T10:01:00Z"));
        assertThat(second.generation()).isNotEqualTo(first.generation());
        assertThat(sessionIds(store, second)).containsExactly("c");
        assertThat(participants(store, second, 9)).extracting(Participant::id).containsExactly("q");

        CallRecord third = stored(store, record(call, 4, START, END), NOW);
        assertThat(sessionIds(store, third)).isEmpty();
        assertThat(participants(store, third, 9)).isEmpty();
    }

    @Test
    void equal_or_older_version_changes_nothing() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord first = stored(store, inline(2, List.of(session("a", "09:00", "10:00")), List.of()), NOW);

        for (NewCallRecord again : List.of(
                record(call, 2, "2026-03-04T08:00", END),
                record(call, 1, START, END),
                inline(2, List.of(session("b", "09:00", "10:00")), List.of(participant("p"))),
                inline(0, List.of(), List.of()))) {
            assertThat(store.put(again, NOW)).isEqualTo(new PutRecordOutcome.Unchanged(first));
        }
        assertThat(store.read(call, NOW)).contains(first);
        assertThat(sessionIds(store, first)).containsExactly("a");
    }

    @Test
    void replacing_version_0_keeps_children_missing_in_the_new_version() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecordKey other = new CallRecordKey(tenant, "other");
        CallRecordKey third = new CallRecordKey(tenant, "third");
        for (CallRecordKey key : List.of(call, other, third)) {
            posted(store, key, session("a", "09:00", "10:00", "data"), NOW);
            CallRecord record = read(store, key, NOW);
            assertThat(store.post(record, participant("p"), NOW)).isInstanceOf(PostParticipantOutcome.Posted.class);
        }
        Instant later = NOW.plus(Duration.ofDays(3));

        CallRecord keeping = stored(store, record(call, 1, START, END), later);
        assertThat(sessionIds(store, keeping)).containsExactly("a");
        assertThat(participants(store, keeping, 9)).containsExactly(participant("p"));
        // It has the posted content, and it expires with its children.
        assertThat(keeping.content()).isEqualTo(record(call, 1, START, END).content());
        assertThat(keeping.expiresAt()).isEqualTo(Instant.parse("2026-12-21T10:00:00Z"));

        CallRecord half =
                stored(store, record(other, 1, START, END, List.of(session("b", "09:00", "10:00")), null, null), later);
        assertThat(sessionIds(store, half)).containsExactly("b");
        assertThat(participants(store, half, 9)).containsExactly(participant("p"));
        assertThat(half.expiresAt()).isEqualTo(Instant.parse("2026-12-21T10:00:00Z"));
        assertThat(half.participantGeneration()).isNotEqualTo(half.generation());

        CallRecord empty = stored(store, record(third, 1, START, END, List.of(), List.of(), null), later);
        assertThat(sessionIds(store, empty)).isEmpty();
        assertThat(participants(store, empty, 9)).isEmpty();
        assertThat(empty.expiresAt()).isEqualTo(Instant.parse("2026-12-24T10:00:00Z"));
    }

    @Test
    void posted_record_is_extended_by_sessions_and_keeps_its_version() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord before = stored(store, record(call, 5, START, END), NOW);

        posted(store, call, session("a", "08:00", "09:30", "screenSharing", "audio"), NOW);

        CallRecord after = read(store, call, NOW);
        assertThat(after.version()).isEqualTo(5);
        assertThat(after.generation()).isEqualTo(before.generation());
        assertThat(modalities(after)).containsExactly("video", "audio", "screenSharing");
        assertThat(after.content())
                .isEqualTo(with(
                        with(before.content(), "startDateTime", "2026-03-04T08:00:00Z"),
                        "modalities",
                        List.of("video", "audio", "screenSharing")));
    }

    @Test
    void record_that_is_too_large_is_rejected_completely() {
        DynamoDbCallRecordStore store = store(MONTH);
        NewCallRecord plain = record(call, 1, START, END);
        NewCallSession large = session(with(content("b", START, END), "segments", List.of(segment("g", 1_450_000))));

        assertThat(store.put(
                        new NewCallRecord(
                                call,
                                1,
                                with(plain.content(), "participants", segment("g", 600_000)),
                                null,
                                null,
                                null),
                        NOW))
                .isInstanceOfSatisfying(PutRecordOutcome.TooLarge.class, rejected -> {
                    assertThat(rejected.target()).isEmpty();
                    assertThat(rejected.oversize().maximum()).isEqualTo(JsonDocument.LARGEST);
                });
        assertThat(store.put(inline(1, List.of(session("a", "09:00", "10:00"), large), List.of()), NOW))
                .isInstanceOfSatisfying(PutRecordOutcome.TooLarge.class, rejected -> {
                    assertThat(rejected.target()).isEqualTo("sessions[1]");
                    assertThat(rejected.oversize().maximum()).isEqualTo(1_048_576);
                });
        assertThat(store.put(
                        inline(
                                1,
                                List.of(session("a", "09:00", "10:00")),
                                List.of(new Participant(
                                        "p", with(participant("p").content(), "identity", segment("g", 600_000)), 1))),
                        NOW))
                .isInstanceOfSatisfying(
                        PutRecordOutcome.TooLarge.class,
                        rejected -> assertThat(rejected.target()).isEqualTo("participants_v2[0]"));
        assertThat(store.read(call, NOW)).isEmpty();
        // Content just below the limit is stored, compressed.
        Map<String, @Nullable Object> big = with(plain.content(), "participants", segment("g", 400_000));
        assertThat(stored(store, new NewCallRecord(call, 1, big, null, null, null), NOW)
                        .content())
                .isEqualTo(big);
        assertThat(read(store, call, NOW).content()).isEqualTo(big);
    }

    @Test
    void repeated_request_for_a_record_is_a_replay() {
        DynamoDbCallRecordStore store = store(MONTH);
        IdempotencyKey key = new IdempotencyKey("key", "hash");
        NewCallRecord requested = record(call, 1, START, END, List.of(session("a", "09:00", "10:00")), null, key);
        stored(store, requested, NOW);
        posted(store, call, session("b", "08:00", "09:00"), NOW);
        CallRecord record = read(store, call, NOW);

        assertThat(store.put(requested, NOW)).isEqualTo(new PutRecordOutcome.Replayed(record));
        assertThat(store.put(record(call, 2, START, END, null, null, new IdempotencyKey("key", "other")), NOW))
                .isEqualTo(new PutRecordOutcome.KeyReused());
        assertThat(store.put(record(call, 1, START, END, null, null, new IdempotencyKey("other", "hash")), NOW))
                .isEqualTo(new PutRecordOutcome.Unchanged(record));
        assertThat(sessionIds(store, record)).containsExactly("a", "b");

        done(store.delete(record, NOW));
        Instant soon = NOW.plus(Duration.ofHours(23));
        assertThat(store.put(requested, soon)).isEqualTo(new PutRecordOutcome.Deleted());
        assertThat(store.put(record(call, 1, START, END, null, null, new IdempotencyKey("key", "other")), soon))
                .isEqualTo(new PutRecordOutcome.KeyReused());
        assertThat(store.read(call, soon)).isEmpty();
        stored(store, requested, NOW.plus(Duration.ofHours(25)));
    }

    @Test
    void highest_of_concurrent_versions_is_stored_completely() {
        DynamoDbCallRecordStore store = store(MONTH);

        List<PutRecordOutcome> outcomes = Race.run(
                24,
                caller -> store.put(
                        record(
                                call,
                                1 + caller / 2,
                                START,
                                END,
                                IntStream.range(0, 5)
                                        .mapToObj(i -> session("s" + caller + "." + i, "09:00", "10:00"))
                                        .toList(),
                                List.of(participant("p" + caller)),
                                null),
                        NOW));

        CallRecord record = read(store, call, NOW);
        assertThat(record.version()).isEqualTo(12);
        String winner = participants(store, record, 9).getFirst().id().substring(1);
        assertThat(winner).isIn("22", "23");
        assertThat(sessionIds(store, record))
                .containsExactlyElementsOf(IntStream.range(0, 5)
                        .mapToObj(i -> "s" + winner + "." + i)
                        .toList());
        assertThat(outcomes.get(Integer.parseInt(winner))).isEqualTo(new PutRecordOutcome.Stored(record));
        assertThat(outcomes.get(22 + 23 - Integer.parseInt(winner))).isEqualTo(new PutRecordOutcome.Unchanged(record));
        // Each version was stored at most once.
        for (int version = 1; version <= 12; version++) {
            assertThat(outcomes.subList(2 * version - 2, 2 * version))
                    .filteredOn(PutRecordOutcome.Stored.class::isInstance)
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    // ---- changed and deleted records

    @Test
    void changed_record_keeps_version_and_children() {
        DynamoDbCallRecordStore store = store(MONTH);
        stored(store, inline(2, List.of(session("a", "09:00", "10:00")), List.of(participant("p"))), NOW);
        posted(store, call, session("b", "08:00", "11:00", "data"), NOW);
        CallRecord before = read(store, call, NOW);
        Map<String, @Nullable Object> content = with(
                with(with(before.content(), "joinWebUrl", "https://example.org/"), "modalities", List.of("data")),
                "startDateTime",
                "2026-03-02T12:00:00Z");

        CallRecord changed = done(store.change(before, content, NOW));

        assertThat(changed.content()).isEqualTo(content);
        assertThat(changed.revision()).isEqualTo(before.revision() + 1);
        assertThat(store.read(call, NOW)).contains(changed);
        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.expiresAt()).isEqualTo(before.expiresAt());
        assertThat(sessionIds(store, changed)).containsExactly("a", "b");
        assertThat(participants(store, changed, 9)).containsExactly(participant("p"));
        assertThat(store.list(
                                tenant,
                                new CallRecordFilter(null, true, at("2026-03-03T00:00"), true, null),
                                new PageRequest(null, 9),
                                NOW)
                        .items())
                .containsExactly(changed);

        assertThat(store.change(before, content, NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.delete(before, NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.change(changed, with(content, "participants", segment("g", 600_000)), NOW))
                .isInstanceOf(RecordChangeOutcome.TooLarge.class);
        done(store.delete(changed, NOW));
        assertThat(store.change(changed, content, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.delete(changed, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
    }

    @Test
    void concurrent_sessions_do_not_block_changes_and_deletes_of_a_record() {
        DynamoDbCallRecordStore store = store(MONTH);
        stored(store, record(call, 1, START, END), NOW);
        CallRecord before = read(store, call, NOW);
        posted(store, call, session("a", "08:00", "11:00", "data"), NOW);

        Map<String, @Nullable Object> named = with(before.content(), "joinWebUrl", "https://example.org/");
        assertThat(store.change(before, with(named, "endDateTime", "2026-03-04T12:00:00Z"), NOW))
                .isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.change(before, with(named, "modalities", List.of("audio")), NOW))
                .isEqualTo(new RecordChangeOutcome.Overtaken<>());
        done(store.change(before, named, NOW));

        CallRecord after = read(store, call, NOW);
        assertThat(after.revision()).isGreaterThan(before.revision() + 1);
        assertThat(after.content())
                .isEqualTo(with(
                        with(
                                with(named, "startDateTime", "2026-03-04T08:00:00Z"),
                                "endDateTime",
                                "2026-03-04T11:00:00Z"),
                        "modalities",
                        List.of("video", "audio", "data")));
        posted(store, call, session("b", "07:00", "11:00", "screenSharing"), NOW);
        done(store.delete(after, NOW));
        assertThat(store.read(call, NOW)).isEmpty();
    }

    @Test
    void record_created_by_a_session_can_get_more_content() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecord before = read(store, call, NOW);
        Map<String, @Nullable Object> content = with(before.content(), "type", "peerToPeer");

        done(store.change(before, content, NOW));
        posted(store, call, session("b", "09:00", "11:00"), NOW);

        CallRecord after = read(store, call, NOW);
        assertThat(after.version()).isZero();
        assertThat(after.content().get("type")).isEqualTo("peerToPeer");
        assertThat(after.content().get("endDateTime")).isEqualTo("2026-03-04T11:00:00Z");
        assertThat(sessionIds(store, after)).containsExactly("a", "b");
    }

    @Test
    void deleted_record_is_removed_with_its_children() {
        DynamoDbCallRecordStore store = store(MONTH);
        stored(store, inline(7, List.of(session("a", "09:00", "10:00")), List.of(participant("p"))), NOW);
        CallRecord before = read(store, call, NOW);

        done(store.delete(before, NOW));

        assertThat(store.read(call, NOW)).isEmpty();
        assertThat(store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 9), NOW)
                        .items())
                .isEmpty();
        assertThat(store.count(tenant, CallRecordFilter.ALL, NOW)).isZero();
        CallRecordFilter withP = new CallRecordFilter(null, true, null, true, "p");
        assertThat(store.list(tenant, withP, new PageRequest(null, 9), NOW).items())
                .isEmpty();
        assertThat(store.count(tenant, withP, NOW)).isZero();
        // Everything posted afterwards is new.
        posted(store, call, session("b", "08:00", "08:30", "data"), NOW);
        CallRecord after = read(store, call, NOW);
        assertThat(sessionIds(store, after)).containsExactly("b");
        assertThat(participants(store, after, 9)).isEmpty();
        assertThat(modalities(after)).containsExactly("data");
        assertThat(after.version()).isZero();
        assertThat(after.content().get("endDateTime")).isEqualTo("2026-03-04T08:30:00Z");
        done(store.delete(after, NOW));
        assertThat(sessionIds(store, stored(store, record(call, 1, START, END), NOW)))
                .isEmpty();
    }

    @Test
    void later_record_with_the_same_revision_is_a_different_record() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord first = stored(store, record(call, 1, START, END), NOW);
        done(store.delete(first, NOW));
        CallRecord second = stored(store, record(call, 1, START, END), NOW);
        assertThat(second.revision()).isEqualTo(first.revision());

        assertThat(store.delete(first, NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.change(first, first.content(), NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.read(call, NOW)).contains(second);
    }

    @Test
    void sweep_removes_only_ended_generations() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<NewCallSession> many = new ArrayList<>(TestCallRecords.sessions(130));
        many.add(session(with(content("t", START, END), "segments", List.of(segment("g", 900_000)))));
        CallRecord first = stored(store, inline(1, many, List.of(participant("p"))), NOW);
        assertThat(store.sweep(call, first.generation(), NOW)).isTrue();
        assertThat(store.countSessions(first)).isEqualTo(131);
        assertThat(store.countParticipants(first)).isEqualTo(1);

        CallRecord second =
                stored(store, inline(2, List.of(session("b", "09:00", "10:00")), List.of(participant("q"))), NOW);
        assertThat(store.sweep(call, first.generation(), NOW)).isTrue();
        assertThat(store.sweep(call, "no generation", NOW)).isTrue();
        assertThat(store.sweep(new CallRecordKey(tenant, "other"), second.generation(), NOW))
                .isTrue();

        assertThat(store.countSessions(first)).isZero();
        assertThat(store.countParticipants(first)).isZero();
        assertThat(store.session(first, session("t", "09:00", "10:00").key(), true))
                .isEmpty();
        assertThat(sessionIds(store, second)).containsExactly("b");
        assertThat(participants(store, second, 9)).containsExactly(participant("q"));
        assertThat(store.read(call, NOW)).contains(second);

        done(store.delete(second, NOW));
        assertThat(store.sweep(call, second.generation(), NOW)).isTrue();
        assertThat(store.sweep(call, second.generation(), NOW)).isTrue();
        assertThat(store.countSessions(second)).isZero();
        assertThat(store.countParticipants(second)).isZero();
    }

    @Test
    void sweep_keeps_participants_with_a_longer_retention() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecord first = read(store, call, NOW);
        store.post(first, participant("p"), NOW);

        CallRecord second =
                stored(store, record(call, 1, START, END, List.of(session("b", "09:00", "10:00")), null, null), NOW);
        assertThat(store.sweep(call, first.generation(), NOW)).isTrue();
        assertThat(store.sweep(call, first.participantGeneration(), NOW)).isTrue();
        assertThat(store.sweep(call, second.generation(), NOW)).isTrue();

        assertThat(store.countSessions(first)).isZero();
        assertThat(participants(store, second, 9)).containsExactly(participant("p"));
        assertThat(sessionIds(store, second)).containsExactly("b");
    }

    // ---- expiry

    @Test
    void expired_record_is_absent_in_every_read() {
        DynamoDbCallRecordStore store = store(MONTH);
        stored(store, inline(9, List.of(session("a", "09:00", "10:00")), List.of(participant("p"))), NOW);
        CallRecord before = read(store, call, NOW);
        Instant last = NOW.plus(RETENTION).minusSeconds(1);
        Instant expired = NOW.plus(RETENTION);
        CallRecordFilter withP = new CallRecordFilter(null, true, null, true, "p");
        assertThat(store.read(call, last)).contains(before);
        assertThat(store.count(tenant, CallRecordFilter.ALL, last)).isEqualTo(1);

        assertThat(store.read(call, expired)).isEmpty();
        for (CallRecordFilter filter : List.of(CallRecordFilter.ALL, withP)) {
            assertThat(store.count(tenant, filter, expired)).isZero();
            assertThat(store.list(tenant, filter, new PageRequest(null, 9), expired)
                            .items())
                    .isEmpty();
        }
        assertThat(store.change(before, before.content(), expired)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.delete(before, expired)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.post(before, participant("q"), expired)).isEqualTo(new PostParticipantOutcome.Gone());

        posted(store, call, session("b", "08:00", "08:30", "data"), expired);
        CallRecord after = read(store, call, expired);
        assertThat(after.version()).isZero();
        assertThat(after.generation()).isNotEqualTo(before.generation());
        assertThat(after.expiresAt()).isEqualTo(Instant.parse("2027-01-20T10:00:00Z"));
        assertThat(modalities(after)).containsExactly("data");
        assertThat(after.content().get("endDateTime")).isEqualTo("2026-03-04T08:30:00Z");
        assertThat(sessionIds(store, after)).containsExactly("b");
        assertThat(store.countParticipants(after)).isZero();
    }

    @Test
    void expired_record_is_replaced_by_any_version() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord before = stored(store, inline(9, List.of(session("a", "09:00", "10:00")), List.of()), NOW);
        Instant expired = NOW.plus(RETENTION);

        CallRecord after = stored(store, record(call, 1, START, END), expired);

        assertThat(after.version()).isEqualTo(1);
        assertThat(after.revision()).isEqualTo(1);
        assertThat(after.generation()).isNotEqualTo(before.generation());
        assertThat(sessionIds(store, after)).isEmpty();
    }

    @Test
    void record_without_retention_never_expires() {
        DynamoDbCallRecordStore store = store(FOR_GOOD);
        Instant later = NOW.plus(Duration.ofDays(4_000));
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecordKey other = new CallRecordKey(tenant, "other");
        stored(store, record(other, 1, START, END), NOW);
        assertThat(read(store, call, later).expiresAt()).isNull();
        assertThat(read(store, other, later).expiresAt()).isNull();
        assertThat(store.count(tenant, CallRecordFilter.ALL, later)).isEqualTo(2);
        assertThat(store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 9), later)
                        .items())
                .hasSize(2);
    }

    // ---- lists

    private CallRecord listed(DynamoDbCallRecordStore store, String id, String start) {
        CallRecordKey key = new CallRecordKey(tenant, id);
        Map<String, @Nullable Object> content = with(record(key, 1, START, END).content(), "startDateTime", start);
        return stored(
                store,
                new NewCallRecord(key, 1, content, null, List.of(participant("of " + id), participant("all")), null),
                NOW);
    }

    private List<String> list(DynamoDbCallRecordStore store, CallRecordFilter filter, int size) {
        List<String> ids = new ArrayList<>();
        @Nullable String after = null;
        int pages = 0;
        do {
            Page<CallRecord> page = store.list(tenant, filter, new PageRequest(after, size), NOW);
            assertThat(page.items().size()).isLessThanOrEqualTo(size);
            page.items().forEach(record -> ids.add(record.key().id()));
            after = page.next();
            assertThat(pages++).isLessThan(1_000);
        } while (after != null);
        assertThat(store.count(tenant, filter, NOW)).isEqualTo(ids.size());
        return ids;
    }

    @Test
    void records_are_listed_by_start_and_id_across_days() {
        DynamoDbCallRecordStore store = store(MONTH);
        listed(store, "c", "2026-03-04T09:00:00Z");
        listed(store, "b", "2026-03-04T10:00:00.000+01:00");
        listed(store, "d", "2026-03-04T09:00:00.5Z");
        listed(store, "e", "2026-03-04T09:00:00.49Z");
        listed(store, "f", "2026-03-05T01:00:00+02:00");
        listed(store, "g", "2026-03-05T00:00:00Z");
        listed(store, "a", "2024-02-29T23:59:59.999Z");
        listed(store, "h#/ü", "2031-01-01T00:00:00Z");
        stored(store, record(new CallRecordKey(tenant + " 2", "z"), 1, START, END), NOW);

        List<String> all = List.of("a", "b", "c", "e", "d", "f", "g", "h#/ü");
        for (int size : new int[] {1, 2, 3, 7, 8, 60, 100}) {
            assertThat(list(store, CallRecordFilter.ALL, size)).isEqualTo(all);
        }
        Page<CallRecord> exact = store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 8), NOW);
        assertThat(exact.next()).isNull();
    }

    @Test
    void start_filters_are_exact_at_their_bounds() {
        DynamoDbCallRecordStore store = store(MONTH);
        SplittableRandom random = Seed.random("start_filters_are_exact_at_their_bounds");
        List<GraphInstant> instants = new ArrayList<>();
        for (String text : List.of(
                "2026-03-03T23:59:59.999999999999Z",
                "2026-03-04T00:00:00Z",
                "2026-03-04T00:00:00.1Z",
                "2026-03-04T00:00:00.11Z",
                "2026-03-04T00:00:00.2Z",
                "2026-03-04T00:00:01Z",
                "2026-03-07T12:00:00Z",
                "2026-03-07T12:00:00.000000000001Z")) {
            instants.add(GraphInstant.of(text).orElseThrow());
            listed(store, "r" + (instants.size() - 1), text);
        }
        List<@Nullable GraphInstant> bounds = new ArrayList<>(instants);
        bounds.add(null);
        bounds.add(GraphInstant.of("2026-03-05T00:00:00Z").orElseThrow());
        bounds.add(GraphInstant.of("0000-01-01T00:00:00Z").orElseThrow());
        bounds.add(GraphInstant.of("9999-12-31T23:59:59.999999999999Z").orElseThrow());
        for (int i = 0; i < 150; i++) {
            CallRecordFilter filter = new CallRecordFilter(
                    bounds.get(random.nextInt(bounds.size())),
                    random.nextBoolean(),
                    bounds.get(random.nextInt(bounds.size())),
                    random.nextBoolean(),
                    random.nextInt(3) == 0 ? "all" : null);
            List<String> expected = IntStream.range(0, instants.size())
                    .filter(each -> filter.admits(instants.get(each)))
                    .mapToObj(each -> "r" + each)
                    .toList();
            assertThat(list(store, filter, 1 + random.nextInt(4)))
                    .as(filter.toString())
                    .isEqualTo(expected);
        }
    }

    @Test
    void many_days_are_listed_in_possibly_short_pages() {
        DynamoDbCallRecordStore store = store(MONTH);
        for (int day = 0; day < 70; day++) {
            CallRecord record = listed(
                    store,
                    "d%02d".formatted(day),
                    Instant.parse("2026-03-01T12:00:00Z")
                            .plus(Duration.ofDays(day))
                            .toString());
            if (day % 30 != 5) {
                done(store.delete(record, NOW));
            }
        }

        assertThat(list(store, CallRecordFilter.ALL, 5)).containsExactly("d05", "d35", "d65");
        assertThat(list(store, CallRecordFilter.ALL, 1)).containsExactly("d05", "d35", "d65");
    }

    @Test
    void record_is_listed_at_its_current_start() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session(content("a", "2026-03-04T09:00", "2026-03-04T10:00")), NOW);
        posted(store, new CallRecordKey(tenant, "other"), session("a", "08:00", "10:00"), NOW);
        posted(store, call, session(content("b", "2026-02-01T09:00", "2026-02-01T10:00")), NOW);

        assertThat(list(store, CallRecordFilter.ALL, 1)).containsExactly(call.id(), "other");
        CallRecordFilter march = new CallRecordFilter(at("2026-03-01T00:00"), true, null, true, null);
        assertThat(list(store, march, 5)).containsExactly("other");
        CallRecord record = read(store, call, NOW);
        done(store.change(record, with(record.content(), "startDateTime", "2026-03-09T00:00:00Z"), NOW));
        assertThat(list(store, march, 5)).containsExactly("other", call.id());
        done(store.delete(read(store, call, NOW), NOW));
        stored(store, record(call, 1, "2026-01-01T00:00", END), NOW);
        assertThat(list(store, CallRecordFilter.ALL, 5)).containsExactly(call.id(), "other");
    }

    @Test
    void records_of_a_participant_are_listed_by_id() {
        DynamoDbCallRecordStore store = store(MONTH);
        listed(store, "c", "2026-03-04T09:00:00Z");
        listed(store, "a", "2026-03-05T09:00:00Z");
        listed(store, "b", "2026-03-01T09:00:00Z");
        posted(store, new CallRecordKey(tenant, "d"), session("s", "09:00", "10:00"), NOW);

        CallRecordFilter everywhere = new CallRecordFilter(null, true, null, true, "all");
        assertThat(list(store, everywhere, 2)).containsExactly("a", "b", "c");
        assertThat(list(store, everywhere, 3)).containsExactly("a", "b", "c");
        assertThat(list(store, new CallRecordFilter(null, true, null, true, "of b"), 2))
                .containsExactly("b");
        assertThat(list(store, new CallRecordFilter(at("2026-03-04T00:00"), true, null, true, "all"), 1))
                .containsExactly("a", "c");
        for (String unknown : List.of("al", "all2", "of B", "", "x".repeat(3_000))) {
            assertThat(list(store, new CallRecordFilter(null, true, null, true, unknown), 2))
                    .isEmpty();
        }

        CallRecord record = read(store, new CallRecordKey(tenant, "d"), NOW);
        store.post(record, participant("all"), NOW);
        assertThat(list(store, everywhere, 2)).containsExactly("a", "b", "c", "d");
        // Participants of replaced versions are not listed, whether swept or not.
        for (int version = 2; version < 6; version++) {
            stored(
                    store,
                    record(
                            new CallRecordKey(tenant, "b"),
                            version,
                            START,
                            END,
                            null,
                            version % 2 == 0 ? List.of() : List.of(participant("all")),
                            null),
                    NOW);
            assertThat(list(store, everywhere, 1))
                    .isEqualTo(version % 2 == 0 ? List.of("a", "c", "d") : List.of("a", "b", "c", "d"));
        }
        CallRecord c = read(store, new CallRecordKey(tenant, "c"), NOW);
        done(store.delete(c, store.participant(c, "all").orElseThrow(), NOW));
        assertThat(list(store, everywhere, 5)).containsExactly("a", "b", "d");
    }

    @Test
    void forged_positions_return_only_records_of_the_tenant() {
        DynamoDbCallRecordStore store = store(MONTH);
        listed(store, "a", "2026-03-04T09:00:00Z");
        stored(
                store,
                record(new CallRecordKey(tenant + "2", "b"), 1, START, END, null, List.of(participant("all")), null),
                NOW);

        for (String position : List.of(
                " ",
                "2",
                "2026-03-04",
                "2026-03-04T09:00:00#zzz",
                "9999",
                "\u007F",
                "é",
                "2026-03-0😀",
                "2026-0\uD83D",
                "2026-03-04é",
                "#",
                "~",
                "z".repeat(700))) {
            for (@Nullable String participant : new @Nullable String[] {null, "all"}) {
                assertThat(store.list(
                                        tenant,
                                        new CallRecordFilter(null, true, null, true, participant),
                                        new PageRequest(position, 9),
                                        NOW)
                                .items())
                        .allMatch(record -> record.key().id().equals("a"));
            }
        }
    }

    @Test
    void page_of_large_records_ends_early() {
        DynamoDbCallRecordStore store = store(MONTH);
        for (int i = 0; i < 6; i++) {
            CallRecordKey key = new CallRecordKey(tenant, "r" + i);
            Map<String, @Nullable Object> content =
                    with(record(key, 1, START, END).content(), "joinWebUrl", "x".repeat(1_000_000));
            stored(store, new NewCallRecord(key, 1, content, null, null, null), NOW);
        }

        assertThat(list(store, CallRecordFilter.ALL, 9)).hasSize(6);
        assertThat(store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 9), NOW)
                        .items())
                .hasSizeBetween(1, 4);
    }

    @Test
    void tenants_are_isolated() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<CallRecordKey> keys = List.of(
                new CallRecordKey(tenant, "a#b"),
                new CallRecordKey(tenant + "#a", "b"),
                new CallRecordKey(tenant + "%23a", "b"),
                new CallRecordKey(tenant + "/a", "b"));
        for (int i = 0; i < keys.size(); i++) {
            posted(store, keys.get(i), session("s" + i, "09:00", "10:00"), NOW);
            store.post(read(store, keys.get(i), NOW), participant("p" + i), NOW);
        }
        for (int i = 0; i < keys.size(); i++) {
            CallRecordKey key = keys.get(i);
            CallRecord record = read(store, key, NOW);
            assertThat(sessionIds(store, record)).containsExactly("s" + i);
            assertThat(participants(store, record, 9)).containsExactly(participant("p" + i));
            assertThat(store.list(key.tenant(), CallRecordFilter.ALL, new PageRequest(null, 9), NOW)
                            .items())
                    .containsExactly(record);
            assertThat(store.list(
                                    key.tenant(),
                                    new CallRecordFilter(null, true, null, true, "p" + (i + 1) % keys.size()),
                                    new PageRequest(null, 9),
                                    NOW)
                            .items())
                    .isEmpty();
        }
        done(store.delete(read(store, keys.getFirst(), NOW), NOW));
        assertThat(store.read(keys.getLast(), NOW)).isPresent();
    }

    // ---- participants

    @Test
    void participant_is_posted_read_changed_and_deleted() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord record = stored(store, record(call, 1, START, END), NOW);
        Participant first = participant("p#ü/1");

        assertThat(store.post(record, first, NOW)).isEqualTo(new PostParticipantOutcome.Posted(first));
        assertThat(store.post(record, first, NOW)).isEqualTo(new PostParticipantOutcome.Posted(first));
        assertThat(store.participant(record, first.id())).contains(first);
        assertThat(store.participant(record, "p")).isEmpty();
        assertThat(store.participant(record, "x".repeat(3_000))).isEmpty();
        // Participants do not change the call record.
        assertThat(store.read(call, NOW)).contains(record);

        Map<String, @Nullable Object> more =
                with(first.content(), "administrativeUnitInfos", List.of(Map.of("id", "unit")));
        Participant filled = new Participant(first.id(), more, 2);
        assertThat(store.post(record, new Participant(first.id(), more, 1), NOW))
                .isEqualTo(new PostParticipantOutcome.Posted(filled));
        Participant other =
                new Participant(first.id(), participant("another user").content(), 1);
        assertThat(store.post(record, new Participant(first.id(), with(other.content(), "id", first.id()), 1), NOW))
                .isInstanceOfSatisfying(PostParticipantOutcome.Different.class, different -> {
                    assertThat(different.stored()).isEqualTo(filled);
                    assertThat(different.target()).startsWith("identity");
                });

        Participant changed = done(store.change(record, filled, first.content(), NOW));
        assertThat(changed).isEqualTo(new Participant(first.id(), first.content(), 3));
        assertThat(store.participant(record, first.id())).contains(changed);
        assertThat(store.change(record, filled, more, NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.delete(record, filled, NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        done(store.delete(record, changed, NOW));
        assertThat(store.delete(record, changed, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.change(record, changed, more, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.countParticipants(record)).isZero();
        Map<String, @Nullable Object> large = with(first.content(), "identity", segment("g", 600_000));
        assertThat(store.post(record, new Participant("p", large, 1), NOW))
                .isInstanceOf(PostParticipantOutcome.TooLarge.class);
        assertThat(store.change(record, changed, large, NOW)).isInstanceOf(RecordChangeOutcome.TooLarge.class);
    }

    @Test
    void participant_of_a_deleted_record_is_rejected() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord first = stored(store, record(call, 1, START, END), NOW);
        CallRecord second = stored(store, record(call, 2, START, END), NOW);
        assertThat(store.post(first, participant("p"), NOW)).isEqualTo(new PostParticipantOutcome.Gone());
        done(store.delete(second, NOW));
        assertThat(store.post(second, participant("p"), NOW)).isEqualTo(new PostParticipantOutcome.Gone());
        assertThat(store.countParticipants(second)).isZero();
    }

    @Test
    void pages_contain_all_participants() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<Participant> requested = IntStream.range(0, 25)
                .mapToObj(i -> participant("p" + i))
                .sorted(Comparator.comparing(Participant::id))
                .toList();
        CallRecord record = stored(store, inline(1, List.of(), requested), NOW);

        for (int size : new int[] {1, 7, 25, 60}) {
            assertThat(participants(store, record, size)).isEqualTo(requested);
        }
        assertThat(store.participants(record, new PageRequest(null, 25), ANY_SIZE)
                        .next())
                .isNull();
        assertThat(store.participants(record, new PageRequest(null, 25), 400).items())
                .hasSizeBetween(1, 3);
        assertThat(store.participants(record, new PageRequest(null, 25), 1).items())
                .hasSize(1);
        assertThat(store.participants(record, new PageRequest("\u007Fé", 25), ANY_SIZE)
                        .items())
                .isEmpty();
        assertThat(store.countParticipants(record)).isEqualTo(25);
    }
}
