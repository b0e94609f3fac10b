package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.TestCallRecords.at;
import static io.switchboard.callrecords.store.TestCallRecords.content;
import static io.switchboard.callrecords.store.TestCallRecords.segment;
import static io.switchboard.callrecords.store.TestCallRecords.session;
import static io.switchboard.callrecords.store.TestCallRecords.shown;
import static io.switchboard.callrecords.store.TestCallRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of {@link DynamoDbCallRecordStore} for sessions, a part of {@link CallRecordStoreContract}. */
abstract class CallRecordSessionsContract {
    /** The current time of the tests. */
    protected static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");

    static final Duration RETENTION = Duration.ofDays(30);
    static final RecordLimits MONTH = new RecordLimits(RETENTION, false);
    static final RecordLimits FOR_GOOD = new RecordLimits(Duration.ZERO, false);
    static final RecordLimits MUST_EXIST = new RecordLimits(RETENTION, true);
    static final int ANY_SIZE = 4 * 1_048_576;

    final String tenant = "tenant " + UUID.randomUUID();
    final CallRecordKey call = new CallRecordKey(tenant, "call/1#ü");

    /** Returns a store with these limits. It may share its data with other stores of the same class. */
    protected abstract DynamoDbCallRecordStore store(RecordLimits limits);

    static CallSession posted(DynamoDbCallRecordStore store, CallRecordKey key, NewCallSession session, Instant now) {
        PostSessionOutcome outcome = store.post(key, session, now);
        assertThat(outcome).isInstanceOf(PostSessionOutcome.Posted.class);
        return ((PostSessionOutcome.Posted) outcome).session();
    }

    static CallRecord read(DynamoDbCallRecordStore store, CallRecordKey key, Instant now) {
        return store.read(key, now).orElseThrow();
    }

    static List<String> ids(Page<CallSession> page) {
        return page.items().stream().map(session -> session.key().id()).toList();
    }

    /** Returns all sessions of a record, page by page. */
    static List<CallSession> all(DynamoDbCallRecordStore store, CallRecord record, boolean withSegments, int size) {
        List<CallSession> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<CallSession> page = store.sessions(record, withSegments, new PageRequest(after, size), ANY_SIZE);
            assertThat(page.items().size()).isLessThanOrEqualTo(size);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    static List<Object> modalities(CallRecord record) {
        return new ArrayList<>((List<?>) record.content().getOrDefault("modalities", List.of()));
    }

    @Test
    void first_session_creates_its_record() {
        DynamoDbCallRecordStore store = store(MONTH);

        CallSession session = posted(store, call, session("a", "09:00", "10:00", "video", "audio"), NOW);

        assertThat(session.content())
                .isEqualTo(shown(content("a", "2026-03-04T09:00", "2026-03-04T10:00", "video", "audio")));
        assertThat(session.revision()).isEqualTo(1);
        CallRecord record = read(store, call, NOW);
        assertThat(record.key()).isEqualTo(call);
        assertThat(record.version()).isZero();
        assertThat(record.content())
                .containsExactly(
                        Map.entry("id", call.id()),
                        Map.entry("version", 0L),
                        Map.entry("type", "unknown"),
                        Map.entry("modalities", List.of("audio", "video")),
                        Map.entry("startDateTime", "2026-03-04T09:00:00Z"),
                        Map.entry("endDateTime", "2026-03-04T10:00:00Z"),
                        Map.entry("lastModifiedDateTime", NOW.toString()));
        assertThat(record.expiresAt()).isEqualTo(Instant.parse("2026-12-21T10:00:00Z"));
        assertThat(store.session(record, session.key(), true)).contains(session);
        assertThat(store.session(record, session.key(), false).orElseThrow().content())
                .isEqualTo(content("a", "2026-03-04T09:00", "2026-03-04T10:00", "video", "audio"));
    }

    @Test
    void record_is_extended_by_each_session_and_keeps_the_widest_spelling() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecord first = read(store, call, NOW);
        posted(store, call, session("b", "09:10", "09:20", "data"), NOW);
        Map<String, @Nullable Object> early = with(
                content("c", "2026-03-03T23:00", "2026-03-04T09:05", "video"),
                "startDateTime",
                "2026-03-04T01:00:00.0000+02:00");
        posted(store, call, session(early), NOW);
        posted(store, call, session("d", "09:59", "10:00"), NOW);
        posted(store, call, session("e", "09:59", "23:59"), NOW);

        CallRecord record = read(store, call, NOW);
        assertThat(record.content().get("startDateTime")).isEqualTo("2026-03-04T01:00:00.0000+02:00");
        assertThat(record.content().get("endDateTime")).isEqualTo("2026-03-04T23:59:00Z");
        assertThat(modalities(record)).containsExactly("audio", "data", "video");
        assertThat(record.version()).isZero();
        assertThat(record.generation()).isEqualTo(first.generation());
        assertThat(record.expiresAt()).isEqualTo(first.expiresAt());
        assertThat(record.revision()).isGreaterThan(first.revision());
        assertThat(store.countSessions(record)).isEqualTo(5);
        assertThat(store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 10), NOW)
                        .items())
                .containsExactly(record);
    }

    @Test
    void store_does_not_validate_an_end_before_the_start() {
        DynamoDbCallRecordStore store = store(MONTH);

        posted(store, call, session("a", "09:00", "08:00"), NOW);

        assertThat(read(store, call, NOW).content().get("endDateTime")).isEqualTo("2026-03-04T08:00:00Z");
    }

    @Test
    void id_is_stored_once_for_each_start_and_callee() {
        DynamoDbCallRecordStore store = store(MONTH);
        Map<String, @Nullable Object> content = content("a", "2026-03-04T09:00", "2026-03-04T10:00");
        posted(store, call, session(content, "b", null), NOW);
        posted(store, call, session(content, "a", null), NOW);
        posted(store, call, session("a", "08:00", "10:00"), NOW);
        posted(store, call, session("a-", "07:00", "10:00"), NOW);
        posted(store, call, session("a#", "07:00", "10:00"), NOW);

        CallRecord record = read(store, call, NOW);
        assertThat(store.sessions(record, "a", true, 10))
                .extracting(CallSession::key)
                .containsExactly(
                        new SessionKey("a", "2026-03-04T08:00:00", "-"),
                        new SessionKey("a", "2026-03-04T09:00:00", "a"),
                        new SessionKey("a", "2026-03-04T09:00:00", "b"));
        assertThat(store.sessions(record, "a", false, 2)).hasSize(2);
        assertThat(store.sessions(record, "b", false, 2)).isEmpty();
        assertThat(store.sessions(record, "x".repeat(3_000), false, 2)).isEmpty();
        assertThat(store.session(record, new SessionKey("a", "2026-03-04T09:00:00", "c"), true))
                .isEmpty();
        assertThat(store.session(record, new SessionKey("x".repeat(3_000), "2026-03-04T09:00:00", "c"), true))
                .isEmpty();
        assertThat(store.countSessions(record)).isEqualTo(5);
    }

    @Test
    void repeated_equal_session_changes_nothing_and_the_first_spelling_is_kept() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, session("a", "09:00", "10:00"), NOW);
        Map<String, @Nullable Object> again =
                with(content("a", "2026-03-04T09:00", "2026-03-04T10:00"), "endDateTime", "2026-03-04T11:00:00+01:00");

        assertThat(store.post(call, session(again), NOW)).isEqualTo(new PostSessionOutcome.Posted(first));
        assertThat(all(store, read(store, call, NOW), true, 10)).containsExactly(first);
    }

    @Test
    void session_with_more_content_fills_missing_members() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        Map<String, @Nullable Object> more = with(
                with(content("a", "2026-03-04T09:00", "2026-03-04T10:00"), "isTest", true),
                "segments",
                List.of(segment("g", 9_000)));

        CallSession filled = posted(store, call, session(more), NOW);

        assertThat(filled.content()).isEqualTo(more);
        assertThat(filled.revision()).isEqualTo(2);
        assertThat(all(store, read(store, call, NOW), true, 10)).containsExactly(filled);
        // A later session with less content changes nothing.
        assertThat(store.post(call, session("a", "09:00", "10:00"), NOW))
                .isEqualTo(new PostSessionOutcome.Posted(filled));
    }

    @Test
    void conflicting_session_is_rejected_without_a_trace() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, session("a", "09:00", "10:00"), NOW);
        Map<String, @Nullable Object> before = read(store, call, NOW).content();

        assertThat(store.post(call, session("a", "09:00", "11:00", "audio", "video"), NOW))
                .isInstanceOfSatisfying(PostSessionOutcome.Different.class, different -> {
                    assertThat(different.stored()).isEqualTo(first);
                    assertThat(different.target()).isIn("endDateTime", "modalities");
                });

        assertThat(all(store, read(store, call, NOW), true, 10)).containsExactly(first);
        assertThat(with(read(store, call, NOW).content(), "lastModifiedDateTime", ""))
                .isEqualTo(with(before, "lastModifiedDateTime", ""));
    }

    @Test
    void one_of_concurrent_contents_wins_and_the_others_are_rejected() {
        DynamoDbCallRecordStore store = store(MONTH);

        List<PostSessionOutcome> outcomes = Race.run(
                Race.CALLERS,
                caller -> store.post(
                        call,
                        session(with(
                                content("a", "2026-03-04T09:00", "2026-03-04T10:00"),
                                "failureInfo",
                                Map.of("stage", "midcall", "reason", "reason " + caller))),
                        NOW));

        CallSession winner =
                store.sessions(read(store, call, NOW), "a", true, 10).getFirst();
        assertThat(outcomes.stream().filter(PostSessionOutcome.Posted.class::isInstance))
                .containsExactly(new PostSessionOutcome.Posted(winner));
        assertThat(outcomes.stream().filter(PostSessionOutcome.Different.class::isInstance))
                .hasSize(Race.CALLERS - 1)
                .allMatch(outcome ->
                        ((PostSessionOutcome.Different) outcome).stored().equals(winner));
    }

    @Test
    void setting_may_require_an_existing_record() {
        DynamoDbCallRecordStore store = store(MUST_EXIST);

        assertThat(store.post(call, session("a", "09:00", "10:00"), NOW)).isEqualTo(new PostSessionOutcome.NoRecord());
        assertThat(store.post(
                        call,
                        session(
                                content("a", "2026-03-04T09:00", "2026-03-04T10:00"),
                                "-",
                                new IdempotencyKey("key", "hash")),
                        NOW))
                .isEqualTo(new PostSessionOutcome.NoRecord());
        assertThat(store.read(call, NOW)).isEmpty();

        store.put(TestCallRecords.record(call, 1, "2026-03-04T09:00", "2026-03-04T10:00"), NOW);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        Instant expired = NOW.plus(RETENTION);
        assertThat(store.post(call, session("b", "09:00", "10:00"), expired))
                .isEqualTo(new PostSessionOutcome.NoRecord());
    }

    @Test
    void segments_of_any_size_are_read_unchanged() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<NewCallSession> sessions = new ArrayList<>();
        for (int size : new int[] {0, 10, 3_000, 6_000, 300_000, 420_000, 1_000_000, 1_330_000}) {
            sessions.add(session(with(
                    content("a" + size, "2026-03-04T09:00", "2026-03-04T10:00"),
                    "segments",
                    size == 0 ? List.of() : List.of(segment("g", size), segment("h", 10)))));
        }
        for (NewCallSession session : sessions) {
            assertThat(posted(store, call, session, NOW).content()).isEqualTo(session.content());
        }

        CallRecord record = read(store, call, NOW);
        for (NewCallSession session : sessions) {
            assertThat(store.session(record, session.key(), true).orElseThrow().content())
                    .isEqualTo(session.content());
            assertThat(store.session(record, session.key(), false).orElseThrow().content())
                    .doesNotContainKey("segments");
        }
        assertThat(all(store, record, true, 3).stream()
                        .map(CallSession::content)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        sessions.stream().map(NewCallSession::content).toList());
        assertThat(all(store, record, false, 3))
                .hasSize(sessions.size())
                .noneMatch(session -> session.content().containsKey("segments"));
    }

    @Test
    void session_that_is_too_large_is_rejected_completely() {
        DynamoDbCallRecordStore store = store(MONTH);
        Map<String, @Nullable Object> content = content("a", "2026-03-04T09:00", "2026-03-04T10:00");

        assertThat(store.post(call, session(with(content, "segments", List.of(segment("g", 1_450_000)))), NOW))
                .isInstanceOfSatisfying(PostSessionOutcome.TooLarge.class, large -> {
                    assertThat(large.oversize().maximum()).isEqualTo(1_048_576);
                    assertThat(large.oversize().bytes()).isBetween(1_048_577, 1_200_000);
                });
        assertThat(store.post(call, session(with(content, "caller", segment("g", 600_000))), NOW))
                .isInstanceOfSatisfying(
                        PostSessionOutcome.TooLarge.class,
                        large -> assertThat(large.oversize().maximum()).isEqualTo(JsonDocument.LARGEST));

        assertThat(store.read(call, NOW)).isEmpty();
        assertThat(store.count(tenant, CallRecordFilter.ALL, NOW)).isZero();
    }

    @Test
    void large_session_without_segments_is_stored() {
        DynamoDbCallRecordStore store = store(MONTH);
        Map<String, @Nullable Object> content =
                with(content("a", "2026-03-04T09:00", "2026-03-04T10:00"), "caller", segment("g", 300_000));

        CallSession stored = posted(store, call, session(content), NOW);

        assertThat(store.session(read(store, call, NOW), stored.key(), true)).contains(stored);
        assertThat(stored.content()).isEqualTo(shown(content));
    }

    // ---- pages

    @Test
    void pages_contain_each_session_once_in_key_order() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<NewCallSession> sessions = TestCallRecords.sessions(25);
        store.put(
                TestCallRecords.record(
                        call, 1, "2026-03-04T10:00", "2026-03-04T12:00", sessions.reversed(), null, null),
                NOW);
        CallRecord record = read(store, call, NOW);

        Page<CallSession> first = store.sessions(record, false, new PageRequest(null, 10), ANY_SIZE);
        assertThat(ids(first)).hasSize(10).startsWith("s0000").endsWith("s0009");
        assertThat(first.next()).isEqualTo(first.items().getLast().key().text());
        assertThat(ids(store.sessions(record, false, new PageRequest(first.next(), 15), ANY_SIZE)))
                .hasSize(15)
                .startsWith("s0010")
                .endsWith("s0024");
        assertThat(store.sessions(record, true, new PageRequest(first.next(), 15), ANY_SIZE)
                        .next())
                .isNull();
        assertThat(store.sessions(record, true, new PageRequest(null, 25), ANY_SIZE)
                        .next())
                .isNull();
        assertThat(all(store, record, true, 4))
                .extracting(CallSession::key)
                .containsExactlyElementsOf(
                        sessions.stream().map(NewCallSession::key).toList());
        assertThat(store.countSessions(record)).isEqualTo(25);
    }

    @Test
    void page_ends_at_its_size_limit_including_segments() {
        DynamoDbCallRecordStore store = store(MONTH);
        for (String id : List.of("a", "b", "c", "d")) {
            posted(
                    store,
                    call,
                    session(with(
                            content(id, "2026-03-04T09:00", "2026-03-04T10:00"),
                            "segments",
                            List.of(segment("g", 30_000)))),
                    NOW);
        }
        CallRecord record = read(store, call, NOW);

        Page<CallSession> page = store.sessions(record, true, new PageRequest(null, 10), 70_000);
        assertThat(ids(page)).containsExactly("a", "b");
        assertThat(ids(store.sessions(record, true, new PageRequest(page.next(), 10), 70_000)))
                .containsExactly("c", "d");
        // A page contains at least one session.
        assertThat(ids(store.sessions(record, true, new PageRequest(page.next(), 10), 1_000)))
                .containsExactly("c");
        // Without segments all sessions fit.
        Page<CallSession> whole = store.sessions(record, false, new PageRequest(null, 10), 70_000);
        assertThat(ids(whole)).containsExactly("a", "b", "c", "d");
        assertThat(whole.next()).isNull();
    }

    @Test
    void forged_positions_return_only_sessions_of_the_record() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        posted(store, new CallRecordKey(tenant, call.id() + "0"), session("b", "09:00", "10:00"), NOW);
        CallRecord record = read(store, call, NOW);

        for (String position : List.of(" ", "!", "a", "\u007F", "é", "😀", "~", "#s#", "zzz".repeat(200))) {
            assertThat(ids(store.sessions(record, true, new PageRequest(position, 10), ANY_SIZE)))
                    .isSubsetOf("a");
        }
    }

    // ---- idempotency keys

    private static final IdempotencyKey REQUEST = new IdempotencyKey("key", "hash");

    private NewCallSession keyed(IdempotencyKey key) {
        return session(content("a", "2026-03-04T09:00", "2026-03-04T10:00"), "-", key);
    }

    @Test
    void repeated_request_is_a_replay_and_returns_the_current_session() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, keyed(REQUEST), NOW);
        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Replayed(first));

        CallRecord record = read(store, call, NOW);
        Map<String, @Nullable Object> changed = with(first.content(), "isTest", true);
        CallSession now = new CallSession(first.key(), changed, 2);
        assertThat(store.change(record, first, first.key(), changed, NOW))
                .isEqualTo(new RecordChangeOutcome.Done<>(now));

        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Replayed(now));
        // Without the key its content conflicts.
        assertThat(store.post(
                        call,
                        session(with(content("a", "2026-03-04T09:00", "2026-03-04T10:00"), "isTest", false)),
                        NOW))
                .isInstanceOf(PostSessionOutcome.Different.class);
    }

    @Test
    void key_with_another_body_is_rejected_without_a_trace() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, keyed(REQUEST), NOW);
        Map<String, @Nullable Object> before = read(store, call, NOW).content();
        Map<String, @Nullable Object> other = content("b", "2026-03-04T08:00", "2026-03-04T12:00", "video");

        assertThat(store.post(call, session(other, "-", new IdempotencyKey("key", "other")), NOW))
                .isEqualTo(new PostSessionOutcome.KeyReused());

        CallRecord record = read(store, call, NOW);
        assertThat(with(record.content(), "lastModifiedDateTime", ""))
                .isEqualTo(with(before, "lastModifiedDateTime", ""));
        assertThat(store.countSessions(record)).isEqualTo(1);
        // The same request in another record or with another key is a different request.
        posted(
                store,
                new CallRecordKey(tenant, "other call"),
                session(other, "-", new IdempotencyKey("key", "other")),
                NOW);
        posted(store, call, session(other, "-", new IdempotencyKey("other key", "other")), NOW);
    }

    @Test
    void key_of_an_existing_session_is_valid_from_then_on() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, session("a", "09:00", "10:00"), NOW);

        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Posted(first));

        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Replayed(first));
        assertThat(store.post(call, keyed(new IdempotencyKey("key", "other")), NOW))
                .isEqualTo(new PostSessionOutcome.KeyReused());
    }

    @Test
    void rejected_request_does_not_consume_its_key() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "11:00"), NOW);
        assertThat(store.post(call, keyed(REQUEST), NOW)).isInstanceOf(PostSessionOutcome.Different.class);

        posted(
                store,
                call,
                session(content("b", "2026-03-04T09:00", "2026-03-04T10:00"), "-", new IdempotencyKey("key", "better")),
                NOW);
    }

    @Test
    void replay_finds_a_moved_session() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, keyed(REQUEST), NOW);
        CallRecord record = read(store, call, NOW);
        Map<String, @Nullable Object> changed = with(first.content(), "startDateTime", "2026-03-04T08:00:00Z");
        SessionKey there = new SessionKey("a", "2026-03-04T08:00:00", "-");
        CallSession moved = done(store.change(record, first, there, changed, NOW));
        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Replayed(moved));

        SessionKey further = new SessionKey("a", "2026-03-04T07:00:00", "-");
        moved = done(store.change(
                read(store, call, NOW),
                moved,
                further,
                with(first.content(), "startDateTime", "2026-03-04T07:00:00Z"),
                NOW));
        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Replayed(moved));
        assertThat(store.countSessions(read(store, call, NOW))).isEqualTo(1);
    }

    @Test
    void replay_of_a_deleted_session_does_not_restore_it() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, keyed(REQUEST), NOW);
        CallRecord record = read(store, call, NOW);
        done(store.delete(record, first, NOW));
        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Deleted());
        assertThat(store.countSessions(record)).isZero();

        done(store.delete(read(store, call, NOW), NOW));
        assertThat(store.post(call, keyed(REQUEST), NOW)).isEqualTo(new PostSessionOutcome.Deleted());
        assertThat(store.post(call, keyed(new IdempotencyKey("key", "other")), NOW))
                .isEqualTo(new PostSessionOutcome.KeyReused());
        assertThat(store.read(call, NOW)).isEmpty();
    }

    @Test
    void key_is_valid_for_a_day_after_its_record_is_deleted() {
        for (RecordLimits limits : List.of(MONTH, FOR_GOOD, new RecordLimits(Duration.ofHours(1), false))) {
            DynamoDbCallRecordStore store = store(limits);
            CallRecordKey key = new CallRecordKey(tenant, "of " + limits.retention());
            posted(store, key, keyed(REQUEST), NOW);
            CallRecord record = read(store, key, NOW);
            done(store.delete(record, NOW));
            assertThat(store.sweep(key, record.generation(), NOW)).isTrue();

            Instant dayLater = NOW.plus(Duration.ofDays(1)).minusSeconds(1);
            assertThat(store.post(key, keyed(REQUEST), dayLater)).isEqualTo(new PostSessionOutcome.Deleted());
            posted(store, key, keyed(REQUEST), dayLater.plusSeconds(2));
        }
    }

    @Test
    void concurrent_requests_with_one_key_create_one_session() {
        DynamoDbCallRecordStore store = store(MONTH);

        List<PostSessionOutcome> outcomes = Race.run(Race.CALLERS, caller -> store.post(call, keyed(REQUEST), NOW));

        CallSession only = all(store, read(store, call, NOW), true, 10).getFirst();
        assertThat(outcomes)
                .containsOnlyOnce(new PostSessionOutcome.Posted(only))
                .containsOnly(new PostSessionOutcome.Posted(only), new PostSessionOutcome.Replayed(only));
    }

    // ---- changes

    static <T extends @Nullable Object> T done(RecordChangeOutcome<T> outcome) {
        assertThat(outcome).isInstanceOf(RecordChangeOutcome.Done.class);
        return ((RecordChangeOutcome.Done<T>) outcome).now();
    }

    @Test
    void changed_session_is_read_with_its_changes_and_extends_its_record() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecord record = read(store, call, NOW);
        Map<String, @Nullable Object> content =
                with(with(first.content(), "endDateTime", "2026-03-04T23:00:00Z"), "modalities", List.of("video"));

        CallSession changed = done(store.change(record, first, first.key(), content, NOW));

        assertThat(changed.revision()).isEqualTo(2);
        CallRecord after = read(store, call, NOW);
        assertThat(store.session(after, first.key(), true)).contains(changed);
        assertThat(changed.content()).isEqualTo(content);
        assertThat(after.content().get("endDateTime")).isEqualTo("2026-03-04T23:00:00Z");
        assertThat(modalities(after)).containsExactly("audio", "video");
        assertThat(after.version()).isZero();
        // The previous state no longer exists.
        assertThat(store.change(after, first, first.key(), content, NOW))
                .isEqualTo(new RecordChangeOutcome.Overtaken<>());
        assertThat(store.delete(after, first, NOW)).isEqualTo(new RecordChangeOutcome.Overtaken<>());
        done(store.delete(after, changed, NOW));
        assertThat(store.change(after, changed, first.key(), content, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.delete(after, changed, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.countSessions(after)).isZero();
    }

    @Test
    void segments_can_change_between_all_sizes() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession session = posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecord record = read(store, call, NOW);
        for (int size : new int[] {1_300_000, 10, 500_000, 1_000_000, 400_000, 0, 1_000_000, 9_000}) {
            Map<String, @Nullable Object> content =
                    with(session.content(), "segments", size == 0 ? List.of() : List.of(segment("g" + size, size)));
            session = done(store.change(record, session, session.key(), content, NOW));
            assertThat(store.session(record, session.key(), true)).contains(session);
            assertThat(session.content()).isEqualTo(content);
            // A change of other members does not affect the segments.
            session = done(store.change(
                    record, session, session.key(), with(session.content(), "isTest", size % 3 == 0), NOW));
            assertThat(store.session(record, session.key(), true)).contains(session);
            assertThat(all(store, record, true, 5)).containsExactly(session);
        }
        assertThat(store.change(
                        record,
                        session,
                        session.key(),
                        with(session.content(), "segments", List.of(segment("g", 1_450_000))),
                        NOW))
                .isInstanceOf(RecordChangeOutcome.TooLarge.class);
        assertThat(store.session(record, session.key(), true)).contains(session);
    }

    @Test
    void session_moves_with_its_segments_to_its_new_key() {
        DynamoDbCallRecordStore store = store(MONTH);
        Map<String, @Nullable Object> content =
                with(content("a", "2026-03-04T09:00", "2026-03-04T10:00"), "segments", List.of(segment("g", 900_000)));
        CallSession first = posted(store, call, session(content), NOW);
        CallSession other = posted(store, call, session("a", "08:00", "10:00"), NOW);
        CallRecord record = read(store, call, NOW);
        SessionKey there = new SessionKey("a", "2026-03-03T23:00:00", "x");
        Map<String, @Nullable Object> moved = with(content, "startDateTime", "2026-03-03T23:00:00Z");

        assertThat(store.change(record, first, other.key(), moved, NOW)).isEqualTo(new RecordChangeOutcome.Taken<>());
        CallSession after = done(store.change(record, first, there, moved, NOW));

        assertThat(after.key()).isEqualTo(there);
        assertThat(after.revision()).isEqualTo(2);
        record = read(store, call, NOW);
        assertThat(store.session(record, first.key(), true)).isEmpty();
        assertThat(store.session(record, there, true)).contains(after);
        assertThat(all(store, record, true, 5)).containsExactly(after, other);
        assertThat(record.content().get("startDateTime")).isEqualTo("2026-03-03T23:00:00Z");
        assertThat(store.change(record, first, first.key(), content, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        assertThat(store.change(record, first, there, content, NOW)).isEqualTo(new RecordChangeOutcome.Gone<>());
        // The previous key is free.
        posted(store, call, session(content), NOW);
    }

    @Test
    void one_of_concurrent_changes_wins() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession first = posted(store, call, session("a", "09:00", "10:00"), NOW);
        CallRecord record = read(store, call, NOW);

        List<RecordChangeOutcome<CallSession>> outcomes = Race.run(
                16,
                caller -> store.change(
                        record, first, first.key(), with(first.content(), "isTest", caller % 2 == 0), NOW));

        assertThat(outcomes)
                .filteredOn(RecordChangeOutcome.Done.class::isInstance)
                .hasSize(1);
        assertThat(outcomes)
                .filteredOn(new RecordChangeOutcome.Overtaken<>()::equals)
                .hasSize(15);
    }

    @Test
    void start_is_compared_as_an_instant() {
        DynamoDbCallRecordStore store = store(MONTH);
        posted(store, call, session("a", "09:00", "10:00"), NOW);
        assertThat(at("2026-03-04T09:00").key()).isEqualTo("2026-03-04T09:00:00");
        Map<String, @Nullable Object> finer = with(
                content("b", "2026-03-04T09:00", "2026-03-04T10:00"),
                "startDateTime",
                "2026-03-04T08:59:59.999999999999Z");
        posted(store, call, session(finer), NOW);

        assertThat(read(store, call, NOW).content().get("startDateTime"))
                .isEqualTo("2026-03-04T08:59:59.999999999999Z");
    }
}
