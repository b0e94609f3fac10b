package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.session.Owner;
import io.switchboard.session.TestSessions;
import io.switchboard.template.CommunicationPanelMode;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.SessionWrapUp;
import io.switchboard.template.Status;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.testing.EventBusServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each event has the ids of the request that caused it, through the functions, the table and its stream. */
final class EventCauseTest {
    private static final List<String> TYPES = List.of(
            "CommunicationPanelChanged",
            "ContextChanged",
            "NotificationDisplayed",
            "NotificationQueued",
            "NotificationResolved",
            "SessionClosed",
            "SessionCompleted",
            "SessionCreated",
            "SessionDeleted",
            "SessionHandedOver",
            "SessionReopened",
            "SessionSwitched",
            "SessionWrapUpStarted",
            "TabClosed",
            "TabCreated",
            "TabSwitched");

    private final SessionStream stream = SessionStream.withTenPlaces();
    private final EventBusServer bus = new EventBusServer();
    private final PublishSessionEvents publish = new PublishSessionEvents(
            EventBridge.of(bus.environment()),
            SimpleQueue.of(bus.environment(), "NOTIFICATION_TIMERS_QUEUE_URL"),
            (tenant, id, now) -> {},
            Optional.empty(),
            ended -> {},
            LogLevel.INFO,
            InstantSource.system());
    private final Tables tables = new Tables();
    private final Map<String, String> environment = environment();
    private final CreateSession create = new CreateSession(environment);
    private final ManageSessions manage = new ManageSessions(environment);
    private final TreeSet<String> seen = new TreeSet<>();

    private Map<String, String> environment() {
        Map<String, String> changed = new HashMap<>(tables.environment());
        changed.put("SESSIONS_TABLE", stream.table);
        return changed;
    }

    @AfterEach
    void close() {
        stream.close();
        bus.close();
    }

    private static ApiEvent agent(String user, String method, String path) {
        return ApiEvent.of(method, path).user(user);
    }

    /** Sends a request with a correlation id, and compares the ids of all events that follow. */
    private FunctionResponse caused(ApiEvent event, String correlationId) {
        event.header("x-correlation-id", correlationId);
        FunctionResponse response = correlationId.startsWith("created") ? event.sendTo(create) : event.sendTo(manage);
        assertThat(response.status()).as(response.body()).isBetween(200, 299);
        for (EventBusServer.Entry entry : published()) {
            assertThat(entry.detail())
                    .as(entry.type())
                    .containsEntry("requestId", response.header("request-id"))
                    .containsEntry("correlationId", correlationId);
            seen.add(entry.type());
        }
        return response;
    }

    private List<EventBusServer.Entry> published() {
        assertThat(stream.take().sendTo(publish).failed()).isEmpty();
        return bus.take();
    }

    /** Closes and completes a session whose template has wrap-up. */
    private void wrapUp() {
        SessionTemplate template = new SessionTemplate(
                "contoso_wrap_up",
                "Call",
                null,
                List.of(),
                Status.ACTIVE,
                SessionType.GENERIC,
                null,
                null,
                List.of(),
                false,
                CommunicationPanelMode.DOCKED,
                null,
                "msdyn_omnichannel_kbsearch",
                List.of(),
                List.of(),
                new SessionWrapUp(true, 60, List.of("solved"), null));
        new DynamoDbTemplateStore(
                        new DynamoDb(tables.client()),
                        Objects.requireNonNull(environment.get("TEMPLATES_TABLE")),
                        BuiltInTemplates.load())
                .create("contoso", template, null, "administrator", Instant.now());
        String path = "/sessions/"
                + caused(
                                agent("ann", "POST", "/sessions").body(Map.of("templateName", "contoso_wrap_up")),
                                "created for wrap-up")
                        .text("sessionId");
        caused(agent("ann", "POST", path + "/close"), "wrap-up");
        caused(agent("ann", "POST", path + "/complete").body(Map.of("disposition", "solved")), "completed");
    }

    @Test
    void each_type_of_event_has_the_ids_of_its_request() {
        Map<String, Object> call =
                Map.of("templateName", "CallSessionTemplate", "templateParameters", Map.of("customer", "Contoso"));
        String id = caused(agent("ann", "POST", "/sessions").body(call), "created, with spaces")
                .text("sessionId");
        String path = "/sessions/" + id;
        caused(agent("ann", "PATCH", path).body(Map.of("context", Map.of("order", "7"))), "patched");
        String tab = caused(
                        agent("ann", "POST", path + "/tabs").body(Map.of("templateName", "msdyn_entityrecord")), "tab")
                .text("tabId");
        caused(agent("ann", "DELETE", path + "/tabs/" + tab), "tab closed");
        caused(agent("ann", "PATCH", path).body(Map.of("communicationPanelMode", "hidden")), "panel");
        wrapUp();
        caused(agent("ann", "POST", path + "/close"), "closed");
        caused(agent("ann", "POST", path + "/reopen"), "reopened");
        caused(agent("bob", "POST", "/notifications").body(Map.of("templateName", "msdyn_chat_consult")), "noted");
        String offer = caused(agent("ann", "POST", path + "/handOver").body(Map.of("userId", "bob")), "offered")
                .text("handOver.notificationId");
        caused(agent("bob", "POST", "/notifications/" + offer + "/accept"), "accepted");
        caused(agent("bob", "DELETE", path), "deleted");

        assertThat(seen).containsExactlyElementsOf(TYPES);
    }

    @Test
    void request_without_a_correlation_id_causes_events_with_its_own_id_only() {
        FunctionResponse created = agent("ann", "POST", "/sessions")
                .body(Map.of("templateName", "CallSessionTemplate"))
                .sendTo(create)
                .is(201);

        assertThat(published())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.detail())
                        .containsEntry("requestId", created.header("request-id"))
                        .doesNotContainKey("correlationId"));
    }

    @Test
    void write_without_a_request_causes_events_without_ids() {
        stream.store.focusHome(new Owner("contoso", "ann"), Instant.EPOCH);
        stream.store.create(
                new Owner("contoso", "ann"),
                TestSessions.newSession(TestSessions.uniqueId(), Instant.EPOCH),
                Instant.EPOCH);

        assertThat(published())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.detail()).doesNotContainKeys("requestId", "correlationId"));
    }
}
