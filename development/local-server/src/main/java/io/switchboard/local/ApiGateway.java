package io.switchboard.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.RouteMatch;
import io.switchboard.runtime.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Does between the wire and the functions what an HTTP API does: limits, CORS, the choice of a route, its authorizer, the event, the
 * answer, and its own answers, whose body is {@code {"message":…}}. Thread-safe.
 *
 * <p>Where API Gateway's documentation is silent, this is chosen: limits are judged before all else; a request line that is too
 * long alone is 414, one that is too long with its headers 431; a body that fits API Gateway (10 MB) but makes an event too large
 * for Lambda (6 MB) is 413; CORS headers are added to API Gateway's own answers too.
 */
final class ApiGateway implements HttpHandler {
    /** Largest request line with headers, in bytes (HTTP API quotas). */
    static final int HEAD_LIMIT = 10_240;

    /** Largest body, in bytes (HTTP API quotas: 10 MB). */
    static final int BODY_LIMIT = 10 * 1024 * 1024;

    /** How much of a body that is too large is read away, so that the client gets to read the answer. */
    private static final long DRAIN_LIMIT = 8L * BODY_LIMIT;

    private final Deployment deployment;
    private final Map<String, LocalFunction> functions;
    private final CorsRules cors;
    private final TokenVerifier verifier;
    private final TokenIssuer issuer;
    private final String authority;
    private final Duration integrationTimeout;
    private final Clock clock;
    private final Ticker ticker;
    private final PrintStream log;
    private final SecureRandom random = new SecureRandom();

    /** @param integrationTimeout how long a function may take: 30 s at API Gateway */
    ApiGateway(
            Deployment deployment,
            Map<String, LocalFunction> functions,
            TokenVerifier verifier,
            TokenIssuer issuer,
            String authority,
            Duration integrationTimeout,
            Clock clock,
            Ticker ticker,
            PrintStream log) {
        this.deployment = deployment;
        this.functions = functions;
        this.cors = new CorsRules(deployment.cors());
        this.verifier = verifier;
        this.issuer = issuer;
        this.authority = authority;
        this.integrationTimeout = integrationTimeout;
        this.clock = clock;
        this.ticker = ticker;
        this.log = log;
    }

    /** @param route what the request log calls it: never the path, which may name people */
    private record Answer(String route, OutgoingResponse response) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        long start = ticker.read();
        String requestId = newRequestId();
        try (exchange) {
            var body = readBody(exchange);
            var request = IncomingRequest.of(exchange, body.orElse(Bytes.NONE));
            var answer = answerSafely(request, body.isEmpty(), requestId);
            log.printf(
                    "%s  %-32s %d  %d ms%n",
                    request.method().matches("[A-Z]{1,10}") ? request.method() : "?",
                    answer.route(),
                    answer.response().status(),
                    (ticker.read() - start) / 1_000_000);
            write(exchange, answer.response().with("apigw-requestid", requestId));
        }
    }

    private Answer answerSafely(IncomingRequest request, boolean bodyTooLarge, String requestId) {
        try {
            if (cors.answersPreflight(request)) {
                return new Answer("preflight", cors.preflight(request));
            }
            var answer = answer(request, bodyTooLarge, requestId);
            return new Answer(answer.route(), cors.applyTo(answer.response(), request));
        } catch (RuntimeException e) {
            log.println("The local server failed: " + String.valueOf(e).replaceAll("\\R\\s*", " | "));
            return new Answer("-", OutgoingResponse.message(500, "Internal Server Error"));
        }
    }

    private Answer answer(IncomingRequest request, boolean bodyTooLarge, String requestId) {
        int requestLine = request.method().length() + request.target().length() + "  HTTP/1.1".length();
        if (requestLine > HEAD_LIMIT) {
            return new Answer("-", OutgoingResponse.message(414, "URI Too Long"));
        }
        if (requestLine + headerBytes(request) > HEAD_LIMIT) {
            return new Answer("-", OutgoingResponse.message(431, "Request Header Fields Too Large"));
        }
        if (bodyTooLarge) {
            return new Answer("-", tooLarge());
        }
        if (TokenIssuer.serves(request.path())) {
            return new Answer(request.path(), issuer.answer(request));
        }
        var page = Pages.answer(request);
        if (page.isPresent()) {
            return new Answer(request.path(), page.get());
        }
        return deployment
                .match(request.method(), request.path())
                .map(match -> new Answer(match.route().routeKey(), enter(match, request, requestId)))
                .orElseGet(() -> new Answer("-", OutgoingResponse.message(404, "Not Found")));
    }

    private OutgoingResponse enter(RouteMatch match, IncomingRequest request, String requestId) {
        if (!match.route().authorized()) {
            return invoke(match, request, Optional.empty(), requestId);
        }
        return switch (verifier.verify(request.header("authorization"))) {
            case TokenVerifier.Verified verified ->
                invoke(match, request, Optional.of(FlatClaims.of(verified.claims())), requestId);
            case TokenVerifier.Refused refused ->
                OutgoingResponse.message(401, "Unauthorized")
                        .with(
                                "www-authenticate",
                                refused.reason()
                                        .map(reason ->
                                                "Bearer scope=\"\" error=\"invalid_token\" error_description=\"%s\""
                                                        .formatted(reason))
                                        .orElse("Bearer"));
        };
    }

    private OutgoingResponse invoke(
            RouteMatch match, IncomingRequest request, Optional<Map<String, String>> claims, String requestId) {
        Instant now = clock.instant();
        String traceId = TraceId.next(now, random);
        byte[] event =
                OutgoingResponse.bytes(ProxyEvent.of(request, match, claims, authority, requestId, traceId, now));
        if (event.length > LocalFunction.PAYLOAD_LIMIT) {
            return tooLarge();
        }
        var function = functions.get(match.route().function());
        if (function == null) {
            throw new IllegalStateException(
                    "The template has no function " + match.route().function());
        }
        return switch (function.invoke(event, traceId, integrationTimeout)) {
            case LocalFunction.Answered answered
            when answered.payload().length() <= LocalFunction.PAYLOAD_LIMIT ->
                OutgoingResponse.ofFunction(answered.payload()).orElseGet(ApiGateway::internalServerError);
            case LocalFunction.Answered _, LocalFunction.Failed _ -> internalServerError();
            case LocalFunction.TimedOut _ -> OutgoingResponse.message(503, "Service Unavailable");
        };
    }

    private static OutgoingResponse internalServerError() {
        return OutgoingResponse.message(500, "Internal Server Error");
    }

    private static OutgoingResponse tooLarge() {
        return OutgoingResponse.message(413, "Request Entity Too Large");
    }

    /** @return empty where the body is too large */
    private static Optional<Bytes> readBody(HttpExchange exchange) throws IOException {
        InputStream body = exchange.getRequestBody();
        byte[] bytes = body.readNBytes(BODY_LIMIT + 1);
        if (bytes.length <= BODY_LIMIT) {
            return Optional.of(Bytes.of(bytes));
        }
        byte[] away = new byte[64 * 1024];
        long drained = 0;
        for (int read = body.read(away); read >= 0 && drained < DRAIN_LIMIT; read = body.read(away)) {
            drained += read;
        }
        return Optional.empty();
    }

    private static int headerBytes(IncomingRequest request) {
        int bytes = 0;
        for (var header : request.headers().entrySet()) {
            for (String value : header.getValue()) {
                bytes += header.getKey().length() + value.length() + ": \r\n".length();
            }
        }
        return bytes;
    }

    private static void write(HttpExchange exchange, OutgoingResponse response) throws IOException {
        response.headers()
                .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
        boolean bodiless = exchange.getRequestMethod().equals("HEAD")
                || response.status() == 204
                || response.status() == 304
                || response.body().isEmpty();
        exchange.sendResponseHeaders(
                response.status(), bodiless ? -1 : response.body().length());
        if (!bodiless) {
            exchange.getResponseBody().write(response.body().array());
        }
    }

    /** In the form of API Gateway's: fifteen characters and an equals sign. */
    private String newRequestId() {
        byte[] bytes = new byte[11];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
