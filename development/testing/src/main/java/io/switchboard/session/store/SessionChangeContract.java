package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.Race;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.session.Anchor;
import io.switchboard.session.DeskView;
import io.switchboard.session.Markers;
import io.switchboard.session.Owner;
import io.switchboard.session.Presentation;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.Tab;
import io.switchboard.session.TestSessions;
import io.switchboard.slug.Warning;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@link SessionStore} for changes of existing sessions, a part of {@link SessionStoreContract}. */
abstract class SessionChangeContract extends SessionHistoryContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Duration IDLE = Duration.ofHours(24);
    private static final Instant IDLE_SINCE_LONG = NOW.minus(IDLE);
    private static final SessionLimits THREE = new SessionLimits(3, IDLE, Duration.ofDays(30));
    private static final Precondition ANY = Precondition.NONE;
    private static final SessionChange BADGE =
            before -> TestSessions.withActivityCount(before.session().next(LATER), 5);

    private final Owner alice = new Owner("tenant " + UUID.randomUUID(), "alice");
    private final Owner bob = new Owner(alice.tenant(), "bob");
    private final SessionScope hers = SessionScope.all(alice);
    private final SessionScope his = SessionScope.all(bob);
    private final SessionScope strangers = new SessionScope(alice, "another provider");

    // ── Changes ────────────────────────────────────────────────────────────────────

    @Test
    void change_increments_the_version_and_does_not_affect_the_desk() {
        SessionStore store = desk(alice, "a", "b");
        long version = store.desk(alice, NOW).version();

        SessionOnDesk changed = done(store.change(hers, "a", ANY, BADGE, LATER));

        assertThat(changed.session().markers().activityCount()).isEqualTo(5);
        assertThat(changed.session().version()).isEqualTo(2);
        assertThat(changed.session().times().lastModified()).isEqualTo(LATER);
        assertThat(store.read(hers, "a", LATER)).contains(changed);
        assertThat(store.desk(alice, LATER).version()).isEqualTo(version);
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("b");
    }

    @Test
    void every_changed_property_is_stored() {
        SessionStore store = desk(alice, "a");
        Session before = TestSessions.session("a", NOW);
        Tab more = new Tab(
                "t2", "x", "X", "search", Map.of("searchText", "é"), null, List.of("x"), true, 3, LATER, "hash of t2");

        Session changed = done(store.change(
                        hers,
                        "a",
                        ANY,
                        session -> session.session()
                                .next(LATER)
                                .withPresentation(new Presentation("Tïtle", "/icon.svg", "docked", false))
                                .withMarkers(new Markers(false, 0, "late", "c1"))
                                .withContext(Map.of("k", 1, "é ", true))
                                .withAnchor(new Anchor("incident", "1", Map.of("title", "T")))
                                .withTabs(before.tabs().with(more).focused("t2"))
                                .withWarnings(List.of(new Warning("textCut", "m", "t"))),
                        LATER))
                .session();
        Session closed = done(store.change(
                        hers,
                        "a",
                        ANY,
                        session -> session.session()
                                .next(LATER)
                                .withTabs(session.session().tabs().without(more, LATER)),
                        LATER))
                .session();

        assertThat(changed.tabs().tab("t2")).contains(more);
        assertThat(closed.tabs().open()).isEqualTo(before.tabs().open());
        assertThat(closed.tabs().focusedId()).isEqualTo(before.tabs().anchorId());
        assertThat(closed.tabs().closed()).singleElement().satisfies(left -> {
            assertThat(left.tab().requestHash()).isEqualTo("hash of t2");
            assertThat(left.tab().parameters()).isEmpty();
            assertThat(left.until()).isEqualTo(LATER.plus(SessionStore.REPLAY_WINDOW));
        });
        assertThat(store.read(hers, "a", LATER).orElseThrow().session()).isEqualTo(closed);
    }

    @Test
    void unchanged_session_is_not_written() {
        SessionStore store = desk(alice, "a");

        SessionOnDesk same = done(store.change(hers, "a", ANY, SessionOnDesk::session, LATER));

        assertThat(same.session()).isEqualTo(TestSessions.session("a", NOW));
        assertThat(store.read(hers, "a", LATER)).contains(same);
    }

    @Test
    void rejected_change_is_not_written() {
        SessionStore store = desk(alice, "a");

        assertThatThrownBy(() -> store.change(
                        hers,
                        "a",
                        ANY,
                        before -> {
                            throw Refusal.of(ErrorCode.TAB_LIMIT_REACHED, "full");
                        },
                        LATER))
                .isInstanceOf(Refusal.class);

        assertThat(store.read(hers, "a", LATER).orElseThrow().session()).isEqualTo(TestSessions.session("a", NOW));
    }

    @Test
    void every_change_checks_its_precondition() {
        SessionStore store = desk(alice, "a", "b");
        Precondition stale = Precondition.ofVersion(1);
        done(store.change(hers, "a", stale, BADGE, LATER));
        ChangeOutcome mismatch = new ChangeOutcome.VersionMismatch(2);

        assertThat(store.change(hers, "a", stale, BADGE, LATER)).isEqualTo(mismatch);
        assertThat(store.focus(hers, "a", stale, LATER)).isEqualTo(mismatch);
        assertThat(store.close(hers, "a", stale, LATER)).isEqualTo(mismatch);
        assertThat(store.delete(hers, "a", stale, LATER)).isEqualTo(mismatch);
        assertThat(store.reopen(hers, "a", stale, LATER)).isEqualTo(mismatch);
        assertThat(store.handOver(hers, "a", "bob", true, stale, LATER)).isEqualTo(mismatch);
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("b");
    }

    @Test
    void sessions_outside_the_scope_are_not_changed() {
        SessionStore store = desk(alice, "a", "b");
        ChangeOutcome absent = new ChangeOutcome.NotFound();

        for (SessionScope scope : List.of(strangers, his, SessionScope.all(new Owner("another tenant", "alice")))) {
            assertThat(store.change(scope, "a", ANY, BADGE, LATER)).isEqualTo(absent);
            assertThat(store.focus(scope, "a", ANY, LATER)).isEqualTo(absent);
            assertThat(store.close(scope, "a", ANY, LATER)).isEqualTo(absent);
            assertThat(store.reopen(scope, "a", ANY, LATER)).isEqualTo(absent);
            assertThat(store.delete(scope, "a", ANY, LATER)).isEqualTo(absent);
            assertThat(store.handOver(scope, "a", "carol", true, ANY, LATER)).isEqualTo(absent);
        }
        assertThat(store.read(hers, "a", LATER).orElseThrow().session()).isEqualTo(TestSessions.session("a", NOW));
    }

    @Test
    void closed_and_idle_sessions_cannot_be_changed() {
        SessionStore store = desk(alice, "a");
        create(store, alice, "idle", IDLE_SINCE_LONG);
        done(store.close(hers, "a", ANY, NOW));
        ChangeOutcome closed = new ChangeOutcome.AlreadyClosed();

        for (String id : List.of("a", "idle")) {
            assertThat(store.change(hers, id, ANY, BADGE, NOW)).isEqualTo(closed);
            assertThat(store.focus(hers, id, ANY, NOW)).isEqualTo(closed);
            assertThat(store.handOver(hers, id, "bob", true, ANY, NOW)).isEqualTo(closed);
        }
    }

    @Test
    void write_restarts_the_idle_time() {
        SessionStore store = desk(alice, "a", "b");
        Instant almost = NOW.plus(IDLE).minusMillis(1);
        done(store.change(
                hers,
                "a",
                ANY,
                before -> TestSessions.withActivityCount(before.session().next(almost), 1),
                almost));
        done(store.focus(hers, "b", ANY, almost));

        Instant evening = NOW.plus(IDLE).plusSeconds(1);
        assertThat(ids(store, alice, evening)).containsExactlyInAnyOrder("a", "b");
        assertThat(store.desk(alice, evening).focusedSessionId()).isEqualTo("b");
    }

    // ── Focus ──────────────────────────────────────────────────────────────────────

    @Test
    void focus_changes_the_desk_and_not_the_version_of_the_session() {
        SessionStore store = desk(alice, "a", "b");

        SessionOnDesk focused = done(store.focus(hers, "a", ANY, LATER));

        assertThat(focused.isFocused()).isTrue();
        assertThat(focused.session().version()).isEqualTo(1);
        assertThat(focused.session().times().lastModified()).isEqualTo(NOW);
        assertThat(store.read(hers, "a", LATER)).contains(focused);
        assertThat(store.read(hers, "b", LATER).orElseThrow().isFocused()).isFalse();
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("a");
    }

    @Test
    void focus_clears_the_focus_request_and_the_badge() {
        SessionStore store = desk(alice, "a", "b");
        done(store.change(
                hers,
                "a",
                ANY,
                before -> before.session().next(LATER).withMarkers(new Markers(true, 7, "late", null)),
                LATER));

        Session focused = done(store.focus(hers, "a", ANY, LATER)).session();

        assertThat(focused.markers().focusRequested()).isFalse();
        assertThat(focused.markers().activityCount()).isZero();
        assertThat(focused.markers().kpiBreach()).isEqualTo("late");
        assertThat(focused.version()).isEqualTo(3);
    }

    @Test
    void home_session_can_gain_and_lose_the_focus() {
        SessionStore store = desk(alice, "a", "b");
        long version = store.desk(alice, NOW).version();

        store.focusHome(alice, LATER);
        store.focusHome(alice, LATER);

        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo(Session.HOME);
        assertThat(store.desk(alice, LATER).version()).isEqualTo(version + 1);
        done(store.focus(hers, "a", ANY, LATER));
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("a");
        done(store.close(hers, "a", ANY, LATER));
        // Home was focused before a, so it gets the focus, and not b.
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo(Session.HOME);
    }

    @Test
    void unused_desk_has_the_focus_on_home() {
        SessionStore store = store(THREE);

        store.focusHome(bob, NOW);

        assertThat(store.desk(bob, NOW)).isEqualTo(new DeskView(3, Session.HOME, 0, List.of()));
    }

    @Test
    void closing_returns_the_focus_to_the_previous_session() {
        SessionStore store = desk(alice, "a", "b", "c");
        done(store.focus(hers, "a", ANY, LATER));
        done(store.focus(hers, "b", ANY, LATER));

        List<String> focused = new ArrayList<>();
        for (String closing : List.of("b", "a", "c")) {
            focused.add(store.desk(alice, LATER).focusedSessionId());
            done(store.close(hers, closing, ANY, LATER));
        }
        focused.add(store.desk(alice, LATER).focusedSessionId());

        assertThat(focused).containsExactly("b", "a", "c", Session.HOME);
    }

    // ── Reopen ─────────────────────────────────────────────────────────────────────

    @Test
    void reopened_session_is_unchanged_and_focused() {
        SessionStore store = desk(alice, "a", "b");
        done(store.close(hers, "a", ANY, NOW));

        SessionOnDesk reopened = done(store.reopen(hers, "a", ANY, LATER));

        assertThat(reopened.isOpen()).isTrue();
        assertThat(reopened.isFocused()).isTrue();
        assertThat(reopened.session().version()).isEqualTo(3);
        assertThat(reopened.session().context())
                .isEqualTo(TestSessions.session("a", NOW).context());
        assertThat(store.read(hers, "a", LATER)).contains(reopened);
        assertThat(ids(store, alice, LATER)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void reopening_an_open_session_changes_nothing() {
        SessionStore store = desk(alice, "a", "b");

        SessionOnDesk same = done(store.reopen(hers, "a", ANY, LATER));

        assertThat(same).isEqualTo(new SessionOnDesk(TestSessions.session("a", NOW), false, null));
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("b");
    }

    @Test
    void idle_session_is_reopened_with_or_without_its_slot() {
        SessionStore store = store(THREE);
        create(store, alice, "idle", IDLE_SINCE_LONG);
        assertThat(done(store.reopen(hers, "idle", ANY, NOW)).isFocused()).isTrue();
        assertThat(ids(store, alice, NOW)).containsExactly("idle");

        Instant tomorrow = NOW.plus(IDLE);
        create(store, alice, "b", tomorrow);
        create(store, alice, "c", tomorrow);
        create(store, alice, "d", tomorrow);
        assertThat(store.reopen(hers, "idle", ANY, tomorrow)).isEqualTo(new ChangeOutcome.LimitReached(3));
        done(store.close(hers, "c", ANY, tomorrow));
        done(store.reopen(hers, "idle", ANY, tomorrow));
        assertThat(ids(store, alice, tomorrow)).containsExactlyInAnyOrder("b", "d", "idle");
    }

    @Test
    void reopening_takes_the_slot_of_an_idle_session() {
        SessionStore store = desk(alice, "a");
        done(store.close(hers, "a", ANY, NOW));
        create(store, alice, "x", IDLE_SINCE_LONG);
        create(store, alice, "b", NOW);
        create(store, alice, "c", NOW);

        done(store.reopen(hers, "a", ANY, NOW));

        assertThat(ids(store, alice, NOW)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(store.read(hers, "x", NOW).orElseThrow().session().times().closed())
                .isEqualTo(NOW);
    }

    // ── Delete ─────────────────────────────────────────────────────────────────────

    @Test
    void deleted_session_is_invisible_and_its_slot_is_free() {
        SessionStore store = desk(alice, "a", "b", "c");

        done(store.delete(hers, "c", ANY, LATER));

        assertThat(store.read(hers, "c", LATER)).isEmpty();
        assertThat(store.list(hers, new SessionFilter(null, null), new PageRequest(null, 10), LATER)
                        .items())
                .hasSize(2);
        assertThat(ids(store, alice, LATER)).containsExactlyInAnyOrder("a", "b");
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("b");
        for (ChangeOutcome outcome : List.of(
                store.delete(hers, "c", ANY, LATER),
                store.reopen(hers, "c", ANY, LATER),
                store.focus(hers, "c", ANY, LATER),
                store.handOver(hers, "c", "bob", true, ANY, LATER))) {
            assertThat(outcome).isEqualTo(new ChangeOutcome.NotFound());
        }
    }

    @Test
    void retried_create_does_not_recreate_a_deleted_session_for_a_day() {
        SessionStore store = desk(alice, "a");
        done(store.delete(hers, "a", ANY, LATER));
        NewSession again = TestSessions.newSession("a", NOW);
        Instant lastMoment = LATER.plus(SessionStore.REPLAY_WINDOW).minusSeconds(1);

        assertThat(store.create(alice, again, lastMoment))
                .isInstanceOfSatisfying(CreateOutcome.Replayed.class, replayed -> {
                    assertThat(replayed.session().isOpen()).isFalse();
                    assertThat(replayed.session().session().context()).isEmpty();
                    assertThat(replayed.session().session().tabs().open()).isEmpty();
                    assertThat(replayed.session().session().presentation().title())
                            .isEmpty();
                });
        assertThat(store.replay(alice, "a", "another hash", lastMoment)).contains(new CreateOutcome.KeyReused());
        assertThat(store.create(alice, again, LATER.plus(SessionStore.REPLAY_WINDOW)))
                .isInstanceOf(CreateOutcome.Created.class);
    }

    @Test
    void session_that_cannot_be_closed_is_not_deleted_before_it_is_idle() {
        SessionStore store = desk(alice, "a");
        done(store.change(
                hers,
                "a",
                ANY,
                before -> TestSessions.withCanClose(before.session().next(NOW), false),
                NOW));

        assertThat(store.delete(hers, "a", ANY, LATER)).isEqualTo(new ChangeOutcome.NotClosable());
        assertThat(store.close(hers, "a", ANY, LATER)).isEqualTo(new ChangeOutcome.NotClosable());
        done(store.delete(hers, "a", ANY, NOW.plus(IDLE)));
        assertThat(store.desk(alice, NOW.plus(IDLE)).open()).isEmpty();
    }

    @Test
    void deleting_a_closed_session_does_not_change_the_desk() {
        SessionStore store = desk(alice, "a", "b");
        done(store.close(hers, "a", ANY, NOW));
        DeskView before = store.desk(alice, LATER);

        done(store.delete(hers, "a", ANY, LATER));

        assertThat(store.desk(alice, LATER)).isEqualTo(before);
    }

    // ── Hand-over ──────────────────────────────────────────────────────────────────

    @Test
    void handed_over_session_is_on_the_other_desk_only_and_requests_focus() {
        SessionStore store = desk(alice, "a", "b");
        create(store, bob, "x", NOW);

        SessionOnDesk moved = done(store.handOver(hers, "b", "bob", true, ANY, LATER));

        assertThat(moved.isFocused()).isFalse();
        assertThat(moved.session().markers().focusRequested()).isTrue();
        assertThat(moved.session().version()).isEqualTo(2);
        assertThat(store.read(hers, "b", LATER)).isEmpty();
        assertThat(store.read(his, "b", LATER)).contains(moved);
        assertThat(ids(store, alice, LATER)).containsExactly("a");
        assertThat(ids(store, bob, LATER)).containsExactlyInAnyOrder("b", "x");
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("a");
        assertThat(store.desk(bob, LATER).focusedSessionId()).isEqualTo("x");
    }

    @Test
    void hand_over_to_a_user_without_a_desk_creates_it() {
        SessionStore store = desk(alice, "a");

        done(store.handOver(hers, "a", "bob", true, ANY, LATER));

        assertThat(ids(store, bob, LATER)).containsExactly("a");
        assertThat(store.desk(bob, LATER).version()).isEqualTo(1);
        assertThat(store.desk(bob, LATER).focusedSessionId()).isEqualTo(Session.HOME);
    }

    @Test
    void strict_hand_over_to_a_user_without_a_desk_writes_nothing() {
        SessionStore store = desk(alice, "a");

        assertThat(store.handOver(hers, "a", "bob", false, ANY, LATER)).isEqualTo(new ChangeOutcome.UnknownUser());

        assertThat(ids(store, alice, LATER)).containsExactly("a");
        assertThat(store.read(hers, "a", LATER).orElseThrow().session().version())
                .isEqualTo(1);
        assertThat(store.desk(bob, LATER).version()).isZero();
    }

    @Test
    void hand_over_reports_whether_the_user_had_a_desk_before() {
        SessionStore store = desk(alice, "a", "b");

        assertThat(store.handOver(hers, "a", "bob", true, ANY, LATER))
                .isInstanceOfSatisfying(
                        ChangeOutcome.HandedOver.class,
                        first -> assertThat(first.isUserKnown()).isFalse());
        assertThat(store.handOver(hers, "b", "bob", false, ANY, LATER))
                .isInstanceOfSatisfying(
                        ChangeOutcome.HandedOver.class,
                        second -> assertThat(second.isUserKnown()).isTrue());
        // A user without sessions still has a desk.
        assertThat(store.handOver(his, "a", "alice", false, ANY, LATER)).isInstanceOf(ChangeOutcome.HandedOver.class);
    }

    @Test
    void repeated_hand_over_changes_nothing_and_another_one_finds_no_session() {
        SessionStore store = desk(alice, "a");
        SessionOnDesk first = done(store.handOver(hers, "a", "bob", true, Precondition.ofVersion(1), LATER));
        long version = store.desk(bob, LATER).version();

        assertThat(done(store.handOver(hers, "a", "bob", true, Precondition.ofVersion(1), LATER.plusSeconds(9))))
                .isEqualTo(first);
        assertThat(store.handOver(hers, "a", "carol", true, ANY, LATER)).isEqualTo(new ChangeOutcome.NotFound());
        assertThat(store.handOver(strangers, "a", "bob", true, ANY, LATER)).isEqualTo(new ChangeOutcome.NotFound());
        assertThat(store.desk(bob, LATER).version()).isEqualTo(version);
    }

    @Test
    void full_desk_rejects_a_hand_over_and_the_session_stays() {
        SessionStore store = desk(alice, "a");
        desk(store, bob, "x", "y", "z");

        assertThat(store.handOver(hers, "a", "bob", true, ANY, LATER)).isEqualTo(new ChangeOutcome.LimitReached(3));

        assertThat(ids(store, alice, LATER)).containsExactly("a");
        assertThat(ids(store, bob, LATER)).containsExactlyInAnyOrder("x", "y", "z");
    }

    @Test
    void idle_session_frees_its_slot_for_a_handed_over_session() {
        SessionStore store = desk(alice, "a");
        create(store, bob, "x", IDLE_SINCE_LONG);
        create(store, bob, "y", NOW);
        create(store, bob, "z", NOW);

        done(store.handOver(hers, "a", "bob", true, ANY, NOW));

        assertThat(ids(store, bob, NOW)).containsExactlyInAnyOrder("a", "y", "z");
        assertThat(store.desk(bob, NOW).focusedSessionId()).isEqualTo("z");
    }

    @Test
    void session_can_be_handed_over_back_and_forth() {
        SessionStore store = desk(alice, "a");

        done(store.handOver(hers, "a", "bob", true, ANY, LATER));
        done(store.handOver(his, "a", "alice", true, ANY, LATER));
        assertThat(ids(store, alice, LATER)).containsExactly("a");
        assertThat(ids(store, bob, LATER)).isEmpty();
        SessionOnDesk again = done(store.handOver(hers, "a", "bob", true, ANY, LATER));

        assertThat(again.session().version()).isEqualTo(4);
        assertThat(ids(store, alice, LATER)).isEmpty();
        assertThat(ids(store, bob, LATER)).containsExactly("a");
    }

    @Test
    void retried_create_does_not_recreate_a_handed_over_session() {
        SessionStore store = desk(alice, "a");
        done(store.handOver(hers, "a", "bob", true, ANY, LATER));

        assertThat(store.create(alice, TestSessions.newSession("a", NOW), LATER))
                .isInstanceOfSatisfying(
                        CreateOutcome.Replayed.class,
                        replayed -> assertThat(replayed.session().closedAt()).isEqualTo(LATER));
        assertThat(ids(store, alice, LATER)).isEmpty();
        assertThat(ids(store, bob, LATER)).containsExactly("a");
    }

    @Test
    void hand_over_does_not_overwrite_a_session_with_the_same_id() {
        SessionStore store = desk(alice, "a");
        done(store.handOver(hers, "a", "bob", true, ANY, LATER));
        Instant tomorrow = LATER.plus(SessionStore.REPLAY_WINDOW);
        done(store.focus(his, "a", ANY, tomorrow.minusSeconds(1)));
        create(store, alice, "a", tomorrow);

        assertThat(store.handOver(his, "a", "alice", true, ANY, tomorrow)).isEqualTo(new ChangeOutcome.IdTaken());
        assertThat(ids(store, alice, tomorrow)).containsExactly("a");
        assertThat(ids(store, bob, tomorrow)).containsExactly("a");
    }

    // ── Races ──────────────────────────────────────────────────────────────────────

    @Test
    void callers_racing_on_one_version_have_one_winner() {
        SessionStore store = desk(alice, "a");

        List<ChangeOutcome> outcomes =
                Race.run(Race.CALLERS, i -> store.change(hers, "a", Precondition.ofVersion(1), BADGE, LATER));

        assertThat(outcomes).filteredOn(ChangeOutcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.equals(new ChangeOutcome.VersionMismatch(2)))
                .hasSize(Race.CALLERS - 1);
    }

    @Test
    void concurrent_changes_are_all_stored() {
        SessionStore store = desk(alice, "a");

        Race.run(
                16,
                i -> store.change(
                        hers,
                        "a",
                        ANY,
                        before -> {
                            Map<String, Object> context =
                                    new HashMap<>(before.session().context());
                            context.put("caller " + i, i);
                            return before.session().next(LATER).withContext(context);
                        },
                        LATER));

        Session session = store.read(hers, "a", LATER).orElseThrow().session();
        assertThat(session.context()).hasSize(17);
        assertThat(session.version()).isEqualTo(17);
    }

    @Test
    void callers_racing_to_hand_a_session_to_different_users_have_one_winner() {
        SessionStore store = desk(alice, "a");

        List<ChangeOutcome> outcomes = Race.run(16, i -> store.handOver(hers, "a", "user " + i, true, ANY, LATER));

        assertThat(outcomes)
                .filteredOn(ChangeOutcome.HandedOver.class::isInstance)
                .hasSize(1);
        int desks = 0;
        for (int i = 0; i < 16; i++) {
            Owner user = new Owner(alice.tenant(), "user " + i);
            desks += ids(store, user, LATER).size();
            assertThat(ids(store, user, LATER).isEmpty())
                    .isEqualTo(!(outcomes.get(i) instanceof ChangeOutcome.HandedOver));
        }
        assertThat(desks).isEqualTo(1);
        assertThat(ids(store, alice, LATER)).isEmpty();
    }

    @Test
    void racing_hand_overs_take_the_last_slot_once() {
        SessionStore store = desk(alice, "a", "b", "c");
        desk(store, bob, "x", "y");

        List<ChangeOutcome> outcomes =
                Race.run(3, i -> store.handOver(hers, List.of("a", "b", "c").get(i), "bob", true, ANY, LATER));

        assertThat(outcomes)
                .filteredOn(ChangeOutcome.HandedOver.class::isInstance)
                .hasSize(1);
        assertThat(ids(store, bob, LATER)).hasSize(3);
        assertThat(ids(store, alice, LATER)).hasSize(2);
    }

    @Test
    void concurrent_operations_leave_one_open_session_focused() {
        SessionStore store = store(new SessionLimits(10, IDLE, Duration.ofDays(30)));
        desk(store, alice, "a", "b", "c", "d", "e", "f");

        Race.run(24, i -> {
            String id = List.of("a", "b", "c", "d", "e", "f").get(i % 6);
            return switch (i / 6) {
                case 0 -> store.focus(hers, id, ANY, LATER);
                case 1 -> store.close(hers, id, ANY, LATER);
                case 2 -> store.reopen(hers, id, ANY, LATER);
                default -> store.handOver(hers, id, "bob", true, ANY, LATER);
            };
        });

        for (SessionScope scope : List.of(hers, his)) {
            List<String> focused = new ArrayList<>();
            List<String> open = new ArrayList<>();
            for (SessionOnDesk onDesk : store.list(
                            scope, new SessionFilter(null, null), new PageRequest(null, 100), LATER)
                    .items()) {
                if (onDesk.isOpen()) {
                    open.add(onDesk.session().id());
                }
                if (onDesk.isFocused()) {
                    focused.add(onDesk.session().id());
                }
            }
            DeskView desk = store.desk(scope.owner(), LATER);
            assertThat(focused).hasSizeLessThanOrEqualTo(1);
            assertThat(focused.isEmpty() ? Session.HOME : focused.getFirst()).isEqualTo(desk.focusedSessionId());
            assertThat(ids(store, scope.owner(), LATER)).containsExactlyInAnyOrderElementsOf(open);
        }
    }

    private SessionStore desk(Owner owner, String... ids) {
        return desk(store(THREE), owner, ids);
    }

    private static SessionStore desk(SessionStore store, Owner owner, String... ids) {
        for (String id : ids) {
            create(store, owner, id, NOW);
        }
        return store;
    }

    private static void create(SessionStore store, Owner owner, String id, Instant now) {
        assertThat(store.create(owner, TestSessions.newSession(id, now), now))
                .isInstanceOf(CreateOutcome.Created.class);
    }

    private static SessionOnDesk done(ChangeOutcome outcome) {
        if (outcome instanceof ChangeOutcome.HandedOver handedOver) {
            return handedOver.session();
        }
        assertThat(outcome).isInstanceOf(ChangeOutcome.Done.class);
        return ((ChangeOutcome.Done) outcome).session();
    }

    private static List<String> ids(SessionStore store, Owner owner, Instant now) {
        List<String> ids = new ArrayList<>();
        for (SessionSummary summary : store.desk(owner, now).open()) {
            ids.add(summary.id());
        }
        return ids;
    }
}
