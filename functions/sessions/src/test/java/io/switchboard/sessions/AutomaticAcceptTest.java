package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.http.Refusal;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.ODataService;
import io.switchboard.replay.TableStream;
import io.switchboard.replay.Tables;
import io.switchboard.sessions.recordsource.ODataRecordSources;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.testing.EventBusServer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The function that reads the stream accepts notifications that waited. It opens their sessions from the templates, the
 * profiles and the record source that a user who accepts would get.
 */
final class AutomaticAcceptTest {
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static final Map<String, Object> RECORD =
            Map.of("parametersStr", "[[\"entityName\",\"incident\"],[\"entityId\",\"" + CASE + "\"]]");

    private final Tables tables = new Tables();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final ODataService service = new ODataService();
    private final EventBusServer bus = new EventBusServer();
    private final TableStream stream =
            new TableStream(tables.client(), requireNonNull(tables.environment().get("SESSIONS_TABLE")));
    private final ManageSessions manage = new ManageSessions(environment());
    private final PublishSessionEvents publish = new PublishSessionEvents(environment());

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(bus.environment());
        environment.putAll(service.environment(tables.environment()));
        environment.put("SESSION_LIMIT", "2");
        return environment;
    }

    @BeforeAll
    static void warm() {
        ODataService.warm(ODataRecordSources::of);
    }

    @AfterEach
    void close() {
        stream.close();
        bus.close();
        service.close();
    }

    private void store(TemplateKind kind, String json) {
        Violations violations = new Violations();
        Template template = TemplateJson.read(kind, new ObjectReader(Json.readOwn(json), "", violations));
        Refusal.ifAny(violations);
        new DynamoDbTemplateStore(
                        new DynamoDb(tables.client()),
                        requireNonNull(tables.environment().get("TEMPLATES_TABLE")),
                        BuiltInTemplates.load())
                .create(tenant, template, null, "administrator", Instant.now());
    }

    private String offered(String template, Map<String, Object> session) {
        return ApiEvent.of("POST", "/notifications")
                .backend("Sessions.ReadWrite.All")
                .claim("tid", tenant)
                .body(Map.of("templateName", template, "userIds", List.of("ann"), "session", session))
                .sendTo(manage)
                .is(201)
                .text("notificationId");
    }

    private ApiEvent ann(String method, String path) {
        return ApiEvent.of(method, path).user("ann").claim("tid", tenant).permissions("Sessions.ReadWrite");
    }

    private FunctionResponse read(String id) {
        return ann("GET", "/notifications/" + id).sendTo(manage).is(200);
    }

    private void publish() {
        assertThat(stream.take().sendTo(publish).failed()).isEmpty();
    }

    @Test
    void notification_that_waited_is_accepted_with_the_session_that_its_user_would_get() {
        store(TemplateKind.NOTIFICATION_TEMPLATE, """
                {"uniqueName":"contoso_ring","name":"Ring","title":"Ring","timeout":0}""");
        store(TemplateKind.NOTIFICATION_TEMPLATE, """
                {"uniqueName":"contoso_auto","name":"Auto","title":"Auto","timeout":0,"autoAccept":true}""");
        store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_case","name":"Case","type":"entity","entity":"incident",
                 "communicationPanelMode":"hidden","title":"{anchor.title}"}""");
        store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true,"sessionTemplates":["contoso_case"],
                 "defaultSessionTemplates":{"channels":{"voice":"CallSessionTemplate"}}}""");
        service.secret(service.settings(tenant))
                .answer("/incidents(" + CASE + ")?$select=title", Map.of("title", "Broken lift"));
        String ringing = offered("contoso_ring", Map.of("templateName", "CallSessionTemplate"));
        String first = offered("contoso_auto", Map.of("templateName", "contoso_case", "sessionContext", RECORD));
        String second = offered("contoso_auto", Map.of("channel", "voice"));
        String third = offered("contoso_auto", Map.of("channel", "voice"));
        publish();
        assertThat(read(first).text("state")).isEqualTo("queued");

        ann("POST", "/notifications/" + ringing + "/reject").sendTo(manage).is(200);
        publish();

        assertThat(read(first).at("result"))
                .isEqualTo(Map.of("actionName", "AutoAccept", "responseReason", "AutoAccept"));
        FunctionResponse session = ann("GET", "/sessions/" + read(first).text("sessionId"))
                .sendTo(manage)
                .is(200);
        assertThat(session.text("title")).isEqualTo("Broken lift");
        // Each acceptance is a change of the desk, which displays the next one.
        assertThat(read(second).text("state")).isEqualTo("displayed");
        publish();
        assertThat(read(second).text("state")).isEqualTo("accepted");
        // The desk is full now.
        publish();
        publish();
        assertThat(read(third).text("state")).isEqualTo("displayed");
        assertThat(ann("GET", "/desk").sendTo(manage).is(200).at("openSessions"))
                .isEqualTo(2);
    }
}
