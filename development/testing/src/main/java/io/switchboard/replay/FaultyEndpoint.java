package io.switchboard.replay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.dynamodb.ErrorResponse;
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
 * A proxy between a function and DynamoDB, on real sockets. It records each request that is sent, including retries,
 * and injects the faults of a plan. Before {@link #plan} it forwards all requests. Thread-safe.
 */
public final class FaultyEndpoint implements AutoCloseable {
    /** Longer than the read timeout of the product's client (two seconds). */
    public static final Duration LONGER_THAN_THE_CLIENT_TIMEOUT = Duration.ofMillis(2_300);

    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** The additional time of a slow request. */
    public static final Duration SLOWNESS = Duration.ofMillis(80);

    private static final String JSON = "application/x-amz-json-1.0";
    private static final Set<String> PLAIN_WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem");

    /** The fault of one request. */
    public enum Fault {
        /** No fault: the request is forwarded. */
        NONE,
        /** The request takes {@link #SLOWNESS} longer. */
        SLOW,
        /** DynamoDB throttles the request because of the load on the table. */
        THROTTLED,
        /** DynamoDB throttles the request because of the load on the account. */
        RATE_EXCEEDED,
        /** DynamoDB throttles a part of a transaction because of the load on the account. */
        THROTTLED_PART,
        /**
         * DynamoDB throttles one part of a transaction because the capacity of its table is exhausted; another part has
         * a conflict.
         */
        MIXED_THROTTLING,
        /** DynamoDB returns 500 before it processes the request. */
        SERVER_ERROR,
        /** DynamoDB returns 503 before it processes the request. */
        UNAVAILABLE,
        /** A write conflicts with a transaction. A transaction receives the conflict in its cancellation reasons. */
        CONFLICT,
        /** A transaction has both a conflict and a failed condition. */
        MIXED_CONFLICT,
        /** Half of the keys of a batch are left unprocessed. */
        UNPROCESSED_KEYS,
        /** The connection closes before DynamoDB receives the request. */
        BROKEN_CONNECTION,
        /** DynamoDB processes the request, and the connection closes without a response. */
        LOST_RESPONSE,
        /** DynamoDB processes the request, and the connection closes in the middle of the response. */
        INCOMPLETE_RESPONSE,
        /** DynamoDB processes the request, and the response ends in the middle of its JSON, with a matching length. */
        TRUNCATED_RESPONSE,
        /**
         * The request is not processed, and no response is sent until the client has timed out, or until
         * {@link #settle}.
         */
        NO_RESPONSE,
        /** DynamoDB processes the request, and responds after the client has timed out, or at {@link #settle}. */
        LATE_RESPONSE,
        /** DynamoDB processes the request after the client has timed out, or at {@link #settle}. */
        LATE_REQUEST;

        /** Returns whether the fault can occur with this operation. */
        public boolean appliesTo(String operation) {
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
     * A request to DynamoDB.
     *
     * @param operation the operation, such as {@code GetItem}
     * @param body the body in JSON
     */
    public record Call(String operation, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI dynamoDb;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Phaser inProgress = new Phaser(1);
    private volatile CountDownLatch released = new CountDownLatch(1);
    private volatile Function<Call, Fault> plan = call -> Fault.NONE;

    /** Creates a proxy for this DynamoDB endpoint. */
    public FaultyEndpoint(URI dynamoDb) {
        this.dynamoDb = dynamoDb;
        // Without it a response waits 40 ms for an acknowledgement. It is read once, when the JDK's server is loaded.
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

    /** Returns the URL for {@code AWS_ENDPOINT_URL_DYNAMODB}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the operations since the last call, in order: {@code GetItem}, {@code TransactWriteItems}, … */
    public List<String> take() {
        List<String> taken = new ArrayList<>();
        for (@Nullable String next = requests.poll(); next != null; next = requests.poll()) {
            taken.add(next);
        }
        return taken;
    }

    /**
     * Injects the faults of a plan from now on. The plan is called once for each request, by concurrent threads. A
     * fault that does not apply to an operation is ignored.
     */
    public void plan(Function<Call, Fault> next) {
        plan = next;
    }

    /**
     * Forwards all requests, including delayed ones, and returns when the last late request has reached DynamoDB.
     *
     * @throws IllegalStateException if that takes more than half a minute
     */
    public void settle() {
        plan(call -> Fault.NONE);
        released.countDown();
        try {
            inProgress.awaitAdvanceInterruptibly(inProgress.arrive(), SETTLED.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Requests to DynamoDB are still in progress", e);
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
            // A client that is interrupted while it sends leaves the connection open and the body unsent, so the
            // request
            // never arrives.
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            inProgress.register();
            try {
                Fault fault = plan.apply(new Call(operation, body));
                serve(new Exchange(exchange, target, operation, body), fault.appliesTo(operation) ? fault : Fault.NONE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                inProgress.arriveAndDeregister();
            }
        }
    }

    /** If no response is sent, the closing exchange closes its connection. */
    private void serve(Exchange request, Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case NONE -> request.send(forward(request, request.body));
            case SLOW -> {
                hold(SLOWNESS);
                request.send(forward(request, request.body));
            }
            case THROTTLED -> request.send(ErrorResponse.throttled());
            case RATE_EXCEEDED -> request.send(ErrorResponse.rateExceeded());
            case THROTTLED_PART -> request.send(ErrorResponse.cancelled(request.body, "ThrottlingError", "None"));
            case MIXED_THROTTLING ->
                request.send(ErrorResponse.cancelled(
                        request.body,
                        "TransactionConflict",
                        "ProvisionedThroughputExceeded",
                        "ConditionalCheckFailed"));
            case SERVER_ERROR -> request.send(ErrorResponse.serverError());
            case UNAVAILABLE -> request.send(ErrorResponse.unavailable());
            case CONFLICT -> request.send(conflict(request, "None"));
            case MIXED_CONFLICT -> request.send(conflict(request, "ConditionalCheckFailed"));
            case UNPROCESSED_KEYS -> sendHalfOfTheKeys(request);
            case BROKEN_CONNECTION -> {}
            case LOST_RESPONSE -> forward(request, request.body);
            case INCOMPLETE_RESPONSE -> {
                HttpResponse<byte[]> response = forward(request, request.body);
                request.send(
                        response.statusCode(), response.body(), response.body().length / 2, response.body().length);
            }
            case TRUNCATED_RESPONSE -> {
                HttpResponse<byte[]> response = forward(request, request.body);
                int half = response.body().length / 2;
                request.send(response.statusCode(), response.body(), half, half);
            }
            case NO_RESPONSE -> hold(LONGER_THAN_THE_CLIENT_TIMEOUT);
            case LATE_RESPONSE -> {
                HttpResponse<byte[]> response = forward(request, request.body);
                hold(LONGER_THAN_THE_CLIENT_TIMEOUT);
                request.send(response);
            }
            case LATE_REQUEST -> {
                hold(LONGER_THAN_THE_CLIENT_TIMEOUT);
                forward(request, request.body);
            }
        }
    }

    /** Delays a request for this time, or until {@link #settle}. */
    private void hold(Duration time) throws InterruptedException {
        boolean _ = released.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ErrorResponse conflict(Exchange request, String others) {
        return request.operation.equals("TransactWriteItems")
                ? ErrorResponse.conflict(request.body, others)
                : ErrorResponse.conflict();
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

    /** Requests the first half of the keys, rounded down, from DynamoDB and leaves the others unprocessed. */
    private void sendHalfOfTheKeys(Exchange request) throws IOException, InterruptedException {
        Map<String, @Nullable Object> requested = new LinkedHashMap<>();
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        for (var table : members(Json.readOwn(request.body).get("RequestItems")).entrySet()) {
            List<?> keys = members(table.getValue()).get("Keys") instanceof List<?> list ? list : List.of();
            int half = keys.size() / 2;
            if (half > 0) {
                requested.put(table.getKey(), with(members(table.getValue()), "Keys", keys.subList(0, half)));
            }
            left.put(table.getKey(), with(members(table.getValue()), "Keys", keys.subList(half, keys.size())));
        }
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("Responses", Map.of());
        if (!requested.isEmpty()) {
            HttpResponse<byte[]> real = forward(request, Json.write(Map.of("RequestItems", requested)));
            if (real.statusCode() != 200) {
                request.send(real);
                return;
            }
            response.putAll(Json.readOwn(new String(real.body(), StandardCharsets.UTF_8)));
        }
        response.put("UnprocessedKeys", left);
        request.send(new ErrorResponse(200, Json.write(response)));
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

    /** Closes the connections; late requests that have not reached DynamoDB are discarded. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }

    private record Exchange(HttpExchange exchange, String target, String operation, String body) {
        void send(ErrorResponse response) throws IOException {
            byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
            send(response.status(), bytes, bytes.length, bytes.length);
        }

        void send(HttpResponse<byte[]> response) throws IOException {
            send(response.statusCode(), response.body(), response.body().length, response.body().length);
        }

        /** Sends the first bytes of the body, with another content length. */
        void send(int status, byte[] body, int sent, int contentLength) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", JSON);
            exchange.sendResponseHeaders(status, contentLength);
            exchange.getResponseBody().write(body, 0, sent);
        }
    }
}
