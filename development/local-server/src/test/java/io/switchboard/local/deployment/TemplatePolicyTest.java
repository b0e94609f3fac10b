package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.local.openapi.ApiDescription;
import io.switchboard.replay.DocumentationPage;
import io.switchboard.replay.EventCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies for all deployed resources: the template and its nested templates. */
class TemplatePolicyTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final Path FILE = ROOT.resolve("template.yaml");
    private static final Map<String, String> REQUIRED = Map.of(
            "Issuer", "https://login.example.com/v2.0",
            "Audience", "switchboard",
            "ReleaseId", "1",
            "CorsOrigins", "https://desk.example.com");
    private static final String SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:records-AbCdEf";
    private static final SamTemplate TEMPLATE = SamTemplate.read(FILE);
    private static final Deployment DEPLOYMENT = Deployment.read(FILE, REQUIRED);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUS = "AWS::Events::EventBus";

    static List<String> functions() {
        return TEMPLATE.resourcesOfType(SamTemplate.FUNCTION);
    }

    static List<String> tables() {
        return TEMPLATE.resourcesOfType(SamTemplate.TABLE);
    }

    static Set<String> parameters() {
        return names(TEMPLATE.parameters());
    }

    static Set<String> conditions() {
        return names(TEMPLATE.conditions());
    }

    // ── Functions ─────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("functions")
    void function_has_its_own_log_group_with_retention(String function) {
        var logging = TEMPLATE.properties(function).path("LoggingConfig");
        var logGroup = logging.path("LogGroup").path("Ref").asText();

        assertThat(logging.path("LogFormat").asText()).isEqualTo("JSON");
        assertThat(logging.path("ApplicationLogLevel").path("Ref").asText()).isEqualTo("LogLevel");
        assertThat(logGroup).isEqualTo(function + "Logs");
        assertThat(TEMPLATE.resourcesOfType(SamTemplate.LOG_GROUP)).contains(logGroup);
        assertThat(TEMPLATE.properties(logGroup)
                        .path("RetentionInDays")
                        .path("Ref")
                        .asText())
                .isEqualTo("LogRetentionDays");
        assertThat(functionsWhose("LoggingConfig", "LogGroup", logGroup)).containsExactly(function);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void function_runs_on_java_25_with_snap_start_behind_an_alias(String function) {
        var properties = TEMPLATE.properties(function);

        assertThat(properties.path("Runtime").asText()).isEqualTo("java25");
        assertThat(properties.path("Architectures").path(0).path("Ref").asText())
                .isEqualTo("Architecture");
        assertThat(properties.path("SnapStart").path("ApplyOn").asText()).isEqualTo("PublishedVersions");
        assertThat(properties.path("AutoPublishAlias").asText()).isEqualTo("live");
        assertThat(properties.path("Tracing").asText()).isEqualTo("Active");
        // This must be a plain Ref, because SAM rejects Sub and Join here.
        assertThat(properties.path("AutoPublishCodeSha256")).hasToString("{\"Ref\":\"ReleaseId\"}");
        assertThat(TEMPLATE.parameters().path("ReleaseId").has("Default")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void function_is_a_prebuilt_zip_with_a_handler_method(String function) {
        var properties = TEMPLATE.properties(function);

        assertThat(properties.path("CodeUri").asText()).matches("functions/([a-z-]+)/target/\\1\\.zip");
        assertThat(properties.path("Handler").asText()).matches("io(\\.[a-z]+)+\\." + function + "::handleRequest");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void function_has_its_own_statements_for_single_actions_on_single_resources(String function) {
        var policies = TEMPLATE.properties(function).path("Policies");
        var statements = new ArrayList<JsonNode>();
        policies.forEach(policy -> policy.path("Statement").forEach(statements::add));

        assertThat(statements).isNotEmpty();
        for (var statement : statements) {
            if (statement.path("Fn::If").path(0).asText().equals("HasPush")) {
                assertThat(statement).hasToString("""
                    {"Fn::If":["HasPush",{"Sid":"PushToBrowsers","Effect":"Allow","Action":["appsync:EventPublish"],\
                    "Resource":{"Fn::GetAtt":["PushChannels","ChannelNamespaceArn"]}},{"Ref":"AWS::NoValue"}]}\
                    """);
                continue;
            }
            if (statement.has("Fn::If")) {
                // Only the record source's secret, and only if it is configured.
                assertThat(statement).hasToString("""
                    {"Fn::If":["HasRecordSource",{"Sid":"ReadRecordSource","Effect":"Allow",\
                    "Action":["secretsmanager:GetSecretValue"],"Resource":{"Ref":"RecordSourceSecretArn"}},\
                    {"Ref":"AWS::NoValue"}]}\
                    """);
                assertThat(TEMPLATE.properties(function)
                                .path("Environment")
                                .path("Variables")
                                .path("RECORD_SOURCE_SECRET"))
                        .hasToString("{\"Ref\":\"RecordSourceSecretArn\"}");
                continue;
            }
            assertThat(names(statement)).containsExactlyInAnyOrder("Sid", "Effect", "Action", "Resource");
            assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
            assertThat(statement.path("Action"))
                    .isNotEmpty()
                    .allSatisfy(action -> assertThat(action.asText()).matches("(dynamodb|events|sqs):[A-Z][A-Za-z]+"));
            var subs = statement.path("Resource").findValuesAsText("Fn::Sub");
            if (!subs.isEmpty()) {
                // An index has no ARN attribute; it is only read.
                assertThat(statement.path("Action")).hasToString("[\"dynamodb:Query\"]");
                assertThat(indexes()).containsAll(subs);
                continue;
            }
            var resource = statement.path("Resource").path("Fn::GetAtt");
            var service = statement.path("Action").path(0).asText().replaceFirst(":.*", "");
            assertThat(TEMPLATE.resourcesOfType(
                            switch (service) {
                                case "dynamodb" -> SamTemplate.TABLE;
                                case "events" -> BUS;
                                default -> SamTemplate.QUEUE;
                            }))
                    .contains(resource.path(0).asText());
            assertThat(resource.path(1).asText()).matches(service.equals("dynamodb") ? "(Stream)?Arn" : "Arn");
        }
        assertThat(TEMPLATE.tree().path("Globals").path("Function").has("Policies"))
                .isFalse();
        assertThat(TEMPLATE.properties(function).has("Role")).isFalse();
    }

    /** Returns the indexes in the form that statements use. */
    private static Set<String> indexes() {
        var indexes = new TreeSet<String>();
        for (var table : tables()) {
            TEMPLATE.properties(table)
                    .path("GlobalSecondaryIndexes")
                    .forEach(index -> indexes.add("${" + table + ".Arn}/index/"
                            + index.path("IndexName").asText()));
        }
        return indexes;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void function_gets_only_the_names_of_tables_it_may_use(String function) {
        var named = new TreeSet<String>();
        TEMPLATE.properties(function)
                .path("Environment")
                .path("Variables")
                .properties()
                .forEach(variable -> {
                    if (variable.getKey().endsWith("_TABLE")) {
                        named.add(variable.getValue().path("Ref").asText());
                    }
                });
        var allowed = new TreeSet<String>();
        TEMPLATE.properties(function).path("Policies").findValues("Fn::GetAtt").forEach(attribute -> {
            if (tables().contains(attribute.path(0).asText())
                    && attribute.path(1).asText().equals("Arn")) {
                allowed.add(attribute.path(0).asText());
            }
        });

        assertThat(named).isEqualTo(allowed);
    }

    /** A function may use some queues without their URL, because Lambda reads and writes them in its name. */
    @ParameterizedTest
    @MethodSource("functions")
    void function_gets_only_the_urls_of_queues_it_may_use(String function) {
        var allowed = new TreeSet<String>();
        TEMPLATE.properties(function)
                .path("Policies")
                .findValues("Fn::GetAtt")
                .forEach(attribute -> allowed.add(attribute.path(0).asText()));
        allowed.retainAll(TEMPLATE.resourcesOfType(SamTemplate.QUEUE));

        assertThat(queuesOf(function)).isSubsetOf(allowed);
    }

    private static Set<String> queuesOf(String function) {
        var named = new TreeSet<String>();
        TEMPLATE.properties(function)
                .path("Environment")
                .path("Variables")
                .properties()
                .forEach(variable -> {
                    if (variable.getKey().endsWith("_QUEUE_URL")) {
                        named.add(variable.getValue().path("Ref").asText());
                    }
                });
        return named;
    }

    @Test
    void template_grants_nothing_to_everyone() {
        assertThat(textsIn(TEMPLATE.resources()))
                .noneMatch(text -> text.equals("*") || text.endsWith(":*") || text.endsWith("/*"));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void parameters_cannot_enable_a_local_identity_or_replace_the_database_bus_or_queues(String function) {
        var variables = new ArrayList<>(
                List.of("SWITCHBOARD_LOCAL_IDENTITY", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SECRETS_MANAGER"));
        if (TEMPLATE.properties(function).path("Environment").path("Variables").has("SESSION_EVENTS_BUS")) {
            variables.add("AWS_ENDPOINT_URL_EVENTBRIDGE");
        }
        if (!queuesOf(function).isEmpty()) {
            variables.add("AWS_ENDPOINT_URL_SQS");
        }
        for (var variable : variables) {
            assertThat(TEMPLATE.properties(function)
                            .path("Environment")
                            .path("Variables")
                            .path(variable))
                    .as(variable)
                    .hasToString("{\"Ref\":\"AWS::NoValue\"}");
            assertThat(DEPLOYMENT.functions().get(function))
                    .isNotNull()
                    .satisfies(read -> assertThat(read.environment()).doesNotContainKey(variable));
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void function_has_event_cases(String function) throws IOException {
        var events = EventCase.of(function);
        assertThat(events).isNotEmpty();
        for (var event : events) {
            var tree = JSON.readTree(event.text());
            if (hasEventSource(function)) {
                assertThat(tree.path("Records").isArray()).as(event.toString()).isTrue();
                continue;
            }
            assertThat(tree.path("version").asText()).as(event.toString()).isEqualTo("2.0");
            assertThat(tree.path("requestContext").path("http").has("method"))
                    .as(event.toString())
                    .isTrue();
            if (!event.name().contains(".options-")) {
                assertThat(DEPLOYMENT.routes())
                        .filteredOn(route -> route.function().equals(function))
                        .extracting(HttpRoute::routeKey)
                        .as(event.toString())
                        .contains(tree.path("routeKey").asText());
            }
        }
    }

    // ── Streams and queues ────────────────────────────────────────────────────────

    private static boolean hasEventSource(String function) {
        return DEPLOYMENT.eventSources().stream()
                .anyMatch(source -> source.function().equals(function));
    }

    @Test
    void function_is_invoked_by_routes_or_a_stream_or_a_queue() {
        assertThat(functions())
                .allSatisfy(function -> assertThat(DEPLOYMENT.routes().stream()
                                .anyMatch(route -> route.function().equals(function)))
                        .as(function)
                        .isNotEqualTo(hasEventSource(function)));
    }

    @ParameterizedTest
    @CsvSource({
        "INSERT, RECORD, true",
        "MODIFY, RECORD, true",
        "REMOVE, RECORD, true",
        "REMOVE, STAGED#7d1f, true",
        "INSERT, 7d1f#s#a#2026-03-04T09:15:02Z#-, false",
        "MODIFY, 7d1f#p#a, false",
        "REMOVE, KEY#5a, false",
        "INSERT, DAY#2026-03-04, false",
        "INSERT, SUBSCRIPTION#b, true",
        "MODIFY, SUBSCRIPTION#b, true",
        "INSERT, SUBSCRIPTIONS, false",
        "INSERT, RECORDS, false"
    })
    void only_changes_of_call_records_staged_items_and_subscriptions_invoke_the_notifying_function(
            String kind, String key, boolean isTaken) {
        var record = JSON.createObjectNode().put("eventName", kind);
        var keys = record.putObject("dynamodb").putObject("Keys");
        keys.putObject("record").put("S", "contoso#" + key);
        keys.putObject("key").put("S", key);

        assertThat(DEPLOYMENT.eventSources())
                .filteredOn(source -> source.function().equals("NotifySubscribers"))
                .singleElement()
                .isInstanceOfSatisfying(EventSource.Stream.class, stream -> {
                    assertThat(stream.table()).isEqualTo("CallRecords");
                    assertThat(stream.bisects()).isTrue();
                    assertThat(stream.accepts(record)).isEqualTo(isTaken);
                });
    }

    /**
     * Checks that the mapping uses the alias, so that a release takes effect, and starts with the oldest change, so
     * that changes made during the first deployment are not lost.
     */
    @Test
    void stream_is_read_from_its_start_by_the_live_version_and_failures_go_to_an_encrypted_queue() {
        for (var mapping : TEMPLATE.resourcesOfType(SamTemplate.EVENT_SOURCE_MAPPING)) {
            var properties = TEMPLATE.properties(mapping);
            if (isOfAQueue(properties)) {
                continue;
            }
            var queue = properties.at("/DestinationConfig/OnFailure/Destination/Fn::GetAtt");

            assertWaitsForTheAlias(mapping);
            assertThat(TEMPLATE.properties(properties
                                    .at("/EventSourceArn/Fn::GetAtt/0")
                                    .asText())
                            .path("StreamSpecification"))
                    .hasToString("{\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}");
            assertThat(properties.path("StartingPosition").asText()).isEqualTo("TRIM_HORIZON");
            assertThat(properties.path("FunctionResponseTypes")).hasToString("[\"ReportBatchItemFailures\"]");
            // A failed record must reach the queue before the stream drops it after one day.
            assertThat(properties.path("MaximumRecordAgeInSeconds").asInt()).isBetween(3_600, 43_200);
            assertKeepsWhatIsSetAside(queue.path(0).asText());
        }
    }

    /** Checks the explicit dependency, because the ARN alone does not make CloudFormation wait for the alias. */
    private static void assertWaitsForTheAlias(String mapping) {
        var function = TEMPLATE.properties(mapping)
                .path("FunctionName")
                .path("Fn::Sub")
                .asText();
        assertThat(function).matches("\\$\\{\\w+\\.Arn}:live");
        assertThat(TEMPLATE.resources().path(mapping).path("DependsOn").asText())
                .isEqualTo(function.substring(2, function.indexOf('.')) + "Aliaslive");
    }

    private static boolean isOfAQueue(JsonNode mapping) {
        return TEMPLATE.resourcesOfType(SamTemplate.QUEUE)
                .contains(mapping.at("/EventSourceArn/Fn::GetAtt/0").asText());
    }

    /** Checks that the queue retains messages for the maximum time of AWS. */
    private static void assertKeepsWhatIsSetAside(String queue) {
        assertThat(TEMPLATE.resourcesOfType(SamTemplate.QUEUE)).contains(queue);
        assertThat(TEMPLATE.properties(queue).path("MessageRetentionPeriod").asInt())
                .isEqualTo(14 * 86_400);
        assertThat(TEMPLATE.properties(queue).has("RedrivePolicy")).isFalse();
        assertThat(DEPLOYMENT.eventSources())
                .noneMatch(source -> source instanceof EventSource.Messages messages
                        && messages.queue().equals(queue));
    }

    @Test
    void queue_is_encrypted() {
        assertThat(TEMPLATE.resourcesOfType(SamTemplate.QUEUE))
                .isNotEmpty()
                .allSatisfy(queue -> assertThat(TEMPLATE.properties(queue)
                                .path("SqsManagedSseEnabled")
                                .asBoolean())
                        .as(queue)
                        .isTrue());
    }

    @Test
    void queue_is_read_by_the_live_version_with_limited_concurrency() {
        for (var mapping : TEMPLATE.resourcesOfType(SamTemplate.EVENT_SOURCE_MAPPING)) {
            assertWaitsForTheAlias(mapping);
        }
        assertThat(DEPLOYMENT.eventSources())
                .filteredOn(source -> source instanceof EventSource.Messages)
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source)
                        .isInstanceOfSatisfying(EventSource.Messages.class, messages -> {
                            assertThat(messages.reportsFailures()).isTrue();
                            assertThat(messages.maximumConcurrency()).isBetween(2, 10);
                        }));
    }

    /**
     * Lambda requires at least the function's timeout, and AWS recommends six times that, so that a message is not
     * processed twice at the same time.
     */
    @Test
    void message_is_retried_after_the_function_timeout_and_moved_before_it_expires() {
        for (var queue : DEPLOYMENT.queues()) {
            var readers = DEPLOYMENT.eventSources().stream()
                    .filter(source -> source instanceof EventSource.Messages messages
                            && messages.queue().equals(queue.logicalId()))
                    .map(source -> requireNonNull(DEPLOYMENT.functions().get(source.function())))
                    .toList();
            if (readers.isEmpty()) {
                continue;
            }
            assertThat(readers)
                    .singleElement()
                    .satisfies(reader -> assertThat(queue.visibilityTimeout().toSeconds())
                            .isGreaterThanOrEqualTo(6L * reader.timeoutSeconds()));
            var redrive = queue.redrive().orElseThrow();
            assertKeepsWhatIsSetAside(redrive.deadLetterQueue());
            // A message keeps its age in the dead-letter queue.
            assertThat(TEMPLATE.properties(queue.logicalId())
                            .path("MessageRetentionPeriod")
                            .asInt())
                    .isEqualTo(4 * 86_400);
        }
    }

    /** Retries as long as Graph does; see {@code docs/domain/call-records.md}, "Change notifications". */
    @Test
    void notification_is_retried_for_about_four_hours() {
        int attempts = DEPLOYMENT.queues().stream()
                .filter(queue -> queue.logicalId().equals("Notifications"))
                .findFirst()
                .flatMap(MessageQueue::redrive)
                .orElseThrow()
                .maxReceiveCount();
        long seconds = 0;
        // No delay follows the last attempt.
        for (int attempt = 1; attempt < attempts; attempt++) {
            seconds += Math.min(10L << (attempt - 1), 1_800);
        }

        assertThat(Duration.ofSeconds(seconds)).isBetween(Duration.ofMinutes(210), Duration.ofMinutes(270));
        assertThat(requireNonNull(DEPLOYMENT.functions().get("SendNotifications"))
                        .environment())
                .containsEntry("NOTIFICATION_ATTEMPTS", Integer.toString(attempts));
    }

    /**
     * The delay must exceed a request's duration. Otherwise the sweep would miss items that a request writes under an
     * ended generation.
     */
    @Test
    void sweep_waits_until_requests_of_the_generation_have_ended() {
        var longest = DEPLOYMENT.routes().stream()
                .mapToInt(route -> requireNonNull(DEPLOYMENT.functions().get(route.function()))
                        .timeoutSeconds())
                .max();

        assertThat(DEPLOYMENT.queues())
                .filteredOn(queue -> queue.logicalId().equals("EndedGenerations"))
                .singleElement()
                .satisfies(queue -> assertThat(queue.delay())
                        .isEqualTo(Duration.ofMinutes(1))
                        .isGreaterThan(Duration.ofSeconds(2L * longest.orElseThrow())));
    }

    @ParameterizedTest
    @CsvSource({"ManageCallRecords", "SendNotifications"})
    void subscribers_must_be_public_https_endpoints_by_default(String function) {
        var given = new HashMap<>(REQUIRED);
        given.put("PrivateNotificationUrls", "true");

        assertThat(requireNonNull(DEPLOYMENT.functions().get(function)).environment())
                .containsEntry("PRIVATE_NOTIFICATION_URLS", "false");
        assertThat(requireNonNull(Deployment.read(FILE, given).functions().get(function))
                        .environment())
                .containsEntry("PRIVATE_NOTIFICATION_URLS", "true");
    }

    @Test
    void bus_is_named_after_its_stack_and_queues_by_aws() {
        for (var bus : TEMPLATE.resourcesOfType(BUS)) {
            assertThat(TEMPLATE.properties(bus).path("Name"))
                    .hasToString("{\"Fn::Sub\":\"${AWS::StackName}-" + bus + "\"}");
        }
        for (var queue : TEMPLATE.resourcesOfType(SamTemplate.QUEUE)) {
            assertThat(TEMPLATE.properties(queue).has("QueueName")).isFalse();
        }
    }

    // ── Routes ─────────────────────────────────────────────────────────────────────

    @Test
    void routes_are_unique() {
        assertThat(DEPLOYMENT.routes()).extracting(HttpRoute::routeKey).doesNotHaveDuplicates();
    }

    /** SAM's start-api selects randomly between two matching routes of one path. */
    @Test
    void any_route_shares_its_path_only_with_routes_of_the_same_function() {
        for (var any : DEPLOYMENT.routes()) {
            if (any.method().equals(HttpRoute.ANY)) {
                assertThat(DEPLOYMENT.routes())
                        .filteredOn(route -> route.path().equals(any.path()))
                        .extracting(HttpRoute::function)
                        .containsOnly(any.function());
            }
        }
    }

    @Test
    void each_any_route_has_an_options_route_to_the_same_function() {
        var twins = DEPLOYMENT.routes().stream()
                .filter(route -> route.method().equals(HttpRoute.ANY) && route.authorized())
                .map(route -> new HttpRoute("OPTIONS", route.path(), false, route.function()))
                .toList();

        assertThat(twins).isNotEmpty();
        assertThat(DEPLOYMENT.routes())
                .filteredOn(route -> route.method().equals("OPTIONS"))
                .containsExactlyInAnyOrderElementsOf(twins);
    }

    @Test
    void head_uses_the_same_kind_of_route_as_get() {
        assertThat(DEPLOYMENT.routes())
                .filteredOn(route -> route.method().equals("GET"))
                .isNotEmpty()
                .allSatisfy(get -> assertThat(DEPLOYMENT.routes())
                        .contains(new HttpRoute("HEAD", get.path(), get.authorized(), get.function())));
    }

    @Test
    void only_preflights_documents_and_the_default_route_need_no_token() {
        assertThat(DEPLOYMENT.routes())
                .allSatisfy(route -> assertThat(route.authorized())
                        .as(route.routeKey())
                        .isEqualTo(!route.method().equals("OPTIONS")
                                && !Set.of(
                                                "GET /openapi.json",
                                                "HEAD /openapi.json",
                                                "GET /v1.0/{document}",
                                                "HEAD /v1.0/{document}",
                                                "GET /beta/{document}",
                                                "HEAD /beta/{document}",
                                                "$default")
                                        .contains(route.routeKey())));
    }

    @Test
    void preflight_to_any_route_needs_no_token() {
        for (var route : DEPLOYMENT.routes()) {
            if (route.routeKey().equals("$default")) {
                continue;
            }
            var path = route.path().replaceAll("\\{[^}]+}", "x");

            assertThat(DEPLOYMENT.match("OPTIONS", path))
                    .as(path)
                    .hasValueSatisfying(match ->
                            assertThat(match.route().authorized()).as(path).isFalse());
        }
    }

    /** A page can send and read only the listed headers. */
    @Test
    void cors_allows_every_documented_header() {
        var description = ApiDescription.read().document();
        var sent = new TreeSet<String>();
        description.findParents("in").forEach(parameter -> {
            if (parameter.path("in").asText().equals("header")) {
                sent.add(parameter.path("name").asText());
            }
        });
        var read = new TreeSet<String>();
        description
                .findValues("responses")
                .forEach(responses -> responses.forEach(response -> read.addAll(names(response.path("headers")))));
        // Pages may always read this one.
        read.remove("Cache-Control");
        var cors = DEPLOYMENT.cors();

        assertThat(cors.allowOrigins()).containsExactly("https://desk.example.com");
        assertThat(cors.allowCredentials()).isFalse();
        assertThat(sent).isNotEmpty();
        assertThat(cors.allowHeaders()).containsAll(sent).contains("Authorization", "Content-Type");
        assertThat(read).isNotEmpty();
        assertThat(cors.exposeHeaders()).containsAll(read);
        assertThat(cors.allowMethods())
                .containsAll(DEPLOYMENT.routes().stream()
                        .map(HttpRoute::method)
                        .filter(method -> !Set.of(HttpRoute.ANY, "OPTIONS").contains(method))
                        .toList());
    }

    // ── Tables ────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("tables")
    void table_is_protected_from_deletion_and_outlives_the_stack(String table) {
        var resource = TEMPLATE.resources().path(table);
        var properties = TEMPLATE.properties(table);

        assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Retain");
        assertThat(resource.path("UpdateReplacePolicy").asText()).isEqualTo("Retain");
        assertThat(properties
                        .path("PointInTimeRecoverySpecification")
                        .path("PointInTimeRecoveryEnabled")
                        .asBoolean())
                .isTrue();
        assertThat(properties.path("DeletionProtectionEnabled").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void table_is_billed_per_request_and_has_no_fixed_name(String table) {
        var properties = TEMPLATE.properties(table);

        assertThat(properties.path("BillingMode").asText()).isEqualTo("PAY_PER_REQUEST");
        // Two stacks in one account must not collide.
        assertThat(properties.has("TableName")).isFalse();
    }

    /** Whole items in an index would be written, stored and billed twice. */
    @ParameterizedTest
    @MethodSource("tables")
    void index_does_not_copy_whole_items(String table) {
        assertThat(TEMPLATE.properties(table).path("GlobalSecondaryIndexes"))
                .allSatisfy(index -> assertThat(
                                index.path("Projection").path("ProjectionType").asText())
                        .isIn("KEYS_ONLY", "INCLUDE"));
    }

    // ── Parameters, conditions and outputs ────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("parameters")
    void parameter_is_described_restricted_and_used(String parameter) {
        var declaration = TEMPLATE.parameters().path(parameter);

        assertThat(declaration.path("Description").asText()).hasSizeBetween(20, 4000);
        assertThat(declaration.path("ConstraintDescription").asText()).startsWith(parameter + " must be ");
        assertThat(declaration.has("AllowedPattern")
                        || declaration.has("AllowedValues")
                        || (declaration.has("MinValue") && declaration.has("MaxValue")))
                .as("restricted")
                .isTrue();
        assertThat(referencesIn(TEMPLATE.tree())).contains(parameter);
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void parameter_is_documented(String parameter) throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs/reference/configuration.md"))
                        .lines())
                .filteredOn(line -> line.startsWith("|"))
                .anyMatch(line -> line.contains('`' + parameter + '`'));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void default_is_an_allowed_value(String parameter) {
        var declaration = TEMPLATE.parameters().path(parameter);

        if (declaration.has("Default")) {
            assertThat(TemplateParameters.isAllowed(
                            declaration, declaration.path("Default").asText()))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Issuer        | https://login.microsoftonline.com/1f3b/v2.0            | true
        Issuer        | http://127.0.0.1:3000                                  | true
        Issuer        | http://localhost:3000                                  | true
        Issuer        | http://login.example.com                               | false
        Issuer        | http://localhost.example.com                           | false
        Issuer        | ''                                                     | false
        Issuer        | https://login.example.com?a=b                          | false
        Audience      | switchboard,api://switchboard                          | true
        Audience      | ''                                                     | false
        CorsOrigins   | ''                                                     | true
        CorsOrigins   | https://desk.example.com, http://localhost:5173        | true
        CorsOrigins   | *                                                      | false
        CorsOrigins   | https://*                                              | false
        CorsOrigins   | https://desk.example.com/                              | false
        CorsOrigins   | http://desk.example.com                                | false
        PublicBaseUrl | ''                                                     | true
        PublicBaseUrl | https://switchboard.example.com                        | true
        PublicBaseUrl | https://switchboard.example.com/telephony              | true
        PublicBaseUrl | https://switchboard.example.com/                       | false
        SessionLimit  | 100                                                    | true
        SessionLimit  | 101                                                    | false
        TenantClaim   | https://example.com/tenant                             | true
        TenantClaim   | ''                                                     | false
        FixedTenant   | contoso                                                | true
        ReleaseId     | 1795264123                                             | true
        ReleaseId     | 17952641234                                            | false
        ReleaseId     | v1.2                                                   | false
        LogRetentionDays | 31                                                  | false
        Architecture  | arm                                                    | false
        CanaryType    | Canary10Percent10Minutes                               | true
        CanaryType    | Canary10Percent7Minutes                                | false
        CanaryType    | none                                                   | false
        RecordSourceSecretArn | ''                                             | true
        RecordSourceSecretArn | arn:aws:secretsmanager:us-east-1:123456789012:secret:a/records-AbCdEf | true
        RecordSourceSecretArn | arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:records-AbCdEf | true
        RecordSourceSecretArn | arn:aws:secretsmanager:us-east-1:123456789012:secret:* | false
        RecordSourceSecretArn | records                                        | false
        CallRecordDays | 0                                                     | true
        CallRecordDays | 3650                                                  | true
        CallRecordDays | 3651                                                  | false
        CallRecordDays | -1                                                    | false
        CallRecordMustExist | true                                             | true
        CallRecordMustExist | yes                                              | false
        PrivateNotificationUrls | true                                         | true
        PrivateNotificationUrls | True                                         | false
        PrivateNotificationUrls | ''                                           | false
        AlarmEmail    | ''                                                     | true
        AlarmEmail    | on.call+night@ops.example.com                          | true
        AlarmEmail    | on.call@example                                        | false
        AlarmEmail    | a@example.com,b@example.com                            | false
        ThrottlingRateLimit  | 0                                               | false
        ThrottlingBurstLimit | 50001                                           | false
        """)
    void parameter_accepts_valid_values_and_rejects_values_that_would_fail_later(
            String parameter, String value, boolean allowed) {
        assertThat(TemplateParameters.isAllowed(TEMPLATE.parameters().path(parameter), value))
                .isEqualTo(allowed);
    }

    /** A nested template is used several times. Each of its conditions must be true in one use and false in another. */
    @Test
    void condition_is_used_and_can_be_true_and_false() {
        var outcomes = new TreeMap<String, Set<Boolean>>();
        var used = conditionsUsed();
        var places = conditionsByLocation();
        assertThat(places.keySet()).isEqualTo(conditions());
        for (var values : allowedValues(referencesIn(TEMPLATE.conditions()))) {
            var intrinsics = new Intrinsics(
                    TemplateParameters.of(TEMPLATE.parameters(), values), TEMPLATE.conditions(), TEMPLATE.resources());
            places.forEach((condition, place) ->
                    outcomes.computeIfAbsent(place, any -> new HashSet<>()).add(intrinsics.holds(condition)));
        }

        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy((place, held) -> assertThat(held).as(place).containsExactlyInAnyOrder(true, false));
        assertThat(used).containsAll(conditions());
    }

    /** Returns the file and the name of each condition's declaration. */
    private static Map<String, String> conditionsByLocation() {
        var root = TemplateYaml.read(FILE);
        var places = new HashMap<String, String>();
        names(root.path("Conditions")).forEach(name -> places.put(name, name));
        root.path("Resources").properties().forEach(resource -> {
            var file =
                    resource.getValue().path("Properties").path("TemplateURL").asText();
            if (!file.isEmpty()) {
                names(TemplateYaml.read(FILE.resolveSibling(file)).path("Conditions"))
                        .forEach(name -> places.put(resource.getKey() + name, file + ": " + name));
            }
        });
        return places;
    }

    @Test
    void two_stacks_in_one_account_do_not_collide() {
        var names = new ArrayList<String>();
        TEMPLATE.resources().properties().stream()
                // A channel namespace belongs to an API.
                .filter(resource -> !resource.getValue().path("Type").asText().equals(SamTemplate.PUSH_CHANNELS))
                .forEach(resource -> TEMPLATE.properties(resource.getKey())
                        .properties()
                        .forEach(property -> {
                            // A metric name does not identify a resource. Its dimension distinguishes stacks.
                            if (property.getKey().matches("(?!Metric|Function)[A-Z][A-Za-z]*Name|Name")
                                    && !property.getValue().has("Ref")) {
                                names.add(property.getValue().toString());
                            }
                        }));

        assertThat(names).hasSizeGreaterThan(tables().size()).allMatch(name -> name.contains("AWS::StackName"));
        // Dashboards belong to an account, not to a region.
        assertThat(TEMPLATE.properties("Dashboard").path("DashboardName").toString())
                .contains("AWS::StackName", "${AWS::Region}");
    }

    @Test
    void taggable_resources_have_tags_for_the_application_and_the_stack() {
        var asMap = "{\"application\":\"switchboard\",\"stack\":{\"Ref\":\"AWS::StackName\"}}";
        var asList = "[{\"Key\":\"application\",\"Value\":\"switchboard\"},"
                + "{\"Key\":\"stack\",\"Value\":{\"Ref\":\"AWS::StackName\"}}]";
        TEMPLATE.resources().properties().forEach(resource -> {
            var tags = TEMPLATE.properties(resource.getKey()).path("Tags");
            switch (resource.getValue().path("Type").asText()) {
                case SamTemplate.FUNCTION, SamTemplate.HTTP_API ->
                    assertThat(tags).as(resource.getKey()).hasToString(asMap);
                case SamTemplate.LOG_GROUP,
                        SamTemplate.TABLE,
                        SamTemplate.EVENT_SOURCE_MAPPING,
                        SamTemplate.QUEUE,
                        SamTemplate.PUSH_API,
                        SamTemplate.PUSH_CHANNELS,
                        BUS,
                        "AWS::SNS::Topic" ->
                    assertThat(tags).as(resource.getKey()).hasToString(asList);
                default ->
                    assertThat(tags.isMissingNode()).as(resource.getKey()).isTrue();
            }
        });
        assertThat(TEMPLATE.tree()
                        .path("Globals")
                        .path("Function")
                        .path("PropagateTags")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void each_stage_has_a_section_and_its_own_stack_without_parameter_overrides() throws IOException {
        var settings = Files.readString(ROOT.resolve("samconfig.toml"));

        assertThat(sections(settings)).contains("default.deploy", "prod.deploy", "local.local_start_api");
        var stackNames = new HashSet<String>();
        for (var stage : List.of("default", "prod")) {
            var deploy = section(settings, stage + ".deploy");
            // The ReleaseId that each deployment passes would replace overrides set here.
            assertThat(deploy).doesNotContain("parameter_overrides").contains("stage=" + stage, "resolve_s3 = true");
            stackNames.addAll(
                    deploy.lines().filter(line -> line.startsWith("stack_name")).toList());
        }
        assertThat(stackNames).hasSize(2);
    }

    @Test
    void documented_deployment_to_production_has_a_canary() {
        var command = DocumentationPage.read("docs/how-to/deploy.md")
                .commands("sam deploy --config-env prod ")
                .getFirst();
        var named =
                Pattern.compile("([A-Za-z]+)=(\\S+)").matcher(command).results().toList();

        assertThat(named).extracting(parameter -> parameter.group(1)).isSubsetOf(parameters());
        assertThat(named)
                .filteredOn(parameter -> parameter.group(1).equals("CanaryType"))
                .hasSize(1)
                .allSatisfy(parameter -> assertThat(parameter.group(2)).isNotEqualTo("None"))
                .allSatisfy(parameter -> assertThat(TemplateParameters.isAllowed(
                                TEMPLATE.parameters().path("CanaryType"), parameter.group(2)))
                        .isTrue());
    }

    private static List<String> sections(String settings) {
        return Pattern.compile("^\\[(.+)\\.parameters]$", Pattern.MULTILINE)
                .matcher(settings)
                .results()
                .map(section -> section.group(1))
                .toList();
    }

    private static String section(String settings, String name) {
        var from = settings.substring(settings.indexOf('[' + name + ".parameters]"));
        var end = from.indexOf("\n\n");
        return end < 0 ? from : from.substring(0, end);
    }

    @Test
    void each_output_is_described() {
        assertThat(TEMPLATE.tree().path("Outputs"))
                .isNotEmpty()
                .allSatisfy(output ->
                        assertThat(output.path("Description").asText()).isNotBlank());
    }

    /** Returns every combination of some allowed values of these parameters. Other parameters keep their defaults. */
    private static List<Map<String, String>> allowedValues(Set<String> names) {
        List<Map<String, String>> combinations = List.of(REQUIRED);
        for (var name : names) {
            var declaration = TEMPLATE.parameters().path(name);
            var candidates = new LinkedHashSet<String>(
                    List.of("", "https://example.com", "night@example.com", "text", "1", "0", SECRET));
            candidates.add(declaration.path("Default").asText());
            declaration.path("AllowedValues").forEach(value -> candidates.add(value.asText()));
            var extended = new ArrayList<Map<String, String>>();
            for (var combination : combinations) {
                for (var candidate : candidates) {
                    if (TemplateParameters.isAllowed(declaration, candidate)) {
                        var values = new HashMap<>(combination);
                        values.put(name, candidate);
                        extended.add(values);
                    }
                }
            }
            combinations = extended;
        }
        return combinations;
    }

    private static Set<String> conditionsUsed() {
        var used = new TreeSet<String>();
        TEMPLATE.tree()
                .findValues("Fn::If")
                .forEach(branch -> used.add(branch.path(0).asText()));
        TEMPLATE.tree().findValues("Condition").forEach(condition -> used.add(condition.asText()));
        return used;
    }

    private static Set<String> referencesIn(JsonNode node) {
        var references = new TreeSet<String>();
        node.findValues("Ref").forEach(reference -> references.add(reference.asText()));
        var placeholder = Pattern.compile("\\$\\{([A-Za-z]+)}");
        textsIn(node)
                .forEach(
                        text -> placeholder.matcher(text).results().forEach(result -> references.add(result.group(1))));
        references.retainAll(parameters());
        return references;
    }

    private static List<String> textsIn(JsonNode node) {
        if (node.isTextual()) {
            return List.of(node.asText());
        }
        var texts = new ArrayList<String>();
        node.forEach(child -> texts.addAll(textsIn(child)));
        return texts;
    }

    private static List<String> functionsWhose(String property, String member, String reference) {
        return functions().stream()
                .filter(function -> TEMPLATE.properties(function)
                        .path(property)
                        .path(member)
                        .path("Ref")
                        .asText()
                        .equals(reference))
                .toList();
    }

    private static Set<String> names(JsonNode node) {
        var names = new LinkedHashSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
