package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferView;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.ManualTicker;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests offers with faults below the SDK, at each read and each write: an operation happens once, or the caller must
 * retry and no part of it is stored.
 */
final class OfferStoreFaultsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final OfferedSession SESSION =
            (offer, owner) -> TestSessions.newSession("session of " + offer.id(), NOW);

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::sessions);

    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final OfferStore store =
            new DynamoDbOfferStore(TestTables.withoutPauses(TABLE.client(transport)), TABLE.name(), TWO);
    private final OfferStore reliable =
            new DynamoDbOfferStore(TestTables.withoutPauses(TABLE.client()), TABLE.name(), TWO);
    private final SessionStore sessions =
            new DynamoDbSessionStore(TestTables.withoutPauses(TABLE.client()), TABLE.name(), TWO);

    /** A tenant of its own for each run. */
    private final class Tenant {
        private final String name = UUID.randomUUID().toString();

        private SessionScope agent(String user) {
            return SessionScope.all(new Owner(name, user));
        }

        private NewOffer planned(boolean autoAccept) {
            Offer offer = TestOffers.offer(
                    UUID.randomUUID().toString(),
                    NOW,
                    TestOffers.content(20, autoAccept),
                    new OfferStep(List.of("ann", "bob"), 60),
                    List.of(new OfferStep(List.of("eve"), 30)));
            return new NewOffer(offer, "hash", true);
        }

        private String offered(boolean autoAccept) {
            NewOffer planned = planned(autoAccept);
            reliable.create(name, planned, SESSION, NOW);
            return planned.offer().id();
        }

        private DeskView desk(String user, Instant now) {
            return sessions.desk(new Owner(name, user), now);
        }

        /** Returns the state of an offer and of the desks of its users. */
        private String states(String id, Instant now) {
            List<String> states = new ArrayList<>();
            OfferView view = reliable.readAll(name, id, now).orElseThrow();
            states.add(view.state().text());
            for (String user : List.of("ann", "bob", "eve")) {
                DeskView desk = desk(user, now);
                states.add(user + desk.offers().size() + desk.open().size());
            }
            return String.join(" ", states);
        }
    }

    @Test
    void create_happens_once_and_with_an_automatic_accept() {
        for (boolean autoAccept : List.of(false, true)) {
            FaultSweep.run(transport, () -> {
                Tenant tenant = new Tenant();
                NewOffer planned = tenant.planned(autoAccept);
                return () -> {
                    assertThat(store.create(tenant.name, planned, SESSION, NOW))
                            .isInstanceOf(OfferOutcome.Created.class);
                    assertThat(tenant.states(planned.offer().id(), NOW))
                            .isEqualTo(autoAccept ? "accepted ann01 bob00 eve00" : "displayed ann10 bob10 eve00");
                };
            });
        }
    }

    @Test
    void accept_happens_once() {
        FaultSweep.run(transport, () -> {
            Tenant tenant = new Tenant();
            String id = tenant.offered(false);
            return () -> {
                assertThat(store.accept(tenant.agent("bob"), id, SESSION, NOW))
                        .isInstanceOf(OfferOutcome.Accepted.class);
                assertThat(tenant.states(id, NOW)).isEqualTo("accepted ann00 bob01 eve00");
                assertThat(reliable.readAll(tenant.name, id, NOW)
                                .orElseThrow()
                                .offer()
                                .version())
                        .isEqualTo(2);
            };
        });
    }

    @Test
    void reject_happens_once() {
        FaultSweep.run(transport, () -> {
            Tenant tenant = new Tenant();
            String id = tenant.offered(false);
            return () -> {
                assertThat(store.reject(tenant.agent("ann"), id, null, NOW)).isInstanceOf(OfferOutcome.Done.class);
                assertThat(tenant.states(id, NOW)).isEqualTo("displayed ann00 bob10 eve00");
                assertThat(reliable.readAll(tenant.name, id, NOW)
                                .orElseThrow()
                                .offer()
                                .version())
                        .isEqualTo(2);
            };
        });
    }

    @Test
    void withdrawal_happens_once() {
        FaultSweep.run(transport, () -> {
            Tenant tenant = new Tenant();
            String id = tenant.offered(false);
            return () -> {
                store.cancelAll(tenant.name, TestOffers.ROUTER, "t-1", NOW);
                assertThat(store.cancel(tenant.name, TestOffers.ROUTER, id, NOW))
                        .isInstanceOf(OfferOutcome.Done.class);
                assertThat(tenant.states(id, NOW)).isEqualTo("cancelled ann00 bob00 eve00");
            };
        });
    }

    @Test
    void next_attempt_reaches_its_desk_once() {
        FaultSweep.run(transport, () -> {
            Tenant tenant = new Tenant();
            String id = tenant.offered(false);
            Instant late = NOW.plusSeconds(20);
            return () -> {
                store.resolve(tenant.name, id, SESSION, late);
                assertThat(tenant.states(id, late)).isEqualTo("displayed ann00 bob00 eve10");
                assertThat(reliable.readAll(tenant.name, id, late)
                                .orElseThrow()
                                .offer()
                                .version())
                        .isEqualTo(2);
            };
        });
    }

    @Test
    void queued_offer_is_accepted_automatically_once() {
        FaultSweep.run(transport, () -> {
            Tenant tenant = new Tenant();
            String first = tenant.offered(false);
            String second = tenant.offered(true);
            reliable.cancel(tenant.name, TestOffers.ROUTER, first, NOW);
            return () -> {
                store.resolve(tenant.name, second, SESSION, NOW);
                assertThat(tenant.states(second, NOW)).isEqualTo("accepted ann01 bob00 eve00");
            };
        });
    }

    @Test
    void reads_succeed() {
        FaultSweep.run(transport, () -> {
            Tenant tenant = new Tenant();
            String id = tenant.offered(false);
            return () -> {
                assertThat(store.read(tenant.name, id, "ann", NOW)).isPresent();
                assertThat(store.list(tenant.name, TestOffers.ROUTER, null, new PageRequest(null, 10), NOW)
                                .items())
                        .hasSize(1);
            };
        });
    }

    /** The retry of the accept is rejected because the desk changed, and then the first try arrives. */
    @Test
    void accept_that_was_rejected_once_never_arrives_late() {
        Tenant tenant = new Tenant();
        String id = tenant.offered(false);
        transport.plan(call -> {
            if (call == 2) {
                tenant.offered(false);
            }
            if (call == 3) {
                transport.deliver();
            }
            return call == 1 ? Fault.LATE : Fault.NONE;
        });

        assertThat(store.accept(tenant.agent("ann"), id, SESSION, NOW)).isInstanceOf(OfferOutcome.Accepted.class);

        assertThat(transport.operations())
                .containsExactly(
                        "BatchGetItem",
                        "TransactWriteItems",
                        "TransactWriteItems",
                        "BatchGetItem",
                        "TransactWriteItems");
        assertThat(tenant.states(id, NOW)).isEqualTo("accepted ann11 bob10 eve00");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NONE", "SLOW"},
            mode = EnumSource.Mode.EXCLUDE)
    void lasting_fault_ends_within_the_deadline_without_a_partial_write(Fault fault) {
        Duration time = Duration.ofMillis(300);
        ManualTicker ticker = new ManualTicker();
        OfferStore paused =
                new DynamoDbOfferStore(new DynamoDb(TABLE.client(transport), ticker::advance), TABLE.name(), TWO);
        Tenant tenant = new Tenant();
        String id = tenant.offered(false);
        // The read succeeds, so that a write is tried.
        transport.plan(call -> call == 0 ? Fault.NONE : fault);

        assertThatThrownBy(() ->
                        Deadline.in(time, ticker).during(() -> paused.accept(tenant.agent("ann"), id, SESSION, NOW)))
                .isInstanceOf(Unavailable.class);

        assertThat(tenant.states(id, NOW)).isIn("displayed ann10 bob10 eve00", "accepted ann01 bob00 eve00");
        transport.clearFaults();
        assertThat(store.accept(tenant.agent("ann"), id, SESSION, NOW)).isInstanceOf(OfferOutcome.Accepted.class);
        assertThat(tenant.states(id, NOW)).isEqualTo("accepted ann01 bob00 eve00");
    }
}
