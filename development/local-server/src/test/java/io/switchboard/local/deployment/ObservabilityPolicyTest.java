package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.runtime.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house's rules for what watches the deployed system: access log, alarms, canary, dashboard. */
class ObservabilityPolicyTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final Template TEMPLATE = Template.read(ROOT.resolve("template.yaml"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String ALARM = "AWS::CloudWatch::Alarm";
    private static final String DASHBOARD = "AWS::CloudWatch::Dashboard";
    private static final String METRIC_FILTER = "AWS::Logs::MetricFilter";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern CONTEXT_VARIABLE = Pattern.compile("\\$context\\.([A-Za-z.]+)");

    /** What CloudWatch has of each service, by the one dimension that names a resource of this type. */
    private static final Map<String, Set<String>> LAMBDA = Map.of(
            "FunctionName",
            Set.of("Errors", "Throttles", "Duration", "Invocations", "ConcurrentExecutions", "IteratorAge"));

    private static final Map<String, Set<String>> API_GATEWAY =
            Map.of("ApiId", Set.of("4xx", "5xx", "Count", "Latency", "IntegrationLatency"));
    // ThrottledRequests and SystemErrors are not here: DynamoDB keeps those by table and operation only.
    private static final Map<String, Set<String>> DYNAMO_DB = Map.of(
            "TableName",
            Set.of(
                    "ReadThrottleEvents",
                    "WriteThrottleEvents",
                    "ConditionalCheckFailedRequests",
                    "TransactionConflict",
                    "ConsumedReadCapacityUnits",
                    "ConsumedWriteCapacityUnits"));
    /** Of an index beside its table. */
    private static final Set<String> INDEX = Set.of(
            "ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits");

    private static final Map<String, Map<String, Set<String>>> METRICS = Map.of(
            "AWS/Lambda", LAMBDA,
            "AWS/ApiGateway", API_GATEWAY,
            "AWS/DynamoDB", DYNAMO_DB,
            "AWS/SQS",
                    Map.of("QueueName", Set.of("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage")),
            "Switchboard", Map.of("FunctionName", ownMetrics(), "ApiId", filteredMetrics()));
    private static final Map<String, String> TYPES = Map.of(
            "FunctionName", Template.FUNCTION,
            "ApiId", Template.HTTP_API,
            "TableName", Template.TABLE,
            "QueueName", Template.QUEUE);

    static List<String> functions() {
        return TEMPLATE.resourcesOfType(Template.FUNCTION);
    }

    static List<String> tables() {
        return TEMPLATE.resourcesOfType(Template.TABLE);
    }

    static List<String> alarms() {
        return TEMPLATE.resourcesOfType(ALARM);
    }

    // ── The stage ─────────────────────────────────────────────────────────────────

    @Test
    void the_stage_is_throttled_by_parameters_and_not_measured_route_by_route_which_costs_by_the_route() {
        assertThat(TEMPLATE.properties("Api").path("DefaultRouteSettings"))
                .hasToString("{\"ThrottlingRateLimit\":{\"Ref\":\"ThrottlingRateLimit\"},"
                        + "\"ThrottlingBurstLimit\":{\"Ref\":\"ThrottlingBurstLimit\"}}");
    }

    @Test
    void the_access_log_is_one_line_of_json_that_holds_nothing_personal() throws IOException {
        var format = accessLogFormat();

        assertThat(format).doesNotContain("\n");
        assertThat(JSON.readTree(format))
                .isNotEmpty()
                .allSatisfy(member -> assertThat(member.isTextual())
                        .as("a text, because API Gateway writes - where there is no value")
                        .isTrue());
        assertThat(CONTEXT_VARIABLE.matcher(format).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrder(
                        "requestTime",
                        "requestId",
                        "apiId",
                        "stage",
                        "httpMethod",
                        "routeKey",
                        "status",
                        "responseLength",
                        "responseLatency",
                        "integration.integrationStatus",
                        "integration.latency",
                        "integration.requestId",
                        "integration.error",
                        "authorizer.error",
                        "error.responseType",
                        "identity.userAgent");
    }

    @Test
    void the_access_log_has_a_log_group_of_its_own_with_retention() {
        var destination = TEMPLATE.properties("Api")
                .path("AccessLogSettings")
                .path("DestinationArn")
                .path("Fn::GetAtt");
        var logGroup = destination.path(0).asText();

        assertThat(destination.path(1).asText()).isEqualTo("Arn");
        assertThat(TEMPLATE.resourcesOfType(Template.LOG_GROUP)).contains(logGroup);
        assertThat(functions()).noneMatch(function -> logGroup.equals(function + "Logs"));
        assertThat(TEMPLATE.properties(logGroup).path("RetentionInDays")).hasToString("{\"Ref\":\"LogRetentionDays\"}");
    }

    @Test
    void requests_that_the_stage_throttles_are_counted_out_of_the_access_log() throws IOException {
        var filter = TEMPLATE.properties("ApiThrottlesMetric");
        var transformation = filter.path("MetricTransformations").path(0);
        var logged = JSON.readTree(accessLogFormat());

        assertThat(filter.path("LogGroupName")).hasToString("{\"Ref\":\"ApiAccessLogs\"}");
        assertThat(filter.path("FilterPattern").asText())
                .isEqualTo("{ ($.status = \"429\") && ($.integrationStatus = \"-\") }");
        assertThat(logged.has("status") && logged.has("integrationStatus")).isTrue();
        assertThat(transformation.path("Dimensions")).hasToString("[{\"Key\":\"ApiId\",\"Value\":\"$.apiId\"}]");
        assertThat(logged.path("apiId").asText()).isEqualTo("$context.apiId");
    }

    // ── Alarms ────────────────────────────────────────────────────────────────────

    @Test
    void there_are_alarms_for_each_function_each_table_each_queue_and_the_api() {
        var expected = new ArrayList<>(List.of("ApiServerErrors", "ApiLatency", "ApiThrottles"));
        functions().forEach(function -> expected.addAll(alarmsOf(function)));
        tables().forEach(table -> expected.add(table + "Throttles"));
        TEMPLATE.resourcesOfType(Template.QUEUE).stream()
                .filter(queue -> functions().stream()
                        .noneMatch(function ->
                                queueOf(function).filter(queue::equals).isPresent()))
                .forEach(queue -> expected.add(queue + "Visible"));

        assertThat(alarms()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void an_alarm_watches_metrics_that_cloudwatch_has_by_their_dimension(String alarm) {
        var properties = TEMPLATE.properties(alarm);
        var watched = new ArrayList<JsonNode>();
        if (properties.has("MetricName")) {
            watched.add(properties);
        }
        properties.path("Metrics").forEach(metric -> {
            if (metric.has("MetricStat")) {
                watched.add(metric.path("MetricStat").path("Metric"));
            }
        });

        assertThat(watched).isNotEmpty();
        for (var metric : watched) {
            var dimension = metric.path("Dimensions").path(0);
            if (metric.path("Dimensions").size() > 1) {
                assertThat(metric.path("Dimensions")).hasSize(2);
                var index = metric.path("Dimensions").path(1);
                assertIndex(
                        metric.path("MetricName").asText(),
                        resource(dimension.path("Value")),
                        index.path("Name").asText(),
                        index.path("Value").asText());
            }
            assertKnown(
                    metric.path("Namespace").asText(),
                    metric.path("MetricName").asText(),
                    dimension.path("Name").asText(),
                    resource(dimension.path("Value")));
            if (alarm.equals("ApiLatency") && functions().contains(resource(dimension.path("Value")))) {
                // Its time is subtracted, and only requests of the API may be.
                assertThat(mappingOf(resource(dimension.path("Value")))).isEmpty();
            } else {
                assertThat(alarm).startsWith(resource(dimension.path("Value")));
            }
        }
    }

    /** A queue is its URL to Ref, and its name to CloudWatch. */
    private static String resource(JsonNode value) {
        var queue = value.path("Fn::GetAtt");
        assertThat(queue.path(1).asText("QueueName")).isEqualTo("QueueName");
        return queue.isMissingNode()
                ? value.path("Ref").asText()
                : queue.path(0).asText();
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void an_alarm_on_several_metrics_judges_one_expression_of_them(String alarm) {
        var metrics = TEMPLATE.properties(alarm).path("Metrics");
        var ids = new TreeSet<String>();
        var expressions = new ArrayList<String>();
        metrics.forEach(metric -> {
            if (metric.has("Expression")) {
                expressions.add(metric.path("Expression").asText());
            } else {
                ids.add(metric.path("Id").asText());
                assertThat(metric.path("ReturnData").asBoolean(true)).isFalse();
            }
        });

        if (!metrics.isMissingNode()) {
            assertThat(expressions).hasSize(1);
            var used = Pattern.compile("[a-z]+").matcher(expressions.getFirst()).results();
            assertThat(used.map(MatchResult::group).distinct()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void an_alarm_is_named_by_its_stack_calls_whoever_wants_to_be_called_and_takes_silence_for_peace(String alarm) {
        var properties = TEMPLATE.properties(alarm);
        var actions = "{\"Fn::If\":[\"HasAlarmEmail\",[{\"Ref\":\"AlarmTopic\"}],{\"Ref\":\"AWS::NoValue\"}]}";

        assertThat(properties.path("AlarmName")).hasToString(substituted("${AWS::StackName}-" + alarm));
        assertThat(properties.path("AlarmActions")).hasToString(actions);
        assertThat(properties.path("OKActions")).hasToString(actions);
        assertThat(properties.path("TreatMissingData").asText()).isEqualTo("notBreaching");
        assertThat(properties.path("DatapointsToAlarm").asInt())
                .isBetween(1, properties.path("EvaluationPeriods").asInt());
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void an_alarm_says_where_to_read_what_to_do_first_and_there_it_stands(String alarm) throws IOException {
        assertThat(TEMPLATE.properties(alarm).path("AlarmDescription").asText())
                .endsWith("What to do first: docs/operations.md, " + alarm)
                .hasSizeLessThan(1024);
        assertThat(Files.readString(ROOT.resolve("docs/operations.md")).lines())
                .anyMatch(line -> line.matches("#+ .*\\b" + alarm + "\\b.*"));
    }

    @Test
    void the_guide_has_no_heading_for_an_alarm_that_is_gone() throws IOException {
        var guide = Files.readString(ROOT.resolve("docs/operations.md"));
        var named = Pattern.compile("^#+ .*$", Pattern.MULTILINE)
                .matcher(guide)
                .results()
                .flatMap(heading -> Pattern.compile(
                                "\\w+(Errors|Throttles|Duration|RequestsFailed|Latency|Age|Visible)\\b")
                        .matcher(heading.group())
                        .results())
                .map(MatchResult::group);

        assertThat(named).isNotEmpty().isSubsetOf(alarms());
    }

    @Test
    void the_topic_is_there_only_for_an_address() {
        var topic = TEMPLATE.resources().path("AlarmTopic");

        assertThat(topic.path("Condition").asText()).isEqualTo("HasAlarmEmail");
        assertThat(topic.path("Properties").path("Subscription"))
                .hasToString("[{\"Protocol\":\"email\",\"Endpoint\":{\"Ref\":\"AlarmEmail\"}}]");
    }

    // ── Latency ───────────────────────────────────────────────────────────────────

    /** A row of the guide's table of limits: function, milliseconds, metric. */
    private static final Pattern LIMIT =
            Pattern.compile("^\\| (\\w+) \\| (\\d+) \\| (ServiceLatency|Duration) \\|", Pattern.MULTILINE);

    private static Map<String, MatchResult> limits() throws IOException {
        var limits = new LinkedHashMap<String, MatchResult>();
        LIMIT.matcher(Files.readString(ROOT.resolve("docs/operations.md")))
                .results()
                .forEach(row -> limits.put(row.group(1), row));
        return limits;
    }

    @Test
    void the_guide_has_a_limit_of_latency_for_each_function() throws IOException {
        assertThat(limits().keySet()).containsExactlyInAnyOrderElementsOf(functions());
    }

    @ParameterizedTest
    @MethodSource("functions")
    void alarm_on_latency_has_the_limit_of_the_guide_and_counts_no_time_of_third_parties(String function)
            throws IOException {
        var alarm = TEMPLATE.properties(function + "Duration");
        var limit = Objects.requireNonNull(limits().get(function), function);

        assertThat(alarm.path("Threshold").asText()).isEqualTo(limit.group(2));
        assertThat(alarm.path("ComparisonOperator").asText()).isEqualTo("GreaterThanThreshold");
        assertThat(limit.group(3)).isEqualTo(mappingOf(function).isEmpty() ? "ServiceLatency" : "Duration");
        if (mappingOf(function).isEmpty()) {
            assertThat(alarm.path("Metrics").findValuesAsText("MetricName"))
                    .containsExactly("ServiceLatency", "ServiceLatency");
            assertThat(alarm.path("Metrics").findValuesAsText("Stat")).containsExactly("p99", "SampleCount");
        } else {
            assertThat(alarm.path("MetricName").asText()).isEqualTo("Duration");
            assertThat(alarm.path("ExtendedStatistic").asText()).isEqualTo("p99");
        }
    }

    @Test
    void alarms_on_latency_behind_the_api_need_twenty_requests_in_a_minute() throws IOException {
        var guide = Files.readString(ROOT.resolve("docs/operations.md"));
        assertThat(guide).contains("A minute with fewer than twenty requests does not count");
        var alarms = new ArrayList<>(List.of("ApiLatency"));
        functions().stream()
                .filter(function -> mappingOf(function).isEmpty())
                .forEach(function -> alarms.add(function + "Duration"));

        assertThat(alarms)
                .hasSizeGreaterThan(1)
                .allSatisfy(alarm -> assertThat(TEMPLATE.properties(alarm)
                                .path("Metrics")
                                .path(0)
                                .path("Expression")
                                .asText())
                        .matches("IF\\(requests >= 20, .*, 0\\)"));
    }

    @Test
    void time_outside_of_the_functions_is_all_time_less_that_of_each_function_behind_the_api() throws IOException {
        var alarm = TEMPLATE.properties("ApiLatency");
        var subtracted = new ArrayList<String>();
        alarm.path("Metrics").forEach(metric -> {
            var watched = metric.path("MetricStat").path("Metric");
            if (watched.path("MetricName").asText().equals("Duration")) {
                subtracted.add(resource(watched.path("Dimensions").path(0).path("Value")));
                assertThat(alarm.path("Metrics").path(0).path("Expression").asText())
                        .contains(" - FILL(" + metric.path("Id").asText() + ", 0)");
            }
        });

        assertThat(subtracted)
                .containsExactlyInAnyOrderElementsOf(functions().stream()
                        .filter(function -> mappingOf(function).isEmpty())
                        .toList());
        assertThat(alarm.path("Threshold").asInt()).isEqualTo(1_000);
        assertThat(Files.readString(ROOT.resolve("docs/operations.md")))
                .contains("requests spent more than a second outside of the functions");
    }

    // ── Canary ────────────────────────────────────────────────────────────────────

    @Test
    void code_deploy_is_there_for_every_canary_type_but_none() {
        var preference = TEMPLATE.tree().path("Globals").path("Function").path("DeploymentPreference");
        var canaryType = TEMPLATE.parameters().path("CanaryType");
        var enabled = new LinkedHashMap<String, String>();
        TEMPLATE.tree()
                .path("Mappings")
                .path("DeploymentPreference")
                .properties()
                .forEach(entry -> enabled.put(
                        entry.getKey(), entry.getValue().path("Enabled").asText()));
        var allowed = new ArrayList<String>();
        canaryType.path("AllowedValues").forEach(value -> allowed.add(value.asText()));

        // SAM resolves no other intrinsic here than Ref to a parameter and FindInMap.
        assertThat(preference)
                .hasToString("{\"Enabled\":{\"Fn::FindInMap\":[\"DeploymentPreference\",{\"Ref\":\"CanaryType\"},"
                        + "\"Enabled\"]},\"Type\":{\"Ref\":\"CanaryType\"}}");
        assertThat(enabled.keySet()).containsExactlyElementsOf(allowed);
        assertThat(enabled)
                .allSatisfy((type, value) -> assertThat(value).isEqualTo(type.equals("None") ? "false" : "true"));
        assertThat(canaryType.path("Default").asText()).isEqualTo("None");
        assertThat(canaryType.path("ConstraintDescription").asText()).contains(allowed);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void release_goes_back_only_on_alarms_that_the_function_can_cause_its_own_and_behind_the_api_those_of_its_tables(
            String function) {
        var expected = new ArrayList<>(alarmsOf(function));
        if (mappingOf(function).isEmpty()) {
            TEMPLATE.properties(function)
                    .path("Policies")
                    .findValues("Fn::GetAtt")
                    .forEach(table -> expected.add(table.path(0).asText() + "Throttles"));
        }
        var named = new ArrayList<String>();
        // By name: a Ref closes a circle with the API on AWS, and one with the function itself before SAM has run.
        TEMPLATE.properties(function)
                .path("DeploymentPreference")
                .path("Alarms")
                .forEach(
                        alarm -> named.add(alarm.path("Fn::Sub").asText().replaceFirst("^\\$\\{AWS::StackName}-", "")));

        assertThat(named).containsExactlyInAnyOrderElementsOf(expected).isSubsetOf(alarms());
    }

    // ── Dashboard ─────────────────────────────────────────────────────────────────

    @Test
    void the_dashboard_shows_metrics_that_cloudwatch_has_in_this_region() throws IOException {
        for (var widget : dashboard().path("widgets")) {
            var properties = widget.path("properties");
            if (!widget.path("type").asText().equals("metric")) {
                continue;
            }
            assertThat(properties.path("title").asText()).isNotBlank();
            assertThat(properties.path("region").asText()).isEqualTo("<AWS::Region>");
            for (var metric : properties.path("metrics")) {
                if (metric.path(0).isTextual()) {
                    if (metric.size() > 5) {
                        assertThat(metric).hasSize(7);
                        assertIndex(
                                metric.path(1).asText(),
                                metric.path(3).asText().replaceAll("[<>]", ""),
                                metric.path(4).asText(),
                                metric.path(5).asText());
                    }
                    assertKnown(
                            metric.path(0).asText(),
                            metric.path(1).asText(),
                            metric.path(2).asText(),
                            metric.path(3).asText().replaceAll("[<>]|\\.QueueName", ""));
                    assertThat(metric.path(metric.size() - 1).path("stat").asText())
                            .matches("Sum|Maximum|p[0-9]{2}");
                }
            }
        }
    }

    @Test
    void the_dashboard_shows_each_function_each_table_each_alarm_and_all_that_the_functions_count() throws IOException {
        var text = dashboard().toString();

        assertThat(functions()).allSatisfy(function -> assertThat(text).contains('<' + function + '>'));
        assertThat(tables()).allSatisfy(table -> assertThat(text).contains('<' + table + '>'));
        assertThat(TEMPLATE.resourcesOfType(Template.QUEUE))
                .allSatisfy(queue -> assertThat(text).contains('<' + queue + ".QueueName>"));
        assertThat(alarms()).allSatisfy(alarm -> assertThat(text).contains('<' + alarm + ".Arn>"));
        assertThat(ownMetrics()).allSatisfy(metric -> assertThat(text).contains(metric));
        // Refused requests have a metric for each code, and codes are not known beforehand.
        assertThat(text).contains("SEARCH('{Switchboard,FunctionName,Code} MetricName=\\\"RequestsRefused\\\"");
    }

    @Test
    void the_widgets_of_the_dashboard_lie_side_by_side() throws IOException {
        var taken = new TreeSet<String>();
        for (var widget : dashboard().path("widgets")) {
            for (int x = widget.path("x").asInt();
                    x < widget.path("x").asInt() + widget.path("width").asInt();
                    x++) {
                for (int y = widget.path("y").asInt();
                        y < widget.path("y").asInt() + widget.path("height").asInt();
                        y++) {
                    assertThat(taken.add(x + "," + y))
                            .as("%s lies on another", widget)
                            .isTrue();
                    assertThat(x).isLessThan(24);
                }
            }
        }
    }

    // ── What the rules above are told in ──────────────────────────────────────────

    private static Set<String> ownMetrics() {
        return Arrays.stream(Metric.values()).map(Metric::text).collect(Collectors.toSet());
    }

    private static Set<String> filteredMetrics() {
        return TEMPLATE.resourcesOfType(METRIC_FILTER).stream()
                .map(filter -> TEMPLATE.properties(filter).path("MetricTransformations"))
                .map(transformations ->
                        transformations.path(0).path("MetricName").asText())
                .collect(Collectors.toSet());
    }

    private static List<String> alarmsOf(String function) {
        return Stream.of(
                        function + "Errors",
                        function + "Throttles",
                        function + "Duration",
                        queueOf(function)
                                .map(queue -> queue + "Age")
                                .orElse(function
                                        + (mappingOf(function).isPresent() ? "IteratorAge" : "RequestsFailed")))
                .toList();
    }

    /** What invokes a function that has no doors. */
    private static Optional<JsonNode> mappingOf(String function) {
        return TEMPLATE.resourcesOfType(Template.EVENT_SOURCE_MAPPING).stream()
                .map(TEMPLATE::properties)
                .filter(mapping ->
                        mapping.path("FunctionName").path("Ref").asText().equals(function + ".Alias"))
                .findFirst();
    }

    /** Nothing where it is invoked by a stream or behind doors. */
    private static Optional<String> queueOf(String function) {
        return mappingOf(function)
                .map(mapping -> mapping.at("/EventSourceArn/Fn::GetAtt/0").asText())
                .filter(TEMPLATE.resourcesOfType(Template.QUEUE)::contains);
    }

    private static void assertKnown(String namespace, String metric, String dimension, String resource) {
        assertThat(METRICS.getOrDefault(namespace, Map.of()).getOrDefault(dimension, Set.of()))
                .as("%s by %s", namespace, dimension)
                .contains(metric);
        assertThat(TEMPLATE.resources().path(resource).path("Type").asText())
                .as("%s %s of %s", metric, dimension, resource)
                .isEqualTo(TYPES.get(dimension));
    }

    private static void assertIndex(String metric, String table, String dimension, String index) {
        assertThat(dimension).isEqualTo("GlobalSecondaryIndexName");
        assertThat(INDEX).contains(metric);
        assertThat(TEMPLATE.properties(table).path("GlobalSecondaryIndexes").findValuesAsText("IndexName"))
                .contains(index);
    }

    private static String accessLogFormat() {
        return TEMPLATE.properties("Api")
                .path("AccessLogSettings")
                .path("Format")
                .asText()
                .strip();
    }

    /** The dashboard's body, with {@code <name>} where the template has a placeholder; each names something that is there. */
    private static JsonNode dashboard() throws IOException {
        var dashboards = TEMPLATE.resourcesOfType(DASHBOARD);
        assertThat(dashboards).hasSize(1);
        var body = TEMPLATE.properties(dashboards.getFirst())
                .path("DashboardBody")
                .path("Fn::Sub")
                .asText();
        return JSON.readTree(PLACEHOLDER.matcher(body).replaceAll(placeholder -> {
            var name = placeholder.group(1);
            if (!name.equals("AWS::Region")) {
                assertThat(TEMPLATE.resources().has(name.replaceFirst("\\.(Arn|QueueName)$", "")))
                        .as(name)
                        .isTrue();
            }
            return '<' + name + '>';
        }));
    }

    private static String substituted(String text) {
        return JSON.createObjectNode().put("Fn::Sub", text).toString();
    }
}
