package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.TestSessions;
import io.switchboard.session.WrapUp;
import io.switchboard.session.WrapUp.ClosedBy;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The wrap-up of sessions: its steps, its deadline without any write, and its races. */
final class WrapUpTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00.5Z");
    private static final Instant DEADLINE = NOW.plusSeconds(60);
    private static final Duration IDLE = Duration.ofHours(24);
    private static final SessionLimits TWO = new SessionLimits(2, IDLE, Duration.ofDays(30));
    private static final SessionLimits TWO_WITHOUT_WRAP_UPS = new SessionLimits(2, IDLE, Duration.ofDays(30), false);
    private static final Precondition ANY = Precondition.NONE;
    private static final WrapUp.Rules REQUIRED = new WrapUp.Rules(true, 60, List.of("solved", "other"), null);
    private static final WrapUp.Rules OPTIONAL = new WrapUp.Rules(false, 60, List.of("solved"), null);
    private static final WrapUp.Rules ENDLESS = new WrapUp.Rules(true, 0, List.of("solved"), null);
    private static final int CALLERS = 64;

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final DynamoDbSessionStore store = new DynamoDbSessionStore(new DynamoDb(counter), TABLE.name(), TWO);
    private Owner owner = new Owner("tenant " + UUID.randomUUID(), "ann");
    private SessionScope ann = SessionScope.all(owner);

    private void begin() {
        owner = new Owner("tenant " + UUID.randomUUID(), "ann");
        ann = SessionScope.all(owner);
    }

    private void create(String id, WrapUp.Rules rules) {
        create(store, id, rules);
    }

    private void create(SessionStore in, String id, WrapUp.Rules rules) {
        assertThat(tryToCreate(in, id, rules, NOW)).isInstanceOf(CreateOutcome.Created.class);
    }

    private CreateOutcome tryToCreate(SessionStore in, String id, WrapUp.Rules rules, Instant now) {
        NewSession created = TestSessions.newSession(id, now);
        return in.create(owner, new NewSession(created.session().withWrapUp(WrapUp.of(rules)), true, null), now);
    }

    private static Closing completion(@Nullable String disposition, @Nullable String notes) {
        return new Closing(
                ClosedBy.AGENT, new Closing.Completion(disposition, notes), onDesk -> onDesk.session(), false);
    }

    private ChangeOutcome complete(String id, @Nullable String disposition, Instant now) {
        return store.close(ann, id, ANY, completion(disposition, null), now);
    }

    private SessionOnDesk read(String id, Instant now) {
        return store.read(ann, id, now).orElseThrow();
    }

    private List<String> ids(SessionStatus status, Instant now) {
        return store.list(ann, new SessionFilter(status, null), new PageRequest(null, 10), now).items().stream()
                .map(onDesk -> onDesk.session().id())
                .toList();
    }

    @Test
    void close_starts_the_wrap_up_and_the_session_stays_on_the_desk_in_focus() {
        create("a", REQUIRED);
        assertThat(store.close(ann, "a", ANY, NOW)).isInstanceOf(ChangeOutcome.Done.class);

        SessionOnDesk wrapped = read("a", NOW);
        assertThat(wrapped.status()).isEqualTo(SessionStatus.WRAP_UP);
        assertThat(wrapped.isFocused()).isTrue();
        assertThat(wrapped.session().version()).isEqualTo(2);
        DeskView desk = store.desk(owner, NOW);
        assertThat(desk.focusedSessionId()).isEqualTo("a");
        assertThat(desk.open()).extracting(SessionSummary::wrapUp).containsExactly(new WrapUp.Pending(DEADLINE));
        assertThat(ids(SessionStatus.WRAP_UP, NOW)).containsExactly("a");
        assertThat(ids(SessionStatus.OPEN, NOW)).isEmpty();
        assertThat(ids(SessionStatus.CLOSED, NOW)).isEmpty();
        store.close(ann, "a", ANY, NOW.plusSeconds(20));
        assertThat(read("a", NOW.plusSeconds(21))).isEqualTo(wrapped);
        assertThat(store.focus(ann, "a", ANY, NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(store.change(
                        ann, "a", ANY, before -> before.session().next(NOW).withContext(Map.of("k", 1)), NOW))
                .isInstanceOf(ChangeOutcome.Done.class);
    }

    @Test
    void complete_closes_with_the_disposition_and_its_repetition_changes_nothing() {
        create("a", REQUIRED);
        store.close(ann, "a", ANY, NOW);
        assertThat(complete("a", null, NOW)).isEqualTo(new ChangeOutcome.DispositionRequired(REQUIRED.dispositions()));
        assertThat(complete("a", "unknown", NOW))
                .isEqualTo(new ChangeOutcome.DispositionNotAllowed(REQUIRED.dispositions()));
        assertThat(store.close(ann, "a", ANY, completion("solved", "Call back"), NOW))
                .isInstanceOf(ChangeOutcome.Done.class);

        SessionOnDesk closed = read("a", NOW);
        assertThat(closed.status()).isEqualTo(SessionStatus.CLOSED);
        assertThat(closed.session().wrapUp())
                .isEqualTo(new WrapUp(REQUIRED, NOW, "solved", "Call back", ClosedBy.AGENT));
        assertThat(complete("a", "solved", NOW.plusSeconds(1))).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(read("a", NOW.plusSeconds(1))).isEqualTo(closed);
        assertThat(complete("a", "other", NOW)).isInstanceOf(ChangeOutcome.AlreadyClosed.class);
        assertThat(store.desk(owner, NOW).open()).isEmpty();
    }

    @Test
    void open_session_can_be_completed_at_once() {
        create("a", REQUIRED);
        assertThat(complete("a", "solved", NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(read("a", NOW).session().wrapUp().disposition()).isEqualTo("solved");
    }

    @Test
    void delete_needs_a_required_disposition_until_the_session_is_closed() {
        create("a", REQUIRED);
        create("b", OPTIONAL);
        assertThat(store.delete(ann, "a", ANY, NOW)).isInstanceOf(ChangeOutcome.DispositionRequired.class);
        store.close(ann, "a", ANY, NOW);
        assertThat(store.delete(ann, "a", ANY, NOW)).isInstanceOf(ChangeOutcome.DispositionRequired.class);
        assertThat(store.delete(ann, "a", ANY, DEADLINE)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(store.delete(ann, "b", ANY, NOW)).isInstanceOf(ChangeOutcome.Done.class);
    }

    @Test
    void deadline_closes_at_its_time_at_every_read_without_any_write_and_frees_the_slot() {
        create("a", REQUIRED);
        create("b", REQUIRED);
        store.close(ann, "a", ANY, NOW);
        Instant before = DEADLINE.minusNanos(1);
        assertThat(tryToCreate(store, "c", REQUIRED, before)).isInstanceOf(CreateOutcome.LimitReached.class);
        assertThat(read("a", before).status()).isEqualTo(SessionStatus.WRAP_UP);
        assertThat(store.desk(owner, before).open()).hasSize(2);

        SessionOnDesk over = read("a", DEADLINE.plusSeconds(9));
        assertThat(over.closedAt()).isEqualTo(DEADLINE);
        assertThat(over.session().wrapUp().closedBy()).isEqualTo(ClosedBy.DEADLINE);
        UnitCounter.Units units =
                counter.of(() -> assertThat(store.desk(owner, DEADLINE).open())
                        .extracting(SessionSummary::id)
                        .containsExactly("b"));
        assertThat(units.roundTrips()).isEqualTo(1);
        assertThat(units.writes()).isZero();
        assertThat(ids(SessionStatus.CLOSED, DEADLINE)).containsExactly("a");
        assertThat(store.focus(ann, "a", ANY, DEADLINE)).isInstanceOf(ChangeOutcome.AlreadyClosed.class);
        assertThat(complete("a", "solved", DEADLINE)).isInstanceOf(ChangeOutcome.AlreadyClosed.class);
        assertThat(tryToCreate(store, "c", REQUIRED, DEADLINE)).isInstanceOf(CreateOutcome.Created.class);
        SessionOnDesk stored = read("a", DEADLINE.plusSeconds(9));
        assertThat(stored.closedAt()).isEqualTo(DEADLINE);
        assertThat(stored.session().wrapUp()).isEqualTo(over.session().wrapUp());
    }

    @Test
    void early_late_and_doubled_messages_change_no_answer() {
        create("a", REQUIRED);
        store.close(owner, "a", NOW);
        assertThat(read("a", NOW).status()).isEqualTo(SessionStatus.OPEN);
        store.close(ann, "a", ANY, NOW);
        store.close(owner, "a", DEADLINE.minusSeconds(1));
        assertThat(read("a", NOW).status()).isEqualTo(SessionStatus.WRAP_UP);
        store.close(owner, "a", DEADLINE.plusSeconds(5));
        SessionOnDesk closed = read("a", DEADLINE.plusSeconds(6));
        assertThat(closed.closedAt()).isEqualTo(DEADLINE);
        assertThat(closed.session().wrapUp().closedBy()).isEqualTo(ClosedBy.DEADLINE);
        store.close(owner, "a", DEADLINE.plusSeconds(7));
        assertThat(read("a", DEADLINE.plusSeconds(8))).isEqualTo(closed);
        store.close(owner, "absent", DEADLINE);

        // A message of an earlier wrap-up does not end a later one.
        store.reopen(ann, "a", ANY, DEADLINE.plusSeconds(10));
        store.close(ann, "a", ANY, DEADLINE.plusSeconds(20));
        store.close(owner, "a", DEADLINE.plusSeconds(30));
        assertThat(read("a", DEADLINE.plusSeconds(30)).status()).isEqualTo(SessionStatus.WRAP_UP);
    }

    @Test
    void wrap_up_without_deadline_ends_by_idleness() {
        create("a", ENDLESS);
        store.close(ann, "a", ANY, NOW);
        assertThat(read("a", NOW.plus(IDLE).minusSeconds(1)).status()).isEqualTo(SessionStatus.WRAP_UP);
        SessionOnDesk idle = read("a", NOW.plus(IDLE));
        assertThat(idle.closedAt()).isEqualTo(NOW.plus(IDLE));
        assertThat(idle.session().wrapUp().closedBy()).isEqualTo(ClosedBy.IDLE);
    }

    @Test
    void reopened_session_is_open_again_and_keeps_its_notes_only() {
        create("a", REQUIRED);
        store.close(ann, "a", ANY, NOW);
        assertThat(store.reopen(ann, "a", ANY, NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(read("a", DEADLINE.plusSeconds(9)).status()).isEqualTo(SessionStatus.OPEN);
        assertThat(store.desk(owner, NOW).open())
                .extracting(SessionSummary::wrapUp)
                .containsOnlyNulls();
        store.close(ann, "a", ANY, completion("solved", "Call back"), NOW);
        store.reopen(ann, "a", ANY, NOW);
        assertThat(read("a", NOW).session().wrapUp()).isEqualTo(new WrapUp(REQUIRED, null, null, "Call back", null));
    }

    @Test
    void sessions_in_wrap_up_do_not_count_if_the_setting_says_so_up_to_the_limit() {
        SessionStore free = new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), TWO_WITHOUT_WRAP_UPS);
        for (String id : List.of("a", "b", "c", "d")) {
            create(free, id, ENDLESS);
            if (!id.equals("d")) {
                free.close(ann, id, ANY, NOW);
            }
        }
        // Three are in wrap-up, and two of them do not count.
        DeskView desk = free.desk(owner, NOW);
        assertThat(desk.open()).hasSize(4);
        assertThat(desk.taken()).isEqualTo(2);
        assertThat(tryToCreate(free, "e", ENDLESS, NOW)).isInstanceOf(CreateOutcome.LimitReached.class);
        assertThat(free.reopen(ann, "a", ANY, NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(free.reopen(ann, "b", ANY, NOW)).isInstanceOf(ChangeOutcome.LimitReached.class);
        assertThat(tryToCreate(store, "e", ENDLESS, NOW)).isInstanceOf(CreateOutcome.LimitReached.class);
    }

    @Test
    void session_whose_uncounted_wrap_up_ended_needs_a_slot_to_reopen() {
        SessionStore free = new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), TWO_WITHOUT_WRAP_UPS);
        create(free, "a", REQUIRED);
        free.close(ann, "a", ANY, NOW);
        create(free, "b", REQUIRED);
        create(free, "c", REQUIRED);
        assertThat(free.reopen(ann, "a", ANY, DEADLINE)).isInstanceOf(ChangeOutcome.LimitReached.class);
        assertThat(free.desk(owner, DEADLINE).taken()).isEqualTo(2);
    }

    @Test
    void moved_session_keeps_its_wrap_up_and_its_deadline() {
        create("a", REQUIRED);
        store.close(ann, "a", ANY, NOW);
        assertThat(store.handOver(ann, "a", "bob", true, ANY, NOW.plusSeconds(1)))
                .isInstanceOf(ChangeOutcome.HandedOver.class);
        Owner bob = new Owner(owner.tenant(), "bob");
        assertThat(store.desk(bob, NOW).open())
                .extracting(SessionSummary::wrapUp)
                .containsExactly(new WrapUp.Pending(DEADLINE));
        store.close(owner, "a", DEADLINE);
        store.close(bob, "a", DEADLINE);
        assertThat(store.read(SessionScope.all(bob), "a", DEADLINE)
                        .orElseThrow()
                        .closedAt())
                .isEqualTo(DEADLINE);
    }

    @Test
    void deadline_complete_and_reopen_race_and_one_wins() {
        for (int round = 0; round < 3; round++) {
            begin();
            create("a", REQUIRED);
            store.close(ann, "a", ANY, NOW);
            Precondition seen = Precondition.ofVersion(2);
            List<Object> outcomes = Race.run(CALLERS, i -> {
                if (i % 3 == 0) {
                    return store.close(ann, "a", seen, completion("solved", "by " + i), DEADLINE.minusNanos(1));
                }
                if (i % 3 == 1) {
                    return store.reopen(ann, "a", seen, DEADLINE.minusNanos(1));
                }
                store.close(owner, "a", DEADLINE);
                return "deadline";
            });
            long winners = outcomes.stream()
                    .filter(outcome -> outcome instanceof ChangeOutcome.Done)
                    .count();
            SessionOnDesk after = read("a", DEADLINE);
            assertThat(after.session().version()).isEqualTo(3);
            assertThat(winners).isEqualTo(after.session().wrapUp().closedBy() == ClosedBy.DEADLINE ? 0 : 1);
            assertThat(store.desk(owner, DEADLINE).open()).hasSize(after.isOpen() ? 1 : 0);
        }
    }

    @Test
    void hand_over_and_start_of_the_wrap_up_race_and_one_wins() {
        for (int round = 0; round < 3; round++) {
            begin();
            create("a", REQUIRED);
            Precondition seen = Precondition.ofVersion(1);
            List<ChangeOutcome> outcomes = Race.run(
                    CALLERS,
                    i -> i % 2 == 0
                            ? store.handOver(ann, "a", "bob", true, seen, NOW)
                            : store.close(ann, "a", seen, NOW));
            SessionScope bob = SessionScope.all(new Owner(owner.tenant(), "bob"));
            boolean isMoved = store.read(bob, "a", NOW).isPresent();
            assertThat(store.read(ann, "a", NOW).isPresent()).isEqualTo(!isMoved);
            long started = outcomes.stream()
                    .filter(outcome -> outcome instanceof ChangeOutcome.Done)
                    .count();
            assertThat(started).isEqualTo(isMoved ? 0 : 1);
            assertThat((isMoved ? store.read(bob, "a", NOW) : store.read(ann, "a", NOW))
                            .orElseThrow()
                            .status())
                    .isEqualTo(isMoved ? SessionStatus.OPEN : SessionStatus.WRAP_UP);
        }
    }
}
