package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
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
 * A Lambda function behind routes of the HTTP API: translates the event, finds the route, checks who calls, serves, and
 * turns refusals and faults into the one error body of {@code API.md} §3.
 *
 * <p>Thread-safe as long as its operations are. Before SnapStart takes its snapshot, {@link #prime} warms the paths of a
 * request; it may read, never write.
 */
public abstract class ApiFunction implements RequestStreamHandler, Resource {
    private static final int NOT_MODIFIED = 304;

    private final RouteTable routes;
    private final ApiSettings settings;
    private final InstantSource clock;
    private final Ticker ticker;
    /** Of this environment, since it was started or restored. */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** A function serving these routes. */
    protected ApiFunction(RouteTable routes, ApiSettings settings, InstantSource clock) {
        this(routes, settings, clock, Ticker.system());
    }

    /** The same, with another ticker for its deadline and its log. */
    protected ApiFunction(RouteTable routes, ApiSettings settings, InstantSource clock, Ticker ticker) {
        this.routes = routes;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Tells SnapStart of this function. Its context keeps a weak reference; the Lambda runtime keeps the strong one. */
    protected final void registerForSnapshots() {
        Core.getGlobalContext().register(this);
    }

    /** What this function serves. */
    public final RouteTable routes() {
        return routes;
    }

    /** Warms what a request needs, by reads only. A failure is logged and does not keep the function from starting. */
    protected void prime() {}

    /** Throws away what must not be older than the snapshot. */
    protected void restored() {}

    /**
     * Serves an event as if it had come in and throws the answer away, to load what a request needs. Only for functions whose
     * stores talk to {@link io.switchboard.dynamodb.Wiring#rehearsal}, so that nothing is written.
     */
    protected final void rehearse(String event) {
        serve(
                new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                "rehearsal",
                Deadline.in(Deadline.left()),
                RequestLog.current(),
                (line, level) -> {});
    }

    @Override
    public final void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        try {
            prime();
        } catch (RuntimeException e) {
            // An unprimed function is slow once; a function that does not start is down.
            System.err.println("Priming before the snapshot failed: " + e);
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
        // To the millisecond, as the API shows instants: what is stored is what is shown.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Answer answer = deadline.during(() -> log.during(() -> answer(input, invocationId, now, log)));
        log.write(answer.status(), now, settings.logLevel(), logger);
        return answer.bytes().array();
    }

    /** What the Lambda runtime is given. */
    private record Answer(int status, ByteBuffer bytes) {}

    /**
     * Reads the event, serves it and writes the answer. Whatever goes wrong on the way is answered too: an error that left this
     * function would end its environment. Only after an {@link OutOfMemoryError} that is right.
     */
    private Answer answer(InputStream input, String invocationId, Instant now, RequestLog log) {
        Outgoing outgoing = new Outgoing();
        outgoing.headers.put("Cache-Control", "no-store");
        outgoing.headers.put("X-Content-Type-Options", "nosniff");
        outgoing.headers.put("request-id", invocationId);
        log.put("requestId", invocationId);
        try {
            return outgoing.answer(respond(EventStream.read(input), now, outgoing, log), log);
        } catch (Refusal refusal) {
            log.refused(refusal.code());
            return outgoing.answer(refused(refusal, now, outgoing.headers), log);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable fault) {
            Refusal refusal = Refusal.of(fault);
            log.failed(refusal.status(), refusal.code(), fault);
            return outgoing.answer(refused(refusal, now, outgoing.headers), log);
        }
    }

    /** The answer on its way out: headers of every answer, and what the request says about the form of its answer. */
    private static final class Outgoing {
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String acceptEncoding = "";
        private boolean isHead;

        /**
         * Writes the answer: without a body to HEAD, and compressed if the caller accepts that.
         *
         * @throws Refusal 413 for an answer that Lambda does not return
         */
        Answer answer(Response response, RequestLog log) {
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
            @Nullable
            String gzip = hasBody && ContentCoding.acceptsGzip(acceptEncoding) ? response.gzippedBody() : null;
            if (gzip != null) {
                all.put("Content-Encoding", "gzip");
            }
            String body = gzip == null ? response.bodyText() : gzip;
            byte[] bytes = EventStream.bytes(APIGatewayV2HTTPResponse.builder()
                    .withStatusCode(response.status())
                    .withHeaders(all)
                    .withBody(isHead ? "" : body)
                    .withIsBase64Encoded(gzip != null && !isHead)
                    .build());
            if (bytes.length > InputLimits.RESPONSE_BYTES) {
                throw Refusal.of(
                        ErrorCode.CONTENT_TOO_LARGE,
                        "The answer has " + bytes.length + " bytes; at most " + InputLimits.RESPONSE_BYTES
                                + " can be returned. Request less at once, such as a page with a smaller $top.");
            }
            if (all.containsKey("Idempotency-Replayed")) {
                log.count(Metric.REQUESTS_REPLAYED);
            }
            return new Answer(response.status(), ByteBuffer.wrap(bytes));
        }
    }

    private @Nullable Caller caller(APIGatewayV2HTTPEvent event) {
        Map<String, String> claims =
                event.getRequestContext().getAuthorizer().getJwt().getClaims();
        return settings.callerClaims()
                .read(claims.isEmpty() ? settings.localClaims() : claims)
                .orElse(null);
    }

    private Response respond(APIGatewayV2HTTPEvent event, Instant now, Outgoing outgoing, RequestLog log) {
        Map<String, String> echoes = outgoing.headers;
        outgoing.acceptEncoding = Request.header(event, ContentCoding.ACCEPT_ENCODING);
        outgoing.isHead =
                RouteTable.HEAD.equals(event.getRequestContext().getHttp().getMethod());
        @Nullable String requestId = event.getRequestContext().getRequestId();
        if (requestId != null) {
            echoes.put("request-id", requestId);
        }
        log.put("requestId", echoes.get("request-id"));
        log.put("operation", event.getRouteKey());
        Request request =
                Request.of(event, caller(event), now, settings.publicBaseUrl(), echoes.getOrDefault("request-id", ""));
        request.header("client-request-id").filter(Request::isEchoable).ifPresent(id -> {
            echoes.put("client-request-id", id);
            log.put("clientRequestId", id);
        });
        CorrelationId.of(request).ifPresent(log::correlated);
        if (request.method().equals("OPTIONS")) {
            // API Gateway adds its CORS headers to this answer; see docs/decisions/0003.
            return Response.noContent();
        }
        RouteTable.Match match = routes.match(request.method(), request.path());
        log.put("operation", match.route().method() + ' ' + match.route().pattern());
        log.measure();
        if (!match.route().isOpen()) {
            log.put("tenant", request.caller().tenant());
        }
        return match.serve(request);
    }

    private static Response refused(Refusal refusal, Instant now, Map<String, String> echoes) {
        String requestId = echoes.getOrDefault("request-id", "");
        return ErrorBody.response(refusal, now, requestId, echoes.getOrDefault("client-request-id", requestId));
    }
}
