package io.switchboard.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Container;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import io.switchboard.replay.DocumentationPage;
import io.switchboard.replay.EventCase;
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
 * Runs the commands of the guide "Run in containers" literally. Only the ports differ, and
 * {@code SWITCHBOARD_LAMBDA_IMAGE} can replace AWS's image, which is not available everywhere.
 */
@NeedsContainerTools
@Isolated("a cold start in a container may exceed its function's ten-second timeout while another suite runs")
class SamLocalTest {
    private static final DocumentationPage GUIDE = DocumentationPage.read("docs/how-to/run-in-containers.md");
    private static final String SERVER =
            "mvn -q -Plocal compile -Dlocal.arguments=\"--port 3001 --dynamodb-port 8000\"";
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
                LocalServerSettings.of(GUIDE.root().resolve("template.yaml")).withDynamoDbPort(0));
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
    void guide_has_the_commands_of_this_test() {
        assertThat(GUIDE.shellBlocks())
                .contains("mvn package -DskipTests\n" + SERVER + "\n", INVOKE + "\n", START_API + "\n");
    }

    /**
     * Sends one event for each route, method and status to its own container, two at a time, because they mostly wait.
     * The other events go to {@code sam local start-lambda}, which reuses its containers; a new container for each
     * event would take a third of the CI time. Events are independent of one another.
     */
    @Test
    void every_valid_event_succeeds_in_sam_containers() throws Exception {
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
        // One change that is published on the local server's bus, and one that is unreadable.
        first.put("published", () -> publish("SessionClosed+SessionSwitched.closed", "{\"batchItemFailures\": []}"));
        first.put(
                "unreadable",
                () -> publish("failed.document-is-not-json", "{\"batchItemFailures\": [{\"itemIdentifier\": \""));
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
                var lambda = new RunningCommand(START_LAMBDA + " --port " + port, port)) {
            start = System.nanoTime();
            for (EventCase event : others) {
                var response = new AwsApi(http, lambda.base()).invoke(event.function(), event.text());
                assertThat(response.status())
                        .as("%s: %s", event, response.payload())
                        .isEqualTo(Integer.parseInt(event.outcome()));
            }
            System.out.printf(
                    "acceptance  %6.1f s  %d events to sam local start-lambda%n", seconds(start), others.size());
        }
        assertThat(first).hasSizeGreaterThanOrEqualTo(20);
        assertThat(first.size() + others.size()).isGreaterThanOrEqualTo(100);
    }

    /** Returns the route, the method and the expected outcome. */
    private static String kind(EventCase event) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(event.text());
        return event.function() + " " + tree.path("routeKey").asText() + " "
                + tree.at("/requestContext/http/method").asText() + " " + event.outcome();
    }

    private static void invoke(EventCase event) {
        String line = INVOKE.replace("CreateSession", event.function()).replace("201.cif-example", event.name());

        var ended = checkout.run(line + imageOptions(), UP).succeeded();

        // The container's own output may follow the response.
        assertThat(ended.output().lines().filter(each -> each.startsWith("{\"statusCode\"")))
                .as("%s%n%s", line, ended.output())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("{\"statusCode\": " + event.outcome() + ",");
    }

    private static void publish(String event, String response) {
        String line = INVOKE.replace("CreateSession", Checkout.STREAM_FUNCTION).replace("201.cif-example", event);

        var ended = checkout.run(line + imageOptions(), UP).succeeded();

        assertThat(ended.output().lines().filter(each -> each.startsWith("{\"batchItemFailures\"")))
                .as("%s%n%s", line, ended.output())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(response);
    }

    @Test
    void documented_requests_work_with_sam_local_start_api_without_a_token() throws Exception {
        try (var http = HttpClient.newHttpClient();
                var api = new RunningCommand(START_API + " --port " + apiPort, apiPort)) {
            long start = System.nanoTime();
            int requests =
                    DocumentationPage.read("docs/tutorials/first-session.md").follow(http, api.base(), false);
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

    /** A command that serves a port until it is closed, and that must leave no containers. */
    private static final class RunningCommand implements AutoCloseable {
        private final String line;
        private final int port;
        private final Path output;
        private final Process process;
        private final List<String> containersBefore = containers();

        RunningCommand(String line, int port) throws IOException {
            this.line = line;
            this.port = port;
            output = Files.createTempFile(checkout.folder(), "output", ".txt");
            process = checkout.start(line + imageOptions(), output);
            ProgressLog.timed(line, () -> {
                boolean isUp = Await.holds(UP, () -> {
                    assertThat(process.isAlive()).as(output()).isTrue();
                    return isServing();
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

        private boolean isServing() {
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
