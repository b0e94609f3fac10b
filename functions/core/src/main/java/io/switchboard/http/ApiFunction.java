package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.identity.Caller;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Ticker;
import io.switchboard.text.InputLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda function that serves routes of the HTTP API. It translates the event, finds the route, authorizes the
 * caller, runs the operation, and turns rejections and faults into the error body of {@code docs/reference/errors.md}.
 *
 * <p>Thread-safe if its operations are. Before SnapStart takes its snapshot, {@link #prime} runs the code that a
 * request needs; it may read, but must not write.
 */
public abstract class ApiFunction implements RequestStreamHandler, Resource {
    /** How often priming repeats its requests, so that the JVM compiles their code: {@code docs/decisions/0045}. */
    protected static final int PRIMING_ROUNDS = 20;

    private static final int NOT_MODIFIED = 304;

    /**
     * The property in which the Lambda runtime has the trace of the invocation. The SDK adds it to its requests, by
     * code that priming must load too.
     */
    private static final String TRACE = "com.amazonaws.xray.traceHeader";

    private final RouteTable routes;
    private final ApiSettings settings;
    private final InstantSource clock;
    private final Ticker ticker;
    /** Set when this environment has served a request since it was started or restored. */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** Creates a function that serves these routes. */
    protected ApiFunction(RouteTable routes, ApiSettings settings, InstantSource clock) {
        this(routes, settings, clock, Ticker.system());
    }

    /** Creates a function with another ticker for its deadline and its log. */
    protected ApiFunction(RouteTable routes, ApiSettings settings, InstantSource clock, Ticker ticker) {
        this.routes = routes;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Registers this function with SnapStart, if Lambda starts it for a snapshot. Its context has a weak reference; the
     * Lambda runtime has the strong one. Other starts do not load the classes of the registration.
     */
    protected final void registerForSnapshots(Map<String, String> environment) {
        if ("snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            Core.getGlobalContext().register(this);
        }
    }

    /** Returns the routes of this function. */
    public final RouteTable routes() {
        return routes;
    }

    /** Returns the headers of every response of this function, errors included. */
    protected Map<String, String> commonHeaders() {
        return Map.of();
    }

    /** Returns whether a request without a caller gets 401 instead of 404 or 405 if no route matches. */
    protected boolean requiresCallerOfUnknownPaths() {
        return false;
    }

    /** Primes the function with reads only. A failure is logged and does not prevent the function from starting. */
    protected void prime() {}

    /** Drops everything that must not be older than the restore. */
    protected void restored() {}

    /**
     * Serves an invented request with a function, to load and compile its code.
     *
     * @param function a function whose stores use {@link io.switchboard.dynamodb.Wiring#primingClient}, so that nothing
     *     is written
     * @return the response for the Lambda runtime
     * @throws IllegalStateException if the caller was not accepted, or the request failed with a fault, because then
     *     less code than expected has run
     */
    protected static String prime(ApiFunction function, PrimingRequest request) {
        String response = primeAny(function, request);
        if (response.startsWith("{\"statusCode\":401") || response.startsWith("{\"statusCode\":5")) {
            throw new IllegalStateException(request.method() + " " + request.path() + " returned " + response);
        }
        return response;
    }

    /** Serves an invented request like {@link #prime}, which may fail, to load the code that handles faults. */
    protected static String primeAny(ApiFunction function, PrimingRequest request) {
        String event = request.event(function.settings.callerClaims().tenantClaim());
        return new String(
                function.serve(
                        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                        "priming",
                        Deadline.in(Deadline.left()),
                        RequestLog.current(),
                        (line, level) -> {}),
                StandardCharsets.UTF_8);
    }

    @Override
    public final void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        System.setProperty(TRACE, "Root=1-00000000-000000000000000000000000;Sampled=0");
        try {
            prime();
        } catch (RuntimeException e) {
            // An unprimed function is slow once; a function that does not start is down.
            System.err.println("Priming before the snapshot failed: " + e);
        } finally {
            System.clearProperty(TRACE);
        }
    }

    @Override
    public final void afterRestore(org.crac.Context<? extends Resource> context) {
        hasServed.set(false);
        restored();
    }

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        RequestLog log = RequestLog.of(context, !hasServed.getAndSet(true), ticker);
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Deadline.RESERVE);
        output.write(serve(input, context.getAwsRequestId(), Deadline.in(left, ticker), log, context.getLogger()::log));
    }

    private byte[] serve(
            InputStream input,
            String invocationId,
            Deadline deadline,
            RequestLog log,
            BiConsumer<byte[], LogLevel> logger) {
        // The API returns times with milliseconds, so stored times have the same precision.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        EncodedResponse response = deadline.during(() -> log.during(() -> handle(input, invocationId, now, log)));
        log.write(response.status(), now, settings.logLevel(), logger);
        return response.bytes().array();
    }

    /** The response for the Lambda runtime. */
    private record EncodedResponse(int status, ByteBuffer bytes) {}

    /**
     * Reads the event, serves it and writes the response. Every fault gets a response too, because an error that leaves
     * this function ends its environment. That is intended after an {@link OutOfMemoryError} only.
     */
    private EncodedResponse handle(InputStream input, String invocationId, Instant now, RequestLog log) {
        Outgoing outgoing = new Outgoing();
        outgoing.headers.put("Cache-Control", "no-store");
        outgoing.headers.put("X-Content-Type-Options", "nosniff");
        outgoing.headers.put("request-id", invocationId);
        outgoing.headers.putAll(commonHeaders());
        log.setRequestId(invocationId);
        try {
            return outgoing.encode(respond(EventStream.read(input), now, outgoing, log), log);
        } catch (Refusal refusal) {
            log.rejected(refusal.code());
            return outgoing.encode(rejected(refusal, now, outgoing.headers), log);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable fault) {
            Refusal refusal = Refusal.of(fault);
            log.failed(refusal.status(), refusal.code(), fault);
            return outgoing.encode(rejected(refusal, now, outgoing.headers), log);
        }
    }

    /** The headers of every response, and the response format that the request specifies. */
    private static final class Outgoing {
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String acceptEncoding = "";
        private boolean isHead;

        /**
         * Writes the response: without a body for HEAD, and compressed if the caller accepts gzip.
         *
         * @throws Refusal 413 for a response that exceeds Lambda's limit
         */
        EncodedResponse encode(Response response, RequestLog log) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            @Nullable String correlationId = log.correlationId();
            if (correlationId != null && CorrelationId.fitsHeader(correlationId)) {
                all.put(CorrelationId.HEADER, correlationId);
            }
            all.putAll(response.headers());
            boolean hasBody = response.body() != null;
            if (hasBody) {
                all.putIfAbsent(Response.CONTENT_TYPE, "application/json");
            }
            if (hasBody || response.status() == NOT_MODIFIED) {
                all.put("Vary", ContentCoding.ACCEPT_ENCODING);
            }
            byte @Nullable [] gzip =
                    hasBody && ContentCoding.acceptsGzip(acceptEncoding) ? response.gzippedBody() : null;
            if (gzip != null) {
                all.put("Content-Encoding", "gzip");
            }
            Object body = gzip == null ? response.bodyValue() : gzip;
            byte[] bytes = EventStream.bytes(response.status(), all, isHead ? "" : body, gzip != null && !isHead);
            if (bytes.length > InputLimits.RESPONSE_BYTES) {
                throw Refusal.of(
                        ErrorCode.CONTENT_TOO_LARGE,
                        "The response has " + bytes.length + " bytes; at most " + InputLimits.RESPONSE_BYTES
                                + " can be returned. Request less data, for example a page with a smaller $top.");
            }
            if (all.containsKey("Idempotency-Replayed")) {
                log.count(Metric.REQUESTS_REPLAYED);
            }
            return new EncodedResponse(response.status(), ByteBuffer.wrap(bytes));
        }
    }

    private @Nullable Caller caller(APIGatewayV2HTTPEvent event) {
        Map<String, String> claims =
                event.getRequestContext().getAuthorizer().getJwt().getClaims();
        return settings.callerClaims()
                .read(claims.isEmpty() ? settings.localClaims() : claims)
                .orElse(null);
    }

    private Response respond(EventStream.Received received, Instant now, Outgoing outgoing, RequestLog log) {
        APIGatewayV2HTTPEvent event = received.event();
        Map<String, String> echoes = outgoing.headers;
        outgoing.acceptEncoding = Request.header(event, ContentCoding.ACCEPT_ENCODING);
        outgoing.isHead =
                RouteTable.HEAD.equals(event.getRequestContext().getHttp().getMethod());
        @Nullable String requestId = event.getRequestContext().getRequestId();
        if (requestId != null) {
            echoes.put("request-id", requestId);
        }
        log.setRequestId(echoes.get("request-id"));
        log.put("operation", event.getRouteKey());
        Request request = Request.of(
                received, caller(event), now, settings.publicBaseUrl(), echoes.getOrDefault("request-id", ""));
        request.header("client-request-id").filter(Request::isEchoable).ifPresent(id -> {
            echoes.put("client-request-id", id);
            log.put("clientRequestId", id);
        });
        CorrelationId.of(request).ifPresent(log::setCorrelationId);
        if (request.method().equals("OPTIONS")) {
            // API Gateway adds its CORS headers to this response; see docs/decisions/0003.
            return Response.noContent();
        }
        RouteTable.Match match = match(request);
        log.put("operation", match.route().method() + ' ' + match.route().pattern());
        log.measureLatency();
        if (!match.route().isOpen()) {
            log.put("tenant", request.caller().tenant());
        }
        return match.serve(request);
    }

    private RouteTable.Match match(Request request) {
        try {
            return routes.match(request.method(), request.path());
        } catch (Refusal unknown) {
            if (requiresCallerOfUnknownPaths()) {
                request.caller();
            }
            throw unknown;
        }
    }

    private static Response rejected(Refusal refusal, Instant now, Map<String, String> echoes) {
        String requestId = echoes.getOrDefault("request-id", "");
        return ErrorBody.response(refusal, now, requestId, echoes.getOrDefault("client-request-id", requestId));
    }
}
