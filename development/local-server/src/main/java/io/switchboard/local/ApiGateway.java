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
 * Handles requests as an API Gateway HTTP API does: limits, CORS, route selection, the route's authorizer, the event
 * for the function, the function's response, and API Gateway's own responses with the body {@code {"message":…}}.
 * Thread-safe.
 *
 * <p>API Gateway's documentation does not specify the following cases. This class checks limits first. It returns 414
 * if the request line alone is too long, and 431 if the request line and the headers together are too long. It returns
 * 413 if a body fits API Gateway (10 MB) but the event is too large for Lambda (6 MB). It adds CORS headers to API
 * Gateway's own responses too.
 */
final class ApiGateway implements HttpHandler {
    /** Largest request line with headers, in bytes (HTTP API quotas). */
    static final int HEAD_LIMIT = 10_240;

    /** Largest body, in bytes (HTTP API quotas: 10 MB). */
    static final int BODY_LIMIT = 10 * 1024 * 1024;

    /** Bytes of an oversized body that are read and discarded, so that the client can read the response. */
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

    /** @param integrationTimeout the longest time a function may take: 30 s in API Gateway */
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

    /** @param route the name in the request log; never the path, because a path may contain personal data */
    private record RoutedResponse(String route, OutgoingResponse response) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        long start = ticker.read();
        String requestId = newRequestId();
        try (exchange) {
            var body = readBody(exchange);
            var request = IncomingRequest.of(exchange, body.orElse(Bytes.NONE));
            var routed = handleSafely(request, body.isEmpty(), requestId);
            log.printf(
                    "%s  %-32s %d  %d ms%n",
                    request.method().matches("[A-Z]{1,10}") ? request.method() : "?",
                    routed.route(),
                    routed.response().status(),
                    (ticker.read() - start) / 1_000_000);
            write(exchange, routed.response().with("apigw-requestid", requestId));
        }
    }

    private RoutedResponse handleSafely(IncomingRequest request, boolean bodyTooLarge, String requestId) {
        try {
            if (cors.handlesPreflight(request)) {
                return new RoutedResponse("preflight", cors.preflight(request));
            }
            var routed = handle(request, bodyTooLarge, requestId);
            return new RoutedResponse(routed.route(), cors.applyTo(routed.response(), request));
        } catch (RuntimeException e) {
            log.println("The local server failed: " + String.valueOf(e).replaceAll("\\R\\s*", " | "));
            return new RoutedResponse("-", OutgoingResponse.message(500, "Internal Server Error"));
        }
    }

    private RoutedResponse handle(IncomingRequest request, boolean bodyTooLarge, String requestId) {
        int requestLine = request.method().length() + request.target().length() + "  HTTP/1.1".length();
        if (requestLine > HEAD_LIMIT) {
            return new RoutedResponse("-", OutgoingResponse.message(414, "URI Too Long"));
        }
        if (requestLine + headerBytes(request) > HEAD_LIMIT) {
            return new RoutedResponse("-", OutgoingResponse.message(431, "Request Header Fields Too Large"));
        }
        if (bodyTooLarge) {
            return new RoutedResponse("-", tooLarge());
        }
        if (TokenIssuer.serves(request.path())) {
            return new RoutedResponse(request.path(), issuer.handle(request));
        }
        var page = Pages.serve(request);
        if (page.isPresent()) {
            return new RoutedResponse(request.path(), page.get());
        }
        return deployment
                .match(request.method(), request.path())
                .map(match ->
                        new RoutedResponse(match.route().routeKey(), authorizeAndInvoke(match, request, requestId)))
                .orElseGet(() -> new RoutedResponse("-", OutgoingResponse.message(404, "Not Found")));
    }

    private OutgoingResponse authorizeAndInvoke(RouteMatch match, IncomingRequest request, String requestId) {
        if (!match.route().authorized()) {
            return invoke(match, request, Optional.empty(), requestId);
        }
        return switch (verifier.verify(request.header("authorization"))) {
            case TokenVerifier.Verified verified ->
                invoke(match, request, Optional.of(FlatClaims.of(verified.claims())), requestId);
            case TokenVerifier.Rejected rejected ->
                OutgoingResponse.message(401, "Unauthorized")
                        .with(
                                "www-authenticate",
                                rejected.reason()
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
                    "The template does not define the function " + match.route().function());
        }
        return switch (function.invoke(event, traceId, integrationTimeout)) {
            case LocalFunction.Succeeded succeeded
            when succeeded.payload().length() <= LocalFunction.PAYLOAD_LIMIT ->
                OutgoingResponse.ofFunction(succeeded.payload()).orElseGet(ApiGateway::internalServerError);
            case LocalFunction.Succeeded _, LocalFunction.Failed _ -> internalServerError();
            case LocalFunction.TimedOut _ -> OutgoingResponse.message(503, "Service Unavailable");
        };
    }

    private static OutgoingResponse internalServerError() {
        return OutgoingResponse.message(500, "Internal Server Error");
    }

    private static OutgoingResponse tooLarge() {
        return OutgoingResponse.message(413, "Request Entity Too Large");
    }

    /** @return the body, or empty if it is too large */
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

    /** Returns an id in API Gateway's form: fifteen characters and an equals sign. */
    private String newRequestId() {
        byte[] bytes = new byte[11];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
