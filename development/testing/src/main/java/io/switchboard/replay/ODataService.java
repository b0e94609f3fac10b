package io.switchboard.replay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordSources;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The services that a record source needs, on a free port of 127.0.0.1: a small OData v4 service, its token endpoint,
 * and a Secrets Manager with their settings. Thread-safe.
 */
public final class ODataService implements AutoCloseable {
    /** The name of the secret. */
    public static final String SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:records-AbCdEf";

    private static final String ROOT = "/api/data/v9.2";
    private static final int WARM_UPS = 10;
    private static final Duration DROP = Duration.ofMillis(20);

    /** The responses to queries. */
    public enum Mode {
        /** Valid responses. */
        NORMAL,
        /** A response when the number of concurrent queries of {@link #together} is reached. */
        TOGETHER,
        /** No response before the service is closed. */
        SLOW,
        /** A valid beginning, then one byte at a time. */
        DRIPPING,
        /** A response of more than 1 MiB. */
        BIG,
        /** A response that is not JSON. */
        MALFORMED,
        /** JSON of another form. */
        UNEXPECTED_JSON,
        /** A redirect to the response. */
        REDIRECT,
        /** The first token is rejected. */
        FIRST_TOKEN_REJECTED,
        /** Every token is rejected. */
        EVERY_TOKEN_REJECTED,
        /** A server error. */
        BROKEN
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile CountDownLatch gathering = new CountDownLatch(0);
    private volatile Mode mode = Mode.NORMAL;
    private volatile Mode tokenMode = Mode.NORMAL;
    private volatile @Nullable String secret;
    private volatile Object tokenSeconds = 3_600;

    /** Starts the services. */
    public ODataService() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::serve);
        http.start();
    }

    /**
     * Reads records until a read succeeds in time. In a new JVM, class loading can take longer than the two seconds.
     */
    public static void warm(Function<Map<String, String>, RecordSources> make) {
        try (ODataService service = new ODataService()) {
            service.secret(service.settings("warm")).answer("/accounts", Map.of("value", List.of()));
            RecordSources sources = make.apply(service.environment(Map.of()));
            RecordResult expected = new RecordResult.NotFound();
            for (int i = 0; i < WARM_UPS; i++) {
                if (sources.of("warm")
                        .query(List.of(new RecordQuery.FirstRow("account", "")))
                        .contains(expected)) {
                    return;
                }
                sources.clear();
            }
        }
        throw new IllegalStateException("No record was read in time after " + WARM_UPS + " attempts");
    }

    /** Returns the URL of the services. */
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Returns the environment with the variables of this record source. */
    public Map<String, String> environment(Map<String, String> environment) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put("RECORD_SOURCE_SECRET", SECRET);
        changed.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", url() + "/secrets");
        changed.putIfAbsent("AWS_ACCESS_KEY_ID", "local");
        changed.putIfAbsent("AWS_SECRET_ACCESS_KEY", "local");
        return changed;
    }

    /** Returns the value of the secret for this tenant. */
    public String settings(String tenant) {
        return Json.write(Map.of("tenants", Map.of(tenant, members())));
    }

    /** Returns the settings of a tenant in the secret. */
    public Map<String, Object> members() {
        return new LinkedHashMap<>(Map.of(
                "baseUrl",
                url() + ROOT,
                "entities",
                Map.of("incident", "incidents", "account", "accounts"),
                "tokenUrl",
                url() + "/oauth2/v2.0/token",
                "clientId",
                "client one",
                "clientSecret",
                "s3cr&t+",
                "scope",
                "https://contoso.example/.default"));
    }

    /** Sets the value of the secret. */
    public ODataService secret(@Nullable String value) {
        secret = value;
        return this;
    }

    /** Sets the JSON for a path below the root, including the query. */
    public ODataService answer(String path, Object json) {
        answers.put(ROOT + path, Json.write(json));
        return this;
    }

    /** Sets the responses to queries. */
    public ODataService mode(Mode value) {
        mode = value;
        return this;
    }

    /** Responds when this number of queries is concurrent. */
    public ODataService together(int queries) {
        gathering = new CountDownLatch(queries);
        return mode(Mode.TOGETHER);
    }

    /** Sets the responses of the token endpoint. */
    public ODataService tokenMode(Mode value) {
        tokenMode = value;
        return this;
    }

    /** Sets the lifetime of tokens. */
    public ODataService tokenSeconds(Object value) {
        tokenSeconds = value;
        return this;
    }

    /**
     * Returns the received requests: {@code secret}, {@code token} with its form, or the method and path of a query.
     */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns the headers of the queries, in the order of their arrival. */
    public List<Map<String, String>> headers() {
        return List.copyOf(headers);
    }

    /** Drops the received requests. */
    public void clear() {
        requests.clear();
        headers.clear();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (path.startsWith("/secrets")) {
                requests.add("secret");
                serveSecret(exchange, body);
            } else if (path.equals("/oauth2/v2.0/token")) {
                requests.add("token " + body);
                answer(
                        exchange,
                        tokenMode,
                        Json.write(Map.of(
                                "token_type",
                                "Bearer",
                                "access_token",
                                "token-" + tokens.incrementAndGet(),
                                "expires_in",
                                tokenSeconds)));
            } else {
                String options = exchange.getRequestURI().getRawQuery();
                String query = options == null ? path : path + '?' + options;
                requests.add(exchange.getRequestMethod() + ' ' + query);
                Map<String, String> sent = new LinkedHashMap<>();
                exchange.getRequestHeaders().forEach((name, values) -> sent.put(name, String.join(", ", values)));
                headers.add(sent);
                serveQuery(exchange, query, sent.getOrDefault("Authorization", ""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveSecret(HttpExchange exchange, String request) throws IOException {
        @Nullable String value = secret;
        boolean isRequested = "secretsmanager.GetSecretValue"
                        .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                && SECRET.equals(Json.readOwn(request).get("SecretId"));
        if (value == null || !isRequested) {
            write(exchange, 400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"No such secret\"}");
        } else {
            write(exchange, 200, Json.write(Map.of("ARN", SECRET, "Name", "records", "SecretString", value)));
        }
    }

    private void serveQuery(HttpExchange exchange, String query, String authorization)
            throws IOException, InterruptedException {
        boolean isRejected = !authorization.startsWith("Bearer token-")
                || mode == Mode.EVERY_TOKEN_REJECTED
                || (mode == Mode.FIRST_TOKEN_REJECTED && authorization.equals("Bearer token-1"));
        @Nullable String json = answers.get(query);
        if (isRejected) {
            write(exchange, 401, "{\"error\":{\"code\":\"unauthorized\"}}");
        } else if (json == null) {
            write(exchange, 404, "{\"error\":{\"code\":\"notFound\"}}");
        } else {
            answer(exchange, mode, json);
        }
    }

    private void answer(HttpExchange exchange, Mode chosen, String json) throws IOException, InterruptedException {
        switch (chosen) {
            case SLOW -> closing.await();
            case TOGETHER -> {
                gathering.countDown();
                gathering.await();
                write(exchange, 200, json);
            }
            case DRIPPING -> {
                exchange.sendResponseHeaders(200, 0);
                OutputStream output = exchange.getResponseBody();
                while (!closing.await(DROP.toMillis(), TimeUnit.MILLISECONDS)) {
                    output.write(' ');
                    output.flush();
                }
            }
            case BIG -> write(exchange, 200, json.substring(0, json.length() - 1) + " ".repeat(1_100_000) + "}");
            case MALFORMED -> write(exchange, 200, "<html>");
            case UNEXPECTED_JSON -> write(exchange, 200, "[{\"value\":1}]");
            case REDIRECT -> {
                exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
                write(exchange, 302, json);
            }
            case BROKEN -> write(exchange, 503, json);
            case NORMAL, FIRST_TOKEN_REJECTED, EVERY_TOKEN_REJECTED -> write(exchange, 200, json);
        }
    }

    private static void write(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
