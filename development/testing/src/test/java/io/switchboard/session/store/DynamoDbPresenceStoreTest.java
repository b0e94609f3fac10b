package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.presence.UserPresence;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.BasicState;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DynamoDbPresenceStoreTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00.123456789Z");
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final Duration LIFE = Presence.USUAL_LIFE;
    private static final PresenceContent AVAILABLE =
            new PresenceContent(BasicState.AVAILABLE, "contoso_ready", "Until noon");
    private static final PresenceContent BUSY = new PresenceContent(BasicState.BUSY, null, null);
    private static final PresenceContent AWAY = new PresenceContent(BasicState.AWAY, null, null);

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final PresenceStore store = new DynamoDbPresenceStore(new DynamoDb(counter), TABLE.name(), TWO);
    /** For races, because the counter is for one thread. */
    private final PresenceStore direct = new DynamoDbPresenceStore(new DynamoDb(TABLE.client()), TABLE.name(), TWO);

    private final PresenceDeadlines deadlines =
            DynamoDbPresenceStore.deadlines(new DynamoDb(TABLE.client()), TABLE.name());
    private final SessionStore sessions = new DynamoDbSessionStore(new DynamoDb(TABLE.client()), TABLE.name(), TWO);
    private final String tenant = "tenant " + UUID.randomUUID();

    private static void unchecked() {}

    private static Instant after(int seconds) {
        return NOW.plusSeconds(seconds);
    }

    private Owner owner(String user) {
        return new Owner(tenant, user);
    }

    private Presence set(String user, PresenceContent content, Instant now) {
        return store.setPresence(owner(user), content, LIFE, DynamoDbPresenceStoreTest::unchecked, now);
    }

    private Presence read(String user, Instant now) {
        return store.presence(owner(user), now);
    }

    private Map<String, AttributeValue> item(String user) {
        return TABLE.client()
                .getItem(get -> get.tableName(TABLE.name())
                        .key(DynamoDbPresenceItems.key(owner(user)))
                        .consistentRead(true))
                .item();
    }

    private PresenceTimer timer(String user) {
        PresenceItem item = DynamoDbPresenceItems.read(item(user));
        return new PresenceTimer(tenant, user, item.timer(), NOW);
    }

    @Test
    void user_without_a_presence_is_offline() {
        assertThat(read("ann", NOW)).isEqualTo(Presence.NONE);
        assertThat(read("ann", NOW).content()).isEqualTo(PresenceContent.OFFLINE);
    }

    @Test
    void presence_is_offline_from_the_moment_it_expires() {
        Presence presence = set("ann", AVAILABLE, NOW);

        assertThat(presence).isEqualTo(new Presence(AVAILABLE, NOW, after(120), 1));
        assertThat(read("ann", after(120).minusNanos(1))).isEqualTo(presence);
        assertThat(read("ann", after(120)))
                .isEqualTo(new Presence(PresenceContent.OFFLINE, after(120), null, 2))
                .isEqualTo(read("ann", after(10_000)));
    }

    @Test
    void renewal_is_one_small_write_without_a_read_and_keeps_the_version() {
        set("ann", AVAILABLE, NOW);
        AtomicInteger checks = new AtomicInteger();

        UnitCounter.Units units =
                counter.of(() -> store.setPresence(owner("ann"), AVAILABLE, LIFE, checks::incrementAndGet, after(60)));

        assertThat(units).isEqualTo(new UnitCounter.Units(1, 0, 0, 1));
        assertThat(checks).hasValue(0);
        assertThat(read("ann", after(60))).isEqualTo(new Presence(AVAILABLE, NOW, after(180), 1));
        assertThat(timer("ann").number()).as("the same timer").isEqualTo(1);
    }

    @Test
    void change_is_an_update_that_fails_and_a_transaction_and_is_checked() {
        set("ann", AVAILABLE, NOW);
        AtomicInteger checks = new AtomicInteger();

        UnitCounter.Units units =
                counter.of(() -> store.setPresence(owner("ann"), BUSY, LIFE, checks::incrementAndGet, after(10)));

        assertThat(units).isEqualTo(new UnitCounter.Units(3, 0, 0, 2));
        assertThat(checks).hasValue(1);
        assertThat(read("ann", after(10))).isEqualTo(new Presence(BUSY, after(10), after(130), 2));
        assertThat(timer("ann").number()).as("the timer continues").isEqualTo(1);
    }

    @Test
    void presence_is_not_written_if_its_check_fails() {
        Runnable refusal = () -> {
            throw new IllegalStateException("inactive");
        };

        assertThatThrownBy(() -> store.setPresence(owner("ann"), AVAILABLE, LIFE, refusal, NOW))
                .hasMessage("inactive");
        assertThat(item("ann")).isEmpty();
    }

    @Test
    void shorter_presence_applies_and_gets_its_own_timer() {
        set("ann", AVAILABLE, NOW);

        Presence shorter = store.setPresence(
                owner("ann"), AVAILABLE, Duration.ofSeconds(30), DynamoDbPresenceStoreTest::unchecked, after(1));

        assertThat(shorter).isEqualTo(new Presence(AVAILABLE, NOW, after(31), 1));
        assertThat(timer("ann").number()).isEqualTo(2);
        assertThat(read("ann", after(31)).content().isOffline()).isTrue();
    }

    @Test
    void expired_presence_is_set_again_and_not_renewed() {
        set("ann", AVAILABLE, NOW);

        assertThat(set("ann", AVAILABLE, after(120))).isEqualTo(new Presence(AVAILABLE, after(120), after(240), 3));
        assertThat(timer("ann").number()).isEqualTo(2);
    }

    @Test
    void offline_needs_no_renewal_and_is_written_once() {
        Presence offline = set("ann", PresenceContent.OFFLINE, NOW);
        assertThat(offline).isEqualTo(new Presence(PresenceContent.OFFLINE, NOW, null, 1));

        UnitCounter.Units units = counter.of(() -> set("ann", PresenceContent.OFFLINE, after(60)));

        assertThat(units.writes()).isZero();
        PresenceContent gone = new PresenceContent(BasicState.OFFLINE, "contoso_gone", null);
        assertThat(set("ann", gone, after(70))).isEqualTo(new Presence(gone, after(70), null, 2));
        assertThat(read("ann", after(100_000)).content()).isEqualTo(gone);
    }

    /** A renewal whose first attempt arrives after later requests. */
    @Test
    void late_renewal_changes_nothing() {
        set("ann", AVAILABLE, NOW);
        DynamoDbPresenceItems items = new DynamoDbPresenceItems(TABLE.name());
        DynamoDb dynamoDb = new DynamoDb(TABLE.client());
        Runnable late = () -> dynamoDb.update(items.renew(owner("ann"), AVAILABLE, after(3_600), "late", after(1)));

        store.setPresence(
                owner("ann"), AVAILABLE, Duration.ofSeconds(30), DynamoDbPresenceStoreTest::unchecked, after(2));
        late.run();
        assertThat(read("ann", after(3)).expires()).as("shortened since then").isEqualTo(after(32));
        set("ann", BUSY, after(4));
        late.run();
        assertThat(read("ann", after(5)).content()).isEqualTo(BUSY);
        set("ann", PresenceContent.OFFLINE, after(6));
        late.run();
        assertThat(read("ann", after(7)).content()).isEqualTo(PresenceContent.OFFLINE);
    }

    @Test
    void first_presence_marks_the_desk_without_changing_its_sessions() {
        sessions.create(owner("ann"), TestSessions.newSession("one", NOW), NOW);
        long version = sessions.desk(owner("ann"), NOW).version();

        set("ann", AVAILABLE, NOW);

        assertThat(sessions.desk(owner("ann"), NOW).open()).hasSize(1);
        assertThat(sessions.desk(owner("ann"), NOW).version()).isEqualTo(version + 1);
        set("ann", BUSY, after(1));
        set("ann", BUSY, after(2));
        assertThat(sessions.desk(owner("ann"), NOW).version())
                .as("written once")
                .isEqualTo(version + 1);
        sessions.create(owner("bob"), TestSessions.newSession("two", NOW), NOW);
        set("bob", AVAILABLE, NOW);
        sessions.create(owner("bob"), TestSessions.newSession("three", NOW), NOW);
        assertThat(sessions.desk(owner("bob"), NOW).open()).hasSize(2);
    }

    @Test
    void timer_stores_the_expiry_once_and_follows_renewals() {
        set("ann", AVAILABLE, NOW);
        set("ann", AVAILABLE, after(60));

        assertThat(deadlines.expire(timer("ann"), after(120)))
                .contains(timer("ann").dueAt(after(180)));
        assertThat(deadlines.expire(timer("ann"), after(500))).isEmpty();
        Map<String, AttributeValue> stored = item("ann");
        assertThat(DynamoDbPresenceItems.read(stored).presence())
                .isEqualTo(new Presence(PresenceContent.OFFLINE, after(180), null, 2))
                .isEqualTo(read("ann", after(180)));
        assertThat(deadlines.expire(timer("ann"), after(501))).as("doubled").isEmpty();
        assertThat(item("ann")).isEqualTo(stored);
    }

    @Test
    void timer_of_an_earlier_presence_ends() {
        set("ann", AVAILABLE, NOW);
        PresenceTimer first = timer("ann");
        set("ann", PresenceContent.OFFLINE, after(10));
        assertThat(deadlines.expire(first, after(120))).isEmpty();
        set("ann", AVAILABLE, after(200));

        assertThat(deadlines.expire(first, after(210))).isEmpty();
        assertThat(deadlines.expire(new PresenceTimer(tenant, "stranger", 1, NOW), NOW))
                .isEmpty();
        assertThat(read("ann", after(210)).content()).isEqualTo(AVAILABLE);
    }

    @Test
    void renewals_and_expiry_have_one_winner() {
        for (int round = 0; round < 4; round++) {
            String user = "racer" + round;
            direct.setPresence(owner(user), AVAILABLE, LIFE, DynamoDbPresenceStoreTest::unchecked, NOW);
            PresenceTimer timer = timer(user);
            // The clock of the function that handles the timer is ahead of that of the others.
            List<Presence> results = Race.run(64, caller -> {
                if (caller % 2 == 0) {
                    deadlines.expire(timer, after(120));
                    return Presence.NONE;
                }
                return direct.setPresence(
                        owner(user), AVAILABLE, LIFE, DynamoDbPresenceStoreTest::unchecked, after(119));
            });

            PresenceItem stored = DynamoDbPresenceItems.read(item(user));
            assertThat(stored.presence().content())
                    .as("each caller set it after the expiry, or renewed it before")
                    .isEqualTo(AVAILABLE);
            boolean hasExpired = stored.presence().version() == 3;
            assertThat(stored.presence().version()).isIn(1L, 3L);
            assertThat(stored.timer()).isEqualTo(hasExpired ? 2 : 1);
            assertThat(results.stream().filter(result -> result.version() == 3).count() > 0)
                    .isEqualTo(hasExpired);
        }
    }

    @Test
    void first_presence_of_many_callers_is_one_presence() {
        List<Presence> results = Race.run(
                64,
                caller -> direct.setPresence(
                        owner("new"), AVAILABLE, LIFE, DynamoDbPresenceStoreTest::unchecked, NOW.plusNanos(caller)));

        assertThat(results).allMatch(presence -> presence.version() == 1);
        assertThat(sessions.desk(owner("new"), NOW).version()).isEqualTo(1);
    }

    @Test
    void racing_changes_are_numbered_without_gaps() {
        List<Presence> results = Race.run(
                64,
                caller -> direct.setPresence(
                        owner("new"),
                        new PresenceContent(BasicState.BUSY, null, "t" + caller),
                        LIFE,
                        DynamoDbPresenceStoreTest::unchecked,
                        NOW));

        assertThat(results).extracting(Presence::version).doesNotHaveDuplicates();
        assertThat(read("new", NOW).version()).isEqualTo(64);
    }

    private Page<UserPresence> page(@Nullable BasicState state, @Nullable String after, int size, Instant now) {
        return store.presences(tenant, state, null, new PageRequest(after, size), now);
    }

    private List<UserPresence> all(@Nullable BasicState state, int size, Instant now) {
        List<UserPresence> found = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<UserPresence> page = page(state, after, size, now);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            found.addAll(page.items());
            after = page.next();
        } while (after != null);
        return found;
    }

    @Test
    void list_has_every_user_once_with_the_capacity_of_the_desk() {
        Set<String> users = new TreeSet<>();
        for (int i = 0; i < 23; i++) {
            users.add("agent #" + i);
        }
        for (String user : users) {
            set(user, user.endsWith("1") ? AWAY : AVAILABLE, NOW);
        }
        sessions.create(owner("agent #7"), TestSessions.newSession("one", NOW), NOW);
        sessions.create(owner("agent #8"), TestSessions.newSession("one", NOW), NOW);
        sessions.create(owner("agent #8"), TestSessions.newSession("two", NOW), NOW);
        sessions.create(owner("without a presence"), TestSessions.newSession("one", NOW), NOW);

        for (int size : new int[] {1, 2, 7, 22, 23, 100}) {
            List<UserPresence> found = all(null, size, after(60));
            assertThat(found).extracting(UserPresence::userId).containsExactlyInAnyOrderElementsOf(users);
            assertThat(found)
                    .filteredOn(user -> user.openSessions() > 0)
                    .extracting(user -> user.userId() + " " + user.openSessions() + " of " + user.sessionLimit())
                    .containsExactlyInAnyOrder("agent #7 1 of 2", "agent #8 2 of 2");
        }
        assertThat(all(BasicState.AWAY, 2, after(60)))
                .extracting(UserPresence::userId)
                .containsExactlyInAnyOrder("agent #1", "agent #11", "agent #21");
        assertThat(all(BasicState.OFFLINE, 5, after(60))).isEmpty();
        assertThat(all(BasicState.OFFLINE, 5, after(120))).as("expired").hasSize(23);
        // Sessions that became idle do not count.
        assertThat(all(null, 100, after(86_460))).allMatch(user -> user.openSessions() == 0);
    }

    @Test
    void page_reads_each_partition_and_the_desks_once() {
        for (int i = 0; i < 30; i++) {
            set("agent" + i, AVAILABLE, NOW);
        }

        UnitCounter.Units whole = counter.of(() -> page(null, null, 100, NOW));
        UnitCounter.Units small = counter.of(() -> page(null, null, 2, NOW));
        UnitCounter.Units none = counter.of(() -> page(BasicState.BUSY, null, 2, NOW));

        assertThat(whole.roundTrips()).isEqualTo(DynamoDbPresenceItems.SHARDS + 1);
        assertThat(small.roundTrips()).isEqualTo(2);
        assertThat(none.roundTrips()).as("no desks").isEqualTo(DynamoDbPresenceItems.SHARDS);
        assertThat(whole.writes() + small.writes() + none.writes()).isZero();
    }

    @Test
    void list_admits_users_by_a_condition_that_is_asked_once() {
        for (int i = 0; i < 12; i++) {
            set("agent" + i, i == 3 ? BUSY : AVAILABLE, NOW);
        }
        List<Set<String>> asked = new ArrayList<>();
        UnaryOperator<Set<String>> condition = users -> {
            asked.add(users);
            return Set.of("agent3", "agent5", "agent6");
        };

        Page<UserPresence> page =
                store.presences(tenant, BasicState.AVAILABLE, condition, new PageRequest(null, 100), NOW);

        assertThat(page.items()).extracting(UserPresence::userId).containsExactlyInAnyOrder("agent5", "agent6");
        assertThat(asked).singleElement().satisfies(users -> assertThat(users).hasSize(11));
    }

    @Test
    void forged_position_is_rejected() {
        set("ann", AVAILABLE, NOW);
        String position = DynamoDbPresenceItems.position("ann");
        assertThat(page(null, position, 10, NOW).items()).isEmpty();

        for (String forged :
                List.of("", "0", "9ann", "xann", (position.charAt(0) == '0' ? "1" : "0") + "ann", "0%zz")) {
            assertThatThrownBy(() -> page(null, forged, 10, NOW)).as(forged).isInstanceOf(InvalidPosition.class);
        }
    }

    @Test
    void other_tenants_are_not_visible() {
        set("ann", AVAILABLE, NOW);

        assertThat(store.presences("other", null, null, new PageRequest(null, 100), NOW)
                        .items())
                .isEmpty();
        assertThat(store.presence(new Owner("other", "ann"), NOW)).isEqualTo(Presence.NONE);
    }
}
