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
 * The queues of the template. Implements SQS's SendMessage, SendMessageBatch and ChangeMessageVisibility, {@code POST
 * /local/queues}, and Lambda's event source mapping, which invokes functions with the queues' messages until they
 * succeed. Thread-safe.
 *
 * <p>Requests must be signed, as in AWS, but any signature is accepted. A web page cannot send the signature header
 * without a CORS preflight.
 */
final class LocalQueues implements HttpHandler, AutoCloseable {
    static final String PATH = "/local/queues";

    static final String ACCOUNT = "000000000000";
    private static final int MAXIMUM_ENTRIES = 10;
    /** Limit for all messages of a request together. */
    private static final int MAXIMUM_BYTES = 1024 * 1024;
    /** JSON may escape one byte as six. */
    private static final int MAXIMUM_BODY_BYTES = 8 * MAXIMUM_BYTES;

    private static final int LONGEST_DELAY_SECONDS = 900;
    private static final int LONGEST_VISIBILITY_SECONDS = 43_200;
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
    private static final String OPERATION = "AmazonSQS.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream log;
    private final Map<String, LocalQueue> queues = new LinkedHashMap<>();
    private final Clock clock;

    /** @param longestDelay the upper limit of every queue's delay; overrides longer delays of the template */
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

    /** Returns the queue with this logical id, which must exist in the template. */
    LocalQueue queue(String logicalId) {
        return requireNonNull(queues.get(logicalId));
    }

    /** Starts a thread that invokes a function with its queue's messages. */
    void read(EventSource.Messages source, LocalFunction function, ExecutorService threads) {
        threads.execute(new QueueReader(source, function, queue(source.queue()), threads, clock));
    }

    /** Prevents further invocations. */
    @Override
    public void close() {
        queues.values().forEach(LocalQueue::close);
    }

    // ── SQS ───────────────────────────────────────────────────────────────────────

    /** A request that SQS rejects with an error. */
    private static final class RejectedRequest extends Exception {
        private static final long serialVersionUID = 1L;

        private final String type;

        RejectedRequest(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_BODY_BYTES + 1);
            String operation = header(exchange, "X-Amz-Target").replaceFirst("^AmazonSQS\\.", "");
            OutgoingResponse response;
            try {
                response = OutgoingResponse.json(HttpURLConnection.HTTP_OK, response(exchange, operation, body));
            } catch (RejectedRequest e) {
                log.printf("%s  %-32s %s%n", "queues", operation, e.type);
                response = OutgoingResponse.json(
                        HttpURLConnection.HTTP_BAD_REQUEST,
                        JSON.createObjectNode()
                                .put("__type", "com.amazonaws.sqs#" + e.type)
                                .put("message", e.getMessage()));
            }
            response = response.with("content-type", "application/x-amz-json-1.0")
                    .with("x-amzn-requestid", UUID.randomUUID().toString());
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(response.status(), response.body().length());
            exchange.getResponseBody().write(response.body().array());
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private ObjectNode response(HttpExchange exchange, String operation, byte[] body) throws RejectedRequest {
        if (!exchange.getRequestMethod().equals("POST")
                || !header(exchange, "X-Amz-Target").startsWith(OPERATION)) {
            throw new RejectedRequest(
                    "UnknownOperationException", "Only SQS operations of the JSON protocol are supported.");
        }
        if (!header(exchange, "Authorization").startsWith(SIGNATURE)) {
            throw new RejectedRequest(
                    "MissingAuthenticationToken", "The request is not signed. Sign it with any credentials.");
        }
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (IOException e) {
            throw new RejectedRequest(
                    "SerializationException", "The body must be JSON and at most " + MAXIMUM_BODY_BYTES + " bytes.");
        }
        // A function in a container has a queue URL of another host, so only the queue's name is compared.
        @Nullable
        LocalQueue queue = queues.get(request.path("QueueUrl").asText().replaceFirst(".*/", ""));
        if (queue == null) {
            throw new RejectedRequest(
                    "QueueDoesNotExist",
                    "The queue of QueueUrl does not exist. Use one of " + String.join(", ", queues.keySet()) + '.');
        }
        return switch (operation) {
            case "SendMessage" -> {
                requireSize(bytes(request));
                yield send(queue, request);
            }
            case "SendMessageBatch" -> sendAll(queue, request.path("Entries"));
            case "ChangeMessageVisibility" -> changeVisibility(queue, request);
            default ->
                throw new RejectedRequest(
                        "UnknownOperationException",
                        "Unsupported operation. Use SendMessage, SendMessageBatch or ChangeMessageVisibility.");
        };
    }

    private static int bytes(JsonNode message) {
        return message.path("MessageBody").asText().getBytes(UTF_8).length
                + message.path("MessageAttributes").toString().length();
    }

    private static void requireSize(int bytes) throws RejectedRequest {
        if (bytes > MAXIMUM_BYTES) {
            throw new RejectedRequest(
                    "InvalidParameterValue", "Messages must be at most " + MAXIMUM_BYTES + " bytes in total.");
        }
    }

    private static ObjectNode sendAll(LocalQueue queue, JsonNode entries) throws RejectedRequest {
        if (entries.isEmpty()) {
            throw new RejectedRequest("EmptyBatchRequest", "Entries must contain at least one entry.");
        }
        if (entries.size() > MAXIMUM_ENTRIES) {
            throw new RejectedRequest(
                    "TooManyEntriesInBatchRequest", "Entries must contain at most " + MAXIMUM_ENTRIES + " entries.");
        }
        Set<String> ids = new HashSet<>();
        int bytes = 0;
        for (JsonNode entry : entries) {
            bytes += bytes(entry);
            if (!ids.add(entry.path("Id").asText())) {
                throw new RejectedRequest("BatchEntryIdsNotDistinct", "Each entry must have a different Id.");
            }
        }
        requireSize(bytes);
        ObjectNode response = JSON.createObjectNode();
        var successful = response.putArray("Successful");
        var failed = response.putArray("Failed");
        for (JsonNode entry : entries) {
            String id = entry.path("Id").asText();
            try {
                successful.add(send(queue, entry).put("Id", id));
            } catch (RejectedRequest e) {
                failed.addObject()
                        .put("Id", id)
                        .put("SenderFault", true)
                        .put("Code", e.type)
                        .put("Message", e.getMessage());
            }
        }
        return response;
    }

    private static ObjectNode send(LocalQueue queue, JsonNode message) throws RejectedRequest {
        String body = message.path("MessageBody").asText();
        if (body.isEmpty()) {
            throw new RejectedRequest("MissingParameter", "MessageBody is missing.");
        }
        JsonNode attributes = message.path("MessageAttributes");
        Optional<Duration> delay = message.has("DelaySeconds")
                ? Optional.of(seconds(message, "DelaySeconds", LONGEST_DELAY_SECONDS))
                : Optional.empty();
        ObjectNode response = JSON.createObjectNode()
                .put("MessageId", queue.send(body, attributes, delay))
                .put("MD5OfMessageBody", md5(body));
        if (!attributes.isEmpty()) {
            response.put("MD5OfMessageAttributes", digest(attributes));
        }
        return response;
    }

    private static ObjectNode changeVisibility(LocalQueue queue, JsonNode request) throws RejectedRequest {
        var time = seconds(request, "VisibilityTimeout", LONGEST_VISIBILITY_SECONDS);
        return switch (queue.changeVisibility(request.path("ReceiptHandle").asText(), time)) {
            case CHANGED -> JSON.createObjectNode();
            case UNKNOWN_RECEIPT ->
                throw new RejectedRequest("ReceiptHandleIsInvalid", "No message has this ReceiptHandle.");
            case NOT_IN_FLIGHT ->
                throw new RejectedRequest("MessageNotInflight", "The message is not in flight. Receive it again.");
        };
    }

    private static Duration seconds(JsonNode request, String name, int most) throws RejectedRequest {
        JsonNode value = request.path(name);
        if (!value.isInt() || value.asInt() < 0 || value.asInt() > most) {
            throw new RejectedRequest("InvalidParameterValue", name + " must be a number from 0 to " + most + '.');
        }
        return Duration.ofSeconds(value.asInt());
    }

    /**
     * Returns the attributes' MD5, which the SDK compares with its own: attributes sorted by name, each part prefixed
     * with its length.
     */
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

    /** Returns the MD5 of a text in UTF-8, in hexadecimal digits. */
    static String md5(String text) {
        return hex(md5().digest(text.getBytes(UTF_8)));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has MD5", e);
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
