package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link SessionStore} for lists of closed sessions, a part of {@link SessionStoreContract}. */
abstract class SessionHistoryContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration IDLE = Duration.ofHours(24);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final SessionLimits TEN = new SessionLimits(10, IDLE, RETENTION);
    private static final SessionFilter LATEST_FIRST = new SessionFilter(SessionStatus.CLOSED, null);
    private static final SessionFilter OLDEST_FIRST =
            new SessionFilter(SessionStatus.CLOSED, null, null, null, null, true);

    private final Owner owner = new Owner("tenant " + UUID.randomUUID(), "user");
    private final SessionScope scope = SessionScope.all(owner);

    abstract SessionStore store(SessionLimits limits);

    @Test
    void closed_sessions_are_listed_by_the_time_of_closing() {
        SessionStore store = store(TEN);
        closed(store, "b", NOW);
        closed(store, "c", NOW.plusNanos(1_000));
        closed(store, "a", NOW.plusSeconds(1));
        create(store, TestSessions.session("open", NOW));

        Instant later = NOW.plusSeconds(2);
        assertThat(ids(store, LATEST_FIRST, 10, later)).containsExactly("a", "c", "b");
        assertThat(ids(store, OLDEST_FIRST, 10, later)).containsExactly("b", "c", "a");
    }

    @Test
    void sessions_closed_at_the_same_time_are_listed_by_id() {
        SessionStore store = store(TEN);
        closed(store, "b", NOW);
        closed(store, "a", NOW);
        closed(store, "c", NOW);

        assertThat(ids(store, OLDEST_FIRST, 1, NOW)).containsExactly("a", "b", "c");
        assertThat(ids(store, LATEST_FIRST, 1, NOW)).containsExactly("c", "b", "a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void idle_sessions_are_listed_by_the_time_when_they_became_idle(int size) {
        SessionStore store = store(TEN);
        create(store, TestSessions.session("idle first", NOW));
        create(store, TestSessions.session("idle last", NOW.plusSeconds(20)));
        Instant later = NOW.plus(IDLE);
        closed(store, "before", later.minusSeconds(10));
        closed(store, "between", later.plusSeconds(10));
        closed(store, "after", later.plusSeconds(30));
        create(store, TestSessions.session("open", later));

        Instant end = later.plusSeconds(60);
        assertThat(ids(store, LATEST_FIRST, size, end))
                .containsExactly("after", "idle last", "between", "idle first", "before");
        assertThat(ids(store, OLDEST_FIRST, size, end))
                .containsExactly("before", "idle first", "between", "idle last", "after");
    }

    @Test
    void idle_session_keeps_its_position_if_it_is_closed_between_two_pages() {
        for (SessionFilter order : List.of(LATEST_FIRST, OLDEST_FIRST)) {
            for (int closedAfter = 1; closedAfter <= 3; closedAfter++) {
                SessionStore store = store(TEN);
                Owner someone = new Owner(owner.tenant(), "user " + UUID.randomUUID());
                SessionScope whole = SessionScope.all(someone);
                Instant later = NOW.plus(IDLE).plusSeconds(60);
                store.create(someone, TestSessions.newSession("idle", NOW.plusSeconds(30)), NOW.plusSeconds(30));
                for (int i = 0; i < 3; i++) {
                    Instant closedAt = later.minusSeconds(50 - 10 * i);
                    store.create(someone, TestSessions.newSession("s" + i, closedAt), closedAt);
                    store.close(whole, "s" + i, Precondition.NONE, closedAt);
                }
                List<String> seen = new ArrayList<>();
                @Nullable String after = null;
                do {
                    Page<SessionOnDesk> page = store.list(whole, order, new PageRequest(after, 1), later);
                    page.items().forEach(onDesk -> seen.add(onDesk.session().id()));
                    if (seen.size() == closedAfter) {
                        store.close(whole, "idle", Precondition.NONE, later);
                    }
                    after = page.next();
                } while (after != null);

                assertThat(seen).containsExactlyInAnyOrder("idle", "s0", "s1", "s2");
            }
        }
    }

    @Test
    void session_that_is_closed_again_between_two_pages_is_listed_once() {
        for (SessionFilter order : List.of(LATEST_FIRST, OLDEST_FIRST)) {
            SessionStore store = store(TEN);
            Owner someone = new Owner(owner.tenant(), "user " + UUID.randomUUID());
            SessionScope whole = SessionScope.all(someone);
            for (String id : List.of("a", "b", "c")) {
                store.create(someone, TestSessions.newSession(id, NOW), NOW);
                store.close(whole, id, Precondition.NONE, NOW);
            }
            Page<SessionOnDesk> first = store.list(whole, order, new PageRequest(null, 1), NOW);
            String shown = first.items().getFirst().session().id();
            Instant later = NOW.plusSeconds(60);
            store.reopen(whole, shown, Precondition.NONE, later);
            store.close(whole, shown, Precondition.NONE, later);

            Page<SessionOnDesk> rest = store.list(whole, order, new PageRequest(first.next(), 10), later);

            assertThat(rest.items())
                    .extracting(onDesk -> onDesk.session().id())
                    .hasSize(2)
                    .doesNotContain(shown);
        }
    }

    @Test
    void reopened_deleted_and_handed_over_sessions_are_not_listed() {
        SessionStore store = store(TEN);
        closed(store, "reopened", NOW);
        closed(store, "deleted", NOW);
        create(store, TestSessions.session("handed over", NOW));
        closed(store, "here", NOW);
        store.reopen(scope, "reopened", Precondition.NONE, NOW);
        store.delete(scope, "deleted", Precondition.NONE, NOW);
        store.handOver(scope, "handed over", "other", true, Precondition.NONE, NOW);

        assertThat(ids(store, LATEST_FIRST, 10, NOW)).containsExactly("here");
        assertThat(ids(store, OLDEST_FIRST, 1, NOW)).containsExactly("here");
    }

    @Test
    void handed_over_session_is_listed_for_its_new_owner_after_its_close() {
        SessionStore store = store(TEN);
        create(store, TestSessions.session("a", NOW));
        SessionScope other = SessionScope.all(new Owner(owner.tenant(), "other"));
        store.handOver(scope, "a", "other", true, Precondition.NONE, NOW);
        store.close(other, "a", Precondition.NONE, NOW.plusSeconds(1));

        assertThat(store.list(other, LATEST_FIRST, new PageRequest(null, 10), NOW.plusSeconds(1))
                        .items())
                .extracting(onDesk -> onDesk.session().id())
                .containsExactly("a");
        assertThat(ids(store, LATEST_FIRST, 10, NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void expired_sessions_are_not_listed() {
        SessionStore store = store(TEN);
        closed(store, "a", NOW);
        closed(store, "b", NOW.plusSeconds(10));

        Instant later = NOW.plus(RETENTION).plusSeconds(5);
        assertThat(ids(store, LATEST_FIRST, 1, later)).containsExactly("b");
        assertThat(ids(store, OLDEST_FIRST, 1, later)).containsExactly("b");
    }

    @Test
    void range_includes_its_beginning_and_excludes_its_end() {
        SessionStore store = store(TEN);
        for (int i = 0; i < 5; i++) {
            closed(store, "s" + i, NOW.plusSeconds(i));
        }
        Instant from = NOW.plusSeconds(1);
        Instant to = NOW.plusSeconds(3);
        Instant later = NOW.plusSeconds(10);

        assertThat(ids(store, range(from, to, false), 1, later)).containsExactly("s2", "s1");
        assertThat(ids(store, range(from, to, true), 1, later)).containsExactly("s1", "s2");
        assertThat(ids(store, range(from, null, false), 1, later)).containsExactly("s4", "s3", "s2", "s1");
        assertThat(ids(store, range(null, to, true), 1, later)).containsExactly("s0", "s1", "s2");
        assertThat(ids(store, range(from, from, false), 1, later)).isEmpty();
        assertThat(ids(store, range(to, from, false), 1, later)).isEmpty();
        assertThat(ids(store, range(from.plusNanos(1), to.plusNanos(1), true), 1, later))
                .containsExactly("s2", "s3");
        assertThat(ids(store, range(Instant.MIN, Instant.MAX, true), 1, later)).hasSize(5);
        assertThat(ids(store, range(Instant.MAX, null, true), 1, later)).isEmpty();
        assertThat(ids(store, range(null, Instant.EPOCH.minusSeconds(1), false), 1, later))
                .isEmpty();
    }

    @Test
    void range_applies_to_idle_sessions_too() {
        SessionStore store = store(TEN);
        create(store, TestSessions.session("a", NOW));
        create(store, TestSessions.session("b", NOW.plusSeconds(5)));
        Instant later = NOW.plus(IDLE).plusSeconds(60);

        assertThat(ids(store, range(NOW.plus(IDLE), NOW.plus(IDLE).plusSeconds(5), false), 10, later))
                .containsExactly("a");
        assertThat(ids(store, range(NOW.plus(IDLE).plusNanos(1), null, true), 10, later))
                .containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({
        "fabrikam, true",
        "FABRIKAM & S, true",
        "Straße, true",
        "STRASSE, true",
        "ΟΔΌΣ, true",
        "4711, true",
        "tru, true",
        "1.5, true",
        "nested, false",
        "customer, false",
        "Fabrikam Sons, false"
    })
    void search_finds_a_part_of_the_title_or_of_a_scalar_context_value_in_any_case(String search, boolean isFound) {
        SessionStore store = store(TEN);
        Session session = TestSessions.withTitle(TestSessions.session("a", NOW), "Fabrikam & Sons")
                .withContext(Map.of(
                        "customer",
                        "straße 1",
                        "greek",
                        "οδός",
                        "number",
                        4711,
                        "flag",
                        true,
                        "decimal",
                        1.5,
                        "object",
                        Map.of("key", "nested")));
        create(store, session);
        store.close(scope, "a", Precondition.NONE, NOW);
        closed(store, "b", NOW);

        assertThat(ids(store, new SessionFilter(SessionStatus.CLOSED, null, null, null, search, false), 10, NOW))
                .isEqualTo(isFound ? List.of("a") : List.of());
    }

    @Test
    void filters_and_scope_apply_together() {
        SessionStore store = store(TEN);
        for (int i = 0; i < 8; i++) {
            String provider = i % 2 == 0 ? "chat" : TestSessions.PROVIDER;
            String template = i < 4 ? "contoso_other" : TestSessions.TEMPLATE;
            create(store, TestSessions.session("s" + i, NOW, provider, template, true));
            store.close(scope, "s" + i, Precondition.NONE, NOW.plusSeconds(i));
        }
        Instant later = NOW.plusSeconds(10);

        SessionFilter other = new SessionFilter(SessionStatus.CLOSED, "contoso_other", null, null, null, false);
        assertThat(ids(store, other, 1, later)).containsExactly("s3", "s2", "s1", "s0");
        assertThat(ids(store, new SessionScope(owner, "chat"), LATEST_FIRST, 1, later))
                .containsExactly("s6", "s4", "s2", "s0");
        assertThat(ids(
                        store,
                        new SessionScope(owner, "chat"),
                        new SessionFilter(
                                SessionStatus.CLOSED,
                                "contoso_other",
                                NOW.plusSeconds(1),
                                NOW.plusSeconds(9),
                                "contoso s",
                                true),
                        1,
                        later))
                .containsExactly("s2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "sorted",
                "sorted:",
                "sorted:-",
                "sorted:-:",
                "sorted:-:01795255200.000000000",
                "sorted:-:01795255200.000000000#",
                "sorted:-:0179525520.0000000000#a",
                "sorted:-:01795255200,000000000#a",
                "sorted:-:0179525520x.000000000#a",
                "sorted:-:-1795255200.000000000#a",
                "sorted::01795255200.000000000#a",
                "sorted:1:01795255200.000000000#a",
                "sorted:01795255200.000000000#a",
                "SORTED:-:01795255200.000000000#a",
                "other:a"
            })
    void invalid_position_is_rejected(String position) {
        SessionStore store = store(TEN);

        assertThatThrownBy(() -> store.list(scope, LATEST_FIRST, new PageRequest(position, 10), NOW))
                .isInstanceOf(InvalidPosition.class);
    }

    private static SessionFilter range(@Nullable Instant from, @Nullable Instant to, boolean oldestFirst) {
        return new SessionFilter(SessionStatus.CLOSED, null, from, to, null, oldestFirst);
    }

    private void create(SessionStore store, Session session) {
        assertThat(store.create(
                        owner,
                        new NewSession(session, false, "hash"),
                        session.times().created()))
                .isInstanceOf(CreateOutcome.Created.class);
    }

    private void closed(SessionStore store, String id, Instant closedAt) {
        create(store, TestSessions.session(id, closedAt));
        assertThat(store.close(scope, id, Precondition.NONE, closedAt)).isInstanceOf(ChangeOutcome.Done.class);
    }

    private List<String> ids(SessionStore store, SessionFilter filter, int size, Instant now) {
        return ids(store, scope, filter, size, now);
    }

    private static List<String> ids(
            SessionStore store, SessionScope scope, SessionFilter filter, int size, Instant now) {
        List<String> ids = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<SessionOnDesk> page = store.list(scope, filter, new PageRequest(after, size), now);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size).noneMatch(SessionOnDesk::isOpen);
            page.items().forEach(onDesk -> ids.add(onDesk.session().id()));
            after = page.next();
        } while (after != null);
        return ids;
    }
}
