package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of {@link SessionStore}. Subclasses provide the store. Each test has separate owners, so all tests can
 * share one table.
 */
public abstract class SessionStoreContract extends SessionChangeContract {
    /** The time of the tests. */
    protected static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private static final Duration IDLE = Duration.ofHours(24);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final SessionLimits TEN = new SessionLimits(10, IDLE, RETENTION);
    private static final SessionLimits THREE = new SessionLimits(3, IDLE, RETENTION);
    private static final SessionFilter ALL = new SessionFilter(null, null);

    private final Owner owner = new Owner("tenant " + UUID.randomUUID(), "user");
    private final SessionScope scope = SessionScope.all(owner);

    /** Returns a store with these limits, which may share its data with other stores of the same class. */
    @Override
    protected abstract SessionStore store(SessionLimits limits);

    @Test
    void created_session_is_read_unchanged() {
        SessionStore store = store(TEN);
        NewSession newSession = TestSessions.newSession("a", NOW);

        assertThat(store.create(owner, newSession, NOW))
                .isEqualTo(new CreateOutcome.Created(new SessionOnDesk(newSession.session(), true, null)));
        assertThat(store.read(scope, "a", NOW)).contains(new SessionOnDesk(newSession.session(), true, null));
    }

    @Test
    void missing_session_is_not_found() {
        SessionStore store = store(TEN);

        assertThat(store.read(scope, "a", NOW)).isEmpty();
        assertThat(store.replay(owner, "a", "hash", NOW)).isEmpty();
        assertThat(store.close(scope, "a", Precondition.NONE, NOW)).isEqualTo(new ChangeOutcome.NotFound());
    }

    @Test
    void unused_desk_is_empty_with_the_focus_on_home() {
        assertThat(store(TEN).desk(owner, NOW)).isEqualTo(new DeskView(10, Session.HOME, 0, List.of()));
    }

    @Test
    void desk_lists_open_sessions_by_creation_and_then_by_id() {
        SessionStore store = store(TEN);
        create(store, "c", NOW);
        create(store, "b", NOW.minusSeconds(5));
        create(store, "a", NOW);

        DeskView desk = store.desk(owner, NOW);

        assertThat(desk.open()).extracting(SessionSummary::id).containsExactly("b", "a", "c");
        assertThat(desk.focusedSessionId()).isEqualTo("a");
        assertThat(desk.limit()).isEqualTo(10);
    }

    @Test
    void every_write_of_a_desk_increments_its_version() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        long first = store.desk(owner, NOW).version();
        create(store, "b", NOW);
        long second = store.desk(owner, NOW).version();
        close(store, "a");
        long third = store.desk(owner, NOW).version();

        assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void retried_create_is_a_replay_and_changes_nothing() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        create(store, "b", NOW);
        DeskView before = store.desk(owner, NOW);
        NewSession again = new NewSession(TestSessions.session("a", NOW.plusSeconds(9)), true, "hash of a");

        assertThat(store.create(owner, again, NOW.plusSeconds(9)))
                .isEqualTo(new CreateOutcome.Replayed(new SessionOnDesk(TestSessions.session("a", NOW), false, null)));
        assertThat(store.desk(owner, NOW)).isEqualTo(before);
    }

    @Test
    void replay_returns_the_current_session() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        SessionOnDesk closed = close(store, "a");

        assertThat(store.create(owner, TestSessions.newSession("a", NOW), NOW.plusSeconds(9)))
                .isEqualTo(new CreateOutcome.Replayed(closed));
        assertThat(store.desk(owner, NOW).open()).isEmpty();
    }

    @Test
    void replay_is_recognised_before_the_limit() {
        SessionStore store = store(THREE);
        create(store, "a", NOW);
        create(store, "b", NOW);
        create(store, "c", NOW);

        assertThat(store.create(owner, TestSessions.newSession("a", NOW), NOW))
                .isInstanceOf(CreateOutcome.Replayed.class);
    }

    @Test
    void another_request_with_the_same_key_is_rejected_even_at_the_limit() {
        SessionStore store = store(THREE);
        create(store, "a", NOW);
        NewSession other = new NewSession(TestSessions.session("a", NOW), true, "another hash");
        assertThat(store.create(owner, other, NOW)).isEqualTo(new CreateOutcome.KeyReused());
        create(store, "b", NOW);
        create(store, "c", NOW);

        assertThat(store.create(owner, other, NOW)).isEqualTo(new CreateOutcome.KeyReused());
        assertThat(store.read(scope, "a", NOW).orElseThrow().session()).isEqualTo(TestSessions.session("a", NOW));
    }

    @Test
    void replay_is_recognised_without_a_create() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);

        assertThat(store.replay(owner, "a", "hash of a", NOW))
                .contains(new CreateOutcome.Replayed(new SessionOnDesk(TestSessions.session("a", NOW), true, null)));
        assertThat(store.replay(owner, "a", "another hash", NOW)).contains(new CreateOutcome.KeyReused());
        assertThat(store.replay(owner, "b", "hash of b", NOW)).isEmpty();
    }

    /** No other request has the id of a request without a key, so an existing session is its own. */
    @Test
    void session_without_a_hash_is_a_replay_of_its_request_only() {
        SessionStore store = store(TEN);
        NewSession newSession = new NewSession(TestSessions.session("a", NOW), true, null);

        assertThat(store.create(owner, newSession, NOW)).isInstanceOf(CreateOutcome.Created.class);
        assertThat(store.create(owner, newSession, NOW))
                .isEqualTo(new CreateOutcome.Replayed(new SessionOnDesk(newSession.session(), true, null)));
        assertThat(store.replay(owner, "a", "hash", NOW)).contains(new CreateOutcome.KeyReused());

        store.delete(scope, "a", Precondition.NONE, NOW);

        assertThat(store.replay(owner, "a", "hash", NOW)).contains(new CreateOutcome.KeyReused());
    }

    @Test
    void limit_is_reached_when_the_last_slot_is_taken() {
        SessionStore store = store(THREE);
        create(store, "a", NOW);
        create(store, "b", NOW);
        create(store, "c", NOW);
        DeskView before = store.desk(owner, NOW);

        assertThat(store.create(owner, TestSessions.newSession("d", NOW), NOW))
                .isEqualTo(new CreateOutcome.LimitReached(3));
        assertThat(store.read(scope, "d", NOW)).isEmpty();
        assertThat(store.desk(owner, NOW)).isEqualTo(before);
    }

    @Test
    void closing_frees_the_slot() {
        SessionStore store = store(THREE);
        create(store, "a", NOW);
        create(store, "b", NOW);
        create(store, "c", NOW);
        SessionOnDesk closed = close(store, "b");

        create(store, "d", NOW);
        assertThat(store.create(owner, TestSessions.newSession("e", NOW), NOW))
                .isEqualTo(new CreateOutcome.LimitReached(3));
        // No other session took its slot, so it is unchanged since its close.
        assertThat(read(store, "b", NOW)).isEqualTo(closed);
    }

    @Test
    void lowered_limit_applies_to_open_sessions() {
        create(store(TEN), "a", NOW);
        if (store(THREE).read(scope, "a", NOW).isEmpty()) {
            return; // The test needs a store that shares its data with another store.
        }
        for (String id : List.of("b", "c", "d", "e")) {
            create(store(TEN), id, NOW);
        }

        assertThat(store(THREE).create(owner, TestSessions.newSession("f", NOW), NOW))
                .isEqualTo(new CreateOutcome.LimitReached(3));
    }

    @Test
    void idle_session_is_read_as_closed_since_it_became_idle() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);

        SessionOnDesk before = read(store, "a", NOW.plus(IDLE).minusMillis(1));
        SessionOnDesk after = read(store, "a", NOW.plus(IDLE));

        assertThat(before.isOpen()).isTrue();
        assertThat(before.isFocused()).isTrue();
        assertThat(after.closedAt()).isEqualTo(NOW.plus(IDLE));
        assertThat(after.isFocused()).isFalse();
        assertThat(after.session()).isEqualTo(before.session());
        assertThat(store.desk(owner, NOW.plus(IDLE)).open()).isEmpty();
        assertThat(store.desk(owner, NOW.plus(IDLE)).focusedSessionId()).isEqualTo(Session.HOME);
        assertThat(ids(store, scope, new SessionFilter(SessionStatus.CLOSED, null), NOW.plus(IDLE)))
                .containsExactly("a");
    }

    @Test
    void idle_sessions_free_their_slots_when_the_limit_is_reached() {
        SessionStore store = store(THREE);
        create(store, "a", NOW.minus(IDLE));
        create(store, "b", NOW.minus(IDLE).plusSeconds(60));
        create(store, "c", NOW);

        create(store, "d", NOW);

        SessionOnDesk idle = read(store, "a", NOW);
        assertThat(idle.closedAt()).isEqualTo(NOW);
        assertThat(idle.session().times().closed()).isEqualTo(NOW);
        assertThat(idle.session().version()).isEqualTo(2);
        assertThat(deskIds(store, NOW)).containsExactly("b", "c", "d");
        assertThat(store.create(owner, TestSessions.newSession("e", NOW), NOW))
                .isEqualTo(new CreateOutcome.LimitReached(3));
        create(store, "e", NOW.plusSeconds(60));
        assertThat(deskIds(store, NOW.plusSeconds(60))).containsExactly("c", "d", "e");
    }

    @Test
    void idle_focused_session_leaves_the_focus_on_home() {
        SessionStore store = store(THREE);
        create(store, "b", NOW);
        create(store, "c", NOW);
        create(store, "a", NOW.minus(IDLE));

        NewSession behind = TestSessions.unfocused("d", NOW);
        assertThat(store.create(owner, behind, NOW)).isInstanceOf(CreateOutcome.Created.class);

        assertThat(store.desk(owner, NOW).focusedSessionId()).isEqualTo(Session.HOME);
        assertThat(deskIds(store, NOW)).containsExactly("b", "c", "d");
    }

    @Test
    void replay_of_an_idle_session_does_not_take_a_slot() {
        SessionStore store = store(THREE);
        create(store, "a", NOW.minus(IDLE));
        create(store, "b", NOW);
        create(store, "c", NOW);
        create(store, "d", NOW);

        assertThat(store.create(owner, TestSessions.newSession("a", NOW), NOW))
                .isInstanceOfSatisfying(
                        CreateOutcome.Replayed.class,
                        replayed -> assertThat(replayed.session().isOpen()).isFalse());
        assertThat(deskIds(store, NOW)).containsExactly("b", "c", "d");
    }

    @Test
    void expired_session_is_not_found_before_it_is_removed() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        create(store, "b", NOW);
        close(store, "b");
        Instant closedExpires = NOW.plus(RETENTION);
        Instant idleExpires = NOW.plus(IDLE).plus(TEN.refresh()).plus(RETENTION);

        assertThat(store.read(scope, "b", closedExpires.minusSeconds(1))).isPresent();
        assertThat(store.read(scope, "b", closedExpires)).isEmpty();
        assertThat(ids(store, scope, ALL, closedExpires)).containsExactly("a");
        assertThat(store.read(scope, "a", idleExpires.minusSeconds(1))).isPresent();
        assertThat(store.read(scope, "a", idleExpires)).isEmpty();
        assertThat(ids(store, scope, ALL, idleExpires)).isEmpty();
        assertThat(store.replay(owner, "a", "hash of a", idleExpires)).isEmpty();
        assertThat(store.close(scope, "a", Precondition.NONE, idleExpires)).isEqualTo(new ChangeOutcome.NotFound());
        assertThat(store.desk(owner, idleExpires).open()).isEmpty();
    }

    @Test
    void id_and_slot_of_an_expired_session_are_free() {
        SessionStore store = store(THREE);
        for (String id : List.of("a", "b", "c")) {
            create(store, id, NOW);
        }
        Instant later = NOW.plus(IDLE).plus(THREE.refresh()).plus(RETENTION);
        NewSession other = new NewSession(TestSessions.session("a", later), true, "another hash");

        assertThat(store.create(owner, other, later)).isInstanceOf(CreateOutcome.Created.class);
        create(store, "d", later);
        create(store, "e", later);

        assertThat(deskIds(store, later)).containsExactly("a", "d", "e");
        assertThat(store.create(owner, TestSessions.newSession("f", later), later))
                .isEqualTo(new CreateOutcome.LimitReached(3));
    }

    @Test
    void closing_keeps_the_session_readable() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        Instant later = NOW.plusSeconds(60);

        ChangeOutcome outcome = store.close(scope, "a", Precondition.NONE, later);

        SessionOnDesk read = read(store, "a", later);
        assertThat(outcome).isEqualTo(new ChangeOutcome.Done(read));
        assertThat(read.isOpen()).isFalse();
        assertThat(read.closedAt()).isEqualTo(later);
        assertThat(read.session().version()).isEqualTo(2);
        assertThat(read.session().times().lastModified()).isEqualTo(later);
        assertThat(read.session().presentation().title()).isEqualTo("Contoso a");
    }

    @Test
    void closing_a_closed_session_changes_nothing() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        SessionOnDesk closed = close(store, "a");
        DeskView desk = store.desk(owner, NOW);

        assertThat(store.close(scope, "a", Precondition.NONE, NOW.plusSeconds(60)))
                .isEqualTo(new ChangeOutcome.Done(closed));
        assertThat(store.desk(owner, NOW)).isEqualTo(desk);
    }

    @Test
    void closing_an_idle_session_uses_the_time_when_it_became_idle() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);

        assertThat(store.close(scope, "a", Precondition.NONE, NOW.plus(IDLE).plusSeconds(60)))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Done.class,
                        closed -> assertThat(closed.session().closedAt()).isEqualTo(NOW.plus(IDLE)));
    }

    @Test
    void session_that_cannot_be_closed_stays_open_until_it_is_idle() {
        SessionStore store = store(TEN);
        NewSession pinned = new NewSession(
                TestSessions.session("a", NOW, TestSessions.PROVIDER, TestSessions.TEMPLATE, false), true, "hash");
        store.create(owner, pinned, NOW);

        assertThat(store.close(scope, "a", Precondition.NONE, NOW)).isEqualTo(new ChangeOutcome.NotClosable());
        assertThat(read(store, "a", NOW).isOpen()).isTrue();
        assertThat(store.close(scope, "a", Precondition.NONE, NOW.plus(IDLE))).isInstanceOf(ChangeOutcome.Done.class);
    }

    @Test
    void close_requires_the_version_of_if_match() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        create(store, "b", NOW);
        create(store, "c", NOW);

        assertThat(store.close(scope, "a", Precondition.ofVersion(2), NOW))
                .isEqualTo(new ChangeOutcome.VersionMismatch(1));
        assertThat(read(store, "a", NOW).isOpen()).isTrue();
        assertThat(store.close(scope, "a", new Precondition(Set.of(7L, 1L)), NOW))
                .isInstanceOf(ChangeOutcome.Done.class);
        assertThat(store.close(scope, "b", Precondition.NONE, NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(store.close(scope, "c", Precondition.ofVersion(1), NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(store.close(scope, "c", Precondition.ofVersion(1), NOW))
                .isEqualTo(new ChangeOutcome.VersionMismatch(2));
    }

    @Test
    void closing_the_focused_session_focuses_the_previous_one() {
        SessionStore store = store(TEN);
        for (String id : List.of("a", "b", "c", "d")) {
            create(store, id, NOW);
        }
        close(store, "c");
        assertThat(focused(store)).isEqualTo("d");

        close(store, "d");
        assertThat(focused(store)).isEqualTo("b");
        close(store, "b");
        assertThat(focused(store)).isEqualTo("a");
        close(store, "a");
        assertThat(focused(store)).isEqualTo(Session.HOME);
    }

    @Test
    void closing_an_unfocused_session_does_not_change_the_focus() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        create(store, "b", NOW);

        close(store, "a");

        assertThat(focused(store)).isEqualTo("b");
        assertThat(read(store, "b", NOW).isFocused()).isTrue();
    }

    @Test
    void session_created_without_focus_does_not_change_the_focus() {
        SessionStore store = store(TEN);
        assertThat(store.create(owner, TestSessions.unfocused("a", NOW), NOW))
                .isEqualTo(new CreateOutcome.Created(new SessionOnDesk(TestSessions.session("a", NOW), false, null)));
        assertThat(focused(store)).isEqualTo(Session.HOME);
        create(store, "b", NOW);
        store.create(owner, TestSessions.unfocused("c", NOW), NOW);
        assertThat(focused(store)).isEqualTo("b");

        close(store, "b");

        assertThat(focused(store)).isEqualTo(Session.HOME);
    }

    @Test
    void closing_the_focused_session_skips_idle_sessions() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        create(store, "idle", NOW.minus(IDLE));
        create(store, "b", NOW);

        close(store, "b");

        assertThat(focused(store)).isEqualTo("a");
    }

    @Test
    void provider_scope_contains_its_own_sessions_only() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        Session foreign = TestSessions.session("b", NOW, "other", TestSessions.TEMPLATE, true);
        store.create(owner, new NewSession(foreign, true, "hash"), NOW);
        SessionScope own = new SessionScope(owner, TestSessions.PROVIDER);

        assertThat(store.read(own, "b", NOW)).isEmpty();
        assertThat(store.read(own, "a", NOW)).isPresent();
        assertThat(store.close(own, "b", Precondition.NONE, NOW)).isEqualTo(new ChangeOutcome.NotFound());
        assertThat(ids(store, own, ALL, NOW)).containsExactly("a");
        assertThat(store.close(own, "a", Precondition.NONE, NOW)).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(read(store, "b", NOW).isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#b", "a%23b", "..", "/", "😀", "a b", " ", "é", "\u0000", "DESK", "SESSION#a", "LONG"})
    void sessions_of_users_and_tenants_are_isolated(String nasty) {
        SessionStore store = store(TEN);
        String id = nasty.equals("LONG") ? "x".repeat(960) : nasty;
        Owner one = new Owner(owner.tenant() + "#" + id, id);
        Owner otherUser = new Owner(one.tenant(), id + "#");
        Owner otherTenant = new Owner(owner.tenant(), id + "#" + id);
        Owner otherCut = new Owner(owner.tenant() + "#", id + id.charAt(0));
        Owner upper = new Owner(one.tenant(), id + "A");
        Owner lower = new Owner(one.tenant(), id + "a");
        List<Owner> owners = List.of(one, otherUser, otherTenant, otherCut, upper, lower);
        for (int i = 0; i < owners.size(); i++) {
            assertThat(store.create(owners.get(i), TestSessions.newSession("s" + i, NOW), NOW))
                    .isInstanceOf(CreateOutcome.Created.class);
        }

        for (int i = 0; i < owners.size(); i++) {
            SessionScope its = SessionScope.all(owners.get(i));
            assertThat(ids(store, its, ALL, NOW)).containsExactly("s" + i);
            assertThat(store.desk(owners.get(i), NOW).open()).hasSize(1);
            String others = "s" + (i + 1) % owners.size();
            assertThat(store.read(its, others, NOW)).isEmpty();
            assertThat(store.replay(owners.get(i), others, "hash of " + others, NOW))
                    .isEmpty();
            assertThat(store.close(its, others, Precondition.NONE, NOW)).isEqualTo(new ChangeOutcome.NotFound());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#b", "a%23b", "..", "😀", "a b", "DESK", "#", "SESSION#a", "\u0000", "LONG"})
    void sessions_with_special_characters_in_ids_are_distinct(String nasty) {
        SessionStore store = store(TEN);
        String id = nasty.equals("LONG") ? "x".repeat(1_000) : nasty;
        create(store, id, NOW);
        create(store, id + "#", NOW);

        assertThat(read(store, id, NOW).session().id()).isEqualTo(id);
        assertThat(store.read(scope, id + "##", NOW)).isEmpty();
        assertThat(ids(store, scope, ALL, NOW)).containsExactly(id, id + "#");
        close(store, id);
        assertThat(deskIds(store, NOW)).containsExactly(id + "#");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void paging_visits_each_session_once(int size) {
        SessionStore store = store(new SessionLimits(100, IDLE, RETENTION));
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 23; i++) {
            create(store, "s" + i, NOW);
            expected.add("s" + i);
        }

        assertThat(ids(store, scope, ALL, size, NOW, page -> {})).containsExactlyElementsOf(expected);
    }

    @Test
    void paging_visits_each_session_once_during_writes() {
        SessionStore store = store(new SessionLimits(100, IDLE, RETENTION));
        for (int i = 10; i < 30; i++) {
            create(store, "s" + i, NOW);
        }
        int[] written = {0};

        List<String> seen = ids(store, scope, ALL, 3, NOW, page -> {
            create(store, "a" + written[0], NOW);
            create(store, "s1" + written[0] + "x", NOW);
            close(store, "s" + (10 + written[0]));
            written[0]++;
        });

        assertThat(seen).doesNotHaveDuplicates();
        for (int i = 10; i < 30; i++) {
            assertThat(seen).contains("s" + i);
        }
    }

    @Test
    void filters_select_by_state_and_template() {
        SessionStore store = store(TEN);
        create(store, "a", NOW);
        create(store, "b", NOW);
        store.create(
                owner,
                new NewSession(TestSessions.session("c", NOW, "other", "contoso_other", true), false, "hash"),
                NOW);
        create(store, "d", NOW);
        close(store, "b");

        assertThat(ids(store, scope, new SessionFilter(SessionStatus.OPEN, null), NOW))
                .containsExactly("a", "c", "d");
        assertThat(ids(store, scope, new SessionFilter(SessionStatus.CLOSED, null), NOW))
                .containsExactly("b");
        assertThat(ids(store, scope, new SessionFilter(null, "contoso_other"), NOW))
                .containsExactly("c");
        assertThat(ids(store, scope, new SessionFilter(SessionStatus.CLOSED, "contoso_other"), NOW))
                .isEmpty();
        assertThat(ids(store, scope, new SessionFilter(SessionStatus.OPEN, TestSessions.TEMPLATE), 1, NOW, page -> {}))
                .containsExactly("a", "d");
        assertThat(ids(
                        store,
                        new SessionScope(owner, "other"),
                        new SessionFilter(SessionStatus.OPEN, null),
                        1,
                        NOW,
                        page -> {}))
                .containsExactly("c");
    }

    @Test
    void callers_racing_with_one_key_create_one_session() {
        SessionStore store = store(TEN);

        List<CreateOutcome> outcomes =
                Race.run(Race.CALLERS, i -> store.create(owner, TestSessions.newSession("a", NOW), NOW));

        assertThat(outcomes).filteredOn(CreateOutcome.Created.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(CreateOutcome.Replayed.class::isInstance)
                .hasSize(Race.CALLERS - 1);
        assertThat(deskIds(store, NOW)).containsExactly("a");
    }

    @Test
    void callers_racing_for_the_last_slot_take_it_once() {
        SessionStore store = store(THREE);
        create(store, "a", NOW);
        create(store, "b", NOW);

        List<CreateOutcome> outcomes =
                Race.run(Race.CALLERS, i -> store.create(owner, TestSessions.newSession("c" + i, NOW), NOW));

        assertThat(outcomes).filteredOn(CreateOutcome.Created.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.equals(new CreateOutcome.LimitReached(3)))
                .hasSize(Race.CALLERS - 1);
        assertThat(store.desk(owner, NOW).open()).hasSize(3);
        assertThat(ids(store, scope, ALL, NOW)).hasSize(3);
    }

    @Test
    void callers_racing_for_slots_of_idle_sessions_never_exceed_the_limit() {
        SessionStore store = store(THREE);
        create(store, "a", NOW.minus(IDLE));
        create(store, "b", NOW.minus(IDLE));
        create(store, "c", NOW);

        List<CreateOutcome> outcomes =
                Race.run(16, i -> store.create(owner, TestSessions.newSession("d" + i, NOW), NOW));

        assertThat(outcomes).filteredOn(CreateOutcome.Created.class::isInstance).hasSize(2);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.equals(new CreateOutcome.LimitReached(3)))
                .hasSize(14);
        assertThat(ids(store, scope, new SessionFilter(SessionStatus.OPEN, null), NOW))
                .hasSize(3);
        assertThat(store.desk(owner, NOW).open()).hasSize(3);
    }

    @Test
    void racing_closes_and_creates_leave_a_consistent_desk() {
        SessionStore store = store(TEN);
        for (int i = 0; i < 8; i++) {
            create(store, "a" + i, NOW);
        }

        Race.run(
                16,
                i -> i % 2 == 0
                        ? store.close(scope, "a" + i / 2, Precondition.NONE, NOW)
                        : store.create(owner, TestSessions.newSession("b" + i, NOW), NOW));

        List<String> open = ids(store, scope, new SessionFilter(SessionStatus.OPEN, null), NOW);
        assertThat(deskIds(store, NOW)).containsExactlyInAnyOrderElementsOf(open);
        assertThat(ids(store, scope, new SessionFilter(SessionStatus.CLOSED, null), NOW))
                .hasSize(8);
        assertThat(open).allMatch(id -> id.startsWith("b"));
    }

    private void create(SessionStore store, String id, Instant now) {
        assertThat(store.create(owner, TestSessions.newSession(id, now), now))
                .isInstanceOf(CreateOutcome.Created.class);
    }

    private SessionOnDesk close(SessionStore store, String id) {
        ChangeOutcome outcome = store.close(scope, id, Precondition.NONE, NOW);
        assertThat(outcome).isInstanceOf(ChangeOutcome.Done.class);
        return ((ChangeOutcome.Done) outcome).session();
    }

    private SessionOnDesk read(SessionStore store, String id, Instant now) {
        return store.read(scope, id, now).orElseThrow();
    }

    private String focused(SessionStore store) {
        return store.desk(owner, NOW).focusedSessionId();
    }

    private List<String> deskIds(SessionStore store, Instant now) {
        List<String> ids = new ArrayList<>();
        for (SessionSummary summary : store.desk(owner, now).open()) {
            ids.add(summary.id());
        }
        return ids;
    }

    private static List<String> ids(SessionStore store, SessionScope scope, SessionFilter filter, Instant now) {
        return ids(store, scope, filter, 100, now, page -> {});
    }

    private static List<String> ids(
            SessionStore store,
            SessionScope scope,
            SessionFilter filter,
            int size,
            Instant now,
            Consumer<Page<SessionOnDesk>> between) {
        List<String> ids = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<SessionOnDesk> page = store.list(scope, filter, new PageRequest(after, size), now);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            for (SessionOnDesk onDesk : page.items()) {
                ids.add(onDesk.session().id());
            }
            after = page.next();
            if (after != null) {
                between.accept(page);
            }
        } while (after != null);
        return ids;
    }
}
