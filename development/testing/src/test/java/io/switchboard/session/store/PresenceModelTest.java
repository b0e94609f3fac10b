package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.presence.UserPresence;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.BasicState;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random requests and timers, which come early, late, twice or never, against a model that knows nothing of them. */
final class PresenceModelTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    private static final int STEPS = 400;
    private static final int USERS = 6;
    private static final List<BasicState> STATES = List.of(BasicState.values());

    private final PresenceStore store = new DynamoDbPresenceStore(
            new DynamoDb(TABLE.client()),
            TABLE.name(),
            new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
    private final PresenceDeadlines deadlines =
            DynamoDbPresenceStore.deadlines(new DynamoDb(TABLE.client()), TABLE.name());
    private final String tenant = "tenant " + UUID.randomUUID();
    private Instant now = Instant.parse("2026-12-01T10:00:00Z");

    /** The presence of a user as it was set last. */
    private record SetPresence(
            PresenceContent content,
            Instant since,
            @Nullable Instant expires) {}

    private final Map<String, SetPresence> model = new HashMap<>();
    private final List<PresenceTimer> timers = new ArrayList<>();

    @Test
    void random_requests_and_timers() {
        SplittableRandom random = Seed.random("random_requests_and_timers_of_presences");
        for (int step = 0; step < STEPS; step++) {
            now = now.plusSeconds(random.nextInt(40));
            String user = "user" + random.nextInt(USERS);
            switch (random.nextInt(4)) {
                case 0, 1 -> set(user, content(random), 30 + random.nextInt(120));
                case 2 -> deliver(random);
                default -> list(random);
            }
            for (int i = 0; i < USERS; i++) {
                read("user" + i);
            }
        }
    }

    private static PresenceContent content(SplittableRandom random) {
        BasicState state = STATES.get(random.nextInt(STATES.size()));
        return new PresenceContent(state, null, random.nextInt(3) == 0 ? "text" : null);
    }

    private void set(String user, PresenceContent content, int seconds) {
        @Nullable SetPresence before = known(user);
        Instant since = before != null && before.content().equals(content) ? before.since() : now;
        long timer = item(user).timer();
        @Nullable Instant expires = content.isOffline() ? null : now.plusSeconds(seconds);

        Presence set = store.setPresence(new Owner(tenant, user), content, Duration.ofSeconds(seconds), () -> {}, now);

        model.put(user, new SetPresence(content, since, expires));
        check(user, set);
        PresenceItem item = item(user);
        @Nullable Instant earlier = before == null ? null : before.expires();
        boolean wasOnline = earlier != null;
        boolean isShorter = earlier != null && expires != null && expires.isBefore(earlier);
        assertThat(item.timer() != timer).as("a timer starts").isEqualTo(expires != null && (!wasOnline || isShorter));
        if (item.timer() != timer && expires != null) {
            timers.add(new PresenceTimer(tenant, user, item.timer(), expires));
        }
    }

    /** Returns the presence of a user as it is now; null if none was set. */
    private @Nullable SetPresence known(String user) {
        @Nullable SetPresence known = model.get(user);
        @Nullable Instant expires = known == null ? null : known.expires();
        return expires == null || now.isBefore(expires)
                ? known
                : new SetPresence(PresenceContent.OFFLINE, expires, null);
    }

    private PresenceItem item(String user) {
        return DynamoDbPresenceItems.read(TABLE.client()
                .getItem(get -> get.tableName(TABLE.name())
                        .key(DynamoDbPresenceItems.key(new Owner(tenant, user)))
                        .consistentRead(true))
                .item());
    }

    /** Delivers any timer, whether it is due or not. It may be delivered again. */
    private void deliver(SplittableRandom random) {
        if (!timers.isEmpty()) {
            PresenceTimer timer = timers.get(random.nextInt(timers.size()));
            deadlines.expire(timer, now).ifPresent(next -> {
                assertThat(next.due()).isAfter(now);
                timers.remove(timer);
                timers.add(next);
            });
        }
    }

    private void read(String user) {
        check(user, store.presence(new Owner(tenant, user), now));
    }

    private void check(String user, Presence presence) {
        @Nullable SetPresence known = known(user);
        assertThat(presence.content()).isEqualTo(known == null ? PresenceContent.OFFLINE : known.content());
        assertThat(presence.since()).isEqualTo(known == null ? null : known.since());
        assertThat(presence.expires()).isEqualTo(known == null ? null : known.expires());
    }

    private void list(SplittableRandom random) {
        @Nullable BasicState state = random.nextBoolean() ? null : STATES.get(random.nextInt(STATES.size()));
        TreeSet<String> found = new TreeSet<>();
        @Nullable String after = null;
        do {
            Page<UserPresence> page =
                    store.presences(tenant, state, null, new PageRequest(after, 1 + random.nextInt(4)), now);
            page.items().forEach(user -> {
                assertThat(found.add(user.userId())).isTrue();
                check(user.userId(), user.presence());
            });
            after = page.next();
        } while (after != null);
        TreeMap<String, SetPresence> expected = new TreeMap<>(model);
        expected.keySet().removeIf(user -> {
            @Nullable SetPresence known = known(user);
            return state != null && known != null && known.content().basicState() != state;
        });
        assertThat(found).isEqualTo(expected.keySet());
    }
}
