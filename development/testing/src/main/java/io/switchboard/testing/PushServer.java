package io.switchboard.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import io.switchboard.replay.DynamoDbAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The publishing endpoint of AppSync Events on a real socket. It records what it receives. Thread-safe. */
public final class PushServer implements AutoCloseable {
    /** The only function that publishes. */
    private static final String PUBLISHER = "PublishSessionEvents";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Message> messages = new ArrayList<>();
    private volatile int status = 200;
    private volatile boolean refuses;
    private volatile boolean hangs;

    /**
     * A published event.
     *
     * @param authorization the signature
     */
    public record Message(String channel, String event, String authorization) {}

    public PushServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/event", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** Returns the variables of a function that pushes to this server. */
    public Map<String, String> environment() {
        String authority = "127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "PUSH_HTTP", "http://" + authority + "/event",
                "PUSH_REALTIME", "ws://" + authority + "/event/realtime");
    }

    /** Sets the status of responses. */
    public void status(int next) {
        status = next;
    }

    /** Makes the server refuse all events in responses with status 200. */
    public void refuse() {
        refuses = true;
    }

    /** Makes the server not respond until it is closed. */
    public void hang() {
        hangs = true;
    }

    /** Returns the events received since the last call, sorted by channel. */
    public synchronized List<Message> take() {
        List<Message> all = messages.stream()
                .sorted((one, other) -> one.channel.compareTo(other.channel))
                .toList();
        messages.clear();
        return all;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, @Nullable Object> request =
                    Json.readOwn(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (hangs) {
                released.await();
            }
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (authorization.contains("/appsync/aws4_request")) {
                DynamoDbAccess.record(PUBLISHER, "PushChannels appsync:EventPublish");
            }
            String event = request.get("events") instanceof List<?> events ? String.valueOf(events.getFirst()) : "";
            synchronized (this) {
                messages.add(new Message(String.valueOf(request.get("channel")), event, authorization));
            }
            List<?> done = List.of(Map.of("identifier", "1", "index", 0));
            byte[] answer = Json.write(
                            refuses
                                    ? Map.of("failed", done, "successful", List.of())
                                    : Map.of("failed", List.of(), "successful", done))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.close();
    }
}
