package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.switchboard.local.deployment.EventSource;
import io.switchboard.local.deployment.MessageQueue;
import io.switchboard.runtime.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The queues of the template: SQS's SendMessage, SendMessageBatch and ChangeMessageVisibility, {@code POST /local/queues}, and
 * Lambda's part, which invokes functions with what the queues hold, again and again until it is done. Thread-safe.
 *
 * <p>As at AWS a request must be signed, though any signature will do: no web page can send one without being asked first.
 */
final class LocalQueues implements HttpHandler, AutoCloseable {
    static final String PATH = "/local/queues";

    static final String ACCOUNT = "000000000000";
    private static final int MOST_ENTRIES = 10;
    /** Of all messages of a request. */
    private static final int MOST_BYTES = 1024 * 1024;
    /** JSON may write a byte as six. */
    private static final int MOST_BYTES_OF_A_BODY = 8 * MOST_BYTES;

    private static final int LONGEST_DELAY_SECONDS = 900;
    private static final int LONGEST_VISIBILITY_SECONDS = 43_200;
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
    private static final String OPERATION = "AmazonSQS.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream log;
    private final Map<String, LocalQueue> queues = new LinkedHashMap<>();
    private final Clock clock;

    /** @param longestDelay what no queue delays its messages longer than, whatever the template says */
    LocalQueues(
            List<MessageQueue> declared, Optional<Duration> longestDelay, Clock clock, Ticker ticker, PrintStream log) {
        this.clock = clock;
        this.log = log;
        for (MessageQueue queue : declared) {
            Duration delay = longestDelay
                    .filter(longest -> longest.compareTo(queue.delay()) < 0)
                    .orElse(queue.delay());
            queues.put(queue.logicalId(), new LocalQueue(queue, delay, clock, ticker, log));
        }
    }

    /** The queue of this logical id, which the template must have. */
    LocalQueue queue(String logicalId) {
        return requireNonNull(queues.get(logicalId));
    }

    /** Invokes a function with what its queue holds, in a thread of its own. */
    void read(EventSource.Messages source, LocalFunction function, ExecutorService threads) {
        threads.execute(new QueueReader(source, function, queue(source.queue()), threads, clock));
    }

    /** Lets no further invocation begin. */
    @Override
    public void close() {
        queues.values().forEach(LocalQueue::close);
    }

    // ── SQS ───────────────────────────────────────────────────────────────────────

    /** A request that SQS would answer by an error. */
    private static final class RefusedCommand extends Exception {
        private static final long serialVersionUID = 1L;

        private final String type;

        RefusedCommand(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES_OF_A_BODY + 1);
            String operation = header(exchange, "X-Amz-Target").replaceFirst("^AmazonSQS\\.", "");
            OutgoingResponse answer;
            try {
                answer = OutgoingResponse.json(HttpURLConnection.HTTP_OK, answer(exchange, operation, body));
            } catch (RefusedCommand e) {
                log.printf("%s  %-32s %s%n", "queues", operation, e.type);
                answer = OutgoingResponse.json(
                        HttpURLConnection.HTTP_BAD_REQUEST,
                        JSON.createObjectNode()
                                .put("__type", "com.amazonaws.sqs#" + e.type)
                                .put("message", e.getMessage()));
            }
            answer = answer.with("content-type", "application/x-amz-json-1.0")
                    .with("x-amzn-requestid", UUID.randomUUID().toString());
            answer.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(answer.status(), answer.body().length());
            exchange.getResponseBody().write(answer.body().array());
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private ObjectNode answer(HttpExchange exchange, String operation, byte[] body) throws RefusedCommand {
        if (!exchange.getRequestMethod().equals("POST")
                || !header(exchange, "X-Amz-Target").startsWith(OPERATION)) {
            throw new RefusedCommand(
                    "UnknownOperationException", "Here are only operations of SQS, by its JSON protocol.");
        }
        if (!header(exchange, "Authorization").startsWith(SIGNATURE)) {
            throw new RefusedCommand("MissingAuthenticationToken", "Sign the request, with any credentials.");
        }
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (IOException e) {
            throw new RefusedCommand(
                    "SerializationException",
                    "The body is no JSON, or larger than " + MOST_BYTES_OF_A_BODY + " bytes.");
        }
        // A function in a container knows a queue by its name only.
        @Nullable
        LocalQueue queue = queues.get(request.path("QueueUrl").asText().replaceFirst(".*/", ""));
        if (queue == null) {
            throw new RefusedCommand(
                    "QueueDoesNotExist", "QueueUrl names none of the queues " + String.join(", ", queues.keySet()));
        }
        return switch (operation) {
            case "SendMessage" -> {
                demandSize(bytes(request));
                yield send(queue, request);
            }
            case "SendMessageBatch" -> sendAll(queue, request.path("Entries"));
            case "ChangeMessageVisibility" -> putOff(queue, request);
            default ->
                throw new RefusedCommand(
                        "UnknownOperationException",
                        "Of SQS there are only SendMessage, SendMessageBatch and ChangeMessageVisibility here.");
        };
    }

    private static int bytes(JsonNode message) {
        return message.path("MessageBody").asText().getBytes(UTF_8).length
                + message.path("MessageAttributes").toString().length();
    }

    private static void demandSize(int bytes) throws RefusedCommand {
        if (bytes > MOST_BYTES) {
            throw new RefusedCommand(
                    "InvalidParameterValue", "Messages must be at most " + MOST_BYTES + " bytes together.");
        }
    }

    private static ObjectNode sendAll(LocalQueue queue, JsonNode entries) throws RefusedCommand {
        if (entries.isEmpty()) {
            throw new RefusedCommand("EmptyBatchRequest", "There must be at least one entry.");
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new RefusedCommand(
                    "TooManyEntriesInBatchRequest", "There must be at most " + MOST_ENTRIES + " entries.");
        }
        Set<String> ids = new HashSet<>();
        int bytes = 0;
        for (JsonNode entry : entries) {
            bytes += bytes(entry);
            if (!ids.add(entry.path("Id").asText())) {
                throw new RefusedCommand("BatchEntryIdsNotDistinct", "Two entries have one Id.");
            }
        }
        demandSize(bytes);
        ObjectNode answer = JSON.createObjectNode();
        var successful = answer.putArray("Successful");
        var failed = answer.putArray("Failed");
        for (JsonNode entry : entries) {
            String id = entry.path("Id").asText();
            try {
                successful.add(send(queue, entry).put("Id", id));
            } catch (RefusedCommand e) {
                failed.addObject()
                        .put("Id", id)
                        .put("SenderFault", true)
                        .put("Code", e.type)
                        .put("Message", e.getMessage());
            }
        }
        return answer;
    }

    private static ObjectNode send(LocalQueue queue, JsonNode message) throws RefusedCommand {
        String body = message.path("MessageBody").asText();
        if (body.isEmpty()) {
            throw new RefusedCommand("MissingParameter", "A message must have a body.");
        }
        JsonNode attributes = message.path("MessageAttributes");
        Optional<Duration> delay = message.has("DelaySeconds")
                ? Optional.of(seconds(message, "DelaySeconds", LONGEST_DELAY_SECONDS))
                : Optional.empty();
        ObjectNode answer = JSON.createObjectNode()
                .put("MessageId", queue.send(body, attributes, delay))
                .put("MD5OfMessageBody", md5(body));
        if (!attributes.isEmpty()) {
            answer.put("MD5OfMessageAttributes", digest(attributes));
        }
        return answer;
    }

    private static ObjectNode putOff(LocalQueue queue, JsonNode request) throws RefusedCommand {
        var time = seconds(request, "VisibilityTimeout", LONGEST_VISIBILITY_SECONDS);
        return switch (queue.putOff(request.path("ReceiptHandle").asText(), time)) {
            case OFF -> JSON.createObjectNode();
            case UNKNOWN_RECEIPT ->
                throw new RefusedCommand("ReceiptHandleIsInvalid", "No message has this ReceiptHandle.");
            case NOT_IN_FLIGHT ->
                throw new RefusedCommand("MessageNotInflight", "The message is visible again. Receive it again.");
        };
    }

    private static Duration seconds(JsonNode request, String name, int most) throws RefusedCommand {
        JsonNode value = request.path(name);
        if (!value.isInt() || value.asInt() < 0 || value.asInt() > most) {
            throw new RefusedCommand("InvalidParameterValue", name + " must be a number from 0 to " + most + '.');
        }
        return Duration.ofSeconds(value.asInt());
    }

    /** What the SDK holds its own against: by name, each part with its length before it. */
    private static String digest(JsonNode attributes) {
        MessageDigest md5 = md5();
        var byName = new TreeMap<String, JsonNode>();
        attributes.properties().forEach(attribute -> byName.put(attribute.getKey(), attribute.getValue()));
        byName.forEach((name, attribute) -> {
            boolean isText = attribute.has("StringValue");
            update(md5, name.getBytes(UTF_8));
            update(md5, attribute.path("DataType").asText().getBytes(UTF_8));
            md5.update((byte) (isText ? 1 : 2));
            update(
                    md5,
                    isText
                            ? attribute.path("StringValue").asText().getBytes(UTF_8)
                            : Base64.getDecoder()
                                    .decode(attribute.path("BinaryValue").asText()));
        });
        return hex(md5.digest());
    }

    private static void update(MessageDigest md5, byte[] part) {
        md5.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length).array());
        md5.update(part);
    }

    /** The MD5 of a text in UTF-8, in hexadecimal digits. */
    static String md5(String text) {
        return hex(md5().digest(text.getBytes(UTF_8)));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5", e);
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
