package io.switchboard.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.http.Refusal;
import io.switchboard.json.Json;
import io.switchboard.replay.TestContext;
import io.switchboard.text.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that every line is valid in CloudWatch's embedded metric format. */
class RequestLogLimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final ManualTicker ticker = new ManualTicker();
    private final RequestLog log = RequestLog.of(new TestContext("CreateSession"), true, ticker);
    private final List<String> written = new ArrayList<>();

    private Map<String, @Nullable Object> line(int status) {
        log.write(status, NOW, LogLevel.INFO, (bytes, level) -> written.add(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(written).hasSize(1);
        Map<String, @Nullable Object> line = Json.readOwn(written.getFirst());
        assertValid(line);
        return line;
    }

    /** Checks the rules of the format, as AWS documents them; for histograms, as the AWS libraries write them. */
    private static void assertValid(Map<String, @Nullable Object> line) {
        Map<?, ?> aws = (Map<?, ?>) requireNonNull(line.get("_aws"));
        for (Object element : (List<?>) requireNonNull(aws.get("CloudWatchMetrics"))) {
            Map<?, ?> directive = (Map<?, ?>) element;
            List<?> sets = (List<?>) requireNonNull(directive.get("Dimensions"));
            assertThat(sets).isNotEmpty();
            for (Object set : sets) {
                assertThat((List<?>) set)
                        .hasSizeBetween(1, 30)
                        .allSatisfy(name -> assertThat(line.get(name)).isInstanceOf(String.class));
            }
            List<?> metrics = (List<?>) requireNonNull(directive.get("Metrics"));
            assertThat(metrics).hasSizeBetween(1, 100);
            for (Object definition : metrics) {
                assertValues(line.get(((Map<?, ?>) definition).get("Name")));
            }
        }
    }

    private static void assertValues(@Nullable Object value) {
        if (value instanceof Map<?, ?> histogram) {
            List<?> values = (List<?>) requireNonNull(histogram.get("Values"));
            List<?> counts = (List<?>) requireNonNull(histogram.get("Counts"));
            assertThat(values).hasSizeBetween(1, 100).hasSameSizeAs(counts).doesNotHaveDuplicates();
            assertThat(new HashSet<Object>(histogram.keySet()))
                    .isEqualTo(new HashSet<Object>(List.of("Values", "Counts", "Min", "Max", "Count", "Sum")));
        } else if (value instanceof List<?> values) {
            assertThat(values)
                    .hasSizeBetween(1, 100)
                    .allSatisfy(each -> assertThat(each).isInstanceOf(Number.class));
        } else {
            assertThat(value).isInstanceOf(Number.class);
        }
    }

    private void call(long millis) {
        log.callStarted("Table", "GetItem");
        log.roundTrip();
        ticker.advance(Duration.ofMillis(millis));
        log.callEnded();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100})
    void up_to_a_hundred_calls_are_sent_as_single_values(int calls) {
        for (int i = 0; i < calls; i++) {
            call(i % 7);
        }

        assertThat(line(200)).containsEntry("DynamoDbRoundTrips", calls);
        assertThat((List<?>) Json.readOwn(written.getFirst()).get("DynamoDbLatency"))
                .hasSize(calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 173, 1_000, 5_000})
    void more_calls_are_sent_as_a_histogram_of_a_hundred_values(int calls) {
        SplittableRandom random = Seed.random("more_calls_are_sent_as_a_histogram");
        long sum = 0;
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < calls; i++) {
            long millis = random.nextLong(1, 9_000);
            sum += millis;
            least = Math.min(least, millis);
            most = Math.max(most, millis);
            call(millis);
        }

        Map<String, @Nullable Object> line = line(200);
        Map<?, ?> histogram = (Map<?, ?>) requireNonNull(line.get("DynamoDbLatency"));

        assertThat(line).containsEntry("DynamoDbRoundTrips", calls);
        assertThat(((Number) requireNonNull(histogram.get("Sum"))).longValue()).isEqualTo(sum);
        assertThat(((Number) requireNonNull(histogram.get("Min"))).longValue()).isEqualTo(least);
        assertThat(((Number) requireNonNull(histogram.get("Max"))).longValue()).isEqualTo(most);
        assertThat(histogram.get("Count")).isEqualTo(calls);
        int counted = 0;
        for (Object times : (List<?>) requireNonNull(histogram.get("Counts"))) {
            counted += (Integer) times;
        }
        assertThat(counted).isEqualTo(calls);
    }

    @Test
    void equal_values_are_sent_as_one_value_with_its_count() {
        for (int i = 0; i < 1_000; i++) {
            call(5);
        }

        Map<?, ?> histogram = (Map<?, ?>) requireNonNull(line(200).get("DynamoDbLatency"));

        assertThat(histogram.get("Values")).isEqualTo(List.of(5));
        assertThat(histogram.get("Counts")).isEqualTo(List.of(1_000));
    }

    @Test
    void counters_of_a_failed_batch_include_all_calls() {
        for (int i = 0; i < 161; i++) {
            call(i);
        }
        for (int part = 0; part < 20; part++) {
            Unavailable fault = new Unavailable(Dependency.DATABASE, part % 2 == 0, "for the test");
            log.partFailed(Refusal.of(fault).status(), fault);
        }

        assertThat(line(200))
                .containsEntry("RequestsFailed", 10)
                .containsEntry("RequestsThrottled", 10)
                .containsEntry("level", "ERROR");
    }

    @Test
    void throttled_part_of_a_batch_is_a_warning_and_not_a_failure() {
        Unavailable fault = new Unavailable(Dependency.DATABASE, true, "for the test");
        log.partFailed(Refusal.of(fault).status(), fault);

        assertThat(line(200))
                .containsEntry("level", "WARN")
                .containsEntry("RequestsThrottled", 1)
                .doesNotContainKey("RequestsFailed");
    }

    @Test
    void faults_of_third_parties_and_causes_are_bounded_and_counted() {
        RuntimeException fault = new IllegalStateException("innermost");
        for (int i = 0; i < 50; i++) {
            fault = new IllegalStateException("outer", fault);
        }
        log.failed(fault);
        for (int i = 0; i < 1_000; i++) {
            log.recordSourceFailed("recordSource 503");
            log.notificationFailed("timeOut");
        }

        Map<String, @Nullable Object> line = line(500);

        assertThat(line).containsEntry("RecordSourceFailures", 1_000).containsEntry("NotificationsFailed", 1_000);
        assertThat((List<?>) line.get("recordSourceFaults")).hasSize(20);
        assertThat((List<?>) line.get("notificationFaults")).hasSize(20);
        assertThat((List<?>) ((Map<?, ?>) requireNonNull(line.get("fault"))).get("causes"))
                .hasSize(8);
        assertThat(written.getFirst()).hasSizeLessThan(64_000);
    }

    @Test
    void line_with_every_metric_is_valid() {
        for (Metric metric : Metric.values()) {
            if (metric.unit().equals("Count") && !metric.isByCode()) {
                log.count(metric);
            }
        }
        log.rejected("notFound");
        log.measureLatency();
        call(1);

        Map<String, @Nullable Object> line = line(404);

        for (Metric metric : Metric.values()) {
            assertThat(line).containsKey(metric.text());
        }
    }

    /** Reads the table of metrics in the guide. A row may have several metrics. */
    @Test
    void metrics_and_dimensions_match_the_guide() throws IOException {
        for (Metric metric : Metric.values()) {
            if (metric.unit().equals("Count") && !metric.isByCode()) {
                log.count(metric);
            }
        }
        log.rejected("notFound");
        log.measureLatency();
        call(1);
        Map<String, String> written = new TreeMap<>();
        Map<?, ?> aws = (Map<?, ?>) requireNonNull(line(404).get("_aws"));
        for (Object element : (List<?>) requireNonNull(aws.get("CloudWatchMetrics"))) {
            Map<?, ?> directive = (Map<?, ?>) element;
            for (Object definition : (List<?>) requireNonNull(directive.get("Metrics"))) {
                Map<?, ?> metric = (Map<?, ?>) definition;
                written.put(
                        String.valueOf(metric.get("Name")), metric.get("Unit") + " by " + directive.get("Dimensions"));
            }
        }

        Map<String, String> documented = new TreeMap<>();
        String guide = Files.readString(
                Path.of(String.valueOf(System.getProperty("switchboard.root")), "docs/reference/logs.md"));
        for (String row : guide.substring(guide.indexOf("| Metric |")).lines().toList()) {
            if (!row.startsWith("| `")) {
                continue;
            }
            String cell = row.substring(0, row.indexOf(" | "));
            String sets =
                    cell.contains("(also by `Code`)") ? "[[FunctionName], [FunctionName, Code]]" : "[[FunctionName]]";
            Matcher name = Pattern.compile("`([A-Za-z]{5,})`").matcher(cell);
            while (name.find()) {
                documented.put(
                        name.group(1), (cell.contains("(milliseconds)") ? "Milliseconds" : "Count") + " by " + sets);
            }
        }

        assertThat(written).isEqualTo(documented);
    }

    @Test
    void rejection_is_counted_by_function_and_by_code() {
        log.rejected("notFound");

        Map<?, ?> aws = (Map<?, ?>) requireNonNull(line(404).get("_aws"));

        assertThat(String.valueOf(aws.get("CloudWatchMetrics")))
                .contains("Dimensions=[[FunctionName], [FunctionName, Code]]");
    }

    @Test
    void service_latency_excludes_the_wait_for_third_parties() {
        log.measureLatency();
        ticker.advance(Duration.ofMillis(1_030));
        log.waited(Duration.ofMillis(20));
        log.waited(Duration.ofMillis(8));

        Map<String, @Nullable Object> line = line(200);

        assertThat(line).containsEntry("durationMs", 1_030).containsEntry("ServiceLatency", 1_002);
    }

    @Test
    void request_without_a_route_has_no_service_latency() {
        log.rejected("notFound");
        assertThat(line(404)).doesNotContainKey("ServiceLatency");
    }
}
