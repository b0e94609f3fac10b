package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.BasicState;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests presences with faults below the SDK, at each read and each write: a change happens once. */
final class PresenceStoreFaultsTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final PresenceContent BUSY = new PresenceContent(BasicState.BUSY, null, null);
    private static final PresenceContent AWAY = new PresenceContent(BasicState.AWAY, null, "Lunch");

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::sessions);

    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final PresenceStore store =
            new DynamoDbPresenceStore(TestTables.withoutPauses(TABLE.client(transport)), TABLE.name(), TWO);
    private final PresenceDeadlines deadlines =
            DynamoDbPresenceStore.deadlines(TestTables.withoutPauses(TABLE.client(transport)), TABLE.name());
    private final PresenceStore reliable =
            new DynamoDbPresenceStore(TestTables.withoutPauses(TABLE.client()), TABLE.name(), TWO);

    private static Owner owner() {
        return new Owner(UUID.randomUUID().toString(), "ann");
    }

    private static Presence set(PresenceStore with, Owner owner, PresenceContent content, int at) {
        return with.setPresence(owner, content, Presence.USUAL_LIFE, () -> {}, NOW.plusSeconds(at));
    }

    @Test
    void first_presence_is_set_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = owner();
            return () -> {
                Presence set = set(store, owner, BUSY, 0);
                assertThat(set).isEqualTo(new Presence(BUSY, NOW, NOW.plusSeconds(120), 1));
                assertThat(reliable.presence(owner, NOW)).isEqualTo(set);
            };
        });
    }

    @Test
    void renewal_extends_the_presence() {
        FaultSweep.run(transport, () -> {
            Owner owner = owner();
            set(reliable, owner, BUSY, 0);
            return () -> {
                Presence renewed = set(store, owner, BUSY, 60);
                assertThat(renewed).isEqualTo(new Presence(BUSY, NOW, NOW.plusSeconds(180), 1));
                assertThat(reliable.presence(owner, NOW.plusSeconds(60))).isEqualTo(renewed);
            };
        });
    }

    @Test
    void change_is_counted_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = owner();
            set(reliable, owner, BUSY, 0);
            return () -> {
                Presence changed = set(store, owner, AWAY, 60);
                assertThat(changed).isEqualTo(new Presence(AWAY, NOW.plusSeconds(60), NOW.plusSeconds(180), 2));
                assertThat(reliable.presence(owner, NOW.plusSeconds(60))).isEqualTo(changed);
            };
        });
    }

    @Test
    void expiry_is_stored_once() {
        FaultSweep.run(transport, () -> {
            Owner owner = owner();
            set(reliable, owner, BUSY, 0);
            return () -> {
                deadlines.expire(new PresenceTimer(owner.tenant(), owner.user(), 1, NOW), NOW.plusSeconds(130));
                assertThat(reliable.presence(owner, NOW.plusSeconds(130)))
                        .isEqualTo(new Presence(PresenceContent.OFFLINE, NOW.plusSeconds(120), null, 2));
            };
        });
    }

    @Test
    void list_is_complete() {
        FaultSweep.run(transport, () -> {
            Owner owner = owner();
            set(reliable, owner, BUSY, 0);
            return () -> assertThat(store.presences(owner.tenant(), null, null, new PageRequest(null, 10), NOW)
                            .items())
                    .hasSize(1);
        });
    }
}
