package io.switchboard.bench;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.jr.ob.JSON;
import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import io.switchboard.local.deployment.TemplateException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Measures the time from the POST of an offer to the message at the subscribed client of its user, at 100 offers a
 * second ({@code docs/explanation/architecture.md}, "Budgets": p99 at most a second). Runs the local server with
 * DynamoDB Local, and exits with 1 if a message is missing or the limit is exceeded.
 */
public final class OfferPushBench {
    private static final String USAGE =
            "Options: --root <folder of the checkout> [--offers <number>] [--rate <offers a second>]";
    /** A desk displays one notification and queues ten. */
    private static final int OFFERS_OF_A_USER = 10;

    private static final double LIMIT_MILLISECONDS = 1_000;
    private static final int MOST_OFFERS = 100_000;
    private static final int MOST_RATE = 1_000;
    private static final int WARM_UP = 400;
    private static final int WARM_UP_RATE = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final String OFFER = "{\"templateName\":\"msdyn_chat_consult\"}";

    private final Path root;
    private final int offers;
    private final int rate;
    private final PrintStream out;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Deque<Double> times = new ConcurrentLinkedDeque<>();

    private OfferPushBench(Path root, int offers, int rate, PrintStream out) {
        this.root = root;
        this.offers = offers;
        this.rate = rate;
        this.out = out;
    }

    /** Measures and prints. Exits with 1 if a message is missing, or the p99 is too high. */
    public static void main(String[] arguments) {
        boolean holds = false;
        try {
            holds = parse(arguments).run();
        } catch (BenchException | EmbeddedDynamoDbException | TemplateException e) {
            System.err.println(e.getMessage());
        } catch (IOException e) {
            System.err.println("A request of the benchmark failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(holds ? 0 : 1);
    }

    private static OfferPushBench parse(String... arguments) {
        Path root = Path.of("").toAbsolutePath();
        int offers = 3_000;
        int rate = 100;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--root" -> root = Path.of(arguments[i + 1]).toAbsolutePath();
                case "--offers" -> offers = ListingOptions.number(arguments[i], arguments[i + 1], MOST_OFFERS);
                case "--rate" -> rate = ListingOptions.number(arguments[i], arguments[i + 1], MOST_RATE);
                default -> throw new BenchException("Unknown option " + arguments[i] + ". " + USAGE);
            }
        }
        return new OfferPushBench(root, offers, rate, System.out);
    }

    /** A user with a subscribed client. */
    private final class Agent implements WebSocket.Listener {
        private final String user;
        private final CountDownLatch connected = new CountDownLatch(1);
        private final CountDownLatch subscribed = new CountDownLatch(1);
        private final Deque<Long> sentAt = new ConcurrentLinkedDeque<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;

        private Agent(URI base, int number) throws IOException, InterruptedException {
            user = "agent-" + number;
            String token = token(base, "user=" + user + "&scope=Sessions.Read");
            Map<String, Object> events = JSON.std.mapFrom(send(request(base, "/me/events", token)));
            Map<String, String> authorization = Map.of("Authorization", token, "host", "localhost");
            String subscription = JSON.std.asString(Map.of(
                    "type",
                    "subscribe",
                    "id",
                    "1",
                    "channel",
                    requireNonNull(events.get("channel")),
                    "authorization",
                    authorization));
            String header = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(JSON.std.asString(authorization).getBytes(StandardCharsets.UTF_8));
            socket = http.newWebSocketBuilder()
                    .subprotocols("aws-appsync-event-ws", "header-" + header)
                    .buildAsync(URI.create(String.valueOf(events.get("realtimeEndpoint"))), this)
                    .join();
            socket.sendText("{\"type\":\"connection_init\"}", true).join();
            require(connected);
            socket.sendText(subscription, true).join();
            require(subscribed);
        }

        private static void require(CountDownLatch confirmation) throws InterruptedException {
            if (!confirmation.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException("The subscription of a user was not confirmed.");
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            text.append(data);
            if (isLast) {
                receive(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void receive(String message) {
            if (message.contains("\"connection_ack\"")) {
                connected.countDown();
            } else if (message.contains("\"subscribe_success\"")) {
                subscribed.countDown();
            } else if (message.contains("\"data\"")) {
                long now = System.nanoTime();
                // One message may report several offers.
                for (Long sent = sentAt.poll(); sent != null; sent = sentAt.poll()) {
                    times.add((now - sent) / 1e6);
                }
            }
        }
    }

    private boolean run() throws IOException, InterruptedException {
        try (LocalServer server = LocalServer.start(LocalServerSettings.of(root.resolve("template.yaml")))) {
            String backend = token(server.baseUri(), "roles=Sessions.ReadWrite.All");
            List<Agent> warming = agents(server.baseUri(), 0, WARM_UP / OFFERS_OF_A_USER);
            offer(server.baseUri(), backend, warming, WARM_UP, WARM_UP_RATE);
            times.clear();
            List<Agent> agents =
                    agents(server.baseUri(), warming.size(), (offers + OFFERS_OF_A_USER - 1) / OFFERS_OF_A_USER);
            int accepted = offer(server.baseUri(), backend, agents, offers, rate);
            warming.forEach(agent -> agent.socket.abort());
            agents.forEach(agent -> agent.socket.abort());
            return report(accepted, agents.size());
        }
    }

    private List<Agent> agents(URI base, int first, int count) throws IOException, InterruptedException {
        List<Agent> agents = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            agents.add(new Agent(base, i));
        }
        return agents;
    }

    /** Sends offers at a rate, and waits for their messages. Returns how many offers the API accepted. */
    private int offer(URI base, String backend, List<Agent> agents, int count, int perSecond) {
        List<CompletableFuture<HttpResponse<Void>>> responses = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * 1_000_000_000L / perSecond;
            parkUntil(due);
            Agent agent = agents.get(i % agents.size());
            HttpRequest offer = request(base, "/users/" + agent.user + "/notifications", backend)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(OFFER))
                    .build();
            // Counted from the time when it is due, so that a slow server does not reduce the rate.
            agent.sentAt.add(due);
            responses.add(http.sendAsync(offer, BodyHandlers.discarding()));
        }
        int accepted = 0;
        for (CompletableFuture<HttpResponse<Void>> response : responses) {
            accepted += response.join().statusCode() == 201 ? 1 : 0;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (times.size() < accepted && System.nanoTime() < end) {
            parkUntil(System.nanoTime() + POLL.toNanos());
        }
        return accepted;
    }

    private static void parkUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private boolean report(int accepted, int agents) {
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        double limited = sorted.length == 0 ? Double.NaN : percentile(sorted, 0.99);
        boolean holds = accepted == offers && sorted.length >= offers && limited <= LIMIT_MILLISECONDS;
        out.printf(
                Locale.ROOT,
                "%n%d offers to %d users, %d a second: from the POST to the message at the client%n%n"
                        + "| p50 ms | p90 ms | p99 ms | p99.9 ms | greatest ms |%n|---:|---:|---:|---:|---:|%n",
                offers,
                agents,
                rate);
        if (sorted.length > 0) {
            out.printf(
                    Locale.ROOT,
                    "| %.0f | %.0f | %.0f | %.0f | %.0f |%n",
                    percentile(sorted, 0.5),
                    percentile(sorted, 0.9),
                    limited,
                    percentile(sorted, 0.999),
                    sorted[sorted.length - 1]);
        }
        out.printf(
                Locale.ROOT,
                "%n%d offers were not accepted, %d messages are missing. Limit: p99 of %.0f ms: %s.%n",
                offers - accepted,
                Math.max(0, accepted - sorted.length),
                LIMIT_MILLISECONDS,
                holds ? "kept" : "EXCEEDED");
        return holds;
    }

    private static double percentile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
    }

    private static HttpRequest.Builder request(URI base, String path, String token) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private String token(URI base, String fields) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve("/oauth2/token"))
                        .header("Accept", "text/plain")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials&" + fields)))
                .strip();
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new BenchException("A request was answered with " + response.statusCode() + ".");
        }
        return response.body();
    }
}
