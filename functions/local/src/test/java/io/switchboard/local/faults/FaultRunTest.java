package io.switchboard.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.http.Seed;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.FaultyEndpoint.Fault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Thousands of requests from many callers at once while DynamoDB fails: slow, throttling, refusing, silent, late, and closing connections. */
@Isolated("it measures how long answers take")
class FaultRunTest {
    private static final int REQUESTS = 5_000;
    private static final int TENANTS = 8;
    private static final int OWNERS = 24;
    private static final int CALLERS_OF_AN_OWNER = 2;
    private static final int ADMINISTRATORS_OF_A_TENANT = 2;
    /** The function's time-out of ten seconds less the second it keeps back. */
    private static final Duration LONGEST = Duration.ofSeconds(9);
    /** From the deadline to the line of the local server's log, on a machine where 64 callers share two processors. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private static final Pattern REQUEST = Pattern.compile("(?m)^[A-Z]+  (?!\\S*/oauth2).* [1-5][0-9]{2}  ([0-9]+) ms$");

    @Test
    void no_acknowledged_write_is_lost_none_is_made_twice_and_every_answer_is_right_and_in_time() throws Exception {
        SplittableRandom random = Seed.random("fault run");
        Path template = Path.of(System.getProperty("switchboard.root")).resolve("template.yaml");
        ByteArrayOutputStream serverLog = new ByteArrayOutputStream();
        ByteArrayOutputStream functionLog = new ByteArrayOutputStream();
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
                FaultyEndpoint endpoint = new FaultyEndpoint(dynamoDb.endpoint());
                LocalServer server = LocalServer.start(
                        LocalServerSettings.of(template).withDynamoDb(URI.create(endpoint.url())),
                        print(serverLog),
                        print(functionLog));
                FaultRun run = new FaultRun(server.baseUri(), REQUESTS);
                StoredItems items = new StoredItems(dynamoDb.endpoint())) {
            List<TemplateOwner.Shared> shared = new ArrayList<>();
            List<TemplateOwner> administrators = new ArrayList<>();
            List<DeskOwner> owners = new ArrayList<>();
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                shared.add(new TemplateOwner.Shared(run, "tenant" + tenant));
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
            report(run, plan, took, times);
            assertThat(run.violations()).isEmpty();
            assertThat(run.sent()).isGreaterThanOrEqualTo(REQUESTS);
            assertThat(times.getLast()).isLessThan(LONGEST.plus(MARGIN).toMillis());
            for (Fault fault : Fault.values()) {
                assertThat(String.join(" ", plan.injected().keySet())).contains(fault.name());
            }
            items.requireWholeSessions();
            items.requireWholeTemplates();
        }
    }

    private static PrintStream print(ByteArrayOutputStream output) {
        return new PrintStream(output, true, StandardCharsets.UTF_8);
    }

    private static void inParallel(Stream<Runnable> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> all = work.map(threads::submit).toList();
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    /** How long the server took for each request, in milliseconds, the longest last. */
    private static List<Long> times(String log) {
        List<Long> times = new ArrayList<>();
        Matcher lines = REQUEST.matcher(log);
        while (lines.find()) {
            times.add(Long.parseLong(lines.group(1)));
        }
        times.sort(null);
        return times;
    }

    private static void report(FaultRun run, FaultPlan plan, Duration took, List<Long> times) {
        Map<String, Map<String, Long>> byFault = new TreeMap<>();
        plan.injected().forEach((name, count) -> byFault.computeIfAbsent(
                        name.substring(name.indexOf(' ') + 1), any -> new TreeMap<>())
                .put(name.substring(0, name.indexOf(' ')), count));
        StringBuilder report = new StringBuilder("fault run: %d requests in %d s; answered in ms: median %d, 99%% %d, longest %d%n"
                .formatted(
                        run.sent(),
                        took.toSeconds(),
                        times.get(times.size() / 2),
                        times.get(times.size() * 99 / 100),
                        times.getLast()));
        byFault.forEach((fault, counts) -> report.append("  %-18s %s%n".formatted(fault, counts)));
        run.answered().forEach((answer, count) -> report.append("  %6d  %s%n".formatted(count, answer)));
        System.out.print(report);
    }
}
