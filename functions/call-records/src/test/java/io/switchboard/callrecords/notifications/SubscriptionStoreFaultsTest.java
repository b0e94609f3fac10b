package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Injects faults below the SDK: each requested change happens once, whatever the network does. */
final class SubscriptionStoreFaultsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String DESK = TestSubscriptions.APPLICATION;

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::callRecords);

    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final SubscriptionStore store = store(TABLE.client(transport));
    private final SubscriptionStore honest = store(TABLE.client());

    private static SubscriptionStore store(DynamoDbClient client) {
        return new DynamoDbSubscriptionStore(TestTables.withoutPauses(client), TABLE.name());
    }

    private static Subscription anySubscription() {
        return TestSubscriptions.of(UUID.randomUUID().toString(), "a", NOW);
    }

    @Test
    void create_happens_once() {
        FaultSweep.run(transport, () -> {
            Subscription wanted = anySubscription();
            return () -> {
                assertThat(store.create(wanted, null, NOW)).isEqualTo(new SubscriptionOutcome.Created(wanted));
                assertThat(honest.all(wanted.tenant(), NOW)).containsExactly(wanted);
            };
        });
    }

    @Test
    void create_with_other_subscriptions_happens_once() {
        FaultSweep.run(transport, () -> {
            Subscription other = anySubscription();
            honest.create(other, null, NOW);
            Subscription wanted = TestSubscriptions.of(other.tenant(), "b", NOW);
            return () -> {
                assertThat(store.create(wanted, "hash", NOW)).isEqualTo(new SubscriptionOutcome.Created(wanted));
                assertThat(honest.all(wanted.tenant(), NOW)).containsExactly(other, wanted);
            };
        });
    }

    @Test
    void replay_stays_a_replay() {
        FaultSweep.run(transport, () -> {
            Subscription wanted = anySubscription();
            honest.create(wanted, "hash", NOW);
            return () -> {
                assertThat(store.create(wanted, "hash", NOW)).isEqualTo(new SubscriptionOutcome.Replayed(wanted));
                assertThat(store.replay(wanted.tenant(), "a", "hash", NOW))
                        .contains(new SubscriptionOutcome.Replayed(wanted));
                assertThat(store.create(wanted, "other", NOW)).isEqualTo(new SubscriptionOutcome.KeyReused());
            };
        });
    }

    @Test
    void change_is_stored() {
        FaultSweep.run(transport, () -> {
            Subscription before = anySubscription();
            honest.create(before, null, NOW);
            Subscription after = before.notifying("https://elsewhere.example");
            return () -> {
                assertThat(store.change(
                                before.tenant(), DESK, "a", found -> found.notifying(after.notificationUrl()), NOW))
                        .contains(after);
                assertThat(honest.all(before.tenant(), NOW)).containsExactly(after);
            };
        });
    }

    @Test
    void delete_happens_once_and_is_reported() {
        FaultSweep.run(transport, () -> {
            Subscription plain = anySubscription();
            Subscription keyed = TestSubscriptions.of(plain.tenant(), "b", NOW);
            honest.create(plain, null, NOW);
            honest.create(keyed, "hash", NOW);
            return () -> {
                assertThat(store.delete(plain.tenant(), DESK, "a", NOW)).isTrue();
                assertThat(store.delete(plain.tenant(), DESK, "b", NOW)).isTrue();
                assertThat(honest.all(plain.tenant(), NOW)).isEmpty();
                assertThat(honest.replay(plain.tenant(), "b", "hash", NOW)).contains(new SubscriptionOutcome.Gone());
            };
        });
    }

    @Test
    void reads_find_stored_subscriptions() {
        FaultSweep.run(transport, () -> {
            Subscription subscription = anySubscription();
            honest.create(subscription, null, NOW);
            return () -> {
                assertThat(store.read(subscription.tenant(), "a", NOW)).contains(subscription);
                assertThat(store.all(subscription.tenant(), NOW)).containsExactly(subscription);
                assertThat(store.list(subscription.tenant(), DESK, new PageRequest(null, 5), NOW)
                                .items())
                        .containsExactly(subscription);
            };
        });
    }

    @Test
    void complete_outage_returns_unavailable_and_stores_nothing() {
        Subscription wanted = anySubscription();
        transport.plan(request -> FaultyHttpClient.Fault.BROKEN_CONNECTION);

        assertThatThrownBy(() -> Deadline.in(Duration.ofSeconds(1)).during(() -> store.create(wanted, null, NOW)))
                .isInstanceOf(Unavailable.class);
        assertThat(honest.all(wanted.tenant(), NOW)).isEqualTo(List.of());
    }

    @Test
    void validations_are_counted_once() {
        FaultSweep.run(transport, () -> {
            String tenant = UUID.randomUUID().toString();
            return () -> {
                assertThat(store.beginValidations(tenant, 2, NOW)).isNull();
                store.endValidations(tenant, 2, 1, NOW);
                assertThat(honest.beginValidations(tenant, 20, NOW)).isEqualTo(NOW.plusSeconds(3_600));
                assertThat(honest.beginValidations(tenant, 19, NOW)).isNull();
            };
        });
    }
}
