package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
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

/** Policies for the monitoring of the deployed system: access log, alarms, canary and dashboard. */
class ObservabilityPolicyTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final SamTemplate TEMPLATE = SamTemplate.read(ROOT.resolve("template.yaml"));
    private static final Deployment DEPLOYMENT = Deployment.read(
            ROOT.resolve("template.yaml"),
            Map.of("Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1"));
    private static final Monitoring MONITORING = Monitoring.of(TEMPLATE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern CONTEXT_VARIABLE = Pattern.compile("\\$context\\.([A-Za-z.]+)");

    /** The metrics of each service in CloudWatch, by the dimension that identifies a resource of this type. */
    private static final Map<String, Set<String>> LAMBDA = Map.of(
            "FunctionName",
            Set.of("Errors", "Throttles", "Duration", "Invocations", "ConcurrentExecutions", "IteratorAge"));

    private static final Map<String, Set<String>> API_GATEWAY =
            Map.of("ApiId", Set.of("4xx", "5xx", "Count", "Latency", "IntegrationLatency"));
    // ThrottledRequests and SystemErrors are missing, because DynamoDB publishes them only by table and operation.
    private static final Map<String, Set<String>> DYNAMO_DB = Map.of(
            "TableName",
            Set.of(
                    "ReadThrottleEvents",
                    "WriteThrottleEvents",
                    "ConditionalCheckFailedRequests",
                    "TransactionConflict",
                    "ConsumedReadCapacityUnits",
                    "ConsumedWriteCapacityUnits"));
    /** Metrics of an index, in addition to its table's. */
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
            "FunctionName", SamTemplate.FUNCTION,
            "ApiId", SamTemplate.HTTP_API,
            "TableName", SamTemplate.TABLE,
            "QueueName", SamTemplate.QUEUE);

    static List<String> functions() {
        return TEMPLATE.resourcesOfType(SamTemplate.FUNCTION);
    }

    static List<String> tables() {
        return TEMPLATE.resourcesOfType(SamTemplate.TABLE);
    }

    static List<String> alarms() {
        return List.copyOf(MONITORING.alarms().keySet());
    }

    // ── The stage ─────────────────────────────────────────────────────────────────

    @Test
    void stage_is_throttled_by_parameters_and_has_no_detailed_route_metrics() {
        assertThat(TEMPLATE.properties("Api").path("DefaultRouteSettings"))
                .hasToString("{\"ThrottlingRateLimit\":{\"Ref\":\"ThrottlingRateLimit\"},"
                        + "\"ThrottlingBurstLimit\":{\"Ref\":\"ThrottlingBurstLimit\"}}");
    }

    @Test
    void access_log_is_one_json_line_without_personal_data() throws IOException {
        var format = accessLogFormat();

        assertThat(format).doesNotContain("\n");
        assertThat(JSON.readTree(format))
                .isNotEmpty()
                .allSatisfy(member -> assertThat(member.isTextual())
                        .as("a string, because API Gateway writes - for a missing value")
                        .isTrue());
        assertThat(CONTEXT_VARIABLE.matcher(format).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrder(
                        "requestId",
                        "apiId",
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
    void access_log_has_its_own_log_group_with_retention() {
        var destination = TEMPLATE.properties("Api")
                .path("AccessLogSettings")
                .path("DestinationArn")
                .path("Fn::GetAtt");
        var logGroup = destination.path(0).asText();

        assertThat(destination.path(1).asText()).isEqualTo("Arn");
        assertThat(TEMPLATE.resourcesOfType(SamTemplate.LOG_GROUP)).contains(logGroup);
        assertThat(functions()).noneMatch(function -> logGroup.equals(function + "Logs"));
        assertThat(TEMPLATE.properties(logGroup).path("RetentionInDays")).hasToString("{\"Ref\":\"LogRetentionDays\"}");
    }

    @Test
    void throttled_requests_are_counted_from_the_access_log() throws IOException {
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
    void every_function_table_queue_and_the_api_have_alarms() {
        var expected = new ArrayList<>(List.of("Api-ServerErrors", "Api-Latency", "Api-Throttles"));
        functions().forEach(function -> expected.addAll(alarmsOf(function)));
        tables().forEach(table -> expected.add(table + "-Throttles"));
        TEMPLATE.resourcesOfType(SamTemplate.QUEUE).stream()
                .filter(queue -> functions().stream()
                        .noneMatch(function ->
                                queueOf(function).filter(queue::equals).isPresent()))
                .forEach(queue -> expected.add(queue + "-Visible"));

        assertThat(alarms()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void alarm_uses_existing_metrics_with_their_dimension(String alarm) {
        var properties = alarm(alarm);
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
            var resource = dimension.path("Value").asText();
            if (metric.path("Dimensions").size() > 1) {
                assertThat(metric.path("Dimensions")).hasSize(2);
                var index = metric.path("Dimensions").path(1);
                assertIndex(
                        metric.path("MetricName").asText(),
                        resource,
                        index.path("Name").asText(),
                        index.path("Value").asText());
            }
            assertKnown(
                    metric.path("Namespace").asText(),
                    metric.path("MetricName").asText(),
                    dimension.path("Name").asText(),
                    resource);
            if (alarm.equals("Api-Latency") && functions().contains(resource)) {
                // Its time is subtracted, which is allowed only for requests of the API.
                assertThat(sourceOf(resource)).isEmpty();
            } else {
                assertThat(alarm).startsWith(resource + '-');
            }
        }
    }

    /** An index is throttled separately from its table. */
    @ParameterizedTest
    @MethodSource("tables")
    void table_alarm_covers_each_index(String table) {
        var watched = new TreeSet<>(alarm(table + "-Throttles").path("Metrics").findValuesAsText("Value"));

        assertThat(watched)
                .containsAll(TEMPLATE.properties(table)
                        .path("GlobalSecondaryIndexes")
                        .findValuesAsText("IndexName"));
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void alarm_on_several_metrics_evaluates_one_expression(String alarm) {
        var metrics = alarm(alarm).path("Metrics");
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
            // METRICS("a") selects all metrics whose id contains "a".
            var groups = Pattern.compile("METRICS\\(\"([a-z]+)\"\\)").matcher(expressions.getFirst());
            var used = new TreeSet<String>();
            groups.results()
                    .forEach(group -> ids.stream()
                            .filter(id -> id.contains(group.group(1)))
                            .forEach(used::add));
            Pattern.compile("[a-z]+")
                    .matcher(groups.replaceAll(""))
                    .results()
                    .map(MatchResult::group)
                    .forEach(used::add);
            assertThat(used).containsExactlyElementsOf(ids);
            assertThat(metrics).as("the limit of CloudWatch").hasSizeLessThanOrEqualTo(11);
        }
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void alarm_notifies_the_topic_and_treats_missing_data_as_good(String alarm) {
        var properties = alarm(alarm);

        for (var actions : List.of("AlarmActions", "OKActions")) {
            assertThat(properties.path(actions)).as(actions).hasToString("[\"AlarmTopic\"]");
        }
        assertThat(properties.path("TreatMissingData").asText()).isEqualTo("notBreaching");
        assertThat(properties.path("DatapointsToAlarm").asInt())
                .isBetween(1, properties.path("EvaluationPeriods").asInt());
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void alarm_refers_to_the_guide_section_with_the_first_steps(String alarm) throws IOException {
        var description = alarm(alarm).path("AlarmDescription").asText();
        var heading = description.replaceFirst(".*See docs/how-to/operate\\.md, ", "");

        assertThat(description).hasSizeLessThan(1024);
        assertThat(headings()).contains(heading);
        assertThat(alarm).matches(pattern(heading));
    }

    @Test
    void guide_has_no_section_for_a_missing_alarm() throws IOException {
        assertThat(headings())
                .isNotEmpty()
                .allSatisfy(
                        heading -> assertThat(alarms()).as(heading).anyMatch(alarm -> alarm.matches(pattern(heading))));
    }

    /**
     * Returns the headings of the section on alarms: the name of one alarm, or a pattern for all functions or tables.
     */
    private static List<String> headings() throws IOException {
        var guide = Files.readString(ROOT.resolve("docs/how-to/operate.md"));
        var section = guide.substring(guide.indexOf("\n## When an alarm goes off\n") + 1);
        return section.substring(0, section.indexOf("\n## "))
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4).replace("`", ""))
                .toList();
    }

    private static String pattern(String heading) {
        return heading.replace("<function>", '(' + String.join("|", functions()) + ')')
                .replace("<table>", '(' + String.join("|", tables()) + ')');
    }

    @Test
    void topic_always_exists_and_notifies_the_email_address_if_there_is_one() {
        var topic = TEMPLATE.resources().path("AlarmTopic");

        assertThat(topic.has("Condition")).isFalse();
        assertThat(topic.path("Properties").path("Subscription"))
                .hasToString(
                        "{\"Fn::If\":[\"HasAlarmEmail\","
                                + "[{\"Protocol\":\"email\",\"Endpoint\":{\"Ref\":\"AlarmEmail\"}}],{\"Ref\":\"AWS::NoValue\"}]}");
    }

    // ── Latency ───────────────────────────────────────────────────────────────────

    /** A row of the guide's table of limits: function, milliseconds, metric. */
    private static final Pattern LIMIT =
            Pattern.compile("^\\| (\\w+) \\| (\\d+) \\| (ServiceLatency|Duration) \\|", Pattern.MULTILINE);

    private static Map<String, MatchResult> limits() throws IOException {
        var limits = new LinkedHashMap<String, MatchResult>();
        LIMIT.matcher(Files.readString(ROOT.resolve("docs/how-to/operate.md")))
                .results()
                .forEach(row -> limits.put(row.group(1), row));
        return limits;
    }

    @Test
    void guide_has_a_latency_limit_for_each_function() throws IOException {
        assertThat(limits().keySet()).containsExactlyInAnyOrderElementsOf(functions());
    }

    @ParameterizedTest
    @MethodSource("functions")
    void latency_alarm_has_the_limit_of_the_guide_and_excludes_third_parties(String function) throws IOException {
        var alarm = alarm(function + "-Duration");
        var limit = requireNonNull(limits().get(function), function);

        assertThat(alarm.path("Threshold").asText()).isEqualTo(limit.group(2));
        assertThat(alarm.path("ComparisonOperator").asText()).isEqualTo("GreaterThanThreshold");
        assertThat(limit.group(3)).isEqualTo(sourceOf(function).isEmpty() ? "ServiceLatency" : "Duration");
        if (sourceOf(function).isEmpty()) {
            assertThat(alarm.path("Metrics").findValuesAsText("MetricName"))
                    .containsExactly("ServiceLatency", "ServiceLatency");
            assertThat(alarm.path("Metrics").findValuesAsText("Stat")).containsExactly("p99", "SampleCount");
        } else {
            assertThat(alarm.path("MetricName").asText()).isEqualTo("Duration");
            assertThat(alarm.path("ExtendedStatistic").asText()).isEqualTo("p99");
        }
    }

    @Test
    void latency_alarms_of_the_api_need_twenty_requests_in_a_minute() throws IOException {
        var guide = Files.readString(ROOT.resolve("docs/how-to/operate.md"));
        assertThat(guide).contains("A minute with fewer than twenty requests does not count");
        var alarms = new ArrayList<>(List.of("Api-Latency"));
        functions().stream()
                .filter(function -> sourceOf(function).isEmpty())
                .forEach(function -> alarms.add(function + "-Duration"));

        assertThat(alarms)
                .hasSizeGreaterThan(1)
                .allSatisfy(alarm -> assertThat(alarm(alarm)
                                .path("Metrics")
                                .path(0)
                                .path("Expression")
                                .asText())
                        .matches("IF\\(requests >= 20, .*, 0\\)"));
    }

    @Test
    void time_outside_of_the_functions_is_total_time_minus_function_time() throws IOException {
        var alarm = alarm("Api-Latency");
        var subtracted = new ArrayList<String>();
        alarm.path("Metrics").forEach(metric -> {
            var watched = metric.path("MetricStat").path("Metric");
            if (watched.path("MetricName").asText().equals("Duration")) {
                assertThat(metric.path("Id").asText()).startsWith("duration");
                subtracted.add(watched.path("Dimensions").path(0).path("Value").asText());
            }
        });

        assertThat(alarm.path("Metrics").path(0).path("Expression").asText())
                .contains("total - SUM(FILL(METRICS(\"duration\"), 0))");
        assertThat(subtracted)
                .containsExactlyInAnyOrderElementsOf(functions().stream()
                        .filter(function -> sourceOf(function).isEmpty())
                        .toList());
        assertThat(alarm.path("Threshold").asInt()).isEqualTo(1_000);
        assertThat(Files.readString(ROOT.resolve("docs/how-to/operate.md")))
                .contains("requests spent more than a second outside of the functions");
    }

    // ── Canary ────────────────────────────────────────────────────────────────────

    @Test
    void code_deploy_exists_for_every_canary_type_except_none() {
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

        // SAM resolves only Ref to a parameter and FindInMap here.
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
    void rollback_depends_only_on_alarms_of_the_function_and_of_its_tables(String function) {
        var expected = new ArrayList<>(alarmsOf(function));
        if (sourceOf(function).isEmpty()) {
            TEMPLATE.properties(function).path("Policies").findValues("Fn::GetAtt").stream()
                    .map(resource -> resource.path(0).asText())
                    .filter(TEMPLATE.resourcesOfType(SamTemplate.TABLE)::contains)
                    .forEach(table -> expected.add(table + "-Throttles"));
        }
        var named = new ArrayList<String>();
        // The alarms are referred to by name. A Ref would create a circular dependency with the API on AWS, and with
        // the function before the SAM transform.
        TEMPLATE.properties(function)
                .path("DeploymentPreference")
                .path("Alarms")
                .forEach(
                        alarm -> named.add(alarm.path("Fn::Sub").asText().replaceFirst("^\\$\\{AWS::StackName}-", "")));

        assertThat(named).containsExactlyInAnyOrderElementsOf(expected).isSubsetOf(alarms());
    }

    // ── Dashboard ─────────────────────────────────────────────────────────────────

    @Test
    void dashboard_uses_existing_metrics_of_this_region() {
        for (var widget : MONITORING.widgets()) {
            var properties = widget.path("properties");
            if (!widget.path("type").asText().equals("metric")) {
                continue;
            }
            assertThat(properties.path("title").asText()).isNotBlank();
            assertThat(properties.path("region").asText()).isEqualTo("us-east-1");
            for (var metric : properties.path("metrics")) {
                if (metric.path(0).isTextual()) {
                    int texts = (int) Stream.iterate(0, index -> index + 1)
                            .limit(metric.size())
                            .filter(index -> metric.path(index).isTextual())
                            .count();
                    assertThat(texts).as(metric.toString()).isIn(4, 6);
                    if (texts == 6) {
                        assertIndex(
                                metric.path(1).asText(),
                                metric.path(3).asText(),
                                metric.path(4).asText(),
                                metric.path(5).asText());
                    }
                    assertKnown(
                            metric.path(0).asText(),
                            metric.path(1).asText(),
                            metric.path(2).asText(),
                            metric.path(3).asText());
                    assertThat(metric.path(texts)
                                    .path("stat")
                                    .asText(properties.path("stat").asText()))
                            .matches("Sum|Maximum|p[0-9]{2}");
                }
            }
        }
    }

    @Test
    void dashboard_covers_every_function_table_queue_alarm_and_custom_metric() {
        assertThat(functions())
                .allSatisfy(function -> assertThat(MONITORING.metricsOf(function))
                        .as(function)
                        .contains("Errors", "Throttles", "Duration", "ConcurrentExecutions"));
        assertThat(functions())
                .filteredOn(function -> sourceOf(function).isEmpty())
                .allSatisfy(function -> assertThat(MONITORING.metricsOf(function))
                        .as(function)
                        .contains("RequestsFailed", "ServiceLatency", "ColdStarts", "RequestsReplayed")
                        .contains("RequestsThrottled", "DynamoDbLatency", "DynamoDbRoundTrips"));
        assertThat(tables())
                .allSatisfy(table -> assertThat(MONITORING.metricsOf(table))
                        .as(table)
                        .containsExactlyInAnyOrderElementsOf(requireNonNull(DYNAMO_DB.get("TableName"))));
        assertThat(TEMPLATE.resourcesOfType(SamTemplate.QUEUE))
                .allSatisfy(queue ->
                        assertThat(MONITORING.metricsOf(queue)).as(queue).isNotEmpty());
        assertThat(MONITORING.shownAlarms()).containsExactlyInAnyOrderElementsOf(alarms());
        var text = MONITORING.widgets().toString();
        assertThat(ownMetrics()).allSatisfy(metric -> assertThat(text).contains(metric));
        // Rejected requests have one metric per code, and the codes are not known in advance.
        assertThat(text).contains("SEARCH('{Switchboard,FunctionName,Code} MetricName=\\\"RequestsRefused\\\"");
        assertThat(functions())
                .filteredOn(function -> sourceOf(function).isEmpty())
                .allSatisfy(function -> assertThat(text).contains("\\\"" + function + "\\\""));
    }

    /** A dashboard belongs to an account, not to a region. */
    @Test
    void dashboard_name_contains_the_stack_and_the_region() {
        assertThat(MONITORING.dashboardName()).contains("switchboard", "us-east-1");
        assertThat(TEMPLATE.tree().path("Outputs").path("DashboardUrl").toString())
                .contains("/dashboard/${Monitoring.Outputs.Dashboard}")
                .contains("{\"Ref\":\"Dashboard\"}");
    }

    @Test
    void dashboard_widgets_do_not_overlap() {
        var taken = new TreeSet<String>();
        for (var widget : MONITORING.widgets()) {
            for (int x = widget.path("x").asInt();
                    x < widget.path("x").asInt() + widget.path("width").asInt();
                    x++) {
                for (int y = widget.path("y").asInt();
                        y < widget.path("y").asInt() + widget.path("height").asInt();
                        y++) {
                    assertThat(taken.add(x + "," + y))
                            .as("%s overlaps another widget", widget)
                            .isTrue();
                    assertThat(x).isLessThan(24);
                }
            }
        }
    }

    // ── Helper methods ────────────────────────────────────────────────────────────

    private static Set<String> ownMetrics() {
        return Arrays.stream(Metric.values()).map(Metric::text).collect(Collectors.toSet());
    }

    private static Set<String> filteredMetrics() {
        return MetricFilter.of(TEMPLATE).stream()
                .filter(filter -> filter.dimensions().contains("ApiId"))
                .map(MetricFilter::metric)
                .collect(Collectors.toSet());
    }

    private static JsonNode alarm(String name) {
        return requireNonNull(MONITORING.alarms().get(name), name);
    }

    private static List<String> alarmsOf(String function) {
        return Stream.of(
                        function + "-Errors",
                        function + "-Throttles",
                        function + "-Duration",
                        queueOf(function)
                                .map(queue -> queue + "-Age")
                                .orElse(function
                                        + (sourceOf(function).isPresent() ? "-IteratorAge" : "-RequestsFailed")))
                .toList();
    }

    /** Returns the event source of a function without routes. */
    private static Optional<EventSource> sourceOf(String function) {
        return DEPLOYMENT.eventSources().stream()
                .filter(source -> source.function().equals(function))
                .findFirst();
    }

    /** Returns the queue that invokes the function, or empty if a stream or a route invokes it. */
    private static Optional<String> queueOf(String function) {
        return sourceOf(function)
                .filter(EventSource.Messages.class::isInstance)
                .map(source -> ((EventSource.Messages) source).queue());
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
}
