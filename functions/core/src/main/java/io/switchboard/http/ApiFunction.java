package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.identity.Caller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
 * A Lambda function behind doors of the HTTP API: translates the event, finds the route, checks who calls, serves, and
 * turns refusals and faults into the one error body of {@code API.md} §3.
 *
 * <p>Thread-safe as long as its operations are. Before SnapStart takes its snapshot, {@link #prime} warms the paths of a
 * request; it may read, never write.
 */
public abstract class ApiFunction implements RequestStreamHandler, Resource {
    private final RouteTable routes;
    private final ApiSettings settings;
    private final InstantSource clock;
    /** Of this environment, since it was started or restored. */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** A function serving these routes. */
    protected ApiFunction(RouteTable routes, ApiSettings settings, InstantSource clock) {
        this.routes = routes;
        this.settings = settings;
        this.clock = clock;
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
        try {
            serve(
                    EventStream.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8))),
                    "rehearsal",
                    Deadline.in(Deadline.left()),
                    RequestLog.current(),
                    (line, level) -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        RequestLog log = RequestLog.of(context, !hasServed.getAndSet(true));
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Deadline.RESERVE);
        APIGatewayV2HTTPResponse response = serve(
                EventStream.read(input), context.getAwsRequestId(), Deadline.in(left), log, context.getLogger()::log);
        EventStream.write(response, output);
    }

    private APIGatewayV2HTTPResponse serve(
            APIGatewayV2HTTPEvent event,
            String invocationId,
            Deadline deadline,
            RequestLog log,
            BiConsumer<byte[], LogLevel> logger) {
        // To the millisecond, as the API shows instants: what is stored is what is shown.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        APIGatewayV2HTTPResponse response =
                deadline.during(() -> log.during(() -> answer(event, invocationId, now, log)));
        log.write(response.getStatusCode(), now, settings.logLevel(), logger);
        return response;
    }

    private APIGatewayV2HTTPResponse answer(
            APIGatewayV2HTTPEvent event, String invocationId, Instant now, RequestLog log) {
        Map<String, String> echoes = new LinkedHashMap<>();
        echoes.put("Cache-Control", "no-store");
        @Nullable String requestId = event.getRequestContext().getRequestId();
        echoes.put("request-id", requestId == null ? invocationId : requestId);
        log.put("requestId", echoes.get("request-id"));
        log.put("operation", event.getRouteKey());
        Response response;
        try {
            response = respond(
                    Request.of(
                            event, caller(event), now, settings.publicBaseUrl(), echoes.getOrDefault("request-id", "")),
                    echoes,
                    log);
        } catch (Refusal refusal) {
            log.refused(refusal.code());
            response = refused(refusal, now, echoes);
        } catch (RuntimeException fault) {
            Refusal refusal = Refusal.of(fault);
            log.failed(refusal, fault);
            response = refused(refusal, now, echoes);
        }
        if (response.headers().containsKey("Idempotency-Replayed")) {
            log.count(Metric.REQUESTS_REPLAYED);
        }
        @Nullable String correlationId = log.correlationId();
        if (correlationId != null && CorrelationId.fitsHeader(correlationId)) {
            echoes.put(CorrelationId.HEADER, correlationId);
        }
        echoes.putAll(response.headers());
        if (response.body() != null) {
            echoes.putIfAbsent(Response.CONTENT_TYPE, "application/json");
        }
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(response.status())
                .withHeaders(echoes)
                .withBody(response.bodyText())
                .withIsBase64Encoded(false)
                .build();
    }

    private @Nullable Caller caller(APIGatewayV2HTTPEvent event) {
        Map<String, String> claims =
                event.getRequestContext().getAuthorizer().getJwt().getClaims();
        return settings.callerClaims()
                .read(claims.isEmpty() ? settings.localClaims() : claims)
                .orElse(null);
    }

    private Response respond(Request request, Map<String, String> echoes, RequestLog log) {
        request.header("client-request-id").filter(ApiFunction::isEchoable).ifPresent(id -> {
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
        if (!match.route().isOpen()) {
            log.put("tenant", request.caller().tenant());
        }
        return match.serve(request);
    }

    private static boolean isEchoable(String value) {
        return value.length() <= 256 && value.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    }

    private static Response refused(Refusal refusal, Instant now, Map<String, String> echoes) {
        String requestId = echoes.getOrDefault("request-id", "");
        return ErrorBody.response(refusal, now, requestId, echoes.getOrDefault("client-request-id", requestId));
    }
}
