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
 * The bus that functions publish events on: EventBridge's PutEvents, {@code POST /local/bus}. Keeps the last {@value #MEMORY}
 * events and hands them to whoever waits. Thread-safe.
 *
 * <p>As at AWS a request must be signed, though any signature will do: no web page can send one without being asked first.
 */
final class LocalBus implements HttpHandler, AutoCloseable {
    static final String PATH = "/local/bus";

    private static final String ACCOUNT = "000000000000";
    private static final int MEMORY = 1_000;
    private static final int MOST_ENTRIES = 10;
    private static final int MOST_BYTES = 1024 * 1024;
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
     * @param number counts them, from 1
     * @param eventId its publisher's own id for it, by which repetitions are known; else the bus's
     * @param envelope as a target of EventBridge gets it
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

    /** How many events there have been. */
    synchronized long count() {
        return count;
    }

    /** The number of the event with this id, where it is still known. */
    synchronized Optional<Long> number(String eventId) {
        return events.stream()
                .filter(event -> event.eventId.equals(eventId))
                .map(Event::number)
                .reduce((first, last) -> last);
    }

    /** The events behind this number that are still known; waits for one, but not for longer than this. */
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

    /** Nobody waits any longer. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
            var answer = answer(exchange, body)
                    .with("content-type", "application/x-amz-json-1.1")
                    .with("x-amzn-requestid", UUID.randomUUID().toString());
            if (answer.status() != HttpURLConnection.HTTP_OK) {
                log.printf("%s  %-32s %d%n", "bus", "PutEvents", answer.status());
            }
            answer.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(answer.status(), answer.body().length());
            exchange.getResponseBody().write(answer.body().array());
        }
    }

    private OutgoingResponse answer(HttpExchange exchange, byte[] body) {
        String signature = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        String target = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                .orElse("");
        if (!exchange.getRequestMethod().equals("POST") || !target.equals("AWSEvents.PutEvents")) {
            return refused("UnknownOperationException", "Of EventBridge there is only PutEvents here.");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return refused("MissingAuthenticationToken", "Sign the request, with any credentials.");
        }
        JsonNode entries;
        try {
            entries = JSON.readTree(body).path("Entries");
        } catch (IOException e) {
            return refused("SerializationException", "The body is no JSON, or larger than " + MOST_BYTES + " bytes.");
        }
        if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
            return refused("ValidationException", "Entries must be one to " + MOST_ENTRIES + ".");
        }
        return OutgoingResponse.json(HttpURLConnection.HTTP_OK, put(entries));
    }

    private static OutgoingResponse refused(String type, String message) {
        return OutgoingResponse.json(
                HttpURLConnection.HTTP_BAD_REQUEST,
                JSON.createObjectNode().put("__type", type).put("message", message));
    }

    private synchronized ObjectNode put(JsonNode entries) {
        var answer = JSON.createObjectNode();
        var results = answer.putArray("Entries");
        int failed = 0;
        for (JsonNode entry : entries) {
            var result = results.addObject();
            var problem = problem(entry);
            if (problem.isPresent()) {
                failed++;
                result.put("ErrorCode", problem.get()).put("ErrorMessage", "The event is not as EventBridge takes it.");
            } else {
                result.put("EventId", add(entry));
            }
        }
        answer.put("FailedEntryCount", failed);
        notifyAll();
        return answer;
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
        if (events.size() > MEMORY) {
            events.removeFirst();
        }
        return id;
    }
}
