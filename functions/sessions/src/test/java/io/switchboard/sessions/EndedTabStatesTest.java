package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.replay.StreamEvent;
import io.switchboard.replay.Tables;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.session.store.DynamoDbTabStates;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.EventBusServer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The removal of states whose tab or session ended, through DynamoDB's stream and the function. */
class EndedTabStatesTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

    private final SessionStream stream = SessionStream.withTenPlaces();
    private final EventBusServer bus = new EventBusServer();
    private final DynamoDbTabStates states = new DynamoDbTabStates(
            new DynamoDb(stream.client()),
            stream.table,
            new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
    private final Owner owner = new Owner("contoso", "ann");
    private final SessionScope ann = SessionScope.all(owner);

    @AfterEach
    void close() {
        bus.close();
        stream.close();
    }

    /** Returns the function, which removes states from this table. */
    private PublishSessionEvents publisher(String table) {
        Map<String, String> environment = new HashMap<>(new Tables().environment());
        environment.putAll(bus.environment());
        environment.put("SESSIONS_TABLE", table);
        return new PublishSessionEvents(environment);
    }

    private StreamEvent.Response publish() {
        return stream.take().sendTo(publisher(stream.table));
    }

    /** Creates a session whose only tab has a state. */
    private String sessionWithState() {
        String id = TestSessions.uniqueId();
        stream.store.create(owner, TestSessions.newSession(id, NOW), NOW);
        states.changeState(ann, id, tabOf(id), current -> "{\"draft\":1}", NOW);
        return id;
    }

    private static String tabOf(String id) {
        return TestSessions.session(id, NOW).tabs().anchorId();
    }

    private List<Map<String, AttributeValue>> items() {
        return stream.client().scan(scan -> scan.tableName(stream.table).consistentRead(true)).items().stream()
                .filter(item ->
                        item.getOrDefault("key", AttributeValue.fromS("")).s().startsWith("TABSTATE#"))
                .toList();
    }

    @Test
    void states_have_no_events_and_stay_with_their_session() {
        String id = sessionWithState();
        stream.store.close(ann, id, Precondition.NONE, NOW);
        stream.store.reopen(ann, id, Precondition.NONE, NOW);
        stream.store.handOver(ann, id, "bob", true, Precondition.NONE, NOW);

        assertThat(publish().failed()).isEmpty();

        assertThat(items()).hasSize(1);
        assertThat(bus.take().stream().map(EventBusServer.Entry::type))
                .contains("SessionCreated", "SessionHandedOver")
                .noneMatch(type -> type.contains("State"));
    }

    @Test
    void deletion_of_a_session_removes_its_states() {
        String id = sessionWithState();
        String other = sessionWithState();
        stream.store.delete(ann, id, Precondition.NONE, NOW);

        assertThat(publish().failed()).isEmpty();

        assertThat(items()).hasSize(1);
        assertThat(states.state(ann, other, tabOf(other), NOW)).isPresent();
    }

    @Test
    void end_of_a_tab_removes_its_state_and_a_repeated_record_changes_nothing() {
        String id = sessionWithState();
        stream.store.change(
                ann,
                id,
                Precondition.NONE,
                before -> before.session()
                        .next(NOW)
                        .withTabs(before.session()
                                .tabs()
                                .without(before.session().tabs().open().getFirst(), NOW)),
                NOW);
        StreamEvent changes = stream.take();
        for (int i = 0; i < 2; i++) {
            assertThat(changes.sendTo(publisher(stream.table)).failed()).isEmpty();
            assertThat(items()).isEmpty();
        }
    }

    @Test
    void time_to_live_of_a_session_removes_its_states() {
        String id = sessionWithState();
        stream.take();
        stream.client()
                .deleteItem(delete -> delete.tableName(stream.table)
                        .key(Map.of(
                                "owner", AttributeValue.fromS("contoso#ann"),
                                "key", AttributeValue.fromS("SESSION#" + id))));

        assertThat(publish().failed()).isEmpty();

        assertThat(items()).isEmpty();
    }

    @Test
    void state_that_cannot_be_removed_fails_its_record() {
        String id = sessionWithState();
        stream.store.delete(ann, id, Precondition.NONE, NOW);

        StreamEvent.Response response = stream.take().sendTo(publisher("Sessions-missing"));

        assertThat(response.failed()).hasSize(1);
        assertThat(items()).hasSize(1);
    }
}
