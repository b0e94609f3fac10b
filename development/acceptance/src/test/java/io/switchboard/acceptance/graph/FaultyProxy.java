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

/** Stands between a client and the API, notes what passes, and does to the next requests what it is told. */
final class FaultyProxy implements AutoCloseable {
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "content-length", "host", "transfer-encoding", "accept-encoding", "expect", "upgrade");

    /** What happens to a request. */
    sealed interface Fault {}

    /** It never reaches the API; the client is answered this status, with {@code Retry-After: 0}. */
    record Refused(int status) implements Fault {}

    /** The API does it; instead of its answer the client gets this status. */
    record LostBehind(int status) implements Fault {}

    /** The API does it; then the connection breaks. */
    record Broken() implements Fault {}

    /**
     * A request as it came.
     *
     * @param attempt the header {@code Retry-Attempt}; empty on the first
     */
    record Passed(String method, String path, String attempt, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI target;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<Passed> passed = new CopyOnWriteArrayList<>();

    FaultyProxy(URI target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Does this to the requests that come next, one each. */
    void next(Fault... wanted) {
        faults.addAll(List.of(wanted));
    }

    /** What has passed since this was last asked. */
    List<Passed> passed() {
        List<Passed> all = List.copyOf(passed);
        passed.clear();
        return all;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String attempt = exchange.getRequestHeaders().getFirst("Retry-Attempt");
        passed.add(new Passed(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                attempt == null ? "" : attempt,
                new String(body, StandardCharsets.UTF_8)));
        Fault fault = faults.poll();
        try (exchange) {
            if (fault instanceof Refused refused) {
                refuse(exchange, refused.status());
                return;
            }
            HttpResponse<byte[]> answer = forward(exchange, body);
            if (fault instanceof LostBehind lost) {
                refuse(exchange, lost.status());
            } else if (fault == null) {
                answer.headers().map().forEach((name, values) -> {
                    if (!HOP_BY_HOP.contains(name)) {
                        exchange.getResponseHeaders().put(name, values);
                    }
                });
                exchange.sendResponseHeaders(
                        answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
            // Without an answer the server closes the connection.
        }
    }

    private static void refuse(HttpExchange exchange, int status) throws IOException {
        byte[] body = "{\"message\":\"Service Unavailable\"}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add("Retry-After", "0");
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
