package io.switchboard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.switchboard.runtime.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The event bus to which functions publish. Implements EventBridge's PutEvents, {@code POST /local/bus}, keeps the last
 * {@value #CAPACITY} events and delivers them to waiting readers. Thread-safe.
 *
 * <p>Requests must be signed, as in AWS, but any signature is accepted. A web page cannot send the signature header
 * without a CORS preflight.
 */
final class LocalBus implements HttpHandler, AutoCloseable {
    static final String PATH = "/local/bus";

    private static final String ACCOUNT = "000000000000";
    private static final int CAPACITY = 1_000;
    private static final int MAXIMUM_ENTRIES = 10;
    private static final int MAXIMUM_BYTES = 1024 * 1024;
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock;
    private final Ticker ticker;
    private final PrintStream log;
    private final Deque<Event> events = new ArrayDeque<>();
    private long count;
    private boolean closed;

    /**
     * An event on the bus.
     *
     * @param number the sequence number, from 1
     * @param eventId the publisher's id, which identifies repeated events; the bus's own id if the publisher sets none
     * @param envelope the event as an EventBridge target receives it
     */
    record Event(long number, String eventId, JsonNode envelope) {
        JsonNode detail() {
            return envelope.path("detail");
        }
    }

    LocalBus(Clock clock, Ticker ticker, PrintStream log) {
        this.clock = clock;
        this.ticker = ticker;
        this.log = log;
    }

    /** Returns the number of events published so far. */
    synchronized long count() {
        return count;
    }

    /** Returns the sequence number of the event with this id, or empty if the bus no longer stores the event. */
    synchronized Optional<Long> number(String eventId) {
        return events.stream()
                .filter(event -> event.eventId.equals(eventId))
                .map(Event::number)
                .reduce((first, last) -> last);
    }

    /** Returns the stored events after this sequence number. Waits for the first one, at most for the given time. */
    synchronized List<Event> after(long number, Duration longest) throws InterruptedException {
        long deadline = ticker.read() + longest.toNanos();
        while (count <= number && !closed) {
            long left = Duration.ofNanos(deadline - ticker.read()).toMillis();
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return events.stream().filter(event -> event.number > number).toList();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Wakes all waiting readers. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_BYTES + 1);
            var response = response(exchange, body)
                    .with("content-type", "application/x-amz-json-1.1")
                    .with("x-amzn-requestid", UUID.randomUUID().toString());
            if (response.status() != HttpURLConnection.HTTP_OK) {
                log.printf("%s  %-32s %d%n", "bus", "PutEvents", response.status());
            }
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(response.status(), response.body().length());
            exchange.getResponseBody().write(response.body().array());
        }
    }

    private OutgoingResponse response(HttpExchange exchange, byte[] body) {
        String signature = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        String target = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                .orElse("");
        if (!exchange.getRequestMethod().equals("POST") || !target.equals("AWSEvents.PutEvents")) {
            return rejected("UnknownOperationException", "The only supported EventBridge operation is PutEvents.");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return rejected("MissingAuthenticationToken", "The request is not signed. Sign it with any credentials.");
        }
        JsonNode entries;
        try {
            entries = JSON.readTree(body).path("Entries");
        } catch (IOException e) {
            return rejected("SerializationException", "The body must be JSON and at most " + MAXIMUM_BYTES + " bytes.");
        }
        if (entries.isEmpty() || entries.size() > MAXIMUM_ENTRIES) {
            return rejected("ValidationException", "Entries must contain 1 to " + MAXIMUM_ENTRIES + " entries.");
        }
        return OutgoingResponse.json(HttpURLConnection.HTTP_OK, put(entries));
    }

    private static OutgoingResponse rejected(String type, String message) {
        return OutgoingResponse.json(
                HttpURLConnection.HTTP_BAD_REQUEST,
                JSON.createObjectNode().put("__type", type).put("message", message));
    }

    private synchronized ObjectNode put(JsonNode entries) {
        var response = JSON.createObjectNode();
        var results = response.putArray("Entries");
        int failed = 0;
        for (JsonNode entry : entries) {
            var result = results.addObject();
            var problem = problem(entry);
            if (problem.isPresent()) {
                failed++;
                result.put("ErrorCode", problem.get())
                        .put(
                                "ErrorMessage",
                                "An event must have a Source, a DetailType and a Detail that is a JSON object.");
            } else {
                result.put("EventId", add(entry));
            }
        }
        response.put("FailedEntryCount", failed);
        notifyAll();
        return response;
    }

    private static Optional<String> problem(JsonNode entry) {
        for (String name : List.of("Source", "DetailType", "Detail")) {
            if (entry.path(name).asText().isEmpty()) {
                return Optional.of("InvalidArgument");
            }
        }
        return detail(entry).isObject() ? Optional.empty() : Optional.of("MalformedDetail");
    }

    private static JsonNode detail(JsonNode entry) {
        try {
            return JSON.readTree(entry.path("Detail").asText());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private String add(JsonNode entry) {
        String id = UUID.randomUUID().toString();
        Instant time = entry.path("Time").isNumber()
                ? Instant.ofEpochMilli(entry.path("Time")
                        .decimalValue()
                        .multiply(BigDecimal.valueOf(1_000))
                        .longValue())
                : clock.instant();
        var envelope = JSON.createObjectNode()
                .put("version", "0")
                .put("id", id)
                .put("detail-type", entry.path("DetailType").asText())
                .put("source", entry.path("Source").asText())
                .put("account", ACCOUNT)
                .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", LocalFunctions.REGION);
        envelope.putArray("resources");
        envelope.set("detail", detail(entry));
        events.add(new Event(++count, envelope.path("detail").path("eventId").asText(id), envelope));
        if (events.size() > CAPACITY) {
            events.removeFirst();
        }
        return id;
    }
}
