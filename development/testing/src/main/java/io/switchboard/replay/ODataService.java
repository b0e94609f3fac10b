package io.switchboard.replay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import io.switchboard.recordsource.RecordAnswer;
import io.switchboard.recordsource.RecordQuestion;
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
 * A small OData v4 service with the token endpoint before it, and the Secrets Manager that knows of both: what a record source needs,
 * on a free port of 127.0.0.1. Thread-safe.
 */
public final class ODataService implements AutoCloseable {
    /** The secret's name. */
    public static final String SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:records-AbCdEf";

    private static final String ROOT = "/api/data/v9.2";
    private static final int WARM_UPS = 10;
    private static final Duration DROP = Duration.ofMillis(20);

    /** How questions are answered. */
    public enum Mode {
        /** As they should be. */
        WELL,
        /** As soon as so many are there as {@link #together} wants. */
        TOGETHER,
        /** Not before the service is closed. */
        SLOW,
        /** Well begun, then one byte at a time. */
        DRIPPING,
        /** With more than 1 MiB. */
        BIG,
        /** With no JSON. */
        MALFORMED,
        /** With JSON of another form. */
        ODD,
        /** With a redirect to the very answer. */
        REDIRECT,
        /** The first token is refused. */
        FIRST_TOKEN_REFUSED,
        /** Every token is refused. */
        EVERY_TOKEN_REFUSED,
        /** With a fault of its own. */
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
    private volatile Mode mode = Mode.WELL;
    private volatile Mode tokenMode = Mode.WELL;
    private volatile @Nullable String secret;
    private volatile Object tokenSeconds = 3_600;

    /** One that runs. */
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

    /** Reads records until that works in time: in a JVM that has just begun, loading what it takes can outlast the two seconds. */
    public static void warm(Function<Map<String, String>, RecordSources> make) {
        try (ODataService service = new ODataService()) {
            service.secret(service.settings("warm")).answer("/accounts", Map.of("value", List.of()));
            RecordSources sources = make.apply(service.environment(Map.of()));
            RecordAnswer wanted = new RecordAnswer.Nothing();
            for (int i = 0; i < WARM_UPS; i++) {
                if (sources.of("warm")
                        .ask(List.of(new RecordQuestion.FirstRow("account", "")))
                        .contains(wanted)) {
                    return;
                }
                sources.forget();
            }
        }
        throw new IllegalStateException("No record was read in time, whatever was tried");
    }

    /** Where it answers. */
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** The environment with this record source in it. */
    public Map<String, String> environment(Map<String, String> environment) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put("RECORD_SOURCE_SECRET", SECRET);
        changed.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", url() + "/secrets");
        changed.putIfAbsent("AWS_ACCESS_KEY_ID", "local");
        changed.putIfAbsent("AWS_SECRET_ACCESS_KEY", "local");
        return changed;
    }

    /** The secret's value for this tenant. */
    public String settings(String tenant) {
        return Json.write(Map.of("tenants", Map.of(tenant, members())));
    }

    /** What the secret says of a tenant. */
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

    /** Sets the secret's value. */
    public ODataService secret(@Nullable String value) {
        secret = value;
        return this;
    }

    /** Answers a path below the root, query and all, with this JSON. */
    public ODataService answer(String path, Object json) {
        answers.put(ROOT + path, Json.write(json));
        return this;
    }

    /** Answers questions this way. */
    public ODataService mode(Mode value) {
        mode = value;
        return this;
    }

    /** Answers questions when there are so many at once. */
    public ODataService together(int questions) {
        gathering = new CountDownLatch(questions);
        return mode(Mode.TOGETHER);
    }

    /** Answers at the token endpoint this way. */
    public ODataService tokenMode(Mode value) {
        tokenMode = value;
        return this;
    }

    /** For how long tokens are good. */
    public ODataService tokenSeconds(Object value) {
        tokenSeconds = value;
        return this;
    }

    /** What came in: {@code secret}, {@code token} with its form, or method and path of a question. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** The headers of the questions, in the same order as they came. */
    public List<Map<String, String>> headers() {
        return List.copyOf(headers);
    }

    /** Forgets what came in. */
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
                String query = exchange.getRequestURI().getRawQuery();
                String question = query == null ? path : path + '?' + query;
                requests.add(exchange.getRequestMethod() + ' ' + question);
                Map<String, String> sent = new LinkedHashMap<>();
                exchange.getRequestHeaders().forEach((name, values) -> sent.put(name, String.join(", ", values)));
                headers.add(sent);
                serveQuestion(exchange, question, sent.getOrDefault("Authorization", ""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveSecret(HttpExchange exchange, String request) throws IOException {
        @Nullable String value = secret;
        boolean isAsked = "secretsmanager.GetSecretValue"
                        .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                && SECRET.equals(Json.readOwn(request).get("SecretId"));
        if (value == null || !isAsked) {
            write(exchange, 400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"No such secret\"}");
        } else {
            write(exchange, 200, Json.write(Map.of("ARN", SECRET, "Name", "records", "SecretString", value)));
        }
    }

    private void serveQuestion(HttpExchange exchange, String question, String authorization)
            throws IOException, InterruptedException {
        boolean isRefused = !authorization.startsWith("Bearer token-")
                || mode == Mode.EVERY_TOKEN_REFUSED
                || (mode == Mode.FIRST_TOKEN_REFUSED && authorization.equals("Bearer token-1"));
        @Nullable String json = answers.get(question);
        if (isRefused) {
            write(exchange, 401, "{\"error\":{\"code\":\"unauthorized\"}}");
        } else if (json == null) {
            write(exchange, 404, "{\"error\":{\"code\":\"notFound\"}}");
        } else {
            answer(exchange, mode, json);
        }
    }

    private void answer(HttpExchange exchange, Mode how, String json) throws IOException, InterruptedException {
        switch (how) {
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
            case ODD -> write(exchange, 200, "[{\"value\":1}]");
            case REDIRECT -> {
                exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
                write(exchange, 302, json);
            }
            case BROKEN -> write(exchange, 503, json);
            case WELL, FIRST_TOKEN_REFUSED, EVERY_TOKEN_REFUSED -> write(exchange, 200, json);
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
