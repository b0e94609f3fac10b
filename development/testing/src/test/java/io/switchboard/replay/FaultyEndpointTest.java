package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.FaultyEndpoint.Fault;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.session.store.ChangeOutcome;
import io.switchboard.session.store.CreateOutcome;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.SessionStore;
import io.switchboard.storage.Precondition;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Injects each fault on a real socket, at the first request of an operation, which must succeed or be unavailable. */
class FaultyEndpointTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final FaultyEndpoint endpoint = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint());
    private final DynamoDbClient client = TestTables.client(URI.create(endpoint.url()));
    private final SessionStore store = new DynamoDbSessionStore(
            new DynamoDb(client),
            TestTables.sessions(client),
            new SessionLimits(1, Duration.ofHours(24), Duration.ofDays(30)));
    private final Owner owner = new Owner("tenant", UUID.randomUUID().toString());

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NO_RESPONSE", "LATE_RESPONSE", "LATE_REQUEST"},
            mode = EnumSource.Mode.EXCLUDE)
    void operation_with_a_fault_at_its_first_request_succeeds_or_is_unavailable(Fault fault) {
        requireCreate(fault);
        assertThat(resultWith(fault, () -> store.create(owner, TestSessions.newSession("a", NOW), NOW)))
                .isInstanceOfAny(CreateOutcome.Replayed.class, Unavailable.class);
        assertThat(resultWith(fault, () -> store.create(owner, TestSessions.newSession("b", NOW), NOW)))
                .isInstanceOfAny(CreateOutcome.LimitReached.class, Unavailable.class);
        assertThat(resultWith(fault, () -> store.desk(owner, NOW))).isInstanceOfAny(DeskView.class, Unavailable.class);
        assertThat(resultWith(fault, () -> store.close(SessionScope.all(owner), "a", Precondition.ofVersion(1), NOW)))
                .isInstanceOfAny(ChangeOutcome.Done.class, Unavailable.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NO_RESPONSE", "LATE_RESPONSE", "LATE_REQUEST"})
    void write_after_a_client_timeout_happens_once(Fault fault) {
        requireCreate(fault);
    }

    private void requireCreate(Fault fault) {
        Object outcome = resultWith(fault, () -> store.create(owner, TestSessions.newSession("a", NOW), NOW));

        assertThat(outcome).isInstanceOfAny(CreateOutcome.Created.class, Unavailable.class);
        if (outcome instanceof Unavailable) {
            store.create(owner, TestSessions.newSession("a", NOW), NOW);
        }
        assertThat(store.desk(owner, NOW).open()).hasSize(1);
    }

    /** Returns the result of an operation, with the fault at its first request to which the fault applies. */
    private Object resultWith(Fault fault, Supplier<Object> operation) {
        AtomicBoolean isDone = new AtomicBoolean();
        endpoint.plan(call -> fault.appliesTo(call.operation()) && !isDone.getAndSet(true) ? fault : Fault.NONE);
        try {
            return Deadline.in(Duration.ofSeconds(9)).during(operation::get);
        } catch (Unavailable e) {
            return e;
        } finally {
            endpoint.settle();
        }
    }
}
