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
 * Streams the events of the sessions of a token's user, and the events of the call records of its tenant, as
 * server-sent events, {@code GET /local/events}. The data is the event as an EventBridge target receives it. A
 * connection ends when its token expires or the server stops. Thread-safe.
 *
 * <p>With {@code Last-Event-ID} the stream starts after that event, or with the oldest stored event if the bus no
 * longer stores that event.
 */
final class LocalEvents implements HttpHandler {
    static final String PATH = "/local/events";

    /** The source of the events of call records. */
    private static final String CALL_RECORDS = "switchboard.callRecords";

    /** Interval of the keep-alive comments. Only they detect a connection whose client is gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final CorsRules cors;
    private final CallerClaims callers;
    private final TokenVerifier verifier;
    private final LocalBus bus;
    private final PrintStream log;

    LocalEvents(Deployment deployment, TokenVerifier verifier, LocalBus bus, PrintStream log) {
        this.cors = new CorsRules(deployment.cors());
        // The settings that identify the caller are the same for all functions.
        this.callers = ApiSettings.of(deployment.functions().values().stream()
                        .findFirst()
                        .map(function -> function.environment())
                        .orElse(Map.of()))
                .callerClaims();
        this.verifier = verifier;
        this.bus = bus;
        this.log = log;
    }

    /** The events that the caller may read, or the error response. */
    private sealed interface AccessDecision {}

    /**
     * @param user the user whose events the caller may read; empty for none
     * @param hasCallRecords whether the caller may read the events of call records
     */
    private record Granted(String tenant, Optional<String> user, boolean hasCallRecords) implements AccessDecision {}

    private record Denied(OutgoingResponse response) implements AccessDecision {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = IncomingRequest.of(exchange, Bytes.NONE);
            var decision = authorize(request);
            var response =
                    switch (decision) {
                        case Denied rejected -> rejected.response;
                        case Granted _ ->
                            OutgoingResponse.empty(200)
                                    .with("content-type", "text/event-stream")
                                    .with("cache-control", "no-store");
                    };
            boolean isPreflight = cors.handlesPreflight(request);
            var sent = isPreflight ? preflight(request) : cors.applyTo(response, request);
            boolean isHead = request.method().equals("HEAD");
            log.printf("%s  %-32s %d%n", isPreflight ? "OPTIONS" : isHead ? "HEAD" : "GET", PATH, sent.status());
            sent.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            if (!isPreflight && !isHead && decision instanceof Granted granted) {
                exchange.sendResponseHeaders(200, 0);
                send(granted, request, exchange.getResponseBody());
            } else {
                boolean hasBody = !isHead && !sent.body().isEmpty();
                exchange.sendResponseHeaders(
                        sent.status(), hasBody ? sent.body().length() : -1);
                if (hasBody) {
                    exchange.getResponseBody().write(sent.body().array());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns the API's preflight response and also allows the header that server-sent event clients send when they
     * reconnect.
     */
    private OutgoingResponse preflight(IncomingRequest request) {
        var preflight = cors.preflight(request);
        String name = "access-control-allow-headers";
        return Optional.ofNullable(preflight.headers().get(name))
                .map(values -> preflight.with(name, String.join(",", values) + ",Last-Event-ID"))
                .orElse(preflight);
    }

    private AccessDecision authorize(IncomingRequest request) {
        if (!request.path().equals(PATH)) {
            return new Denied(OutgoingResponse.message(404, "Not Found"));
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return new Denied(OutgoingResponse.message(405, "Only GET and HEAD are supported.")
                    .with("allow", "GET, HEAD"));
        }
        if (!(verifier.verify(request.header("authorization")) instanceof TokenVerifier.Verified verified)) {
            return new Denied(OutgoingResponse.message(401, "Unauthorized").with("www-authenticate", "Bearer"));
        }
        Optional<Caller> caller = callers.read(FlatClaims.of(verified.claims()));
        if (caller.isEmpty()) {
            return new Denied(OutgoingResponse.message(401, "Unauthorized"));
        }
        boolean hasCallRecords = caller.get().has(Permission.CALL_RECORDS_READ_ALL)
                || caller.get().has(Permission.CALL_RECORDS_READ_WRITE_ALL);
        boolean hasSessions =
                caller.get().has(Permission.SESSIONS_READ) || caller.get().has(Permission.SESSIONS_READ_WRITE);
        Optional<String> user = hasSessions ? Optional.ofNullable(caller.get().user()) : Optional.empty();
        if (hasCallRecords) {
            return new Granted(caller.get().tenant(), user, true);
        }
        if (caller.get().user() == null) {
            return new Denied(OutgoingResponse.refusal(
                    403, "userRequired", "The token has no user. Send the token of the user to observe."));
        }
        if (!hasSessions) {
            return new Denied(OutgoingResponse.refusal(
                    403,
                    "permissionRequired",
                    "This operation requires one of the permissions Sessions.Read, Sessions.ReadWrite,"
                            + " CallRecords.Read.All, CallRecords.ReadWrite.All in scp, scope or roles of the token."));
        }
        return new Granted(caller.get().tenant(), user, false);
    }

    private void send(Granted granted, IncomingRequest request, OutputStream output)
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
                if (concerns(granted, event)) {
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

    private static boolean concerns(Granted granted, LocalBus.Event event) {
        var detail = event.detail();
        boolean isOfUser = granted.user
                .filter(user -> detail.path("userId").asText().equals(user)
                        || detail.path("newUserId").asText().equals(user))
                .isPresent();
        boolean isOfCallRecords = event.envelope().path("source").asText().equals(CALL_RECORDS);
        return detail.path("tenant").asText().equals(granted.tenant)
                && (isOfUser || (granted.hasCallRecords && isOfCallRecords));
    }

    /** Removes line breaks, because custom events may contain any text. */
    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ");
    }

    private static void write(OutputStream output, String text) throws IOException {
        output.write(text.getBytes(StandardCharsets.UTF_8));
        output.flush();
    }
}
