package io.switchboard.replay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.dynamodb.ErrorAnswer;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a function and DynamoDB, on real sockets: notes each request that really goes over the wire, the SDK's own
 * retries included, and spoils those a plan names. Lets everything through until {@link #plan}. Thread-safe.
 */
public final class FaultyEndpoint implements AutoCloseable {
    /** Longer than the product's client waits for an answer (two seconds). */
    public static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofMillis(2_300);

    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** How much longer a slow request takes. */
    public static final Duration SLOWNESS = Duration.ofMillis(80);

    private static final String JSON = "application/x-amz-json-1.0";
    private static final Set<String> PLAIN_WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem");

    /** What becomes of one request. */
    public enum Fault {
        /** Nothing: it goes through. */
        NONE,
        /** It takes {@link #SLOWNESS} longer. */
        SLOW,
        /** DynamoDB refuses it for load on the table. */
        THROTTLED,
        /** DynamoDB refuses it for load on the account. */
        RATE_EXCEEDED,
        /** DynamoDB refuses a part of a transaction for load on the account. */
        THROTTLED_PART,
        /** DynamoDB refuses a part of a transaction because the capacity of its table is used up, another for a conflict. */
        MIXED_THROTTLING,
        /** DynamoDB answers 500 before it does anything. */
        SERVER_ERROR,
        /** DynamoDB answers 503 before it does anything. */
        UNAVAILABLE,
        /** A write meets a transaction; a transaction is told so in the reasons of its cancellation. */
        CONFLICT,
        /** A transaction is told of a conflict and of a failed condition at once. */
        MIXED_CONFLICT,
        /** Half of a batch's keys are left for another request. */
        UNPROCESSED_KEYS,
        /** The connection closes before DynamoDB sees the request. */
        BROKEN_CONNECTION,
        /** DynamoDB does it, and the connection closes without an answer. */
        LOST_ANSWER,
        /** DynamoDB does it, and the connection closes half-way through the answer. */
        HALF_ANSWER,
        /** DynamoDB does it, and its answer ends in the middle of its JSON, as if it were whole. */
        CUT_ANSWER,
        /** Nothing is done, and nothing is said until nobody waits any more, or {@link #settle}. */
        SILENCE,
        /** DynamoDB does it at once, and answers when nobody waits any more, or at {@link #settle}. */
        LATE_ANSWER,
        /** DynamoDB does it when nobody waits any more, or at {@link #settle}. */
        LATE_REQUEST;

        /** Whether such a thing can happen to this operation. */
        public boolean befalls(String operation) {
            boolean isTransaction = operation.equals("TransactWriteItems");
            return switch (this) {
                case CONFLICT -> isTransaction || PLAIN_WRITES.contains(operation);
                case MIXED_CONFLICT, THROTTLED_PART, MIXED_THROTTLING -> isTransaction;
                case UNPROCESSED_KEYS -> operation.equals("BatchGetItem");
                default -> true;
            };
        }
    }

    /**
     * One request to DynamoDB.
     *
     * @param operation such as {@code GetItem}
     * @param body its JSON
     */
    public record Call(String operation, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI dynamoDb;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Phaser underWay = new Phaser(1);
    private volatile CountDownLatch released = new CountDownLatch(1);
    private volatile Function<Call, Fault> plan = call -> Fault.NONE;

    /** One before this endpoint of DynamoDB. */
    public FaultyEndpoint(URI dynamoDb) {
        this.dynamoDb = dynamoDb;
        // Without it an answer waits 40 ms for an acknowledgement; read once, when the JDK's server loads.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** Where it listens, for {@code AWS_ENDPOINT_URL_DYNAMODB}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The operations since the last call, in order: {@code GetItem}, {@code TransactWriteItems}, … */
    public List<String> take() {
        List<String> taken = new ArrayList<>();
        for (@Nullable String next = requests.poll(); next != null; next = requests.poll()) {
            taken.add(next);
        }
        return taken;
    }

    /**
     * Spoils requests from now on as the plan says. It is asked once for each, by many threads at once; what cannot befall an
     * operation does not.
     */
    public void plan(Function<Call, Fault> next) {
        plan = next;
    }

    /**
     * Lets everything through, also what was kept, and returns when the last late request has reached DynamoDB.
     *
     * @throws IllegalStateException where it has not after half a minute
     */
    public void settle() {
        plan(call -> Fault.NONE);
        released.countDown();
        try {
            underWay.awaitAdvanceInterruptibly(underWay.arrive(), SETTLED.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Requests to DynamoDB are still under way", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            released = new CountDownLatch(1);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            String operation = target.substring(target.indexOf('.') + 1);
            requests.add(operation);
            // Who is interrupted while sending leaves its connection open and the body unsent: that request never
            // comes.
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            underWay.register();
            try {
                Fault fault = plan.apply(new Call(operation, body));
                serve(new Exchange(exchange, target, operation, body), fault.befalls(operation) ? fault : Fault.NONE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                underWay.arriveAndDeregister();
            }
        }
    }

    /** Where nothing is sent, the closing exchange closes its connection. */
    private void serve(Exchange request, Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case NONE -> request.send(forward(request, request.body));
            case SLOW -> {
                hold(SLOWNESS);
                request.send(forward(request, request.body));
            }
            case THROTTLED -> request.send(ErrorAnswer.throttled());
            case RATE_EXCEEDED -> request.send(ErrorAnswer.rateExceeded());
            case THROTTLED_PART -> request.send(ErrorAnswer.cancelled(request.body, "ThrottlingError", "None"));
            case MIXED_THROTTLING ->
                request.send(ErrorAnswer.cancelled(
                        request.body,
                        "TransactionConflict",
                        "ProvisionedThroughputExceeded",
                        "ConditionalCheckFailed"));
            case SERVER_ERROR -> request.send(ErrorAnswer.serverError());
            case UNAVAILABLE -> request.send(ErrorAnswer.unavailable());
            case CONFLICT -> request.send(conflict(request, "None"));
            case MIXED_CONFLICT -> request.send(conflict(request, "ConditionalCheckFailed"));
            case UNPROCESSED_KEYS -> sendHalfOfTheKeys(request);
            case BROKEN_CONNECTION -> {}
            case LOST_ANSWER -> forward(request, request.body);
            case HALF_ANSWER -> {
                HttpResponse<byte[]> answer = forward(request, request.body);
                request.send(answer.statusCode(), answer.body(), answer.body().length / 2, answer.body().length);
            }
            case CUT_ANSWER -> {
                HttpResponse<byte[]> answer = forward(request, request.body);
                int half = answer.body().length / 2;
                request.send(answer.statusCode(), answer.body(), half, half);
            }
            case SILENCE -> hold(LONGER_THAN_ANYBODY_WAITS);
            case LATE_ANSWER -> {
                HttpResponse<byte[]> answer = forward(request, request.body);
                hold(LONGER_THAN_ANYBODY_WAITS);
                request.send(answer);
            }
            case LATE_REQUEST -> {
                hold(LONGER_THAN_ANYBODY_WAITS);
                forward(request, request.body);
            }
        }
    }

    /** Keeps a request for so long, or until {@link #settle}. */
    private void hold(Duration time) throws InterruptedException {
        boolean _ = released.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ErrorAnswer conflict(Exchange request, String others) {
        return request.operation.equals("TransactWriteItems")
                ? ErrorAnswer.conflict(request.body, others)
                : ErrorAnswer.conflict();
    }

    private HttpResponse<byte[]> forward(Exchange request, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(dynamoDb)
                        .header("X-Amz-Target", request.target)
                        .header("Content-Type", JSON)
                        .header(
                                "Authorization",
                                request.exchange.getRequestHeaders().getFirst("Authorization"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Asks DynamoDB for the first half of the keys, rounded down, and leaves the others unprocessed. */
    private void sendHalfOfTheKeys(Exchange request) throws IOException, InterruptedException {
        Map<String, @Nullable Object> asked = new LinkedHashMap<>();
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        for (var table : members(Json.readOwn(request.body).get("RequestItems")).entrySet()) {
            List<?> keys = members(table.getValue()).get("Keys") instanceof List<?> list ? list : List.of();
            int half = keys.size() / 2;
            if (half > 0) {
                asked.put(table.getKey(), with(members(table.getValue()), "Keys", keys.subList(0, half)));
            }
            left.put(table.getKey(), with(members(table.getValue()), "Keys", keys.subList(half, keys.size())));
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("Responses", Map.of());
        if (!asked.isEmpty()) {
            HttpResponse<byte[]> real = forward(request, Json.write(Map.of("RequestItems", asked)));
            if (real.statusCode() != 200) {
                request.send(real);
                return;
            }
            answer.putAll(Json.readOwn(new String(real.body(), StandardCharsets.UTF_8)));
        }
        answer.put("UnprocessedKeys", left);
        request.send(new ErrorAnswer(200, Json.write(answer)));
    }

    private static Map<String, @Nullable Object> members(@Nullable Object object) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (object instanceof Map<?, ?> map) {
            map.forEach((name, value) -> members.put(String.valueOf(name), value));
        }
        return members;
    }

    private static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> members, String name, Object value) {
        members.put(name, value);
        return members;
    }

    /** Closes the connections; late requests that have not reached DynamoDB never do. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }

    private record Exchange(HttpExchange exchange, String target, String operation, String body) {
        void send(ErrorAnswer answer) throws IOException {
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            send(answer.status(), bytes, bytes.length, bytes.length);
        }

        void send(HttpResponse<byte[]> answer) throws IOException {
            send(answer.statusCode(), answer.body(), answer.body().length, answer.body().length);
        }

        /** Sends the first bytes of the body, having promised so many. */
        void send(int status, byte[] body, int sent, int promised) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", JSON);
            exchange.sendResponseHeaders(status, promised);
            exchange.getResponseBody().write(body, 0, sent);
        }
    }
}
