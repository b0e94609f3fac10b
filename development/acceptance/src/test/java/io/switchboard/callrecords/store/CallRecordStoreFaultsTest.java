package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.TestCallRecords.content;
import static io.switchboard.callrecords.store.TestCallRecords.participant;
import static io.switchboard.callrecords.store.TestCallRecords.record;
import static io.switchboard.callrecords.store.TestCallRecords.segment;
import static io.switchboard.callrecords.store.TestCallRecords.session;
import static io.switchboard.callrecords.store.TestCallRecords.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.ManualTicker;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Tests faults below the SDK: a write is applied once, or the caller gets a retryable error and the write is complete
 * or absent.
 */
final class CallRecordStoreFaultsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final RecordLimits MONTH = new RecordLimits(Duration.ofDays(30), false);
    private static final IdempotencyKey REQUEST = new IdempotencyKey("key", "hash");
    private static final String START = "2026-03-04T09:00";
    private static final String END = "2026-03-04T10:00";
    private static final int ANY_SIZE = 4_000_000;

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::callRecords);

    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final DynamoDbClient client = TABLE.client(transport);
    private final DynamoDbCallRecordStore honest = store(TABLE.client());

    /** Returns a store with an empty cache of days. */
    private DynamoDbCallRecordStore fresh = store(client);

    private static DynamoDbCallRecordStore store(DynamoDbClient client) {
        return new DynamoDbCallRecordStore(TestTables.withoutPauses(client), TABLE.name(), MONTH);
    }

    private CallRecordKey someCall() {
        fresh = store(client);
        return new CallRecordKey("tenant " + UUID.randomUUID(), "call");
    }

    private static CallSession posted(PostSessionOutcome outcome) {
        assertThat(outcome).isInstanceOf(PostSessionOutcome.Posted.class);
        return ((PostSessionOutcome.Posted) outcome).session();
    }

    private static CallRecord stored(PutRecordOutcome outcome) {
        assertThat(outcome).isInstanceOf(PutRecordOutcome.Stored.class);
        return ((PutRecordOutcome.Stored) outcome).record();
    }

    private static <T extends @Nullable Object> T done(RecordChangeOutcome<T> outcome) {
        assertThat(outcome).isInstanceOf(RecordChangeOutcome.Done.class);
        return ((RecordChangeOutcome.Done<T>) outcome).now();
    }

    private CallRecord read(CallRecordKey call) {
        return honest.read(call, NOW).orElseThrow();
    }

    private List<CallSession> sessions(CallRecord record) {
        return honest.sessions(record, true, new PageRequest(null, 1_000), ANY_SIZE)
                .items();
    }

    /** Returns the content of a record, without the time of its last write. */
    private static Map<String, @Nullable Object> words(CallRecord record) {
        return with(record.content(), "lastModifiedDateTime", "");
    }

    private void assertListed(CallRecordKey call) {
        assertThat(honest.list(call.tenant(), CallRecordFilter.ALL, new PageRequest(null, 9), NOW)
                        .items())
                .containsExactly(read(call));
    }

    /** Returns a session whose segments are stored in separate items. */
    private static Map<String, @Nullable Object> large(String id) {
        return large(id, 9_000);
    }

    private static Map<String, @Nullable Object> large(String id, int bytes) {
        return with(content(id, START, END), "segments", List.of(segment("of " + id, bytes)));
    }

    // ---- sessions

    @Test
    void first_session_is_posted_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            return () -> {
                CallSession session = posted(fresh.post(call, session(large("a")), NOW));
                assertThat(session.revision()).isEqualTo(1);
                assertThat(sessions(read(call))).containsExactly(session);
                assertListed(call);
            };
        });
    }

    @Test
    void session_that_widens_its_record_to_another_day_is_posted_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            honest.post(call, session("a", "09:00", "10:00"), NOW);
            return () -> {
                posted(fresh.post(call, session(content("b", "2026-03-03T09:00", "2026-03-05T10:00", "video")), NOW));
                CallRecord record = read(call);
                assertThat(sessions(record)).hasSize(2);
                assertThat(record.content())
                        .containsEntry("startDateTime", "2026-03-03T09:00:00Z")
                        .containsEntry("endDateTime", "2026-03-05T10:00:00Z")
                        .containsEntry("modalities", List.of("audio", "video"));
                assertListed(call);
            };
        });
    }

    @Test
    void session_of_an_expired_record_is_posted_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            honest.post(call, session("a", "08:00", "12:00", "data"), NOW.minus(Duration.ofDays(30)));
            return () -> {
                CallSession session = posted(fresh.post(call, session("b", "09:00", "10:00"), NOW));
                assertThat(sessions(read(call))).containsExactly(session);
                assertThat(read(call).content()).containsEntry("modalities", List.of("audio"));
                assertListed(call);
            };
        });
    }

    @Test
    void session_with_a_key_is_posted_once_and_replays_stay_replays() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            NewCallSession requested = session(content("a", START, END), "-", REQUEST);
            return () -> {
                CallSession session = posted(fresh.post(call, requested, NOW));
                assertThat(fresh.post(call, requested, NOW)).isEqualTo(new PostSessionOutcome.Replayed(session));
                assertThat(fresh.post(
                                call, session(content("a", START, END), "-", new IdempotencyKey("key", "b")), NOW))
                        .isEqualTo(new PostSessionOutcome.KeyReused());
                assertThat(sessions(read(call))).containsExactly(session);
            };
        });
    }

    @Test
    void replay_of_a_deleted_session_does_not_restore_it() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            NewCallSession requested = session(content("a", START, END), "-", REQUEST);
            honest.post(call, requested, NOW);
            done(honest.delete(read(call), NOW));
            return () -> {
                assertThat(fresh.post(call, requested, NOW)).isEqualTo(new PostSessionOutcome.Deleted());
                assertThat(honest.read(call, NOW)).isEmpty();
            };
        });
    }

    @Test
    void session_is_filled_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            honest.post(call, session(content("a", START, END)), NOW);
            return () -> {
                CallSession filled = posted(fresh.post(call, session(large("a")), NOW));
                assertThat(filled.revision()).isEqualTo(2);
                assertThat(filled.content()).isEqualTo(large("a"));
                assertThat(sessions(read(call))).containsExactly(filled);
            };
        });
    }

    @Test
    void conflicting_session_is_rejected_and_changes_nothing() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            honest.post(call, session(content("a", START, END)), NOW);
            CallRecord before = read(call);
            return () -> {
                assertThat(fresh.post(call, session(with(content("a", START, END), "isTest", true)), NOW))
                        .isInstanceOf(PostSessionOutcome.Posted.class);
                assertThat(fresh.post(call, session(with(content("a", START, END), "isTest", false)), NOW))
                        .isInstanceOf(PostSessionOutcome.Different.class);
                assertThat(words(read(call))).isEqualTo(words(before));
            };
        });
    }

    @Test
    void session_changes_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallSession first = posted(honest.post(call, session(large("a")), NOW));
            CallRecord record = read(call);
            Map<String, @Nullable Object> content =
                    with(with(first.content(), "endDateTime", "2026-03-04T23:00:00Z"), "segments", List.of());
            return () -> {
                CallSession changed = done(fresh.change(record, first, first.key(), content, NOW));
                assertThat(changed.revision()).isEqualTo(2);
                assertThat(sessions(record)).containsExactly(changed);
                assertThat(read(call).content()).containsEntry("endDateTime", "2026-03-04T23:00:00Z");
            };
        });
    }

    @Test
    void session_changes_once_and_keeps_its_segments() {
        for (int bytes : new int[] {9_000, 300}) {
            FaultSweep.run(transport, () -> {
                CallRecordKey call = someCall();
                CallSession first = posted(honest.post(call, session(large("a", bytes)), NOW));
                CallRecord record = read(call);
                // The small segments do not fit into the larger item of the changed session.
                Map<String, @Nullable Object> content = with(first.content(), "caller", segment("more", 900));
                return () -> {
                    CallSession changed = done(fresh.change(record, first, first.key(), content, NOW));
                    assertThat(changed.revision()).isEqualTo(2);
                    assertThat(sessions(record)).containsExactly(changed);
                };
            });
        }
    }

    @Test
    void session_moves_once_together_with_its_idempotency_key() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            NewCallSession requested = session(large("a"), "-", REQUEST);
            CallSession first = posted(honest.post(call, requested, NOW));
            CallRecord record = read(call);
            Map<String, @Nullable Object> content = with(first.content(), "startDateTime", "2026-03-03T09:00:00Z");
            SessionKey there = new SessionKey("a", "2026-03-03T09:00:00", "-");
            return () -> {
                CallSession moved = done(fresh.change(record, first, there, content, NOW));
                assertThat(sessions(record)).containsExactly(moved);
                assertThat(honest.post(call, requested, NOW)).isEqualTo(new PostSessionOutcome.Replayed(moved));
                assertListed(call);
            };
        });
    }

    @Test
    void session_is_deleted_once_and_is_never_reported_as_missing() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallSession first = posted(honest.post(call, session(large("a")), NOW));
            CallRecord record = read(call);
            return () -> {
                done(fresh.delete(record, first, NOW));
                assertThat(sessions(record)).isEmpty();
            };
        });
    }

    // ---- records

    @Test
    void record_with_children_is_stored_once_and_completely() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            NewCallRecord requested = record(
                    call,
                    1,
                    START,
                    END,
                    TestCallRecords.sessions(120),
                    List.of(participant("p"), participant("q")),
                    null);
            return () -> {
                CallRecord record = stored(fresh.put(requested, NOW));
                assertThat(read(call)).isEqualTo(record);
                assertThat(sessions(record)).hasSize(120);
                assertThat(honest.countParticipants(record)).isEqualTo(2);
                assertListed(call);
                assertThat(honest.sweep(call, record.generation(), NOW)).isTrue();
                assertThat(sessions(record)).hasSize(120);
            };
        });
    }

    @Test
    void record_is_replaced_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            honest.post(call, session("a", "09:00", "10:00"), NOW);
            return () -> {
                CallRecord first = stored(fresh.put(record(call, 1, "2026-03-02T09:00", END), NOW));
                assertThat(sessions(first)).hasSize(1);
                CallRecord second = stored(fresh.put(
                        record(call, 2, START, END, List.of(session("b", "09:00", "10:00")), null, null), NOW));
                assertThat(read(call)).isEqualTo(second);
                assertThat(sessions(second)).extracting(each -> each.key().id()).containsExactly("b");
                assertThat(fresh.put(record(call, 2, START, END, List.of(), null, null), NOW))
                        .isEqualTo(new PutRecordOutcome.Unchanged(second));
                assertListed(call);
            };
        });
    }

    @Test
    void request_for_a_record_is_replayed() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            NewCallRecord requested =
                    record(call, 1, START, END, List.of(session("a", "09:00", "10:00")), null, REQUEST);
            return () -> {
                CallRecord record = stored(fresh.put(requested, NOW));
                assertThat(fresh.put(requested, NOW)).isEqualTo(new PutRecordOutcome.Replayed(record));
                done(fresh.delete(record, NOW));
                assertThat(fresh.put(requested, NOW)).isEqualTo(new PutRecordOutcome.Deleted());
            };
        });
    }

    @Test
    void record_changes_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallRecord first = stored(honest.put(record(call, 1, START, END), NOW));
            Map<String, @Nullable Object> content = with(first.content(), "startDateTime", "2026-03-01T09:00:00Z");
            return () -> {
                CallRecord changed = done(fresh.change(first, content, NOW));
                assertThat(read(call)).isEqualTo(changed);
                assertListed(call);
            };
        });
    }

    @Test
    void record_is_deleted_once_and_is_never_reported_as_missing() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallRecord first = stored(honest.put(record(call, 1, START, END), NOW));
            return () -> {
                done(fresh.delete(first, NOW));
                assertThat(honest.read(call, NOW)).isEmpty();
            };
        });
    }

    @Test
    void generation_is_swept() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallRecord first = stored(honest.put(
                    record(call, 1, START, END, TestCallRecords.sessions(30), List.of(participant("p")), null), NOW));
            honest.post(call, session(large("a"), "-", REQUEST), NOW);
            done(honest.delete(read(call), NOW));
            return () -> {
                assertThat(fresh.sweep(call, first.generation(), NOW)).isTrue();
                assertThat(honest.countSessions(first)).isZero();
                assertThat(honest.countParticipants(first)).isZero();
            };
        });
    }

    @Test
    void sweep_reports_a_timeout_and_continues_next_time() {
        CallRecordKey call = someCall();
        CallRecord first =
                stored(honest.put(record(call, 1, START, END, TestCallRecords.sessions(300), null, null), NOW));
        done(honest.delete(first, NOW));
        ManualTicker ticker = new ManualTicker();
        transport.plan(request -> {
            ticker.advance(Duration.ofMillis(40));
            return Fault.NONE;
        });
        boolean isDone = false;
        int runs = 0;
        while (!isDone) {
            Duration time = Duration.ofMillis(2_200 + 100L * runs);
            isDone = Deadline.in(time, ticker).during(() -> fresh.sweep(call, first.generation(), NOW));
            runs++;
            assertThat(runs).isLessThan(50);
        }
        assertThat(runs).isGreaterThan(1);
        assertThat(honest.countSessions(first)).isZero();
    }

    // ---- participants

    @Test
    void participant_is_posted_filled_changed_and_deleted_once() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallRecord record = stored(honest.put(record(call, 1, START, END), NOW));
            Participant first = participant("p");
            Map<String, @Nullable Object> more =
                    with(first.content(), "administrativeUnitInfos", List.of(Map.of("id", "unit")));
            return () -> {
                assertThat(fresh.post(record, first, NOW)).isEqualTo(new PostParticipantOutcome.Posted(first));
                Participant filled = new Participant("p", more, 2);
                assertThat(fresh.post(record, new Participant("p", more, 1), NOW))
                        .isEqualTo(new PostParticipantOutcome.Posted(filled));
                Participant changed = done(fresh.change(record, filled, first.content(), NOW));
                assertThat(honest.participant(record, "p")).contains(changed);
                done(fresh.delete(record, changed, NOW));
                assertThat(honest.countParticipants(record)).isZero();
            };
        });
    }

    // ---- reads

    @Test
    void reads_succeed_despite_faults() {
        FaultSweep.run(transport, () -> {
            CallRecordKey call = someCall();
            CallRecord record = stored(honest.put(
                    record(
                            call,
                            1,
                            START,
                            END,
                            List.of(session(large("a")), session("b", "09:00", "10:00")),
                            List.of(participant("p")),
                            null),
                    NOW));
            CallRecordFilter withP = new CallRecordFilter(null, true, null, true, "p");
            PageRequest page = new PageRequest(null, 9);
            return () -> {
                assertThat(fresh.read(call, NOW)).contains(record);
                assertThat(fresh.sessions(record, true, page, ANY_SIZE).items()).hasSize(2);
                assertThat(fresh.sessions(record, "a", true, 2)).hasSize(1);
                assertThat(fresh.session(record, session(large("a")).key(), true))
                        .isPresent();
                assertThat(fresh.countSessions(record)).isEqualTo(2);
                assertThat(fresh.participants(record, page, ANY_SIZE).items()).hasSize(1);
                assertThat(fresh.countParticipants(record)).isEqualTo(1);
                for (CallRecordFilter filter : List.of(CallRecordFilter.ALL, withP)) {
                    assertThat(fresh.list(call.tenant(), filter, page, NOW).items())
                            .containsExactly(record);
                    assertThat(fresh.count(call.tenant(), filter, NOW)).isEqualTo(1);
                }
            };
        });
    }

    @Test
    void session_changed_between_reads_of_its_parts_is_read_consistently() {
        CallRecordKey call = someCall();
        CallSession first = posted(honest.post(call, session(large("a")), NOW));
        CallRecord record = read(call);
        Map<String, @Nullable Object> content = with(first.content(), "segments", List.of(segment("another", 800_000)));
        // A page is read in two requests, and the session changes before the second one.
        transport.plan(request -> {
            if (request == 1) {
                done(honest.change(record, first, first.key(), content, NOW));
            }
            return Fault.NONE;
        });

        assertThat(fresh.sessions(record, true, new PageRequest(null, 9), ANY_SIZE)
                        .items())
                .containsExactly(new CallSession(first.key(), content, 2));
        assertThat(transport.operations()).containsExactly("Query", "Query", "BatchGetItem");
    }

    // ---- late writes

    @Test
    void concurrent_duplicate_for_a_new_record_is_not_reported_as_deleted() {
        CallRecordKey call = someCall();
        NewCallSession session = session(content("a", START, END), "-", REQUEST);
        // The duplicate has found no record. Before it reads the key, the first request creates the record, the key and
        // the session.
        transport.plan(request -> {
            if (request == 1) {
                posted(honest.post(call, session, NOW));
            }
            return Fault.NONE;
        });

        assertReplayed(call, fresh.post(call, session, NOW));
    }

    @Test
    void concurrent_duplicate_during_a_delete_is_not_reported_as_deleted() {
        CallRecordKey call = someCall();
        NewCallSession session = session(content("a", START, END), "-", REQUEST);
        posted(fresh.post(call, session("b", "09:00", "10:00"), NOW));
        // One request has found the record. Before it writes, the record is deleted and created again by the other
        // request.
        transport.plan(request -> {
            if (request == 1) {
                done(honest.delete(read(call), NOW));
                posted(honest.post(call, session, NOW));
            }
            return Fault.NONE;
        });

        assertReplayed(call, fresh.post(call, session, NOW));
    }

    /** Checks that the outcome is a replay of the record's only session. */
    private void assertReplayed(CallRecordKey call, PostSessionOutcome outcome) {
        assertThat(sessions(read(call)))
                .singleElement()
                .satisfies(only -> assertThat(outcome).isEqualTo(new PostSessionOutcome.Replayed(only)));
    }

    @Test
    void repeated_first_write_after_a_delete_does_not_restore_the_ended_generation() {
        CallRecordKey call = someCall();
        // The record is created but the response is lost. Before the retry, another caller posts a session and deletes
        // the record.
        transport.plan(request -> {
            if (request == 1) {
                posted(honest.post(call, session("b", "09:00", "10:00"), NOW));
                done(honest.delete(read(call), NOW));
            }
            return request == 0 ? Fault.LOST_RESPONSE : Fault.NONE;
        });

        posted(fresh.post(call, session("a", "09:00", "10:00"), NOW));

        assertThat(sessions(read(call))).extracting(each -> each.key().id()).containsExactly("a");
    }

    @Test
    void late_first_write_creates_no_record() {
        CallRecordKey call = someCall();
        transport.inject(0, Fault.LATE);
        posted(fresh.post(call, session("a", "09:00", "10:00"), NOW));
        done(honest.delete(read(call), NOW));

        transport.deliver();

        assertThat(honest.read(call, NOW)).isEmpty();
    }

    @Test
    void write_with_a_late_first_attempt_is_not_reported_as_a_duplicate() {
        CallRecordKey call = someCall();
        fresh.put(record(new CallRecordKey(call.tenant(), "other"), 1, START, END), NOW);
        // The first write is late. Its retry finds a record created by a session, and the first write arrives when that
        // record is deleted.
        transport.plan(request -> {
            if (request == 1) {
                posted(honest.post(call, session("a", "09:00", "10:00"), NOW));
            } else if (request == 2) {
                done(honest.delete(read(call), NOW));
                transport.deliver();
            }
            return request == 0 ? Fault.LATE : Fault.NONE;
        });

        CallRecord record = stored(fresh.put(record(call, 1, START, END), NOW));

        assertThat(transport.operations())
                .containsExactly("TransactWriteItems", "TransactWriteItems", "TransactWriteItems");
        assertThat(read(call)).isEqualTo(record);
    }

    @Test
    void late_widening_does_not_undo_a_change() {
        CallRecordKey call = someCall();
        honest.post(call, session("a", "09:00", "10:00"), NOW);
        fresh.post(call, session("a", "09:00", "10:00"), NOW);
        transport.inject(2, Fault.LATE);
        posted(fresh.post(call, session("b", "08:00", "10:00"), NOW));
        assertThat(transport.operations())
                .containsExactly("UpdateItem", "TransactWriteItems", "UpdateItem", "UpdateItem");
        CallRecord before = read(call);
        done(honest.change(before, with(before.content(), "startDateTime", "2026-03-04T08:30:00Z"), NOW));

        transport.deliver();

        assertThat(read(call).content()).containsEntry("startDateTime", "2026-03-04T08:30:00Z");
    }

    @Test
    void session_of_an_ended_generation_is_invisible_and_swept() {
        CallRecordKey call = someCall();
        honest.post(call, session("a", "09:00", "10:00"), NOW);
        CallRecord first = read(call);
        // Another caller deletes the record between the session's update of the record and its write.
        transport.plan(request -> {
            if (transport.operations().getLast().equals("TransactWriteItems")) {
                done(honest.delete(read(call), NOW));
            }
            return Fault.NONE;
        });
        posted(fresh.post(call, session("b", "09:00", "10:00"), NOW));

        assertThat(honest.read(call, NOW)).isEmpty();
        assertThat(honest.countSessions(first)).isEqualTo(2);
        assertThat(honest.sweep(call, first.generation(), NOW)).isTrue();
        assertThat(honest.countSessions(first)).isZero();
    }

    @Test
    void session_of_an_ended_generation_does_not_widen_a_new_record() {
        CallRecordKey call = someCall();
        NewCallSession first = session("a", "09:00", "10:00");
        fresh.post(call, first, NOW);
        // Another caller deletes the record between the session's write and the record's update, and the same record is
        // created again.
        transport.plan(request -> {
            if (request == 2) {
                done(honest.delete(read(call), NOW));
                posted(honest.post(call, first, NOW));
            }
            return Fault.NONE;
        });
        posted(fresh.post(call, session("b", "08:00", "11:00"), NOW));

        assertThat(transport.operations()).containsExactly("UpdateItem", "TransactWriteItems", "UpdateItem");
        assertThat(Span.of(read(call).content())).isEqualTo(Span.of(first.content()));
        assertThat(sessions(read(call))).extracting(each -> each.key().id()).containsExactly("a");
    }

    // ---- lasting faults

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NONE", "SLOW"},
            mode = EnumSource.Mode.EXCLUDE)
    void lasting_fault_ends_within_the_deadline_and_a_retry_succeeds(Fault fault) {
        Duration time = Duration.ofMillis(300);
        CallRecordKey call = someCall();
        NewCallSession requested = session("a", "09:00", "10:00");
        ManualTicker ticker = new ManualTicker();
        DynamoDbCallRecordStore paused =
                new DynamoDbCallRecordStore(new DynamoDb(client, ticker::advance), TABLE.name(), MONTH);
        List<Runnable> operations = List.of(
                () -> paused.post(call, requested, NOW),
                () -> paused.put(record(call, 1, START, END, List.of(requested), null, null), NOW),
                () -> paused.read(call, NOW),
                () -> paused.count(call.tenant(), CallRecordFilter.ALL, NOW));
        for (Runnable operation : operations) {
            transport.plan(request -> fault);
            Duration before = ticker.passed();
            assertThatThrownBy(() -> Deadline.in(time, ticker).during(() -> {
                        operation.run();
                        return true;
                    }))
                    .isInstanceOf(Unavailable.class);
            assertThat(ticker.passed().minus(before)).isLessThan(time);
        }
        transport.clearFaults();

        // Some lost responses belong to writes that were applied.
        posted(fresh.post(call, requested, NOW));
        assertThat(sessions(read(call))).hasSize(1);
        stored(fresh.put(record(call, 2, START, END, List.of(requested), null, null), NOW));
        assertThat(sessions(read(call))).hasSize(1);
    }

    // ---- round trips

    private List<String> requests(Runnable operation) {
        transport.clearFaults();
        operation.run();
        return transport.operations();
    }

    @Test
    void posts_stay_within_their_budget() {
        CallRecordKey call = someCall();
        assertThat(requests(() -> fresh.post(call, session("a", "09:00", "10:00"), NOW)))
                .containsExactly("UpdateItem", "TransactWriteItems");
        CallRecordKey other = new CallRecordKey(call.tenant(), "other");
        assertThat(requests(() -> fresh.post(other, session("a", "09:00", "10:00"), NOW.plusSeconds(3_599))))
                .containsExactly("UpdateItem", "TransactWriteItems");
        assertThat(requests(() -> fresh.post(call, session("b", "09:00", "10:00", "video"), NOW)))
                .containsExactly("UpdateItem", "TransactWriteItems");
        assertThat(requests(() -> fresh.post(call, session(large("c")), NOW)))
                .containsExactly("UpdateItem", "TransactWriteItems");
        assertThat(requests(() -> fresh.post(call, session(content("k", START, END), "-", REQUEST), NOW)))
                .containsExactly("UpdateItem", "TransactWriteItems");
        assertThat(requests(() -> fresh.post(call, session("d", "08:00", "11:00"), NOW)))
                .containsExactly("UpdateItem", "TransactWriteItems", "UpdateItem");
        assertThat(requests(() -> fresh.post(call, session("d", "08:00", "11:00"), NOW)))
                .containsExactly("UpdateItem", "TransactWriteItems");
        assertThat(requests(() -> fresh.post(call, session("e", "09:00", "10:00"), NOW.plusSeconds(3_600))))
                .containsExactly("UpdateItem", "TransactWriteItems");
    }

    @Test
    void reads_stay_within_their_budget() {
        CallRecordKey call = someCall();
        List<NewCallSession> inline = IntStream.range(0, 60)
                .mapToObj(i -> session(
                        i % 20 == 0 ? large("s%02d".formatted(i), 900_000) : content("s%02d".formatted(i), START, END)))
                .toList();
        CallRecord record =
                stored(honest.put(record(call, 1, START, END, inline, List.of(participant("p")), null), NOW));
        SessionKey key = inline.getFirst().key();
        PageRequest page = new PageRequest(null, 60);

        assertThat(requests(() -> fresh.read(call, NOW))).containsExactly("GetItem");
        SessionKey unique = key.withDigest("abcdef");
        assertThat(requests(() -> fresh.session(record, unique, true))).containsExactly("BatchGetItem");
        assertThat(requests(() -> fresh.session(record, unique, false))).containsExactly("BatchGetItem");
        // A key without a digest names all sessions that begin with it.
        assertThat(requests(() -> fresh.session(record, key, true))).containsExactly("Query", "Query");
        assertThat(requests(() -> fresh.session(record, key, false))).containsExactly("Query");
        assertThat(requests(() -> fresh.participant(record, "p"))).containsExactly("Query");
        assertThat(requests(() -> fresh.sessions(record, false, page, ANY_SIZE)))
                .containsExactly("Query");
        // Three megabytes of segments need three responses of DynamoDB.
        assertThat(requests(() -> fresh.sessions(record, true, page, ANY_SIZE)))
                .hasSizeBetween(2, 5)
                .containsOnly("Query");
        assertThat(requests(() -> fresh.participants(record, page, ANY_SIZE))).containsExactly("Query");
        assertThat(requests(() -> fresh.countSessions(record))).containsExactly("Query");
        // The requests read each shard, the directory of earlier releases and the record.
        List<String> list = new ArrayList<>(Collections.nCopies(IndexShards.DEFAULT.count() + 1, "Query"));
        list.add("BatchGetItem");
        assertThat(requests(() -> fresh.list(call.tenant(), CallRecordFilter.ALL, page, NOW)))
                .isEqualTo(list);
        assertThat(requests(
                        () -> fresh.list(call.tenant(), new CallRecordFilter(null, true, null, true, "p"), page, NOW)))
                .containsExactly("Query", "BatchGetItem");
    }

    @Test
    void writes_of_records_stay_within_their_budget() {
        CallRecordKey call = someCall();
        fresh.post(new CallRecordKey(call.tenant(), "other"), session("a", "09:00", "10:00"), NOW);

        assertThat(requests(() -> fresh.put(record(call, 1, START, END), NOW))).containsExactly("TransactWriteItems");
        assertThat(requests(() -> fresh.put(record(call, 1, START, END), NOW))).containsExactly("TransactWriteItems");
        assertThat(requests(() -> fresh.put(record(call, 2, START, END), NOW)))
                .containsExactly("TransactWriteItems", "TransactWriteItems");
        // The requests read, stage and store the record.
        NewCallRecord inline = record(call, 3, START, END, TestCallRecords.sessions(60), null, null);
        assertThat(requests(() -> fresh.put(inline, NOW)))
                .containsExactly("GetItem", "TransactWriteItems", "TransactWriteItems", "TransactWriteItems");
        assertThat(requests(() -> fresh.put(inline, NOW))).containsExactly("GetItem");
        CallRecord record = read(call);
        assertThat(requests(() -> fresh.change(record, with(record.content(), "joinWebUrl", "x"), NOW)))
                .containsExactly("TransactWriteItems");
        CallRecord changed = read(call);
        assertThat(requests(() -> fresh.delete(changed, NOW))).containsExactly("TransactWriteItems");
    }
}
