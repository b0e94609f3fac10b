package io.switchboard.acceptance.graph;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy between a client and the API that records requests and injects faults into the next ones. A client in another
 * process sets a fault by {@code POST /faults} with {@code 503 rejected} or {@code 503 lost}, and {@code GET /faults}
 * returns how many are left.
 */
final class FaultyProxy implements AutoCloseable {
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "content-length", "host", "transfer-encoding", "accept-encoding", "expect", "upgrade");

    /** The fault of a request. */
    sealed interface Fault {}

    /** The request does not reach the API. The client gets this status with {@code Retry-After}. */
    record Rejected(int status) implements Fault {}

    /** The API processes the request, but the client gets this status instead of the response. */
    record ResponseLost(int status) implements Fault {}

    /** The API processes the request, then the connection breaks. */
    record ConnectionBroken() implements Fault {}

    /**
     * A received request.
     *
     * @param attempt the header {@code Retry-Attempt}, or empty for the first attempt
     */
    record ForwardedRequest(String method, String path, String attempt, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI target;
    private final Duration retryAfter;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<ForwardedRequest> requests = new CopyOnWriteArrayList<>();

    /** Creates a proxy that sends {@code Retry-After: 0}. */
    FaultyProxy(URI target) throws IOException {
        this(target, Duration.ZERO);
    }

    FaultyProxy(URI target, Duration retryAfter) throws IOException {
        this.target = target;
        this.retryAfter = retryAfter;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.createContext("/faults", this::handleFaults);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Sets the faults of the next requests, one for each. */
    void next(Fault... requested) {
        faults.addAll(List.of(requested));
    }

    /** Returns the requests since the last call. */
    List<ForwardedRequest> requests() {
        List<ForwardedRequest> all = List.copyOf(requests);
        requests.clear();
        return all;
    }

    private void handleFaults(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] fault =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split(" ", -1);
            if (exchange.getRequestMethod().equals("POST")) {
                int status = Integer.parseInt(fault[0]);
                next(
                        switch (fault[1]) {
                            case "rejected" -> new Rejected(status);
                            case "lost" -> new ResponseLost(status);
                            default -> throw new IllegalArgumentException(fault[1]);
                        });
            }
            byte[] left = Integer.toString(faults.size()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, left.length);
            exchange.getResponseBody().write(left);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String attempt = exchange.getRequestHeaders().getFirst("Retry-Attempt");
        requests.add(new ForwardedRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                attempt == null ? "" : attempt,
                new String(body, StandardCharsets.UTF_8)));
        Fault fault = faults.poll();
        try (exchange) {
            if (fault instanceof Rejected rejected) {
                reject(exchange, rejected.status());
                return;
            }
            HttpResponse<byte[]> response = forward(exchange, body);
            if (fault instanceof ResponseLost lost) {
                reject(exchange, lost.status());
            } else if (fault == null) {
                response.headers().map().forEach((name, values) -> {
                    if (!HOP_BY_HOP.contains(name)) {
                        exchange.getResponseHeaders().put(name, values);
                    }
                });
                exchange.sendResponseHeaders(
                        response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
                exchange.getResponseBody().write(response.body());
            }
            // The server closes the connection if no response is sent.
        }
    }

    private void reject(HttpExchange exchange, int status) throws IOException {
        byte[] body = "{\"message\":\"Service Unavailable\"}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add("Retry-After", Long.toString(retryAfter.toSeconds()));
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.toString() + exchange.getRequestURI()))
                .timeout(Duration.ofSeconds(30))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.close();
    }
}
