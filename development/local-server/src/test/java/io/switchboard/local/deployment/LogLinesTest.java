package io.switchboard.local.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.runtime.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs all functions, and compares the lines that they log with what reads them: metric filters, alarms, the dashboard,
 * the queries of the operations guide, and the budget of their bytes.
 */
class LogLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final SamTemplate TEMPLATE = SamTemplate.read(ROOT.resolve("template.yaml"));
    private static final Monitoring MONITORING = Monitoring.of(TEMPLATE);

    /**
     * The mean bytes of a line over all cases of {@code events/} before decision 44, measured by this test at commit
     * 9e91771.
     */
    private static final Map<String, Double> EARLIER_BYTES = Map.of(
            "CreateSession", 838.8,
            "ManageSessions", 807.6,
            "ManageTemplates", 794.4,
            "CreateCallRecordSession", 863.0,
            "ManageCallRecords", 839.5,
            "PublishSessionEvents", 754.6,
            "NotifySubscribers", 580.8,
            "SendNotifications", 843.2,
            "SweepCallRecords", 958.0);

    private static final double BUDGET = 0.6;

    private static final Pattern QUERY = Pattern.compile("(?s)```text\n# (\\d+)\\. [^\n]*\n(.*?)\n```");
    private static final Pattern NAME = Pattern.compile("(?<![@\\w])[A-Za-z]\\w*(\\.\\w+)*");
    private static final Set<String> WORDS_OF_QUERIES = Set.of(
            "filter",
            "fields",
            "stats",
            "sort",
            "limit",
            "by",
            "and",
            "or",
            "as",
            "desc",
            "count",
            "max",
            "pct",
            "latest",
            "ispresent",
            "bin",
            "5m");

    private static Map<String, List<String>> cases = Map.of();
    private static Map<String, List<JsonNode>> lines = Map.of();

    @BeforeAll
    static void run() throws JsonProcessingException {
        try (var runs = new LoggedRuns()) {
            runs.replayCases();
            cases = new TreeMap<>();
            runs.lines().forEach((function, written) -> cases.put(function, List.copyOf(written)));
            runs.runFlows();
            runs.runWithFaults();
            lines = new TreeMap<>();
            for (var written : runs.lines().entrySet()) {
                var read = new ArrayList<JsonNode>();
                for (var line : written.getValue()) {
                    read.add(JSON.readTree(line));
                }
                lines.put(written.getKey(), read);
            }
        }
    }

    static List<String> functions() {
        return TEMPLATE.resourcesOfType(SamTemplate.FUNCTION);
    }

    static Stream<MatchResult> queries() throws IOException {
        return QUERY.matcher(Files.readString(ROOT.resolve("docs/how-to/operate.md")))
                .results();
    }

    // ── Bytes ─────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("functions")
    void line_has_at_most_the_budgeted_share_of_its_earlier_bytes(String function) {
        var mean = mean(requireNonNull(cases.get(function)));
        var earlier = requireNonNull(EARLIER_BYTES.get(function));
        System.out.printf(
                "log line of %s: %.1f bytes, %.0f %% of %.1f%n", function, mean, 100 * mean / earlier, earlier);

        assertThat(mean).isLessThanOrEqualTo(BUDGET * earlier);
    }

    @Test
    void bill_is_computed_from_the_bytes_of_real_lines() throws IOException {
        var requests = new ArrayList<String>();
        requests.addAll(requireNonNull(cases.get("CreateSession")));
        requests.addAll(requireNonNull(cases.get("ManageSessions")));
        requests.removeIf(line -> !line.contains("\"status\":20"));
        var batches = new ArrayList<>(requireNonNull(cases.get("PublishSessionEvents")));
        batches.removeIf(line -> !line.contains("\"level\":\"INFO\""));

        assertThat(mean(requests)).isCloseTo(input("log.request"), tenth("log.request"));
        assertThat(mean(metricsOf(requests))).isCloseTo(input("log.request-metrics"), tenth("log.request-metrics"));
        assertThat(mean(batches)).isCloseTo(input("log.batch"), tenth("log.batch"));
        assertThat(mean(metricsOf(batches))).isCloseTo(input("log.batch-metrics"), tenth("log.batch-metrics"));
        assertThat((double) accessLogLine().length()).isCloseTo(input("log.access"), tenth("log.access"));
    }

    private static double mean(List<String> written) {
        return written.stream()
                .mapToInt(line -> line.getBytes(StandardCharsets.UTF_8).length)
                .average()
                .orElseThrow();
    }

    /** Returns the lines as functions write them below their log level: metrics and dimensions only. */
    private static List<String> metricsOf(List<String> written) throws JsonProcessingException {
        var metrics = new ArrayList<String>();
        for (var line : written) {
            var members = new LinkedHashMap<String, JsonNode>();
            JSON.readTree(line).properties().forEach(member -> {
                if (Character.isUpperCase(member.getKey().charAt(0))) {
                    members.put(member.getKey(), member.getValue());
                }
            });
            metrics.add(JSON.writeValueAsString(members) + '\n');
        }
        return metrics;
    }

    private static double input(String name) throws IOException {
        return Files.readAllLines(ROOT.resolve("build/bill.txt")).stream()
                .filter(line -> line.startsWith(name + " = "))
                .map(line -> Double.valueOf(line.substring(name.length() + 3).replaceFirst("#.*", "")))
                .findFirst()
                .orElseThrow();
    }

    private static Offset<Double> tenth(String name) throws IOException {
        return within(input(name) / 10);
    }

    /** Returns a line of the access log with values as long as those of a browser's request. */
    private static String accessLogLine() {
        var values = Map.of(
                "requestId", "tdfo8MaZTzqPqBY=",
                "apiId", "a1b2c3d4e5",
                "routeKey", "ANY /sessions/{proxy+}",
                "responseLength", "2345",
                "integration.requestId", "8f3c6f0e-5b5c-4f6e-9d6a-0c1f2e3d4b5a",
                "identity.userAgent",
                        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36");
        return Pattern.compile("\\$context\\.([A-Za-z.]+)")
                .matcher(accessLogFormat())
                .replaceAll(variable -> values.getOrDefault(variable.group(1), "200"));
    }

    private static String accessLogFormat() {
        return TEMPLATE.properties("Api")
                .path("AccessLogSettings")
                .path("Format")
                .asText();
    }

    // ── Metrics ───────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("functions")
    void metrics_of_each_line_have_a_filter_in_the_log_group_of_the_function(String function) {
        var filters = MetricFilter.ofFunction(TEMPLATE, function);
        for (var line : requireNonNull(lines.get(function))) {
            for (var metric : Metric.values()) {
                if (line.has(metric.text())) {
                    var found = filters.stream()
                            .filter(filter -> filter.metric().equals(metric.text()) && filter.finds(line))
                            .toList();
                    assertThat(found.stream().map(MetricFilter::dimensions))
                            .as("%s in %s", metric, line)
                            .containsExactlyInAnyOrderElementsOf(
                                    metric.isByCode()
                                            ? List.of(List.of("FunctionName"), List.of("FunctionName", "Code"))
                                            : List.of(List.of("FunctionName")));
                    assertThat(found).allSatisfy(filter -> {
                        assertThat(filter.namespace()).isEqualTo("Switchboard");
                        assertThat(filter.member()).isEqualTo(metric.text());
                        assertThat(filter.unit()).isEqualTo(metric.unit());
                    });
                }
            }
        }
    }

    /** CloudWatch extracts the metrics of such a line itself, so a filter would count them twice. */
    @Test
    void filters_leave_out_lines_that_declare_their_metrics() throws JsonProcessingException {
        var line = JSON.readTree("{\"FunctionName\":\"f\",\"ServiceLatency\":1}");
        var declared = JSON.readTree("{\"FunctionName\":\"f\",\"ServiceLatency\":1,\"_aws\":{}}");
        var latency = MetricFilter.ofFunction(TEMPLATE, "ManageSessions").stream()
                .filter(filter -> filter.metric().equals("ServiceLatency"))
                .toList();

        assertThat(latency).hasSize(1).allMatch(filter -> filter.finds(line) && !filter.finds(declared));
    }

    @Test
    void functions_write_the_metrics_of_their_alarms() {
        var watched = new TreeSet<String>();
        MONITORING.alarms().forEach((name, alarm) -> {
            var metrics = new ArrayList<>(List.of(alarm));
            alarm.path("Metrics")
                    .forEach(metric -> metrics.add(metric.path("MetricStat").path("Metric")));
            for (var metric : metrics) {
                if (metric.path("Namespace").asText().equals("Switchboard")
                        && metric.at("/Dimensions/0/Name").asText().equals("FunctionName")) {
                    var function = metric.at("/Dimensions/0/Value").asText();
                    var member = metric.path("MetricName").asText();
                    watched.add(member);
                    assertThat(requireNonNull(lines.get(function)))
                            .as("%s of %s", member, name)
                            .anyMatch(line -> line.path(member).isNumber());
                }
            }
        });

        assertThat(watched).contains("ServiceLatency", "RequestsFailed");
    }

    /** The dashboard shows some metrics for a list of functions, of which not all write them. */
    @Test
    void functions_write_the_metrics_of_the_dashboard() {
        var functionsOf = new TreeMap<String, Set<String>>();
        MONITORING.rows().stream()
                .filter(row -> row.path(0).asText().equals("Switchboard")
                        && row.path(2).asText().equals("FunctionName"))
                .forEach(row -> functionsOf
                        .computeIfAbsent(row.path(1).asText(), metric -> new TreeSet<>())
                        .add(row.path(3).asText()));

        assertThat(functionsOf).hasSizeGreaterThan(15);
        functionsOf.forEach((metric, functions) -> assertThat(functions)
                .as(metric)
                .anyMatch(function -> requireNonNull(lines.get(function)).stream()
                        .anyMatch(line -> line.path(metric).isNumber())));
    }

    // ── Queries and documents ─────────────────────────────────────────────────────

    @Test
    void lines_have_the_members_of_each_query() throws IOException {
        var all = lines.values().stream().flatMap(List::stream).toList();
        var numbers = new TreeSet<Integer>();
        for (var query : queries().toList()) {
            int number = Integer.parseInt(query.group(1));
            numbers.add(number);
            for (var member : members(query.group(2))) {
                if (member.equals("type") || member.startsWith("record.")) {
                    assertThat(number).as("the query for Lambda's own lines").isEqualTo(6);
                } else if (number == 7 || number == 8) {
                    assertThat(JSON.readTree(accessLogFormat()).has(member))
                            .as("%s in the access log, query %d", member, number)
                            .isTrue();
                } else {
                    var pointer = '/' + member.replace('.', '/');
                    assertThat(all)
                            .as("%s of query %d", member, number)
                            .anyMatch(line -> !line.at(pointer).isMissingNode());
                }
            }
        }

        assertThat(numbers).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    private static List<String> members(String query) {
        return NAME.matcher(query.replaceAll("\"[^\"]*\"", ""))
                .results()
                .map(MatchResult::group)
                .filter(name -> !WORDS_OF_QUERIES.contains(name))
                // These are names that the query itself gives to its results.
                .filter(name -> !query.contains(" as " + name))
                .toList();
    }

    @Test
    void reference_describes_each_member_and_no_other() throws IOException {
        var reference = Files.readString(ROOT.resolve("docs/reference/logs.md"));
        var described = new TreeSet<String>();
        Pattern.compile("`([A-Za-z]+)`").matcher(reference).results().forEach(name -> described.add(name.group(1)));
        var listed = new TreeSet<String>();
        var table = reference.substring(reference.indexOf("| Member |"));
        table.substring(0, table.indexOf("\n\n"))
                .lines()
                .filter(row -> row.startsWith("| `"))
                .forEach(row -> NAME.matcher(row.substring(0, row.indexOf(" | ")))
                        .results()
                        .forEach(name -> listed.add(name.group())));
        var written = new TreeSet<String>();
        lines.values().stream()
                .flatMap(List::stream)
                .forEach(line -> line.fieldNames().forEachRemaining(written::add));

        assertThat(described).containsAll(written);
        // The runs have no trace that X-Ray stores.
        listed.remove("traceId");
        assertThat(written).containsAll(listed);
    }

    @Test
    void lines_have_no_personal_data() {
        assertThat(lines.values().stream().flatMap(List::stream).map(JsonNode::toString))
                .noneMatch(line -> line.matches("(?i).*(alex contoso|alex@|bearer|mustermann|127\\.0\\.0\\.1).*"));
    }
}
