package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Container;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.Readme;
import io.switchboard.runtime.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.testcontainers.DockerClientFactory;

/**
 * The README's section "In containers", its commands word by word: only the ports are free ones, and where
 * {@code SWITCHBOARD_LAMBDA_IMAGE} names an image it takes the place of AWS's, which cannot be fetched everywhere.
 */
@NeedsContainerTools
@Isolated("a cold start in a container beside another suite may not get its function's ten seconds of processor time")
class SamLocalTest {
    private static final Readme SECTION = Readme.read().section("In containers");
    private static final String SERVER = "mvn -Plocal compile -Dlocal.arguments=\"--port 3001 --dynamodb-port 8000\"";
    private static final String INVOKE =
            "sam local invoke CreateSession --config-env local --event events/CreateSession/201.cif-example.json";
    private static final String START_API = "sam local start-api --config-env local";
    private static final String START_LAMBDA = "sam local start-lambda --config-env local";
    private static final Duration UP = Duration.ofMinutes(2);
    private static final String LABEL = "sam.cli.container.type";

    @SuppressWarnings("NullAway.Init") // before all tests
    private static LocalServer server;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Checkout checkout;

    private static int apiPort;

    @BeforeAll
    static void start() throws IOException {
        server = LocalServer.start(
                LocalServerSettings.of(SECTION.root().resolve("template.yaml")).withDynamoDbPort(0));
        apiPort = freePort();
        checkout = Checkout.of("sam-local", Map.of());
        checkout.replace(
                "events/local-environment.json",
                "http://host.docker.internal:8000",
                "http://host.docker.internal:" + server.dynamoDb().getPort());
        checkout.replace(
                "events/local-environment.json",
                "http://host.docker.internal:8001",
                "http://host.docker.internal:" + server.busPort().orElseThrow());
        checkout.replace("events/local-environment.json", "http://127.0.0.1:3000", "http://127.0.0.1:" + apiPort);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_readme_says_what_is_run_here() {
        assertThat(SECTION.blocks())
                .contains("mvn package -DskipTests\n" + SERVER + "\n", INVOKE + "\n", START_API + "\n");
    }

    /**
     * One of each route, method and status in a container of its own, two at a time, since most of their time is waiting; the others
     * by {@code sam local start-lambda}, which keeps its containers: a fresh one for each event would take a third of all CI. No event
     * depends on another.
     */
    @Test
    void every_valid_event_is_answered_in_sam_s_containers() throws Exception {
        var first = new LinkedHashMap<String, Runnable>();
        var others = new ArrayList<EventCase>();
        for (String function : Checkout.functions()) {
            checkout.writeEvents(function);
            for (EventCase event : validEvents(function)) {
                if (first.putIfAbsent(kind(event), () -> invoke(event)) != null) {
                    others.add(event);
                }
            }
        }
        checkout.writeEvents(Checkout.STREAM_FUNCTION);
        // One that is published, on the local server's bus, and one that nobody can read.
        first.put("published", () -> publish("SessionClosed+SessionSwitched.closed", "{\"batchItemFailures\": []}"));
        first.put(
                "unreadable",
                () -> publish("failed.document-is-no-json", "{\"batchItemFailures\": [{\"itemIdentifier\": \""));
        long start = System.nanoTime();
        var invocations = new ArrayList<Future<?>>();
        try (var pair = Executors.newFixedThreadPool(2)) {
            first.values().forEach(invocation -> invocations.add(pair.submit(invocation)));
        }
        for (Future<?> invocation : invocations) {
            invocation.get();
        }
        System.out.printf("acceptance  %6.1f s  %d events to sam local invoke%n", seconds(start), first.size());
        int port = freePort();
        try (var http = HttpClient.newHttpClient();
                var lambda = new Started(START_LAMBDA + " --port " + port, port)) {
            start = System.nanoTime();
            for (EventCase event : others) {
                var answer = new AwsApi(http, lambda.base()).invoke(event.function(), event.text());
                assertThat(answer.status())
                        .as("%s: %s", event, answer.payload())
                        .isEqualTo(Integer.parseInt(event.outcome()));
            }
            System.out.printf(
                    "acceptance  %6.1f s  %d events to sam local start-lambda%n", seconds(start), others.size());
        }
        assertThat(first).hasSizeGreaterThanOrEqualTo(20);
        assertThat(first.size() + others.size()).isGreaterThanOrEqualTo(100);
    }

    /** Its route, its method and what it is answered. */
    private static String kind(EventCase event) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(event.text());
        return event.function() + " " + tree.path("routeKey").asText() + " "
                + tree.at("/requestContext/http/method").asText() + " " + event.outcome();
    }

    private static void invoke(EventCase event) {
        String line = INVOKE.replace("CreateSession", event.function()).replace("201.cif-example", event.name());

        var ended = checkout.run(line + imageOptions(), UP).succeeded();

        // The container's own output may come behind the answer.
        assertThat(ended.output().lines().filter(each -> each.startsWith("{\"statusCode\"")))
                .as("%s%n%s", line, ended.output())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("{\"statusCode\": " + event.outcome() + ",");
    }

    private static void publish(String event, String answer) {
        String line = INVOKE.replace("CreateSession", Checkout.STREAM_FUNCTION).replace("201.cif-example", event);

        var ended = checkout.run(line + imageOptions(), UP).succeeded();

        assertThat(ended.output().lines().filter(each -> each.startsWith("{\"batchItemFailures\"")))
                .as("%s%n%s", line, ended.output())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(answer);
    }

    @Test
    void the_walk_through_works_on_sam_local_start_api_without_its_token() throws Exception {
        try (var http = HttpClient.newHttpClient();
                var api = new Started(START_API + " --port " + apiPort, apiPort)) {
            long start = System.nanoTime();
            int requests = Readme.read().section("A walk-through").follow(http, api.base(), false);
            System.out.printf("acceptance  %6.1f s  %d requests to sam local start-api%n", seconds(start), requests);
            assertThat(requests).isGreaterThanOrEqualTo(7);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static List<EventCase> validEvents(String function) {
        return EventCase.of(function).stream()
                .filter(event -> event.outcome().startsWith("2"))
                .toList();
    }

    private static String imageOptions() {
        String image = System.getenv("SWITCHBOARD_LAMBDA_IMAGE");
        return image == null || image.isBlank() ? "" : " --invoke-image " + image + " --skip-pull-image";
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    /** A command that serves a port until it is closed, and leaves no container behind. */
    private static final class Started implements AutoCloseable {
        private final String line;
        private final int port;
        private final Path output;
        private final Process process;
        private final List<String> containersBefore = containers();

        Started(String line, int port) throws IOException {
            this.line = line;
            this.port = port;
            output = Files.createTempFile(checkout.folder(), "output", ".txt");
            process = checkout.start(line + imageOptions(), output);
            Stage.timed(line, () -> {
                boolean isUp = Await.holds(UP, () -> {
                    assertThat(process.isAlive()).as(output()).isTrue();
                    return answers();
                });
                assertThat(isUp).as(output()).isTrue();
                return port;
            });
        }

        URI base() {
            return URI.create("http://127.0.0.1:" + port);
        }

        String output() {
            return Checkout.read(output);
        }

        @Override
        public void close() {
            Checkout.stop(process);
            assertThat(containers()).as("containers of %s after its end", line).isSubsetOf(containersBefore);
        }

        private boolean answers() {
            try (var _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        private static List<String> containers() {
            try (Stream<Container> all = DockerClientFactory.instance()
                    .client()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(List.of(LABEL))
                    .exec()
                    .stream()) {
                return all.map(Container::getId).toList();
            }
        }
    }
}
