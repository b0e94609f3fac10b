package io.switchboard.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.switchboard.http.ApiSettings;
import io.switchboard.identity.Caller;
import io.switchboard.identity.CallerClaims;
import io.switchboard.identity.Permission;
import io.switchboard.local.deployment.Deployment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /local/events}: what happens to the sessions of a token's user, as server-sent events; their data is what a target of
 * EventBridge gets. A connection ends with its token and with the server. Thread-safe.
 *
 * <p>{@code Last-Event-ID} brings what came after that event, as far as the bus remembers; where it does not, all it remembers.
 */
final class LocalEvents implements HttpHandler {
    static final String PATH = "/local/events";

    /** Between two signs of life: a connection whose reader is gone is noticed by them only. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final CorsRules cors;
    private final CallerClaims callers;
    private final TokenVerifier verifier;
    private final LocalBus bus;
    private final PrintStream log;

    LocalEvents(Deployment deployment, TokenVerifier verifier, LocalBus bus, PrintStream log) {
        this.cors = new CorsRules(deployment.cors());
        // The settings that say who calls are the same for all functions.
        this.callers = ApiSettings.of(deployment.functions().values().stream()
                        .findFirst()
                        .map(function -> function.environment())
                        .orElse(Map.of()))
                .callerClaims();
        this.verifier = verifier;
        this.bus = bus;
        this.log = log;
    }

    /** Whose events may be seen, or why none. */
    private sealed interface Admission {}

    private record Admitted(String tenant, String user) implements Admission {}

    private record NotAdmitted(OutgoingResponse response) implements Admission {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = IncomingRequest.of(exchange, Bytes.NONE);
            var admission = admit(request);
            var response =
                    switch (admission) {
                        case NotAdmitted refused -> refused.response;
                        case Admitted _ ->
                            OutgoingResponse.empty(200)
                                    .with("content-type", "text/event-stream")
                                    .with("cache-control", "no-store");
                    };
            boolean isPreflight = cors.answersPreflight(request);
            var answer = isPreflight ? preflight(request) : cors.applyTo(response, request);
            boolean isHead = request.method().equals("HEAD");
            log.printf("%s  %-32s %d%n", isPreflight ? "OPTIONS" : isHead ? "HEAD" : "GET", PATH, answer.status());
            answer.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            if (!isPreflight && !isHead && admission instanceof Admitted admitted) {
                exchange.sendResponseHeaders(200, 0);
                send(admitted, request, exchange.getResponseBody());
            } else {
                boolean hasBody = !isHead && !answer.body().isEmpty();
                exchange.sendResponseHeaders(
                        answer.status(), hasBody ? answer.body().length() : -1);
                if (hasBody) {
                    exchange.getResponseBody().write(answer.body().array());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As that of the API, and the header that readers of server-sent events come again with. */
    private OutgoingResponse preflight(IncomingRequest request) {
        var preflight = cors.preflight(request);
        String name = "access-control-allow-headers";
        return Optional.ofNullable(preflight.headers().get(name))
                .map(values -> preflight.with(name, String.join(",", values) + ",Last-Event-ID"))
                .orElse(preflight);
    }

    private Admission admit(IncomingRequest request) {
        if (!request.path().equals(PATH)) {
            return new NotAdmitted(OutgoingResponse.message(404, "Not Found"));
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return new NotAdmitted(OutgoingResponse.message(405, "Only GET and HEAD are served here")
                    .with("allow", "GET, HEAD"));
        }
        if (!(verifier.verify(request.header("authorization")) instanceof TokenVerifier.Verified verified)) {
            return new NotAdmitted(OutgoingResponse.message(401, "Unauthorized").with("www-authenticate", "Bearer"));
        }
        Optional<Caller> caller = callers.read(FlatClaims.of(verified.claims()));
        if (caller.isEmpty()) {
            return new NotAdmitted(OutgoingResponse.message(401, "Unauthorized"));
        }
        String user = caller.get().user();
        if (user == null) {
            return new NotAdmitted(OutgoingResponse.refusal(
                    403, "userRequired", "This shows the events of a token's user: the token has none."));
        }
        if (!caller.get().has(Permission.SESSIONS_READ) && !caller.get().has(Permission.SESSIONS_READ_WRITE)) {
            return new NotAdmitted(OutgoingResponse.refusal(
                    403,
                    "permissionRequired",
                    "This needs one of the permissions Sessions.Read, Sessions.ReadWrite in scp, scope or roles of the"
                            + " token."));
        }
        return new Admitted(caller.get().tenant(), user);
    }

    private void send(Admitted admitted, IncomingRequest request, OutputStream output)
            throws IOException, InterruptedException {
        long seen = request.header("last-event-id")
                .map(id -> bus.number(id).orElse(0L))
                .orElseGet(bus::count);
        write(output, ": connected\n\n");
        while (!bus.isClosed() && verifier.verify(request.header("authorization")) instanceof TokenVerifier.Verified) {
            List<LocalBus.Event> events = bus.after(seen, HEARTBEAT);
            var text = new StringBuilder();
            for (LocalBus.Event event : events) {
                seen = event.number();
                if (concerns(admitted, event)) {
                    text.append("id: ").append(oneLine(event.eventId()));
                    text.append("\nevent: ")
                            .append(oneLine(event.envelope().path("detail-type").asText()));
                    text.append("\ndata: ").append(event.envelope()).append("\n\n");
                }
            }
            if (!text.isEmpty()) {
                write(output, text.toString());
            } else if (events.isEmpty()) {
                write(output, ": \n\n");
            }
        }
    }

    private static boolean concerns(Admitted admitted, LocalBus.Event event) {
        var detail = event.detail();
        return detail.path("tenant").asText().equals(admitted.tenant)
                && (detail.path("userId").asText().equals(admitted.user)
                        || detail.path("newUserId").asText().equals(admitted.user));
    }

    /** Custom events may hold anything. */
    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ");
    }

    private static void write(OutputStream output, String text) throws IOException {
        output.write(text.getBytes(StandardCharsets.UTF_8));
        output.flush();
    }
}
