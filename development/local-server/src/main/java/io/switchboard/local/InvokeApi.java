package io.switchboard.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.switchboard.runtime.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Implements Lambda's Invoke operation, {@code POST /2015-03-31/functions/<logical id>/invocations}, as {@code sam
 * local start-lambda} does. The event is passed to the function unchanged, without routing or token checks. Supports
 * synchronous invocations only. Thread-safe.
 *
 * <p>Requests must be signed, as in AWS, but any signature is accepted. A web page cannot send the signature header
 * without a CORS preflight.
 */
final class InvokeApi implements HttpHandler {
    static final String PATH = "/2015-03-31/functions/";

    private static final Pattern INVOCATION = Pattern.compile(Pattern.quote(PATH) + "([^/]+)/invocations");
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";

    /** Longer than any function may run, so only the function's own timeout applies. */
    private static final Duration NO_LIMIT = Duration.ofHours(1);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory PARSERS = new JsonFactory();

    private final Map<String, LocalFunction> functions;
    private final Clock clock;
    private final Ticker ticker;
    private final PrintStream log;
    private final SecureRandom random = new SecureRandom();

    InvokeApi(Map<String, LocalFunction> functions, Clock clock, Ticker ticker, PrintStream log) {
        this.functions = functions;
        this.clock = clock;
        this.ticker = ticker;
        this.log = log;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        long start = ticker.read();
        try (exchange) {
            byte[] event = exchange.getRequestBody().readNBytes(LocalFunction.PAYLOAD_LIMIT + 1);
            var invocation = INVOCATION.matcher(exchange.getRequestURI().getRawPath());
            var function = invocation.matches()
                    ? Optional.ofNullable(functions.get(invocation.group(1)))
                    : Optional.<LocalFunction>empty();
            var response = response(exchange, invocation.matches(), function, event)
                    .with("x-amzn-requestid", UUID.randomUUID().toString());
            log.printf(
                    "%s  %-32s %d  %d ms%n",
                    "invoke",
                    function.isPresent() ? invocation.group(1) : "-",
                    response.status(),
                    (ticker.read() - start) / 1_000_000);
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(
                    response.status(),
                    response.body().isEmpty() ? -1 : response.body().length());
            exchange.getResponseBody().write(response.body().array());
        }
    }

    private OutgoingResponse response(
            HttpExchange exchange, boolean knownPath, Optional<LocalFunction> function, byte[] event) {
        String signature = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type"))
                .orElse("RequestResponse");
        if (!knownPath || !exchange.getRequestMethod().equals("POST")) {
            return error(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    "UnknownOperationException",
                    "The only supported Lambda operation is POST " + PATH + "<function>/invocations.");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return error(
                    HttpURLConnection.HTTP_FORBIDDEN,
                    "MissingAuthenticationTokenException",
                    "The request is not signed. Use the AWS CLI, an AWS SDK or curl --aws-sigv4 with any credentials.");
        }
        if (function.isEmpty()) {
            return error(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    "ResourceNotFoundException",
                    "Function not found. The template defines " + String.join(", ", functions.keySet()) + ".");
        }
        if (!type.equals("RequestResponse")) {
            return error(
                    HttpURLConnection.HTTP_NOT_IMPLEMENTED,
                    "NotImplementedException",
                    "The invocation type " + type + " is not supported. Use RequestResponse.");
        }
        if (event.length > LocalFunction.PAYLOAD_LIMIT) {
            return error(
                    HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
                    "RequestTooLargeException",
                    "The event is larger than " + LocalFunction.PAYLOAD_LIMIT + " bytes.");
        }
        if (!isJson(event)) {
            return error(
                    HttpURLConnection.HTTP_BAD_REQUEST,
                    "InvalidRequestContentException",
                    "Could not parse request body into json.");
        }
        return invoke(function.get(), event);
    }

    private OutgoingResponse invoke(LocalFunction function, byte[] event) {
        return switch (function.invoke(event, TraceId.next(clock.instant(), random), NO_LIMIT)) {
            case LocalFunction.Succeeded succeeded
            when succeeded.payload().length() > LocalFunction.PAYLOAD_LIMIT ->
                failed(
                        "Function.ResponseSizeTooLarge",
                        "Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes)."
                                .formatted(succeeded.payload().length(), LocalFunction.PAYLOAD_LIMIT));
            case LocalFunction.Succeeded succeeded ->
                new OutgoingResponse(
                        HttpURLConnection.HTTP_OK,
                        Map.of(
                                "content-type", List.of("application/json"),
                                "x-amz-executed-version", List.of("$LATEST")),
                        succeeded.payload());
            case LocalFunction.Failed failed -> failed(failed.errorType(), failed.message());
            case LocalFunction.TimedOut _ -> failed("Sandbox.Timedout", "The local server is stopping.");
        };
    }

    /** Lambda returns 200 even when the function fails, because the invocation took place. */
    private static OutgoingResponse failed(String errorType, String message) {
        return OutgoingResponse.json(
                        HttpURLConnection.HTTP_OK,
                        JSON.createObjectNode().put("errorMessage", message).put("errorType", errorType))
                .with("x-amz-function-error", "Unhandled")
                .with("x-amz-executed-version", "$LATEST");
    }

    private static OutgoingResponse error(int status, String type, String message) {
        return OutgoingResponse.json(
                        status, JSON.createObjectNode().put("Type", "User").put("Message", message))
                .with("x-amzn-errortype", type);
    }

    private static boolean isJson(byte[] event) {
        // The functions read the event the same way: strict UTF-8 decoding, then parsing as text.
        try (JsonParser parser = PARSERS.createParser(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(event))
                .toString())) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
