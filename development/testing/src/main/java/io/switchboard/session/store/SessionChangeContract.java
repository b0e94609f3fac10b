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

/** What every {@link SessionStore} does to a session that is there: the half of {@link SessionStoreContract} that changes things. */
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

    // ── A change of one session ────────────────────────────────────────────────────

    @Test
    void change_is_stored_one_version_later_and_leaves_the_desk_as_it_was() {
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
    void everything_a_change_may_touch_is_kept() {
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
            assertThat(left.until()).isEqualTo(LATER.plus(SessionStore.MEMORY));
        });
        assertThat(store.read(hers, "a", LATER).orElseThrow().session()).isEqualTo(closed);
    }

    @Test
    void change_that_changes_nothing_writes_nothing() {
        SessionStore store = desk(alice, "a");

        SessionOnDesk same = done(store.change(hers, "a", ANY, SessionOnDesk::session, LATER));

        assertThat(same.session()).isEqualTo(TestSessions.session("a", NOW));
        assertThat(store.read(hers, "a", LATER)).contains(same);
    }

    @Test
    void refusal_of_a_change_writes_nothing() {
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
    void every_change_is_held_to_the_version_its_caller_knows() {
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
    void nothing_happens_to_what_the_scope_does_not_see() {
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
    void closed_and_idle_sessions_change_no_more() {
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
    void a_write_keeps_a_session_from_going_idle() {
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
    void focus_turns_the_desk_and_leaves_the_version_where_nothing_else_changed() {
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
    void focus_grants_the_request_for_it_and_clears_the_badge() {
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
    void home_can_be_focused_and_left_again() {
        SessionStore store = desk(alice, "a", "b");
        long version = store.desk(alice, NOW).version();

        store.focusHome(alice, LATER);
        store.focusHome(alice, LATER);

        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo(Session.HOME);
        assertThat(store.desk(alice, LATER).version()).isEqualTo(version + 1);
        done(store.focus(hers, "a", ANY, LATER));
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("a");
        done(store.close(hers, "a", ANY, LATER));
        // Home was in focus before a, so it comes forward, and not b.
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo(Session.HOME);
    }

    @Test
    void desk_nobody_used_has_home_in_focus_already() {
        SessionStore store = store(THREE);

        store.focusHome(bob, NOW);

        assertThat(store.desk(bob, NOW)).isEqualTo(new DeskView(3, Session.HOME, 0, List.of()));
    }

    @Test
    void closing_goes_back_the_way_the_focus_came() {
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
    void closed_session_comes_back_as_it_was_and_in_focus() {
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
    void open_session_is_reopened_already() {
        SessionStore store = desk(alice, "a", "b");

        SessionOnDesk same = done(store.reopen(hers, "a", ANY, LATER));

        assertThat(same).isEqualTo(new SessionOnDesk(TestSessions.session("a", NOW), false, null));
        assertThat(store.desk(alice, LATER).focusedSessionId()).isEqualTo("b");
    }

    @Test
    void idle_session_is_reopened_where_it_has_its_place_still_and_where_not() {
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
    void reopening_takes_the_place_of_an_idle_session() {
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
    void deleted_session_is_gone_for_every_reader_and_its_place_free() {
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
    void repeat_of_the_request_that_made_a_deleted_session_makes_no_second_one_for_a_day() {
        SessionStore store = desk(alice, "a");
        done(store.delete(hers, "a", ANY, LATER));
        NewSession again = TestSessions.wanted("a", NOW);
        Instant lastMoment = LATER.plus(SessionStore.MEMORY).minusSeconds(1);

        assertThat(store.create(alice, again, lastMoment))
                .isInstanceOfSatisfying(CreateOutcome.Replayed.class, replayed -> {
                    assertThat(replayed.session().isOpen()).isFalse();
                    assertThat(replayed.session().session().context()).isEmpty();
                    assertThat(replayed.session().session().tabs().open()).isEmpty();
                    assertThat(replayed.session().session().presentation().title())
                            .isEmpty();
                });
        assertThat(store.replay(alice, "a", "another hash", lastMoment)).contains(new CreateOutcome.KeyReused());
        assertThat(store.create(alice, again, LATER.plus(SessionStore.MEMORY)))
                .isInstanceOf(CreateOutcome.Created.class);
    }

    @Test
    void session_that_may_not_be_closed_is_not_deleted_either_until_it_is_idle() {
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
    void closed_session_is_deleted_without_touching_the_desk() {
        SessionStore store = desk(alice, "a", "b");
        done(store.close(hers, "a", ANY, NOW));
        DeskView before = store.desk(alice, LATER);

        done(store.delete(hers, "a", ANY, LATER));

        assertThat(store.desk(alice, LATER)).isEqualTo(before);
    }

    // ── Hand-over ──────────────────────────────────────────────────────────────────

    @Test
    void handed_over_session_is_on_the_other_desk_alone_and_asks_for_focus_there() {
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
    void handing_over_to_somebody_who_never_had_a_desk_makes_it() {
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
        // The user whose sessions are all gone is still known.
        assertThat(store.handOver(his, "a", "alice", false, ANY, LATER)).isInstanceOf(ChangeOutcome.HandedOver.class);
    }

    @Test
    void the_same_hand_over_again_changes_nothing_and_another_one_finds_nothing() {
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
    void full_desk_takes_no_session_and_it_stays_where_it_is() {
        SessionStore store = desk(alice, "a");
        desk(store, bob, "x", "y", "z");

        assertThat(store.handOver(hers, "a", "bob", true, ANY, LATER)).isEqualTo(new ChangeOutcome.LimitReached(3));

        assertThat(ids(store, alice, LATER)).containsExactly("a");
        assertThat(ids(store, bob, LATER)).containsExactlyInAnyOrder("x", "y", "z");
    }

    @Test
    void idle_session_makes_place_for_one_that_is_handed_over() {
        SessionStore store = desk(alice, "a");
        create(store, bob, "x", IDLE_SINCE_LONG);
        create(store, bob, "y", NOW);
        create(store, bob, "z", NOW);

        done(store.handOver(hers, "a", "bob", true, ANY, NOW));

        assertThat(ids(store, bob, NOW)).containsExactlyInAnyOrder("a", "y", "z");
        assertThat(store.desk(bob, NOW).focusedSessionId()).isEqualTo("z");
    }

    @Test
    void session_comes_back_and_goes_again() {
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
    void repeat_of_the_request_that_made_a_session_since_handed_over_makes_no_second_one() {
        SessionStore store = desk(alice, "a");
        done(store.handOver(hers, "a", "bob", true, ANY, LATER));

        assertThat(store.create(alice, TestSessions.wanted("a", NOW), LATER))
                .isInstanceOfSatisfying(
                        CreateOutcome.Replayed.class,
                        replayed -> assertThat(replayed.session().closedAt()).isEqualTo(LATER));
        assertThat(ids(store, alice, LATER)).isEmpty();
        assertThat(ids(store, bob, LATER)).containsExactly("a");
    }

    @Test
    void session_is_not_handed_over_upon_another_one_of_its_id() {
        SessionStore store = desk(alice, "a");
        done(store.handOver(hers, "a", "bob", true, ANY, LATER));
        Instant tomorrow = LATER.plus(SessionStore.MEMORY);
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
    void no_change_of_many_at_once_is_lost() {
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
    void callers_racing_for_the_last_place_of_a_desk_by_hand_over_get_it_once() {
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
    void whatever_happens_at_once_one_session_is_in_focus_and_it_is_open() {
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
        assertThat(store.create(owner, TestSessions.wanted(id, now), now)).isInstanceOf(CreateOutcome.Created.class);
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
        for (SessionOnDesk onDesk : store.desk(owner, now).open()) {
            ids.add(onDesk.session().id());
        }
        return ids;
    }
}
