package io.switchboard.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.http.Refusal;
import io.switchboard.json.Json;
import io.switchboard.replay.TestContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the members of a line that are bounded, left out, or compared with the guide. */
class RequestLogLimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final ManualTicker ticker = new ManualTicker();
    private final RequestLog log = RequestLog.of(new TestContext("CreateSession"), true, ticker);
    private final List<String> written = new ArrayList<>();

    private Map<String, @Nullable Object> line(int status) {
        log.write(status, NOW, LogLevel.INFO, (bytes, level) -> written.add(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(written).hasSize(1);
        return Json.readOwn(written.getFirst());
    }

    private void call(long millis) {
        log.callStarted("Table", "GetItem");
        log.roundTrip();
        ticker.advance(Duration.ofMillis(millis));
        log.callEnded();
    }

    @Test
    void line_has_the_longest_call_and_the_number_of_requests() {
        for (int i = 0; i < 200; i++) {
            call(i % 7);
        }

        assertThat(line(200)).containsEntry("DynamoDbRoundTrips", 200).containsEntry("DynamoDbLatency", 6);
    }

    @Test
    void line_without_calls_has_no_latency_of_dynamodb() {
        assertThat(line(200)).doesNotContainKeys("DynamoDbRoundTrips", "DynamoDbLatency");
    }

    /** Each call may take no measurable time. */
    @Test
    void latency_of_a_millisecond_or_less_is_sent() {
        call(0);

        assertThat(line(200)).containsEntry("DynamoDbLatency", 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1             | 1-5759e988-bd862e3fe1be46a994272793
            Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0 | 1-5759e988-bd862e3fe1be46a994272793
            Sampled=1;Root=1-5759e988-bd862e3fe1be46a994272793                                     | 1-5759e988-bd862e3fe1be46a994272793
            Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0             | none
            none                                                                                   | none
            """)
    void line_has_the_id_of_a_trace_that_is_stored(@Nullable String header, @Nullable String id) {
        RequestLog traced = RequestLog.of(
                new TestContext("CreateSession") {
                    @Override
                    public @Nullable String getXrayTraceId() {
                        return header;
                    }
                },
                false,
                ticker);
        traced.write(200, NOW, LogLevel.INFO, (bytes, level) -> written.add(new String(bytes, StandardCharsets.UTF_8)));

        assertThat(Json.readOwn(written.getFirst()).get("traceId")).isEqualTo(id);
    }

    @Test
    void invocation_is_logged_above_the_level_info() {
        assertThat(line(200)).doesNotContainKey("invocationId");
        written.clear();

        assertThat(line(429)).containsEntry("level", "WARN").containsEntry("invocationId", "invocation-1");
        written.clear();

        assertThat(line(500)).containsEntry("level", "ERROR").containsEntry("invocationId", "invocation-1");
    }

    @Test
    void cause_does_not_repeat_the_frames_of_the_exception_around_it() {
        IllegalStateException inner = new IllegalStateException("inner");
        inner.setStackTrace(frames("thrown", "caller", "main"));
        IllegalStateException outer = new IllegalStateException("outer", inner);
        outer.setStackTrace(frames("wrapped", "caller", "main"));
        inner.initCause(same(frames("thrown", "caller", "main")));
        log.failed(outer);

        Map<?, ?> fault = (Map<?, ?>) requireNonNull(line(500).get("fault"));

        assertThat((List<?>) fault.get("causes"))
                .extracting(cause -> String.valueOf(cause).replace("java.lang.IllegalStateException", "E"))
                .containsExactly(
                        "E at Type.wrapped(Type.java:1) at Type.caller(Type.java:1) at Type.main(Type.java:1)",
                        "E at Type.thrown(Type.java:1)",
                        "E at Type.thrown(Type.java:1)");
    }

    /** The exception around the cause has more frames than a line describes. */
    @Test
    void cause_has_the_frames_in_common_that_are_not_described_yet() {
        IllegalStateException inner = same(frames("thrown", "a", "b", "main"));
        IllegalStateException outer = new IllegalStateException("outer", inner);
        outer.setStackTrace(frames("1", "2", "3", "4", "5", "6", "7", "a", "b", "main"));
        log.failed(outer);

        Map<?, ?> fault = (Map<?, ?>) requireNonNull(line(500).get("fault"));

        assertThat(String.valueOf(((List<?>) requireNonNull(fault.get("causes"))).get(1)))
                .isEqualTo("java.lang.IllegalStateException at Type.thrown(Type.java:1) at Type.b(Type.java:1)"
                        + " at Type.main(Type.java:1)");
    }

    private static IllegalStateException same(StackTraceElement[] frames) {
        IllegalStateException exception = new IllegalStateException("innermost");
        exception.setStackTrace(frames);
        return exception;
    }

    private static StackTraceElement[] frames(String... methods) {
        return Arrays.stream(methods)
                .map(method -> new StackTraceElement("Type", method, "Type.java", 1))
                .toArray(StackTraceElement[]::new);
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

    /** Reads the table of metrics in the guide. A row may have several metrics. */
    @Test
    void metrics_match_the_guide() throws IOException {
        for (Metric metric : Metric.values()) {
            if (metric.unit().equals("Count") && !metric.isByCode()) {
                log.count(metric);
            }
        }
        log.rejected("notFound");
        log.measureLatency();
        call(1);
        Map<String, @Nullable Object> line = line(404);
        Map<String, String> written = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            assertThat(line.get(metric.text())).as(metric.text()).isInstanceOf(Integer.class);
            written.put(metric.text(), metric.unit() + (metric.isByCode() ? " also by code" : ""));
        }

        Map<String, String> documented = new TreeMap<>();
        String guide = Files.readString(
                Path.of(String.valueOf(System.getProperty("switchboard.root")), "docs/reference/logs.md"));
        for (String row : guide.substring(guide.indexOf("| Metric |")).lines().toList()) {
            if (!row.startsWith("| `")) {
                continue;
            }
            String cell = row.substring(0, row.indexOf(" | "));
            Matcher name = Pattern.compile("`([A-Za-z]{5,})`").matcher(cell);
            while (name.find()) {
                documented.put(
                        name.group(1),
                        (cell.contains("(milliseconds)") ? "Milliseconds" : "Count")
                                + (cell.contains("(also by `Code`)") ? " also by code" : ""));
            }
        }

        assertThat(written).isEqualTo(documented);
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
