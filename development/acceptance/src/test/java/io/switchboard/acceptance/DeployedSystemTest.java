package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.EventSource;
import io.switchboard.local.deployment.TemplateException;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.DocumentationPage;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.EventSchema;
import io.switchboard.runtime.Await;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests the system as deployed by the deployment guide, on LocalStack. Each test continues with the stack of the
 * previous one.
 *
 * <p>LocalStack does not support HTTP APIs, so events are sent to the functions' aliases through the Lambda API.
 */
@NeedsContainerTools
@ExtendWith(LocalStackExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployedSystemTest {
    /** The domain of every event. The local server is configured with it as its own. */
    private static final String BASE_URL = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration COMMAND = Duration.ofMinutes(3);
    private static final Duration LOGGED = Duration.ofSeconds(10);
    private static final Duration EVENTS = Duration.ofMinutes(2);
    private static final Duration DEPLOYMENT = Duration.ofMinutes(5);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Checkout checkout;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static AwsApi deployed;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient dynamoDb;

    @SuppressWarnings("NullAway.Init") // in the test that adds the rule to the bus
    private static AwsApi.Queue listener;

    @BeforeAll
    static void checkOut(LocalStack localStack) {
        checkout = Checkout.of("deployed", localStack.environment());
        deployed = new AwsApi(HttpClient.newHttpClient(), localStack.endpoint());
        dynamoDb = localStack.dynamoDb();
    }

    @AfterAll
    static void close() {
        deployed.http().close();
        dynamoDb.close();
    }

    @Test
    @Order(1)
    void sam_and_cfn_lint_accept_the_template_and_its_nested_templates() {
        for (String template : Checkout.templates()) {
            checkout.run("sam validate --lint --template-file " + template, COMMAND)
                    .succeeded();
        }
        assertThat(checkout.run("cfn-lint " + String.join(" ", Checkout.templates()), COMMAND)
                        .succeeded()
                        .output())
                .isBlank();
    }

    @Test
    @Order(2)
    void documented_commands_deploy_a_stack() {
        checkout.run("sam build", COMMAND).succeeded();
        checkout.run(deployment("sam deploy --parameter-overrides "), DEPLOYMENT)
                .succeeded();

        assertThat(outputs("switchboard"))
                .containsKeys(
                        "ApiUrl",
                        "SessionsTable",
                        "TemplatesTable",
                        "CallRecordsTable",
                        "SessionEventsBus",
                        "UnpublishedChangesQueue",
                        "UnreadCallRecordChangesQueue",
                        "NotificationsQueue",
                        "UndeliveredNotificationsQueue",
                        "EndedGenerationsQueue",
                        "UnsweptGenerationsQueue")
                .containsKeys(Stream.concat(Checkout.functions().stream(), Checkout.WITHOUT_DOORS.stream())
                        .map(name -> name + "Function")
                        .toArray(String[]::new));
    }

    /**
     * Checks the nested stacks: their alarms are named after the stack and use the metrics of the deployed functions.
     */
    @Test
    @Order(3)
    void every_function_table_queue_and_the_api_have_alarms() throws Exception {
        var deployment = Checkout.deployment();
        var outputs = outputs("switchboard");
        var alarms = deployed.alarms("switchboard-");
        var expected = new HashSet<>(
                List.of("switchboard-Api-ServerErrors", "switchboard-Api-Latency", "switchboard-Api-Throttles"));
        deployment.tables().forEach(table -> expected.add("switchboard-" + table.logicalId() + "-Throttles"));
        deployment.queues().forEach(queue -> expected.add("switchboard-" + queue.logicalId() + "-Visible"));
        for (String function : deployment.functions().keySet()) {
            var kinds = new ArrayList<>(List.of("Errors", "Throttles", "Duration"));
            var source = deployment.eventSources().stream()
                    .filter(each -> each.function().equals(function))
                    .findFirst();
            if (source.isEmpty()) {
                kinds.add("RequestsFailed");
            } else if (source.get() instanceof EventSource.Messages messages) {
                expected.remove("switchboard-" + messages.queue() + "-Visible");
                expected.add("switchboard-" + messages.queue() + "-Age");
            } else {
                kinds.add("IteratorAge");
            }
            String name = alias(outputs, function).replaceAll(".*:function:|:live", "");
            for (String kind : kinds) {
                String alarm = "switchboard-" + function + '-' + kind;
                expected.add(alarm);
                assertThat(String.valueOf(alarms.get(alarm))).contains("\"FunctionName\"", '"' + name + '"');
            }
        }

        assertThat(alarms.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    @Order(3)
    void rule_is_added_to_the_bus() throws Exception {
        listener = deployed.createQueue("listener");

        deployed.putRule(outputs("switchboard").getOrDefault("SessionEventsBus", ""), "switchboard.sessions", listener);
    }

    @TestFactory
    @Order(4)
    Stream<DynamicTest> every_event_gets_the_same_response_as_from_the_local_server() {
        var functions = outputs("switchboard");
        var ownDynamoDb = EmbeddedDynamoDb.start();
        var server = LocalServer.start(LocalServerSettings.of(guide().root().resolve("template.yaml"))
                .withDynamoDb(ownDynamoDb.endpoint())
                .withParameters(Map.of("PublicBaseUrl", BASE_URL, "PrivateNotificationUrls", "false", "Push", "none")));
        var local = new AwsApi(deployed.http(), server.baseUri());
        var deployedResponses = new StableResponses();
        var localResponses = new StableResponses();
        return Checkout.functions().stream()
                .flatMap(function -> EventCase.of(function).stream()
                        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> {
                            String event = each.text();
                            JsonNode expected = localResponses.of(
                                    local.invoke(function, event).json());
                            var response = deployed.invoke(alias(functions, function), event);
                            assertThat(deployedResponses.of(response.json())).isEqualTo(expected);
                            assertThat(response.executedVersion()).matches("[0-9]+");
                        })))
                .onClose(() -> {
                    server.close();
                    ownDynamoDb.close();
                });
    }

    /**
     * Checks the log lines of the previous requests against {@code docs/reference/logs.md}. LocalStack does not support
     * custom log groups and uses Lambda's default one.
     */
    @ParameterizedTest
    @Order(5)
    @MethodSource("functions")
    void each_event_writes_one_json_log_line(String function) throws Exception {
        String arn = alias(outputs("switchboard"), function);
        String group = "/aws/lambda/" + arn.replaceAll(".*:function:|:live", "");
        List<EventCase> events = EventCase.of(function);
        int sent = events.size();
        List<JsonNode> lines = requestLines(group, events);
        // LocalStack may lose a line that arrives while it stores earlier ones. The events of lost lines are sent
        // again.
        for (int round = 0; round < 3; round++) {
            var written = requestIds(lines);
            for (EventCase event : events) {
                if (!written.contains(requestId(event))) {
                    deployed.invoke(arn, event.text());
                    sent++;
                }
            }
            lines = requestLines(group, events);
        }

        assertThat(requestIds(lines))
                .as("requests with a line")
                .containsAll(events.stream().map(DeployedSystemTest::requestId).toList());
        assertThat(sent)
                .as("invocations, most of which wrote their line immediately")
                .isLessThan(events.size() * 11 / 10);
        assertThat(lines).as("lines").hasSizeLessThanOrEqualTo(sent);
        for (JsonNode line : lines) {
            assertRequestLine(line, function);
        }
    }

    private static void assertRequestLine(JsonNode line, String function) {
        String text = line.toString();
        assertThat(line.path("level").asText()).as(text).isEqualTo("INFO");
        assertThat(Instant.parse(line.path("timestamp").asText())).as(text).isNotNull();
        assertThat(line.has("invocationId")).as(text).isFalse();
        assertThat(line.path("operation").asText()).as(text).matches("[A-Z]+ /[A-Za-z0-9{}()/+.$_]*|\\$default");
        assertThat(line.path("status").asInt()).as(text).isBetween(200, 499);
        assertThat(line.path("durationMs").isIntegralNumber()).as(text).isTrue();
        assertThat(line.path("coldStart").asBoolean(true)).as(text).isTrue();
        assertThat(line.path("functionVersion").asText()).as(text).matches("[0-9]+");
        assertThat(line.path("FunctionName").asText()).as(text).contains(function);
        assertThat(text.toLowerCase(Locale.ROOT)).doesNotContain("alex", "contoso_", "bearer");
    }

    private static List<String> functions() {
        return Checkout.functions();
    }

    /** Returns the available lines of these events. A log line is stored shortly after the response. */
    private static List<JsonNode> requestLines(String group, List<EventCase> events) throws Exception {
        var requested = events.stream().map(DeployedSystemTest::requestId).toList();
        boolean _ = Await.holds(LOGGED, () -> requestIds(requestLines(group)).containsAll(requested));
        return requestLines(group);
    }

    private static List<JsonNode> requestLines(String group) throws Exception {
        var lines = new ArrayList<JsonNode>();
        for (String line : deployed.logLines(group)) {
            if (line.startsWith("{")) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    private static List<String> requestIds(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("requestId").asText()).toList();
    }

    private static String requestId(EventCase event) {
        try {
            return JSON.readTree(event.text()).at("/requestContext/requestId").asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError(event.toString(), e);
        }
    }

    /** The queue also contains the events of earlier requests. */
    @Test
    @Order(6)
    void session_events_reach_the_target_of_a_rule_but_removals_do_not() throws Exception {
        var outputs = outputs("switchboard");
        String closed = createFor("listened", outputs);
        String removed = createFor("listened", outputs);
        removeAsTimeToLiveDoes("listened", removed, outputs);
        close("listened", closed, outputs);

        Map<String, JsonNode> events = eventsUntil(
                "SessionCreated " + closed,
                "SessionSwitched " + closed,
                "SessionCreated " + removed,
                "SessionSwitched " + removed,
                "SessionClosed " + closed);

        var schema = new EventSchema("session-events");
        assertThat(events).hasSizeGreaterThan(20);
        assertThat(events.values())
                .allSatisfy(event -> assertThat(schema.problemsOf(event.toString()))
                        .as(event.toString())
                        .isEmpty());
        assertThat(events.values().stream()
                        .filter(event -> event.at("/detail/userId").asText().equals("listened"))
                        .map(event -> event.path("detail-type").asText() + " "
                                + event.at("/detail/sequence").asText() + " "
                                + event.at("/detail/sessionId").asText("to ")
                                + event.at("/detail/newSessionId").asText()))
                .containsExactlyInAnyOrder(
                        "SessionCreated 1 " + closed,
                        "SessionSwitched 1 to " + closed,
                        "SessionCreated 1 " + removed,
                        "SessionSwitched 2 to " + removed,
                        "SessionClosed 2 " + closed);
    }

    /** Creates a session in focus. */
    private static String createFor(String user, Map<String, String> outputs) throws Exception {
        var event = ApiEvent.of("POST", "/sessions")
                .user(user)
                .body(Map.of(
                        "templateName", "CallSessionTemplate", "templateParameters", Map.of("customer", "Contoso")));
        var response = deployed.invoke(alias(outputs, "CreateSession"), event.toString());
        assertThat(response.status()).as(response.payload()).isEqualTo(201);
        return response.body().path("sessionId").asText();
    }

    private static void close(String user, String session, Map<String, String> outputs) throws Exception {
        var event = ApiEvent.of("POST", "/sessions/" + session + "/close").user(user);
        var response = deployed.invoke(alias(outputs, "ManageSessions"), event.toString());
        assertThat(response.status()).as(response.payload()).isEqualTo(200);
    }

    private static void removeAsTimeToLiveDoes(String user, String session, Map<String, String> outputs) {
        dynamoDb.deleteItem(delete -> delete.tableName(outputs.getOrDefault("SessionsTable", ""))
                .key(Map.of(
                        "owner", AttributeValue.fromS("contoso#" + user),
                        "key", AttributeValue.fromS("SESSION#" + session))));
    }

    /**
     * The stream starts a timer, which the queue delays. Its message asks the next agent, whose desk then has the
     * notification.
     */
    @Test
    @Order(7)
    void notification_that_times_out_reaches_the_next_agent() throws Exception {
        var outputs = outputs("switchboard");
        String manage = alias(outputs, "ManageSessions");
        String offer = ApiEvent.of("POST", "/notifications")
                .backend("Sessions.ReadWrite.All")
                .body(Map.of(
                        "templateName",
                        "msdyn_voice_incoming_authenticated",
                        "templateParameters",
                        Map.of("customerName", "Ada"),
                        "session",
                        Map.of("templateName", "CallSessionTemplate"),
                        "userIds",
                        List.of("asked first"),
                        "expiresInSeconds",
                        3,
                        "onTimeout",
                        Map.of("userIds", List.of("asked next"))))
                .toString();
        var created = deployed.invoke(manage, offer);
        assertThat(created.status()).as(created.payload()).isEqualTo(201);
        String id = created.body().path("notificationId").asText();
        String desk = ApiEvent.of("GET", "/desk").user("asked next").toString();

        ProgressLog.timed("the notification at the next agent", () -> {
            Await.until(
                    EVENTS,
                    "the notification on the next desk",
                    () -> deployed.invoke(manage, desk)
                            .body()
                            .path("notifications")
                            .toString()
                            .contains(id));
            return id;
        });

        var accepted = deployed.invoke(
                manage,
                ApiEvent.of("POST", "/notifications/" + id + "/accept")
                        .user("asked next")
                        .toString());
        assertThat(accepted.status()).as(accepted.payload()).isEqualTo(200);
        assertThat(accepted.body().at("/notification/attempt").asInt()).isEqualTo(2);
        String session = accepted.body().at("/session/sessionId").asText();
        Map<String, JsonNode> events = eventsUntil("NotificationResolved " + id, "SessionCreated " + session);
        var schema = new EventSchema("session-events");
        assertThat(events.values())
                .allSatisfy(event -> assertThat(schema.problemsOf(event.toString()))
                        .as(event.toString())
                        .isEmpty());

        // No change follows for a while, so the batch has this one only. The last test checks the result.
        dynamoDb.putItem(put -> put.tableName(outputs.getOrDefault("SessionsTable", ""))
                .item(Map.of(
                        "owner", AttributeValue.fromS("contoso#unreadable"),
                        "key", AttributeValue.fromS("SESSION#unreadable"),
                        "version", AttributeValue.fromN("1"),
                        "document", AttributeValue.fromS("no json"))));
    }

    /** Waits for all of these events, in any order, and returns the received events by their id. */
    private static Map<String, JsonNode> eventsUntil(String... requested) throws Exception {
        return ProgressLog.timed("events until " + requested.length + " awaited ones", () -> {
            var events = new HashMap<String, JsonNode>();
            var missing = new HashSet<>(List.of(requested));
            long limit = System.nanoTime() + EVENTS.toNanos();
            while (!missing.isEmpty()) {
                assertThat(System.nanoTime()).as(missing + " of " + events).isLessThan(limit);
                for (JsonNode event : deployed.receive(listener.url())) {
                    events.put(event.at("/detail/eventId").asText(), event);
                    missing.remove(event.path("detail-type").asText() + " "
                            + event.at("/detail/notificationId")
                                    .asText(event.at("/detail/sessionId").asText()
                                            + event.at("/detail/newSessionId").asText()));
                }
            }
            return events;
        });
    }

    @Test
    @Order(8)
    void second_stack_shares_nothing_with_the_first() throws Exception {
        checkout.run(deployment("sam deploy --config-env prod ") + " --no-confirm-changeset", DEPLOYMENT)
                .succeeded();
        var first = outputs("switchboard");
        var second = outputs("switchboard-prod");

        assertThat(second.keySet()).containsAll(first.keySet());
        first.forEach((key, value) -> {
            // LocalStack has no HTTP API and no dashboard, so these outputs have no valid URL.
            if (!key.endsWith("Url")) {
                assertThat(second.get(key)).as(key).isNotEqualTo(value);
            }
        });
        String session = event("CreateSession", "201.cif-example");
        assertThat(deployed.invoke(alias(first, "CreateSession"), session).status())
                .isEqualTo(201);
        assertThat(items(first)).isNotEmpty();
        assertThat(items(second)).isEmpty();
        assertThat(deployed.invoke(alias(second, "CreateSession"), session).status())
                .isEqualTo(201);
        assertThat(items(second)).hasSize(2);
        assertThat(items(first)).doesNotContainAnyElementsOf(items(second));
    }

    @Test
    @Order(9)
    void deployment_of_a_changed_setting_takes_effect_at_once_and_keeps_data() throws Exception {
        var before = outputs("switchboard");
        String desk = event("ManageSessions", "200.empty-desk");
        var old = deployed.invoke(alias(before, "ManageSessions"), desk);
        assertThat(old.body().path("sessionLimit").asInt()).isEqualTo(10);
        String session = deployed.invoke(alias(before, "CreateSession"), event("CreateSession", "201.cif-example"))
                .body()
                .path("sessionId")
                .asText();
        var items = itemsWithoutTimers(before, session);
        assertThat(items).hasSizeGreaterThan(2);

        checkout.run(nextDeployment() + " SessionLimit=3", DEPLOYMENT).succeeded();

        assertThat(outputs("switchboard")).isEqualTo(before);
        assertThat(itemsWithoutTimers(before, session)).isEqualTo(items);
        var fresh = deployed.invoke(alias(before, "ManageSessions"), desk);
        assertThat(fresh.body().path("sessionLimit").asInt()).isEqualTo(3);
        assertThat(Integer.parseInt(fresh.executedVersion())).isGreaterThan(Integer.parseInt(old.executedVersion()));
    }

    /** Tests the parameter checks of LocalStack: required parameters and numbers. */
    @ParameterizedTest
    @Order(10)
    @CsvSource({
        "Issuer, Audience=a ReleaseId=1",
        "SessionLimit, Issuer=https://a.example Audience=a ReleaseId=1 SessionLimit=many"
    })
    void deployment_with_a_missing_or_non_numeric_parameter_fails_with_its_name(String parameter, String values) {
        var ended =
                checkout.run("sam deploy --stack-name switchboard-wrong --parameter-overrides " + values, DEPLOYMENT);

        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.output()).contains(parameter);
    }

    /**
     * Tests allowed values and patterns. AWS CloudFormation rejects invalid values before any change, with the
     * template's {@code ConstraintDescription}. LocalStack does not check them, so this test uses the local server's
     * template reader.
     */
    @ParameterizedTest
    @Order(11)
    @CsvSource({
        "CorsOrigins, desk.contoso.example",
        "CorsOrigins, https://desk.contoso.example/path",
        "CorsOrigins, *",
        "Issuer, login.contoso.example",
        "Architecture, riscv",
        "CanaryType, Sometimes",
        "SessionLimit, 0",
        "LogRetentionDays, 2"
    })
    void value_that_the_template_does_not_allow_is_rejected_with_its_parameter(String parameter, String value) {
        var parameters = new HashMap<>(Map.of("Issuer", "https://a.example", "Audience", "a", "ReleaseId", "1"));
        Path template = guide().root().resolve("template.yaml");
        assertThat(Deployment.read(template, Map.copyOf(parameters)).functions())
                .isNotEmpty();

        parameters.put(parameter, value);

        assertThatThrownBy(() -> Deployment.read(template, parameters))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(parameter);
    }

    @Test
    @Order(12)
    void unreadable_change_goes_to_the_dead_letter_queue_and_later_changes_are_published() throws Exception {
        var outputs = outputs("switchboard");
        String session = createFor("behind", outputs);

        assertThat(eventsUntil("SessionCreated " + session)).isNotEmpty();
        var setAside = deployed.receive(outputs.getOrDefault("UnpublishedChangesQueue", ""));
        assertThat(setAside).hasSize(1);
        assertThat(setAside.getFirst().at("/DDBStreamBatchInfo/batchSize").asInt())
                .as(setAside.toString())
                .isEqualTo(1);
        assertThat(setAside.getFirst()
                        .at("/DDBStreamBatchInfo/startSequenceNumber")
                        .asText())
                .isNotEmpty();
        assertThat(setAside.toString()).doesNotContain("no json");
    }

    /** A command of the deployment guide, with its placeholders filled in, for the processor of this machine. */
    private static String deployment(String beginning) {
        String line = guide().commands(beginning).getFirst();
        assertThat(line).contains("<tenant id>", "<application id>");
        return line.replace("<tenant id>", "72f988bf-0000-4000-8000-c0270505a001")
                        .replace("<application id>", "api://switchboard")
                        .replace("<address>", "night@contoso.example")
                + " Architecture="
                + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64");
    }

    /** The command of the deployment guide for each later deployment. */
    private static String nextDeployment() {
        String release = "ReleaseId=$(date +%s)";
        assertThat(guide().text()).contains("`" + release + "` alone is enough");
        return "sam deploy --parameter-overrides " + release;
    }

    private static DocumentationPage guide() {
        return DocumentationPage.read("docs/how-to/deploy.md");
    }

    private static Map<String, String> outputs(String stack) {
        String output = checkout.run("sam list stack-outputs --output json --stack-name " + stack, COMMAND)
                .succeeded()
                .output();
        try {
            var outputs = new HashMap<String, String>();
            JSON.readTree(output.substring(output.indexOf('[')))
                    .forEach(each -> outputs.put(
                            each.path("OutputKey").asText(),
                            each.path("OutputValue").asText()));
            return outputs;
        } catch (JsonProcessingException e) {
            throw new AssertionError(output, e);
        }
    }

    private static String alias(Map<String, String> outputs, String function) {
        String arn = outputs.getOrDefault(function + "Function", "");
        assertThat(arn).endsWith(":live");
        return arn;
    }

    private static String event(String function, String name) {
        return EventCase.named(function, name).text();
    }

    /** Returns all templates and the items of the owner of a session. Timers may change the items of other owners. */
    private static Set<Map<String, AttributeValue>> itemsWithoutTimers(Map<String, String> outputs, String session) {
        var items = items(outputs);
        var key = AttributeValue.fromS("SESSION#" + session);
        var owner = items.stream()
                .filter(item -> key.equals(item.get("key")))
                .map(item -> item.get("owner"))
                .findFirst()
                .orElseThrow();
        items.removeIf(item -> item.containsKey("owner") && !owner.equals(item.get("owner")));
        return items;
    }

    private static Set<Map<String, AttributeValue>> items(Map<String, String> outputs) {
        var items = new HashSet<Map<String, AttributeValue>>();
        for (String output : List.of("SessionsTable", "TemplatesTable")) {
            dynamoDb.scanPaginator(scan ->
                            scan.tableName(outputs.getOrDefault(output, "")).consistentRead(true))
                    .forEach(page -> items.addAll(page.items()));
        }
        return items;
    }
}
