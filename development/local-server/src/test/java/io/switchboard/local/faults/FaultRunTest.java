package io.switchboard.local.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.FaultyEndpoint.Fault;
import io.switchboard.text.Seed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Sends thousands of concurrent requests while DynamoDB fails: it is slow, throttles, rejects, does not respond,
 * responds late and closes connections.
 */
@Isolated("it measures response times")
class FaultRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REQUESTS = 5_000;
    private static final int TENANTS = 8;
    private static final int OWNERS = 24;
    private static final int CALLERS_OF_AN_OWNER = 2;
    private static final int ADMINISTRATORS_OF_A_TENANT = 2;
    /** The functions' timeout, after which a request is aborted. */
    private static final Duration LONGEST = Duration.ofSeconds(10);
    /** The time between a function's timeout and the server's log line, when 64 callers share two processors. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Pattern REQUEST =
            Pattern.compile("(?m)^[A-Z]+  (?!\\S*/oauth2).* [1-5][0-9]{2}  ([0-9]+) ms$");

    @Test
    void acknowledged_writes_are_applied_exactly_once_and_every_response_is_correct_and_timely() throws Exception {
        SplittableRandom random = Seed.random("fault run");
        Path template = Path.of(System.getProperty("switchboard.root")).resolve("template.yaml");
        ByteArrayOutputStream serverLog = new ByteArrayOutputStream();
        ByteArrayOutputStream functionLog = new ByteArrayOutputStream();
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
                FaultyEndpoint endpoint = new FaultyEndpoint(dynamoDb.endpoint());
                LocalServer server = LocalServer.start(
                        LocalServerSettings.of(template).withDynamoDb(URI.create(endpoint.url())),
                        new PrintStream(serverLog, true, StandardCharsets.UTF_8),
                        new PrintStream(functionLog, true, StandardCharsets.UTF_8));
                FaultRun run = new FaultRun(server.baseUri(), REQUESTS);
                StoredItems items = new StoredItems(dynamoDb.endpoint())) {
            List<TemplateOwner.SharedTemplate> shared = new ArrayList<>();
            List<TemplateOwner> administrators = new ArrayList<>();
            List<DeskOwner> owners = new ArrayList<>();
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                shared.add(new TemplateOwner.SharedTemplate(run, "tenant" + tenant));
                for (int i = 0; i < ADMINISTRATORS_OF_A_TENANT; i++) {
                    administrators.add(new TemplateOwner(run, shared.get(tenant), "admin" + i));
                    administrators.getLast().prepare();
                }
            }
            for (int i = 0; i < OWNERS; i++) {
                owners.add(new DeskOwner(run, "tenant" + i % TENANTS, "user" + i));
            }
            List<Consumer<SplittableRandom>> callers = new ArrayList<>();
            administrators.forEach(administrator -> callers.add(administrator::act));
            for (int i = 0; i < CALLERS_OF_AN_OWNER; i++) {
                owners.forEach(owner -> callers.add(owner::act));
            }

            FaultPlan plan = new FaultPlan(random.split());
            endpoint.plan(plan);
            long begin = System.nanoTime();
            inParallel(callers.stream().map(caller -> {
                SplittableRandom own = random.split();
                return () -> {
                    while (!run.isOver()) {
                        caller.accept(own);
                    }
                };
            }));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            endpoint.settle();
            inParallel(Stream.of(
                            owners.stream().<Runnable>map(owner -> owner::verify),
                            administrators.stream().<Runnable>map(administrator -> administrator::verify),
                            shared.stream().<Runnable>map(one -> one::verify))
                    .flatMap(each -> each));

            List<Long> times = times(serverLog.toString(StandardCharsets.UTF_8));
            Map<String, JsonNode> lines = lines(functionLog.toString(StandardCharsets.UTF_8));
            report(run, plan, took, times, lines);
            assertThat(run.violations()).isEmpty();
            assertThat(run.sent()).isGreaterThanOrEqualTo(REQUESTS);
            assertThat(times).hasSize(run.sent());
            assertThat(times.getLast()).isLessThanOrEqualTo(LONGEST.plus(MARGIN).toMillis());
            assertThat(run.unavailable()).isNotEmpty().allSatisfy(id -> requireFault(lines.get(id)));
            for (Fault fault : Fault.values()) {
                assertThat(String.join(" ", plan.injected().keySet())).contains(fault.name());
            }
            items.requireConsistentSessions();
            items.requireConsistentTemplates();
        }
    }

    private static void inParallel(Stream<Runnable> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> all = work.map(threads::submit).toList();
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    /** Returns the server's time for each request in milliseconds, in ascending order. */
    private static List<Long> times(String log) {
        List<Long> times = new ArrayList<>();
        Matcher requests = REQUEST.matcher(log);
        while (requests.find()) {
            times.add(Long.parseLong(requests.group(1)));
        }
        times.sort(null);
        return times;
    }

    /** Returns the functions' log lines by request id. The local server's log level limits them to faults. */
    private static Map<String, JsonNode> lines(String log) throws JsonProcessingException {
        Map<String, JsonNode> lines = new HashMap<>();
        for (String line : log.lines().toList()) {
            JsonNode tree = JSON.readTree(line);
            lines.put(tree.path("requestId").asText(), tree);
        }
        return lines;
    }

    /**
     * Checks that the log line of a response with 429 or 503 states the table, the operation and the number of
     * attempts, and a time within the limit.
     */
    private static void requireFault(@Nullable JsonNode line) {
        assertThat(line).isNotNull();
        JsonNode fault = requireNonNull(line).path("fault");
        assertThat(fault.path("table").asText()).as("%s", line).isIn("Sessions", "Templates");
        assertThat(fault.path("dynamoDbOperation").asText())
                .as("%s", line)
                .isIn("GetItem", "BatchGetItem", "Query", "TransactWriteItems");
        assertThat(fault.path("attempts").asInt()).as("%s", line).isPositive();
        assertThat(line.path("durationMs").asLong()).as("%s", line).isLessThanOrEqualTo(LONGEST.toMillis());
    }

    private static void report(
            FaultRun run, FaultPlan plan, Duration took, List<Long> times, Map<String, JsonNode> lines) {
        Map<String, Map<String, Long>> byFault = new TreeMap<>();
        plan.injected()
                .forEach((name, count) -> byFault.computeIfAbsent(
                                name.substring(name.indexOf(' ') + 1), any -> new TreeMap<>())
                        .put(name.substring(0, name.indexOf(' ')), count));
        StringBuilder report =
                new StringBuilder("fault run: %d requests in %d s; response time in ms: median %d, p99 %d, maximum %d%n"
                        .formatted(
                                run.sent(),
                                took.toSeconds(),
                                times.get(times.size() / 2),
                                times.get(times.size() * 99 / 100),
                                times.getLast()));
        byFault.forEach((fault, counts) -> report.append("  %-18s %s%n".formatted(fault, counts)));
        run.responses().forEach((response, count) -> report.append("  %6d  %s%n".formatted(count, response)));
        lines.values().stream()
                .filter(line -> line.path("status").asInt() == 500)
                .limit(5)
                .forEach(line -> report.append(line).append(System.lineSeparator()));
        System.out.print(report);
    }
}
