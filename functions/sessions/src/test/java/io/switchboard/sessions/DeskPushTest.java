package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.StreamEvent;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.session.store.ChangeOutcome;
import io.switchboard.session.store.SessionStore;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.EventBusServer;
import io.switchboard.testing.PushServer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The messages to browsers for the writes of the store, through DynamoDB's stream and the function. */
class DeskPushTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String ALICE = "/desk/Y29udG9zbw/YWxpY2U";
    private static final String BOB = "/desk/Y29udG9zbw/Ym9i";

    private final SessionStream stream = SessionStream.withTenPlaces();
    private final SessionStore store = stream.store;
    private final EventBusServer bus = new EventBusServer();
    private final PushServer push = new PushServer();
    private final Owner alice = new Owner("contoso", "alice");

    @AfterEach
    void close() {
        bus.close();
        push.close();
        stream.close();
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(bus.environment());
        environment.putAll(more);
        return environment;
    }

    private StreamEvent.Response publish(Map<String, String> endpoints) {
        StreamEvent.Response response = stream.take().sendTo(new PublishSessionEvents(environment(endpoints)));
        assertThat(response.failed()).isEmpty();
        return response;
    }

    private String create(Owner owner) {
        String id = TestSessions.uniqueId();
        store.create(owner, TestSessions.newSession(id, NOW), NOW);
        return id;
    }

    private static Map<String, Object> line(StreamEvent.Response response) {
        Map<String, Object> line = new HashMap<>();
        Json.readOwn(response.log().getFirst()).forEach((name, value) -> {
            if (value != null) {
                line.put(name, value);
            }
        });
        return line;
    }

    private List<String> taken() {
        return push.take().stream()
                .map(message -> message.channel() + " " + message.event())
                .toList();
    }

    @Test
    void each_user_gets_one_message_with_the_last_version_of_the_desk() {
        create(alice);
        create(alice);
        create(new Owner("contoso", "bob"));

        StreamEvent.Response response = publish(push.environment());

        assertThat(taken()).containsExactly(ALICE + " {\"desk\":2}", BOB + " {\"desk\":1}");
        assertThat(line(response))
                .containsEntry("PushesSent", 2)
                .containsEntry("EventsPublished", 6)
                .doesNotContainKeys("PushesFailed", "pushFault");
    }

    @Test
    void request_is_signed_for_appsync() {
        create(alice);

        publish(push.environment());

        assertThat(push.take().getFirst().authorization())
                .startsWith("AWS4-HMAC-SHA256 Credential=test/")
                .contains("/eu-central-1/appsync/aws4_request");
    }

    @Test
    void change_of_a_session_is_a_message_too() {
        String id = create(alice);
        publish(push.environment());
        push.take();

        assertThat(store.change(
                        SessionScope.all(alice),
                        id,
                        Precondition.NONE,
                        item -> TestSessions.withTitle(item.session().next(NOW.plusSeconds(60)), "Other"),
                        NOW.plusSeconds(60)))
                .isInstanceOf(ChangeOutcome.Done.class);

        publish(push.environment());
        assertThat(taken()).containsExactly(ALICE + " {\"desk\":1}");
    }

    @Test
    void user_without_a_channel_gets_no_message() {
        create(new Owner("contoso", "zo\u00eb"));

        StreamEvent.Response response = publish(push.environment());

        assertThat(taken()).isEmpty();
        assertThat(line(response)).doesNotContainKeys("PushesSent", "PushesFailed");
    }

    @Test
    void stack_without_push_sends_nothing() {
        create(alice);

        assertThat(line(publish(Map.of("PUSH_HTTP", "unknown", "PUSH_REALTIME", "unknown"))))
                .containsEntry("EventsPublished", 2)
                .doesNotContainKeys("PushesSent", "PushesFailed");
    }

    @Test
    void failed_message_does_not_block_events() {
        create(alice);
        push.status(403);
        StreamEvent.Response response = publish(push.environment());
        assertThat(line(response))
                .containsEntry("EventsPublished", 2)
                .containsEntry("PushesFailed", 1)
                .containsEntry("pushFault", "status 403")
                .containsEntry("level", "INFO");
        assertThat(response.log().getFirst()).doesNotContain("alice", "YWxpY2U", "contoso");

        create(alice);
        push.status(200);
        push.refuse();
        assertThat(line(publish(push.environment())))
                .containsEntry("EventsPublished", 2)
                .containsEntry("pushFault", "not accepted");
    }

    @Test
    void unreachable_endpoint_fails_only_its_messages() {
        for (int i = 0; i < 20; i++) {
            create(new Owner("contoso", "user-" + i));
        }

        StreamEvent.Response response =
                publish(Map.of("PUSH_HTTP", "http://127.0.0.1:9/event", "PUSH_REALTIME", "ws://127.0.0.1:9"));

        assertThat(line(response))
                .containsEntry("EventsPublished", 40)
                .containsEntry("PushesFailed", 20)
                .containsEntry("pushFault", "ConnectException");
    }

    @Test
    @Timeout(8)
    void endpoint_that_does_not_respond_delays_a_batch_by_at_most_seconds() {
        push.hang();
        for (int i = 0; i < 9; i++) {
            create(new Owner("contoso", "user-" + i));
        }

        StreamEvent.Response response = publish(push.environment());

        assertThat(line(response)).containsEntry("EventsPublished", 18).containsEntry("PushesFailed", 9);
    }
}
