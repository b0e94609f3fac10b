package io.switchboard.callrecords;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * SQS's SendMessageBatch and ChangeMessageVisibility on a real socket: keeps what it is given, refuses what it is told to.
 * Thread-safe.
 */
public final class QueueServer implements AutoCloseable {
    /**
     * A message that came in.
     *
     * @param call counts the calls, from 1
     */
    public record Entry(int call, String queue, Map<String, @Nullable Object> body) {
        public String text(String name) {
            return String.valueOf(body.get(name));
        }
    }

    /** A message that is to come again. */
    public record Postponed(String queue, String receiptHandle, int seconds) {}

    private final HttpServer server;
    private final List<Entry> taken = new CopyOnWriteArrayList<>();
    private final List<Postponed> postponed = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Predicate<Entry> refused = entry -> false;
    private volatile boolean down;

    public QueueServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    /** A function's environment that has its queues here: {@code Notifications} and {@code EndedGenerations}. */
    public Map<String, String> environment() {
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "AWS_REGION",
                "eu-central-1",
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test",
                "NOTIFICATIONS_QUEUE_URL",
                endpoint + "/000000000000/Notifications",
                "ENDED_GENERATIONS_QUEUE_URL",
                endpoint + "/000000000000/EndedGenerations",
                "AWS_ENDPOINT_URL_SQS",
                endpoint);
    }

    /** Takes no message of this kind from now on. */
    public void refuse(Predicate<Entry> next) {
        refused = next;
    }

    /** Answers 500 from now on, or not any longer. */
    public void down(boolean next) {
        down = next;
    }

    /** What a queue was given since the last call. */
    public List<Entry> take(String queue) {
        List<Entry> all =
                taken.stream().filter(entry -> entry.queue.equals(queue)).toList();
        taken.removeAll(all);
        return all;
    }

    /** What is to come again, since the beginning. */
    public List<Postponed> postponed() {
        return List.copyOf(postponed);
    }

    /** The requests since the beginning: the header that names the operation, and how it is signed. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, @Nullable Object> request =
                    Json.readOwn(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            requests.add(target + " "
                    + String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                            .split(" ", -1)[0]);
            if (down) {
                send(exchange, 500, Map.of("__type", "com.amazonaws.sqs#InternalFailure"));
                return;
            }
            String url = String.valueOf(request.get("QueueUrl"));
            String queue = url.substring(url.lastIndexOf('/') + 1);
            if (target.equals("AmazonSQS.SendMessageBatch")) {
                send(exchange, 200, sendAll(queue, request));
            } else {
                postponed.add(new Postponed(
                        queue,
                        String.valueOf(request.get("ReceiptHandle")),
                        ((Number) requireNonNull(request.get("VisibilityTimeout"))).intValue()));
                send(exchange, 200, Map.of());
            }
        }
    }

    private Map<String, Object> sendAll(String queue, Map<String, @Nullable Object> request) {
        List<Map<String, Object>> successful = new ArrayList<>();
        List<Map<String, Object>> failed = new ArrayList<>();
        for (Object tree : (List<?>) requireNonNull(request.get("Entries"))) {
            Map<?, ?> each = (Map<?, ?>) tree;
            String id = String.valueOf(each.get("Id"));
            String body = String.valueOf(each.get("MessageBody"));
            Entry entry = new Entry(requests.size(), queue, Json.readOwn(body));
            if (refused.test(entry)) {
                failed.add(Map.of("Id", id, "Code", "InternalError", "SenderFault", false));
            } else {
                taken.add(entry);
                successful.add(Map.of("Id", id, "MessageId", "message-" + id, "MD5OfMessageBody", md5(body)));
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("Successful", successful);
        answer.put("Failed", failed);
        return answer;
    }

    private static String md5(String body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> tree) throws IOException {
        byte[] bytes = Json.write(tree).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
