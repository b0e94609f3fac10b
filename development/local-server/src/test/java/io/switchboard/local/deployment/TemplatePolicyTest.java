package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.local.openapi.ApiDescription;
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

/** The rules of the house for everything that is deployed: the template and all its nested templates. */
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
    void a_function_has_its_own_log_group_with_retention(String function) {
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
    void a_function_runs_on_java_25_from_a_snapshot_behind_an_alias_that_each_release_moves(String function) {
        var properties = TEMPLATE.properties(function);

        assertThat(properties.path("Runtime").asText()).isEqualTo("java25");
        assertThat(properties.path("Architectures").path(0).path("Ref").asText())
                .isEqualTo("Architecture");
        assertThat(properties.path("SnapStart").path("ApplyOn").asText()).isEqualTo("PublishedVersions");
        assertThat(properties.path("AutoPublishAlias").asText()).isEqualTo("live");
        assertThat(properties.path("Tracing").asText()).isEqualTo("Active");
        // A plain Ref: SAM refuses Sub and Join here.
        assertThat(properties.path("AutoPublishCodeSha256")).hasToString("{\"Ref\":\"ReleaseId\"}");
        assertThat(TEMPLATE.parameters().path("ReleaseId").has("Default")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void a_function_is_a_zip_that_sam_leaves_alone_and_a_handler_with_its_method(String function) {
        var properties = TEMPLATE.properties(function);

        assertThat(properties.path("CodeUri").asText()).matches("functions/([a-z-]+)/target/\\1\\.zip");
        assertThat(properties.path("Handler").asText()).matches("io(\\.[a-z]+)+\\." + function + "::handleRequest");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void a_function_has_statements_of_its_own_for_single_actions_on_single_resources_of_the_stack(String function) {
        var policies = TEMPLATE.properties(function).path("Policies");
        var statements = new ArrayList<JsonNode>();
        policies.forEach(policy -> policy.path("Statement").forEach(statements::add));

        assertThat(statements).isNotEmpty();
        for (var statement : statements) {
            if (statement.has("Fn::If")) {
                // Nothing but the record source's secret, and only where there is one.
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
            if (statement.path("Resource").has("Fn::Sub")) {
                // An index has no attribute of its own; it is only read.
                assertThat(statement.path("Action")).hasToString("[\"dynamodb:Query\"]");
                assertThat(indexes())
                        .contains(statement.path("Resource").path("Fn::Sub").asText());
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

    /** As statements name them. */
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
    void a_function_knows_only_tables_it_may_use(String function) {
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

    /** Some it may use without knowing them: Lambda reads and writes in its name. */
    @ParameterizedTest
    @MethodSource("functions")
    void a_function_knows_only_queues_it_may_use(String function) {
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
    void nothing_in_the_template_is_open_to_all() {
        assertThat(textsIn(TEMPLATE.resources()))
                .noneMatch(text -> text.equals("*") || text.endsWith(":*") || text.endsWith("/*"));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void no_parameter_can_switch_on_a_local_identity_another_database_another_bus_or_other_queues(String function) {
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
    void a_function_has_a_table_of_events(String function) throws IOException {
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
    void a_function_is_invoked_by_routes_or_by_a_stream_or_a_queue() {
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
        "MODIFY, SUBSCRIPTION#b, false",
        "INSERT, RECORDS, false"
    })
    void changes_of_call_records_and_of_what_is_staged_invoke_the_function_that_notifies_and_no_others_do(
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
                    assertThat(stream.takes(record)).isEqualTo(isTaken);
                });
    }

    /** The alias, or a release would not reach it; the oldest change first, or those made while it was first deployed were lost. */
    @Test
    void a_stream_is_read_from_its_beginning_by_the_live_version_until_what_fails_ends_in_an_encrypted_queue() {
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
            // Set aside before the stream, which keeps a day, has lost it.
            assertThat(properties.path("MaximumRecordAgeInSeconds").asInt()).isBetween(3_600, 43_200);
            assertKeepsWhatIsSetAside(queue.path(0).asText());
        }
    }

    /** Its ARN alone does not make CloudFormation wait for the alias. */
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

    /** As long as AWS lets it. */
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
    void a_queue_is_encrypted() {
        assertThat(TEMPLATE.resourcesOfType(SamTemplate.QUEUE))
                .isNotEmpty()
                .allSatisfy(queue -> assertThat(TEMPLATE.properties(queue)
                                .path("SqsManagedSseEnabled")
                                .asBoolean())
                        .as(queue)
                        .isTrue());
    }

    @Test
    void a_queue_is_read_by_the_live_version_and_not_by_all_of_the_accounts_concurrency() {
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

    /** Lambda demands the function's time, and AWS recommends six times that: a message must not come twice at once. */
    @Test
    void a_message_comes_again_only_after_its_function_has_surely_ended_and_is_set_aside_before_it_is_lost() {
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
            // A message keeps its age when it is set aside.
            assertThat(TEMPLATE.properties(queue.logicalId())
                            .path("MessageRetentionPeriod")
                            .asInt())
                    .isEqualTo(4 * 86_400);
        }
    }

    /** As Graph does: {@code graph-callrecords.md} §D.2. */
    @Test
    void a_notification_is_tried_for_some_four_hours() {
        int attempts = DEPLOYMENT.queues().stream()
                .filter(queue -> queue.logicalId().equals("Notifications"))
                .findFirst()
                .flatMap(MessageQueue::redrive)
                .orElseThrow()
                .maxReceiveCount();
        long seconds = 0;
        // After the last one nothing is waited for.
        for (int attempt = 1; attempt < attempts; attempt++) {
            seconds += Math.min(10L << (attempt - 1), 1_800);
        }

        assertThat(Duration.ofSeconds(seconds)).isBetween(Duration.ofMinutes(210), Duration.ofMinutes(270));
        assertThat(requireNonNull(DEPLOYMENT.functions().get("SendNotifications"))
                        .environment())
                .containsEntry("NOTIFICATION_ATTEMPTS", Integer.toString(attempts));
    }

    /** Longer than a request lives, or what it puts under an ended generation would escape the sweep. */
    @Test
    void a_sweep_waits_until_no_request_is_left_that_saw_the_generation() {
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
    void subscribers_are_public_and_behind_https_unless_a_stack_says_otherwise(String function) {
        var given = new HashMap<>(REQUIRED);
        given.put("PrivateNotificationUrls", "true");

        assertThat(requireNonNull(DEPLOYMENT.functions().get(function)).environment())
                .containsEntry("PRIVATE_NOTIFICATION_URLS", "false");
        assertThat(requireNonNull(Deployment.read(FILE, given).functions().get(function))
                        .environment())
                .containsEntry("PRIVATE_NOTIFICATION_URLS", "true");
    }

    @Test
    void a_bus_is_named_by_its_stack_and_a_queue_by_aws() {
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
    void no_two_routes_are_the_same() {
        assertThat(DEPLOYMENT.routes()).extracting(HttpRoute::routeKey).doesNotHaveDuplicates();
    }

    /** SAM's start-api gives a request that two routes of one path could take to either at random. */
    @Test
    void an_any_route_shares_its_path_with_no_other_functions_route() {
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
    void head_comes_in_by_the_same_kind_of_route_as_get() {
        assertThat(DEPLOYMENT.routes())
                .filteredOn(route -> route.method().equals("GET"))
                .isNotEmpty()
                .allSatisfy(get -> assertThat(DEPLOYMENT.routes())
                        .contains(new HttpRoute("HEAD", get.path(), get.authorized(), get.function())));
    }

    @Test
    void only_preflights_the_openapi_document_and_what_no_route_takes_go_without_a_token() {
        assertThat(DEPLOYMENT.routes())
                .allSatisfy(route -> assertThat(route.authorized())
                        .as(route.routeKey())
                        .isEqualTo(!route.method().equals("OPTIONS")
                                && !Set.of("GET /openapi.json", "HEAD /openapi.json", "$default")
                                        .contains(route.routeKey())));
    }

    @Test
    void a_preflight_to_any_route_needs_no_token() {
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

    /** A page can send and read only headers that are listed. */
    @Test
    void cors_lets_a_page_send_and_read_every_header_that_the_api_describes() {
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
    void a_table_survives_mistakes_and_the_stack(String table) {
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
    void a_table_is_paid_by_request_and_has_no_fixed_name(String table) {
        var properties = TEMPLATE.properties(table);

        assertThat(properties.path("BillingMode").asText()).isEqualTo("PAY_PER_REQUEST");
        // Two stacks in one account must not meet.
        assertThat(properties.has("TableName")).isFalse();
    }

    /** A copy of whole items would be written, stored and paid for twice. */
    @ParameterizedTest
    @MethodSource("tables")
    void an_index_does_not_copy_whole_items(String table) {
        assertThat(TEMPLATE.properties(table).path("GlobalSecondaryIndexes"))
                .allSatisfy(index -> assertThat(
                                index.path("Projection").path("ProjectionType").asText())
                        .isIn("KEYS_ONLY", "INCLUDE"));
    }

    // ── TemplateParameters, conditions, outputs ───────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("parameters")
    void a_parameter_is_described_restricted_and_used(String parameter) {
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
    void a_parameter_is_documented(String parameter) throws IOException {
        var readme = Files.readString(ROOT.resolve("README.md"));
        var configuration = readme.substring(readme.indexOf("\n## Configuration\n"));

        assertThat(configuration.substring(0, configuration.indexOf("\n## ", 1)).lines())
                .filteredOn(line -> line.startsWith("|"))
                .anyMatch(line -> line.contains('`' + parameter + '`'));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void a_default_is_allowed(String parameter) {
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
    void a_parameter_takes_what_works_and_refuses_what_would_fail_later(
            String parameter, String value, boolean allowed) {
        assertThat(TemplateParameters.isAllowed(TEMPLATE.parameters().path(parameter), value))
                .isEqualTo(allowed);
    }

    /** A nested template is used several times: each of its conditions must be both in one of them or another. */
    @Test
    void a_condition_is_used_and_can_be_true_and_false() {
        var outcomes = new TreeMap<String, Set<Boolean>>();
        var used = conditionsUsed();
        var places = conditionsByPlace();
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

    /** By each condition of the deployment, where it is declared: in which file, by what name. */
    private static Map<String, String> conditionsByPlace() {
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
    void two_stacks_in_one_account_do_not_meet() {
        var names = new ArrayList<String>();
        TEMPLATE.resources()
                .properties()
                .forEach(resource -> TEMPLATE.properties(resource.getKey())
                        .properties()
                        .forEach(property -> {
                            // The name of a metric is not one of a resource; the dimension beside it tells stacks
                            // apart.
                            if (property.getKey().matches("(?!Metric|Function)[A-Z][A-Za-z]*Name|Name")
                                    && !property.getValue().has("Ref")) {
                                names.add(property.getValue().toString());
                            }
                        }));

        assertThat(names).hasSizeGreaterThan(tables().size()).allMatch(name -> name.contains("AWS::StackName"));
        // Dashboards are the account's, not a region's.
        assertThat(TEMPLATE.properties("Dashboard").path("DashboardName").toString())
                .contains("AWS::StackName", "${AWS::Region}");
    }

    @Test
    void what_can_carry_tags_says_which_application_and_stack_it_is_of() {
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
    void each_stage_has_a_section_and_its_own_stack_and_fixes_no_parameter_of_a_deployment() throws IOException {
        var settings = Files.readString(ROOT.resolve("samconfig.toml"));

        assertThat(sections(settings)).contains("default.deploy", "prod.deploy", "local.local_start_api");
        var stackNames = new HashSet<String>();
        for (var stage : List.of("default", "prod")) {
            var deploy = section(settings, stage + ".deploy");
            // What stood here would be put aside by the ReleaseId that each deployment names.
            assertThat(deploy).doesNotContain("parameter_overrides").contains("stage=" + stage, "resolve_s3 = true");
            stackNames.addAll(
                    deploy.lines().filter(line -> line.startsWith("stack_name")).toList());
        }
        assertThat(stackNames).hasSize(2);
    }

    @Test
    void production_is_deployed_behind_a_canary_by_the_readme() throws IOException {
        var command = Files.readString(ROOT.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("sam deploy") && line.contains("--config-env prod"))
                .findFirst()
                .orElseThrow();
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

    /** Every combination of some allowed values of these parameters; the others keep what they have. */
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
