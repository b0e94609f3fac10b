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
 * Lambda's operation Invoke, {@code POST /2015-03-31/functions/<logical id>/invocations}, as {@code sam local start-lambda} has it
 * too: the event goes to the function as it is, past routes and tokens. Only invocations that wait for the answer. Thread-safe.
 *
 * <p>As at AWS a request must be signed, though any signature will do: no web page can send one without being asked first.
 */
final class InvokeApi implements HttpHandler {
    static final String PATH = "/2015-03-31/functions/";

    private static final Pattern INVOCATION = Pattern.compile(Pattern.quote(PATH) + "([^/]+)/invocations");
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";

    /** Longer than any function may run: only the function's own timeout ends it. */
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
            var answer = answer(exchange, invocation.matches(), function, event)
                    .with("x-amzn-requestid", UUID.randomUUID().toString());
            log.printf(
                    "%s  %-32s %d  %d ms%n",
                    "invoke",
                    function.isPresent() ? invocation.group(1) : "-",
                    answer.status(),
                    (ticker.read() - start) / 1_000_000);
            answer.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(
                    answer.status(),
                    answer.body().isEmpty() ? -1 : answer.body().length());
            exchange.getResponseBody().write(answer.body().array());
        }
    }

    private OutgoingResponse answer(
            HttpExchange exchange, boolean knownPath, Optional<LocalFunction> function, byte[] event) {
        String signature = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type"))
                .orElse("RequestResponse");
        if (!knownPath || !exchange.getRequestMethod().equals("POST")) {
            return error(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    "UnknownOperationException",
                    "Of Lambda's API there is only POST " + PATH + "<function>/invocations.");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return error(
                    HttpURLConnection.HTTP_FORBIDDEN,
                    "MissingAuthenticationTokenException",
                    "Sign the request, with any credentials: the AWS CLI and SDKs do so, curl with --aws-sigv4.");
        }
        if (function.isEmpty()) {
            return error(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    "ResourceNotFoundException",
                    "Function not found: the template has " + String.join(", ", functions.keySet()) + ".");
        }
        if (!type.equals("RequestResponse")) {
            return error(
                    HttpURLConnection.HTTP_NOT_IMPLEMENTED,
                    "NotImplementedException",
                    "The invocation type " + type + " is not served here: only RequestResponse.");
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
            case LocalFunction.Answered answered
            when answered.payload().length() > LocalFunction.PAYLOAD_LIMIT ->
                failed(
                        "Function.ResponseSizeTooLarge",
                        "Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes)."
                                .formatted(answered.payload().length(), LocalFunction.PAYLOAD_LIMIT));
            case LocalFunction.Answered answered ->
                new OutgoingResponse(
                        HttpURLConnection.HTTP_OK,
                        Map.of(
                                "content-type", List.of("application/json"),
                                "x-amz-executed-version", List.of("$LATEST")),
                        answered.payload());
            case LocalFunction.Failed failed -> failed(failed.errorType(), failed.message());
            case LocalFunction.TimedOut _ -> failed("Sandbox.Timedout", "The local server is stopping.");
        };
    }

    /** Lambda answers 200 all the same: the invocation took place. */
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
        // As the functions read it: decoded strictly, then parsed as text.
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
