package io.switchboard.session.store;

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
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Tests faults below the SDK: a write happens once, or the caller must retry and no partial write is stored. */
final class SessionStoreFaultsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration IDLE = Duration.ofHours(24);
    private static final SessionLimits THREE = new SessionLimits(3, IDLE, Duration.ofDays(30));
    private static final int SEQUENCES = 5;
    private static final int STEPS = 14;

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::sessions);

    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final DynamoDbClient client = TABLE.client(transport);
    private final SessionStore store = store(client);
    private final SessionStore reliable = store(TABLE.client());

    private static SessionStore store(DynamoDbClient client) {
        return new DynamoDbSessionStore(TestTables.withoutPauses(client), TABLE.name(), THREE);
    }

    private static Owner someone() {
        return new Owner("tenant", UUID.randomUUID().toString());
    }

    @Test
    void create_happens_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = someone();
            return () -> {
                assertThat(store.create(owner, TestSessions.newSession("a", NOW), NOW))
                        .isInstanceOf(CreateOutcome.Created.class);
                assertOpen(owner, "a");
            };
        });
    }

    @Test
    void replay_is_recognised_under_faults() {
        FaultSweep.run(transport, () -> {
            Owner owner = someone();
            reliable.create(owner, TestSessions.newSession("a", NOW), NOW);
            return () -> {
                assertThat(store.create(owner, TestSessions.newSession("a", NOW), NOW))
                        .isInstanceOf(CreateOutcome.Replayed.class);
                assertOpen(owner, "a");
            };
        });
    }

    @Test
    void reused_key_is_reported_under_faults() {
        FaultSweep.run(transport, () -> {
            Owner owner = someone();
            reliable.create(owner, TestSessions.newSession("a", NOW), NOW);
            NewSession other = new NewSession(TestSessions.session("a", NOW), true, "other");
            return () -> assertThat(store.create(owner, other, NOW)).isEqualTo(new CreateOutcome.KeyReused());
        });
    }

    @Test
    void last_slot_is_taken_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = someone();
            reliable.create(owner, TestSessions.newSession("a", NOW), NOW);
            reliable.create(owner, TestSessions.newSession("b", NOW), NOW);
            return () -> {
                assertThat(store.create(owner, TestSessions.newSession("c", NOW), NOW))
                        .isInstanceOf(CreateOutcome.Created.class);
                assertOpen(owner, "a", "b", "c");
            };
        });
    }

    @Test
    void full_desk_is_reported_under_faults() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            return () -> {
                assertThat(store.create(owner, TestSessions.newSession("d", NOW), NOW))
                        .isEqualTo(new CreateOutcome.LimitReached(3));
                assertOpen(owner, "a", "b", "c");
            };
        });
    }

    @Test
    void idle_sessions_free_their_slots_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW.minus(IDLE));
            return () -> {
                assertThat(store.create(owner, TestSessions.newSession("d", NOW), NOW))
                        .isInstanceOf(CreateOutcome.Created.class);
                assertOpen(owner, "d");
                assertThat(reliable.read(SessionScope.all(owner), "a", NOW)
                                .orElseThrow()
                                .session()
                                .version())
                        .isEqualTo(2);
            };
        });
    }

    @Test
    void create_with_a_late_first_attempt_is_not_a_replay() {
        Owner owner = fullDesk(NOW.minus(IDLE));
        // The first write is late, its retry finds the desk full, and the first write arrives before the slots of idle
        // sessions are freed.
        transport.plan(call -> {
            if (call == 3) {
                reliable.close(SessionScope.all(owner), "a", Precondition.NONE, NOW);
                transport.deliver();
            }
            return call == 0 ? FaultyHttpClient.Fault.LATE : FaultyHttpClient.Fault.NONE;
        });

        assertThat(store.create(owner, TestSessions.newSession("d", NOW), NOW))
                .isInstanceOf(CreateOutcome.Created.class);

        assertThat(transport.operations())
                .containsExactly("TransactWriteItems", "TransactWriteItems", "BatchGetItem", "TransactWriteItems");
        assertOpen(owner, "d");
    }

    @Test
    void close_happens_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            return () -> {
                assertThat(store.close(SessionScope.all(owner), "c", Precondition.ofVersion(1), NOW))
                        .isInstanceOfSatisfying(
                                ChangeOutcome.Done.class,
                                closed -> assertThat(closed.session().session().version())
                                        .isEqualTo(2));
                assertOpen(owner, "a", "b");
                assertThat(reliable.desk(owner, NOW).focusedSessionId()).isEqualTo("b");
            };
        });
    }

    @Test
    void change_happens_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            return () -> {
                ChangeOutcome outcome = count(store, SessionScope.all(owner), Precondition.ofVersion(1));
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                ChangeOutcome.Done.class,
                                done -> assertThat(done.session()
                                                .session()
                                                .markers()
                                                .activityCount())
                                        .isEqualTo(1));
                assertThat(reliable.read(SessionScope.all(owner), "a", NOW)
                                .orElseThrow()
                                .session()
                                .version())
                        .isEqualTo(2);
            };
        });
    }

    @Test
    void focus_happens_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            return () -> {
                assertThat(store.focus(SessionScope.all(owner), "a", Precondition.ofVersion(1), NOW))
                        .isInstanceOf(ChangeOutcome.Done.class);
                store.focusHome(owner, NOW);
                assertThat(reliable.desk(owner, NOW).focusedSessionId()).isEqualTo(Session.HOME);
                assertThat(reliable.desk(owner, NOW).version()).isEqualTo(5);
            };
        });
    }

    @Test
    void delete_happens_once_and_is_not_reported_as_not_found() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            return () -> {
                assertThat(store.delete(SessionScope.all(owner), "c", Precondition.ofVersion(1), NOW))
                        .isInstanceOf(ChangeOutcome.Done.class);
                assertOpen(owner, "a", "b");
            };
        });
    }

    @Test
    void reopen_happens_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            reliable.close(SessionScope.all(owner), "a", Precondition.NONE, NOW);
            return () -> {
                assertThat(store.reopen(SessionScope.all(owner), "a", Precondition.ofVersion(2), NOW))
                        .isInstanceOf(ChangeOutcome.Done.class);
                assertOpen(owner, "a", "b", "c");
                assertThat(reliable.desk(owner, NOW).version()).isEqualTo(5);
            };
        });
    }

    @Test
    void hand_over_happens_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            Owner other = new Owner(owner.tenant(), "other " + owner.user());
            return () -> {
                assertThat(store.handOver(
                                SessionScope.all(owner), "c", other.user(), true, Precondition.ofVersion(1), NOW))
                        .isInstanceOf(ChangeOutcome.HandedOver.class);
                assertOpen(owner, "a", "b");
                assertOpen(other, "c");
                assertThat(reliable.desk(other, NOW).version()).isEqualTo(1);
            };
        });
    }

    @Test
    void hand_over_rejected_once_never_arrives_late() {
        Owner owner = fullDesk(NOW);
        Owner other = new Owner(owner.tenant(), "other " + owner.user());
        deliverWriteAfterItsRetryIsRejected(1, () -> reliable.focusHome(owner, NOW));

        assertThat(store.handOver(SessionScope.all(owner), "c", other.user(), true, Precondition.NONE, NOW))
                .isInstanceOf(ChangeOutcome.HandedOver.class);

        assertThat(transport.operations())
                .containsSubsequence("TransactWriteItems", "TransactWriteItems", "BatchGetItem", "TransactWriteItems");
        assertOpen(owner, "a", "b");
        assertOpen(other, "c");
        // Three creates, the focus, and one hand-over.
        assertThat(reliable.desk(owner, NOW).version()).isEqualTo(5);
        assertThat(reliable.desk(other, NOW).version()).isEqualTo(1);
    }

    @Test
    void change_rejected_once_never_arrives_late() {
        Owner owner = fullDesk(NOW);
        SessionScope scope = SessionScope.all(owner);
        deliverWriteAfterItsRetryIsRejected(1, () -> count(reliable, scope, Precondition.NONE));

        assertThat(count(store, scope, Precondition.NONE)).isInstanceOf(ChangeOutcome.Done.class);

        Session session = reliable.read(scope, "a", NOW).orElseThrow().session();
        assertThat(session.markers().activityCount()).isEqualTo(2);
        assertThat(session.version()).isEqualTo(3);
    }

    /**
     * Another request changes what the write depends on. The retry of the write is rejected, and then the first try
     * arrives.
     */
    private void deliverWriteAfterItsRetryIsRejected(int write, Runnable other) {
        transport.plan(call -> {
            if (call == write + 1) {
                other.run();
            }
            if (call == write + 2) {
                transport.deliver();
            }
            return call == write ? Fault.LATE : Fault.NONE;
        });
    }

    private static ChangeOutcome count(SessionStore store, SessionScope scope, Precondition precondition) {
        return store.change(
                scope,
                "a",
                precondition,
                before -> TestSessions.withActivityCount(
                        before.session().next(NOW), before.session().markers().activityCount() + 1),
                NOW);
    }

    @Test
    void reads_succeed_under_faults() {
        FaultSweep.run(transport, () -> {
            Owner owner = fullDesk(NOW);
            SessionScope scope = SessionScope.all(owner);
            return () -> {
                assertThat(store.read(scope, "a", NOW)).isPresent();
                assertThat(store.desk(owner, NOW).open()).hasSize(3);
                assertThat(store.list(scope, new SessionFilter(null, null), new PageRequest(null, 10), NOW)
                                .items())
                        .hasSize(3);
                assertThat(store.replay(owner, "a", "hash of a", NOW)).isPresent();
            };
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NONE", "SLOW"},
            mode = EnumSource.Mode.EXCLUDE)
    void lasting_fault_ends_within_the_deadline_without_a_partial_write(Fault fault) {
        Duration time = Duration.ofMillis(300);
        ManualTicker ticker = new ManualTicker();
        SessionStore paused = new DynamoDbSessionStore(new DynamoDb(client, ticker::advance), TABLE.name(), THREE);
        Owner owner = someone();
        transport.plan(call -> fault);

        assertThatThrownBy(() -> Deadline.in(time, ticker)
                        .during(() -> paused.create(owner, TestSessions.newSession("a", NOW), NOW)))
                .isInstanceOf(Unavailable.class);

        assertThat(ticker.passed()).isLessThan(time);
        assertAgrees(owner);
        assertThat(reliable.create(owner, TestSessions.newSession("a", NOW), NOW))
                .isInstanceOfAny(CreateOutcome.Created.class, CreateOutcome.Replayed.class);
        assertOpen(owner, "a");
    }

    @Test
    void call_to_a_slow_store_ends_at_the_deadline() {
        Owner owner = someone();
        transport.slowness(Duration.ofMinutes(1));
        transport.plan(call -> Fault.SLOW);

        assertThatThrownBy(() -> Deadline.in(Duration.ofMillis(200), new ManualTicker())
                        .during(() -> store.create(owner, TestSessions.newSession("a", NOW), NOW)))
                .isInstanceOf(Unavailable.class);
        assertThat(transport.operations()).isNotEmpty();
        assertThatThrownBy(() -> Deadline.in(Duration.ZERO).during(() -> store.desk(owner, NOW)))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void random_sequences_under_random_faults_return_correct_outcomes() {
        SplittableRandom random = Seed.random("random_sequences_under_random_faults");
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            Owner owner = someone();
            SessionScope scope = SessionScope.all(owner);
            SessionStore fresh = store(TABLE.client(transport));
            Map<String, String> hashes = new HashMap<>();
            Instant now = NOW;
            for (int step = 0; step < STEPS; step++) {
                now = now.plus(Duration.ofHours(random.nextInt(4) == 0 ? 13 : 0));
                String id = "s" + random.nextInt(7);
                String hash = random.nextInt(5) == 0 ? "other" : "hash";
                boolean creates = random.nextInt(3) != 0;
                Set<String> before = open(owner, now);
                boolean existed = reliable.read(scope, id, now).isPresent();
                SplittableRandom faults = random.split();
                transport.plan(call -> faults.nextInt(10) < 7
                        ? Fault.NONE
                        : List.of(Fault.values()).get(faults.nextInt(Fault.values().length)));
                @Nullable Object outcome = attempt(fresh, owner, id, hash, creates, now);
                transport.clearFaults();

                String description = "step " + step + " of sequence " + sequence + ": " + outcome;
                Set<String> after = open(owner, now);
                assertAgrees(owner, now);
                switch (outcome) {
                    case CreateOutcome.Created created -> {
                        assertThat(existed).as(description).isFalse();
                        assertThat(after).as(description).contains(id);
                        hashes.put(id, hash);
                    }
                    case CreateOutcome.Replayed replayed -> {
                        assertThat(existed).as(description).isTrue();
                        assertThat(hashes.get(id)).as(description).isEqualTo(hash);
                    }
                    case CreateOutcome.KeyReused reused -> {
                        assertThat(existed).as(description).isTrue();
                        assertThat(hashes.get(id)).as(description).isNotEqualTo(hash);
                    }
                    case CreateOutcome.LimitReached reached ->
                        assertThat(before).as(description).hasSize(3);
                    case ChangeOutcome.Done closed -> {
                        assertThat(existed).as(description).isTrue();
                        assertThat(after).as(description).doesNotContain(id);
                    }
                    case ChangeOutcome.NotFound notFound ->
                        assertThat(existed).as(description).isFalse();
                    case null -> {
                        if (!existed && reliable.read(scope, id, now).isPresent()) {
                            hashes.put(id, hash);
                        }
                    }
                    default -> throw new AssertionError(description);
                }
                assertThat(after).as(description).hasSizeLessThanOrEqualTo(3);
            }
        }
    }

    /** Returns null if the store was unavailable. */
    private static @Nullable Object attempt(
            SessionStore store, Owner owner, String id, String hash, boolean creates, Instant now) {
        try {
            return Deadline.in(Duration.ofSeconds(5))
                    .<Object, RuntimeException>during(() -> creates
                            ? store.create(owner, new NewSession(TestSessions.session(id, now), true, hash), now)
                            : store.close(SessionScope.all(owner), id, Precondition.NONE, now));
        } catch (Unavailable e) {
            return null;
        }
    }

    @Test
    void round_trips_stay_within_their_budget() {
        Owner owner = someone();
        SessionScope scope = SessionScope.all(owner);
        transport.clearFaults();
        store.desk(owner, NOW);
        assertThat(transport.operations()).containsExactly("GetItem");

        transport.clearFaults();
        store.create(owner, TestSessions.newSession("a", NOW), NOW);
        assertThat(transport.operations()).containsExactly("TransactWriteItems");

        transport.clearFaults();
        store.create(owner, TestSessions.newSession("a", NOW), NOW);
        assertThat(transport.operations()).containsExactly("TransactWriteItems", "GetItem");

        transport.clearFaults();
        store.read(scope, "a", NOW);
        assertThat(transport.operations()).containsExactly("BatchGetItem");

        transport.clearFaults();
        store.desk(owner, NOW);
        assertThat(transport.operations()).containsExactly("GetItem");

        transport.clearFaults();
        store.list(scope, new SessionFilter(SessionStatus.OPEN, null), new PageRequest(null, 50), NOW);
        assertThat(transport.operations()).containsExactly("GetItem", "Query");

        transport.clearFaults();
        store.close(scope, "a", Precondition.NONE, NOW);
        assertThat(transport.operations()).containsExactly("BatchGetItem", "TransactWriteItems");

        List<Runnable> oneReadOneWrite = List.of(
                () -> store.reopen(scope, "a", Precondition.NONE, NOW),
                () -> store.focusHome(owner, NOW),
                () -> store.focus(scope, "a", Precondition.NONE, NOW),
                () -> store.change(
                        scope,
                        "a",
                        Precondition.NONE,
                        before ->
                                TestSessions.withActivityCount(before.session().next(NOW), 1),
                        NOW),
                () -> store.handOver(scope, "a", "other " + owner.user(), true, Precondition.NONE, NOW));
        for (Runnable operation : oneReadOneWrite) {
            transport.clearFaults();
            operation.run();
            assertThat(transport.operations()).hasSize(2).endsWith("TransactWriteItems");
        }
        Owner other = new Owner(owner.tenant(), "other " + owner.user());
        store.focus(SessionScope.all(other), "a", Precondition.NONE, NOW);
        transport.clearFaults();
        store.focus(SessionScope.all(other), "a", Precondition.NONE, NOW);
        assertThat(transport.operations()).as("the same focus again").containsExactly("BatchGetItem");
        transport.clearFaults();
        store.delete(SessionScope.all(other), "a", Precondition.NONE, NOW);
        assertThat(transport.operations()).containsExactly("BatchGetItem", "TransactWriteItems");
    }

    private Owner fullDesk(Instant created) {
        Owner owner = someone();
        for (String id : List.of("a", "b", "c")) {
            assertThat(reliable.create(owner, TestSessions.newSession(id, created), created))
                    .isInstanceOf(CreateOutcome.Created.class);
        }
        return owner;
    }

    private Set<String> open(Owner owner, Instant now) {
        Set<String> ids = new HashSet<>();
        for (SessionSummary summary : reliable.desk(owner, now).open()) {
            ids.add(summary.id());
        }
        return ids;
    }

    private void assertOpen(Owner owner, String... ids) {
        assertThat(open(owner, NOW)).containsExactlyInAnyOrder(ids);
        assertAgrees(owner);
    }

    private void assertAgrees(Owner owner) {
        assertAgrees(owner, NOW);
    }

    /** Checks that the sessions and the desk are consistent. */
    private void assertAgrees(Owner owner, Instant now) {
        List<String> ids = new ArrayList<>();
        for (SessionOnDesk onDesk : reliable.list(
                        SessionScope.all(owner),
                        new SessionFilter(SessionStatus.OPEN, null),
                        new PageRequest(null, 100),
                        now)
                .items()) {
            ids.add(onDesk.session().id());
        }
        assertThat(open(owner, now)).containsExactlyInAnyOrderElementsOf(ids);
    }
}
