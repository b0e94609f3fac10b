package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.runtime.Metric;
import io.switchboard.template.TemplateKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.crac.Core;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The log line of a request, and the metrics that CloudWatch extracts from it. */
class RequestLogTest {
    /** From a built-in template, so that only the session is written and read. */
    private static final Map<String, Object> CHAT = Map.of("templateName", "msdyn_chat_session");

    private static final String TEMPLATE = """
            {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"{customer} {absent}",
             "communicationPanelMode":"docked","anchorTab":"contoso_search"}
            """;
    private static final String TAB = """
            {"uniqueName":"contoso_search","name":"Search","title":"Search","pageType":"thirdPartyWebsite",
             "parameters":{"url":"https://example.com/"}}
            """;

    private final SessionFixture fixture = new SessionFixture();

    private static Map<String, @Nullable Object> line(FunctionResponse answer) {
        assertThat(answer.log()).hasSize(1);
        String line = answer.log().getFirst();
        assertThat(line).endsWith("\n");
        assertThat(line.strip()).doesNotContain("\n");
        return Json.readOwn(line);
    }

    /** Returns the metrics of the line by name. */
    private static Map<String, Object> metrics(Map<String, @Nullable Object> line) {
        Map<String, Object> metrics = new HashMap<>();
        for (Metric metric : Metric.values()) {
            @Nullable Object value = line.get(metric.text());
            if (value != null) {
                assertThat(value).as(metric.text()).isInstanceOf(Integer.class);
                assertThat(line.get("FunctionName")).isInstanceOf(String.class);
                metrics.put(metric.text(), value);
            }
        }
        return metrics;
    }

    @Test
    void create_logs_one_line_with_its_result() {
        String correlationId = UUID.randomUUID().toString();

        var line = line(fixture.post(CHAT)
                .header("x-correlation-id", correlationId)
                .header("client-request-id", "client-1")
                .sendTo(fixture.create)
                .is(201));

        assertThat(line)
                .containsEntry("level", "INFO")
                .containsEntry("operation", "POST /sessions")
                .containsEntry("status", 201)
                .containsEntry("requestId", "request-1")
                .containsEntry("clientRequestId", "client-1")
                .containsEntry("correlationId", correlationId)
                .containsEntry("tenant", fixture.tenant)
                .containsEntry("coldStart", true)
                .containsKeys("durationMs", "functionVersion", "FunctionName")
                .doesNotContainKeys("Code", "fault", "invocationId", "traceId", "_aws");
        assertThat(Instant.parse(String.valueOf(line.get("timestamp")))).isBefore(Instant.now());
        assertThat(metrics(line))
                .containsOnlyKeys(
                        "SessionsCreated",
                        "DynamoDbRoundTrips",
                        "DynamoDbLatency",
                        "ServiceLatency",
                        "ColdStarts",
                        "ResolutionWarnings")
                .containsEntry("SessionsCreated", 1)
                .containsEntry("DynamoDbRoundTrips", 2);
    }

    @Test
    void log_line_has_no_input_except_ids() {
        Map<String, Object> body = Map.of(
                "templateName",
                "CallSessionTemplate",
                "templateParameters",
                Map.of("customer", "Erika Mustermann", "phone", "+49 30 901820"));

        var lines = new ArrayList<String>();
        lines.addAll(fixture.post(body)
                .header("authorization", "Bearer secret-token")
                .header("idempotency-key", "key-of-erika")
                .sendTo(fixture.create)
                .is(201)
                .log());
        lines.addAll(fixture.get("/sessions/" + fixture.session()).is(200).log());
        lines.addAll(fixture.post(Map.of("templateName", "Erika Mustermann"))
                .sendTo(fixture.create)
                .is(422)
                .log());
        lines.addAll(fixture.get("/elsewhere/Erika").is(404).log());

        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .doesNotContainIgnoringCase(
                                "erika", "mustermann", "901820", "secret-token", fixture.user, "subject"));
    }

    @Test
    void cold_start_is_logged_for_the_first_request_of_an_environment_and_after_a_restore() {
        List<@Nullable Object> coldStarts = new ArrayList<>();
        coldStarts.add(line(fixture.create(CHAT)).get("coldStart"));
        coldStarts.add(line(fixture.create(CHAT)).get("coldStart"));
        fixture.create.beforeCheckpoint(Core.getGlobalContext());
        fixture.create.afterRestore(Core.getGlobalContext());
        coldStarts.add(line(fixture.create(CHAT)).get("coldStart"));
        var last = line(fixture.create(CHAT));
        coldStarts.add(last.get("coldStart"));

        assertThat(coldStarts).containsExactly(true, null, true, null);
        assertThat(metrics(last)).doesNotContainKey("ColdStarts");
    }

    @Test
    void replay_is_counted_as_a_replay_and_not_as_a_session() {
        var create = fixture.post(SessionFixture.CALL).header("idempotency-key", "once");
        create.copy().sendTo(fixture.create).is(201);

        assertThat(metrics(line(create.copy().sendTo(fixture.create).is(201))))
                .containsEntry("RequestsReplayed", 1)
                .doesNotContainKeys("SessionsCreated", "ResolutionWarnings");
    }

    @Test
    void rejection_is_counted_by_its_code() {
        var line = line(fixture.create(Map.of("templateName", "absent")).is(422));

        assertThat(line).containsEntry("level", "INFO").containsEntry("Code", "templateNotFound");
        assertThat(metrics(line)).containsEntry("RequestsRefused", 1).doesNotContainKey("SessionsCreated");
    }

    @Test
    void warnings_and_hits_of_the_template_cache_are_counted() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, TAB);
        fixture.store(TemplateKind.SESSION_TEMPLATE, TEMPLATE);
        Map<String, Object> body = Map.of("templateName", "contoso_call");

        assertThat(metrics(line(fixture.create(body).is(201))))
                .containsEntry("TemplateCacheMisses", 2)
                .containsEntry("DynamoDbRoundTrips", 4)
                .containsEntry("ResolutionWarnings", 2)
                .doesNotContainKey("TemplateCacheHits");
        assertThat(metrics(line(fixture.create(body).is(201))))
                .containsEntry("TemplateCacheHits", 2)
                .containsEntry("DynamoDbRoundTrips", 1)
                .doesNotContainKey("TemplateCacheMisses");
    }

    @Test
    void request_below_the_log_level_writes_only_metrics() {
        var quiet = new SessionFixture("AWS_LAMBDA_LOG_LEVEL", "WARN");

        var created = line(quiet.create(SessionFixture.CALL).is(201));

        assertThat(metrics(created)).containsEntry("SessionsCreated", 1);
        Set<String> others = new HashSet<>(created.keySet());
        others.removeAll(metrics(created).keySet());
        assertThat(others).containsExactly("FunctionName");
        assertThat(quiet.event("OPTIONS", "/sessions")
                        .sendTo(quiet.create)
                        .is(204)
                        .log())
                .isEmpty();
    }

    @Test
    void fault_is_logged_with_table_operation_and_attempts() {
        var faulty = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");

        var line = line(faulty.create(CHAT).is(503));

        assertThat(line)
                .containsEntry("level", "ERROR")
                .containsEntry("Code", "serviceUnavailable")
                .containsEntry("invocationId", "invocation-1");
        assertThat(metrics(line)).containsEntry("RequestsFailed", 1).doesNotContainKey("RequestsRefused");
        Map<?, ?> fault = (Map<?, ?>) requireNonNull(line.get("fault"));
        assertThat(fault.get("table")).isEqualTo(faulty.environment.get("TEMPLATES_TABLE"));
        assertThat(fault.get("dynamoDbOperation")).isEqualTo("Query");
        assertThat((Integer) fault.get("attempts"))
                .isEqualTo(line.get("DynamoDbRoundTrips"))
                .isGreaterThan(1);
        assertThat(String.valueOf(fault.get("causes"))).contains("DynamoDB did not respond", "ConnectException");
    }

    @Test
    void operation_is_logged_by_its_route_pattern_without_user_ids() {
        String path = "/sessions/" + fixture.session();
        var patched = fixture.patch(path, Map.of("title", "Erika", "context", Map.of("customer", "Mustermann")));
        assertThat(line(patched.is(200))).containsEntry("operation", "PATCH /sessions/{sessionId}");
        var opened = fixture.act(path + "/tabs", Map.of("templateName", "msdyn_entityrecord"));
        assertThat(line(opened.is(201))).containsEntry("operation", "POST /sessions/{sessionId}/tabs");
        assertThat(metrics(line(opened))).containsEntry("ResolutionWarnings", 2);
        var resolved = fixture.act(path + "/resolveSlug", Map.of("text", "Erika {customer}"));
        var handed = fixture.act(path + "/handOver", Map.of("userId", "erika"));
        for (FunctionResponse answer : List.of(patched, opened, resolved, handed)) {
            assertThat(answer.log().getFirst())
                    .doesNotContainIgnoringCase("erika")
                    .doesNotContain("Mustermann", fixture.user, path);
        }
    }

    @Test
    void unknown_path_is_logged_as_the_default_route() {
        var event = fixture.event("GET", "/sessions/a/b/c");
        event.routeKey("ANY /sessions/{proxy+}");

        assertThat(line(event.sendTo(fixture.manage).is(404))).containsEntry("operation", "ANY /sessions/{proxy+}");
    }
}
