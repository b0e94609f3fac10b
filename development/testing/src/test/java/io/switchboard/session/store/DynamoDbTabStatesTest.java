package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.Tab;
import io.switchboard.session.TabState;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The states of tabs in DynamoDB: versions, units, hand-over, and races. */
final class DynamoDbTabStatesTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final SessionLimits LIMITS = new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30));
    private static final Precondition ANY = Precondition.NONE;
    private static final int CALLERS = 64;

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final DynamoDbSessionStore store = new DynamoDbSessionStore(new DynamoDb(counter), TABLE.name(), LIMITS);
    private final DynamoDbTabStates states = new DynamoDbTabStates(new DynamoDb(counter), TABLE.name(), LIMITS);
    private Owner owner = new Owner("tenant " + UUID.randomUUID(), "ann");
    private SessionScope ann = SessionScope.all(owner);

    /** Creates a session of a new tenant, with a second tab, and returns the id of that tab. */
    private String begin(String id) {
        owner = new Owner("tenant " + UUID.randomUUID(), "ann");
        ann = SessionScope.all(owner);
        return create(id, NOW);
    }

    private String create(String id, Instant now) {
        store.create(owner, TestSessions.newSession(id, now), now);
        Tab tab = new Tab("t2", "x", "X", "search", Map.of(), null, List.of(), true, 0, now, null);
        store.change(ann, id, ANY, before -> with(before.session(), tab, now), now);
        return tab.tabId();
    }

    private static Session with(Session session, Tab tab, Instant now) {
        return session.next(now).withTabs(session.tabs().with(tab));
    }

    private void closeTab(String id, String tabId) {
        store.change(
                ann,
                id,
                ANY,
                before -> {
                    Session session = before.session();
                    return session.tabs()
                            .tab(tabId)
                            .map(tab ->
                                    session.next(NOW).withTabs(session.tabs().without(tab, NOW)))
                            .orElse(session);
                },
                NOW);
    }

    private static TabStateStore.StateChange to(String tabId, @Nullable String text) {
        return current -> {
            if (current.session().session().tabs().tab(tabId).isEmpty()) {
                throw Refusal.of(ErrorCode.NOT_FOUND, "The tab is closed. Open another.");
            }
            return text;
        };
    }

    private TabState put(SessionScope scope, String id, String tabId, @Nullable String text) {
        return states.changeState(scope, id, tabId, to(tabId, text), NOW).orElseThrow();
    }

    private TabState state(SessionScope scope, String id, String tabId, Instant now) {
        return states.state(scope, id, tabId, now).orElseThrow().state();
    }

    @Test
    void state_has_its_own_version_and_does_not_change_the_session() {
        String tab = begin("a");
        Session before = store.read(ann, "a", NOW).orElseThrow().session();

        assertThat(state(ann, "a", tab, NOW)).isEqualTo(TabState.NONE);
        assertThat(put(ann, "a", tab, "1")).isEqualTo(new TabState("1", 1));
        assertThat(put(ann, "a", tab, "2")).isEqualTo(new TabState("2", 2));
        assertThat(put(ann, "a", tab, null)).isEqualTo(new TabState(null, 3));
        assertThat(put(ann, "a", tab, "{}")).isEqualTo(new TabState("{}", 4));
        assertThat(state(ann, "a", tab, NOW)).isEqualTo(new TabState("{}", 4));
        Session after = store.read(ann, "a", NOW).orElseThrow().session();
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(after.times()).isEqualTo(before.times());
    }

    @Test
    void units_are_one_read_and_one_write_and_the_first_state_marks_its_session() {
        String tab = begin("a");
        assertThat(counter.of(() -> put(ann, "a", tab, "1")))
                .satisfies(units -> assertThat(units.writes()).isEqualTo(4))
                .satisfies(units -> assertThat(units.roundTrips()).isEqualTo(2));
        assertThat(counter.of(() -> put(ann, "a", tab, "2")))
                .satisfies(units -> assertThat(units.writes()).isEqualTo(2))
                .satisfies(units -> assertThat(units.roundTrips()).isEqualTo(2));
        assertThat(counter.of(() -> put(ann, "a", tab, "2")))
                .satisfies(units -> assertThat(units.writes()).isZero())
                .satisfies(units -> assertThat(units.roundTrips()).isEqualTo(1));
        assertThat(counter.of(() -> state(ann, "a", tab, NOW)))
                .satisfies(units -> assertThat(units.writes()).isZero())
                .satisfies(units -> assertThat(units.roundTrips()).isEqualTo(1));
    }

    @Test
    void state_follows_a_hand_over_and_is_hidden_from_others() {
        String tab = begin("a");
        put(ann, "a", tab, "\"draft\"");

        store.handOver(ann, "a", "bob", true, ANY, NOW);

        SessionScope bob = SessionScope.all(new Owner(owner.tenant(), "bob"));
        assertThat(state(bob, "a", tab, NOW)).isEqualTo(new TabState("\"draft\"", 1));
        assertThat(states.state(ann, "a", tab, NOW)).isEmpty();
        assertThat(states.changeState(ann, "a", tab, to(tab, "1"), NOW)).isEmpty();
        SessionScope other = SessionScope.all(new Owner("other " + owner.tenant(), "bob"));
        assertThat(states.state(other, "a", tab, NOW)).isEmpty();
        SessionScope chat = new SessionScope(bob.owner(), "another provider");
        assertThat(states.state(chat, "a", tab, NOW)).isEmpty();
    }

    @Test
    void state_ends_with_its_session_also_if_the_id_is_used_again() {
        String tab = begin("a");
        put(ann, "a", tab, "1");
        assertThat(store.reopen(ann, "a", ANY, NOW.plus(Duration.ofDays(2)))).isInstanceOf(ChangeOutcome.Done.class);
        assertThat(state(ann, "a", tab, NOW.plus(Duration.ofDays(2)))).isEqualTo(new TabState("1", 1));

        Instant later = NOW.plus(Duration.ofDays(70));
        assertThat(states.state(ann, "a", tab, later)).isEmpty();
        create("a", later);
        assertThat(state(ann, "a", tab, later)).isEqualTo(TabState.NONE);
        assertThat(states.changeState(ann, "a", tab, to(tab, "2"), later)).hasValue(new TabState("2", 1));

        store.delete(ann, "a", ANY, later);
        assertThat(states.state(ann, "a", tab, later)).isEmpty();
    }

    @Test
    void removal_ends_later_writes_of_a_closed_tab() {
        String tab = begin("a");
        put(ann, "a", tab, "1");
        closeTab("a", tab);
        DynamoDbTabStates.remove(
                new DynamoDb(TABLE.client()),
                TABLE.name(),
                Set.of(new DynamoDbTabStates.TabId(owner.tenant(), "a", tab)));

        assertThat(state(ann, "a", tab, NOW)).isEqualTo(TabState.NONE);
        assertThatThrownBy(() -> put(ann, "a", tab, "2")).isInstanceOf(Refusal.class);
    }

    @Test
    void first_state_and_the_end_of_its_tab_race_and_one_wins() {
        for (int round = 0; round < 3; round++) {
            String tab = begin("a");
            List<String> outcomes = Race.run(CALLERS, i -> {
                if (i % 8 == 0) {
                    closeTab("a", tab);
                    return "closed";
                }
                try {
                    return "stored " + put(ann, "a", tab, "\"" + i + "\"").version();
                } catch (Refusal refusal) {
                    return "gone";
                }
            });
            long stored =
                    outcomes.stream().filter(each -> each.startsWith("stored")).count();
            // Every accepted write has its own version, and none came after the end.
            assertThat(outcomes.stream()
                            .filter(each -> each.startsWith("stored"))
                            .distinct())
                    .hasSize((int) stored);
            assertThat(state(ann, "a", tab, NOW).version()).isEqualTo(stored);
            assertThat(store.read(ann, "a", NOW).orElseThrow().session().tabs().tab(tab))
                    .isEmpty();
            assertThatThrownBy(() -> put(ann, "a", tab, "1")).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void writes_on_the_same_version_race_and_one_wins() {
        String tab = begin("a");
        put(ann, "a", tab, "0");
        List<Optional<TabState>> outcomes = Race.run(
                CALLERS,
                i -> states.changeState(
                        ann,
                        "a",
                        tab,
                        current -> current.state().version() == 1
                                ? "\"" + i + "\""
                                : current.state().text(),
                        NOW));

        TabState after = state(ann, "a", tab, NOW);
        assertThat(after.version()).isEqualTo(2);
        assertThat(outcomes).allMatch(outcome -> outcome.equals(Optional.of(after)));
    }
}
