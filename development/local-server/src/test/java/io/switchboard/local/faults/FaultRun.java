package io.switchboard.local.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The state that all callers of a run share: the connection to the server, the number of requests and the list of
 * violations. Thread-safe.
 */
final class FaultRun implements AutoCloseable {
    /** The time after its response during which a late request to DynamoDB may still take effect. */
    static final Duration AFTERMATH = Duration.ofSeconds(5);

    /** The shortest {@code Retry-After} that is sent. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Less than the timeout of the product's DynamoDB client. */
    private static final Duration PROMPT = Duration.ofMillis(1_900);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> UNAVAILABLE = Set.of(429, 503);
    /** The allowed error responses. Each caller checks whether the response was correct. */
    private static final Set<Integer> JUDGED = Set.of(404, 409, 412);

    private final URI server;
    private final int requested;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final AtomicInteger sent = new AtomicInteger();
    private final Map<String, LongAdder> responses = new ConcurrentHashMap<>();
    private final Queue<String> unavailable = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /** @param requested the number of requests of the run */
    FaultRun(URI server, int requested) {
        this.server = server;
        this.requested = requested;
    }

    /** A response. */
    record Reply(int status, JsonNode body, Map<String, List<String>> headers, Duration took) {
        /** Returns whether the outcome of the request is unknown to the caller. */
        boolean isUnavailable() {
            return UNAVAILABLE.contains(status);
        }

        /**
         * Returns whether no DynamoDB request of this response was abandoned; an abandoned request may still reach
         * DynamoDB.
         */
        boolean isPrompt() {
            return took.compareTo(PROMPT) < 0;
        }

        boolean isError(int expected, String code) {
            return status == expected && body.at("/error/code").asText().equals(code);
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }

        String text(String name) {
            return body.path(name).asText();
        }
    }

    /** Returns whether the run has sent all its requests. */
    boolean isOver() {
        return sent.get() >= requested;
    }

    int sent() {
        return sent.get();
    }

    void violated(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return new ArrayList<>(violations);
    }

    /** Returns the request ids of the responses with 429 and 503. */
    List<String> unavailable() {
        return new ArrayList<>(unavailable);
    }

    Map<String, Long> responses() {
        Map<String, Long> counts = new TreeMap<>();
        responses.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }

    String token(String fields) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/oauth2/token"))
                .header("Accept", "text/plain")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&" + fields))
                .build();
        return exchange(request).body().strip();
    }

    /** Sends one request. A response that no caller may get is a violation. */
    Reply send(String token, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        sent.incrementAndGet();
        long begin = System.nanoTime();
        HttpResponse<String> response = exchange(request.build());
        Reply reply = new Reply(
                response.statusCode(),
                tree(response.body()),
                response.headers().map(),
                Duration.ofNanos(System.nanoTime() - begin));
        String route = method + " " + path.replaceAll("\\?.*", "").replaceAll("(?<=s/)[^/]+", "{}");
        responses
                .computeIfAbsent(
                        route + " " + reply.status + " "
                                + reply.body.at("/error/code").asText(),
                        name -> new LongAdder())
                .increment();
        check(route, reply);
        return reply;
    }

    private void check(String route, Reply reply) {
        if (reply.isUnavailable()) {
            unavailable.add(reply.header("request-id"));
            boolean documented = reply.isError(429, "tooManyRequests") || reply.isError(503, "serviceUnavailable");
            if (!documented || !reply.header("retry-after").matches("[1-9][0-9]*")) {
                violated(route + " returned " + reply);
            }
        } else if (reply.status >= 400 && !JUDGED.contains(reply.status)) {
            violated(route + " returned " + reply);
        }
    }

    private static JsonNode tree(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("The body is not JSON: " + body, e);
        }
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("The server did not respond to " + request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits as a client does after a response with {@code Retry-After}. */
    static void pause() {
        try {
            // The caller waits. Requests of the other callers are the load.
            Thread.sleep(RETRY_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
