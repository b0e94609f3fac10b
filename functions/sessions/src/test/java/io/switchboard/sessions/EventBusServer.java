package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** EventBridge's PutEvents on a real socket: keeps what it is given, refuses what it is told to. Thread-safe. */
final class EventBusServer implements AutoCloseable {
    /**
     * An event that came in.
     *
     * @param call counts the calls, from 1
     */
    record Entry(int call, String type, String source, String bus, Map<String, @Nullable Object> detail) {
        public String text(String name) {
            return String.valueOf(detail.get(name));
        }
    }

    private final HttpServer server;
    private final List<Entry> taken = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Predicate<Entry> refused = entry -> false;
    private volatile boolean down;

    EventBusServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    /** A function's environment that has it publish here. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "SESSION_EVENTS_BUS", "SessionEvents-test",
                "AWS_ENDPOINT_URL_EVENTBRIDGE",
                        "http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Takes no event of this kind from now on. */
    void refuse(Predicate<Entry> next) {
        refused = next;
    }

    /** Answers 500 from now on, or not any longer. */
    void down(boolean next) {
        down = next;
    }

    /** What was taken since the last call. */
    List<Entry> take() {
        List<Entry> all = List.copyOf(taken);
        taken.clear();
        return all;
    }

    /** The requests since the beginning: the header that names the operation, and the content type. */
    List<String> requests() {
        return requests;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestHeaders().getFirst("X-Amz-Target") + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                            .split(" ", -1)[0]);
            if (down) {
                send(exchange, 500, Map.of("__type", "InternalException"));
                return;
            }
            List<Map<String, Object>> results = new ArrayList<>();
            int failed = 0;
            for (Object tree : (List<?>) requireNonNull(Json.readOwn(body).get("Entries"))) {
                Map<?, ?> each = (Map<?, ?>) tree;
                Entry entry = new Entry(
                        requests.size(),
                        String.valueOf(each.get("DetailType")),
                        String.valueOf(each.get("Source")),
                        String.valueOf(each.get("EventBusName")),
                        Json.readOwn(String.valueOf(each.get("Detail"))));
                if (refused.test(entry)) {
                    failed++;
                    results.add(Map.of("ErrorCode", "ThrottlingException", "ErrorMessage", "Slow down."));
                } else {
                    taken.add(entry);
                    results.add(Map.of("EventId", "bus-" + requests.size() + "-" + results.size()));
                }
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("FailedEntryCount", failed);
            answer.put("Entries", results);
            send(exchange, 200, answer);
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> tree) throws IOException {
        byte[] bytes = Json.write(tree).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
