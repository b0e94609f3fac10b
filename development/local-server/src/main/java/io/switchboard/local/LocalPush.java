package io.switchboard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The push to browsers, with the protocol of AppSync Events. This class serves the requests that publish, {@code POST
 * /local/push/event}; {@link LocalPushSockets} delivers the events. Thread-safe.
 *
 * <p>Requests must be signed, as in AWS, but any signature is accepted. A web page cannot send the signature header
 * without a CORS preflight.
 */
final class LocalPush implements HttpHandler {
    static final String PATH = "/local/push/event";

    private static final int MAXIMUM_EVENTS = 5;
    private static final int MAXIMUM_BYTES = 240 * 1024;
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalPushSockets sockets;

    LocalPush(LocalPushSockets sockets) {
        this.sockets = sockets;
    }

    /** Returns the endpoint for publishing. */
    static URI endpoint(URI baseUri) {
        return URI.create(baseUri + PATH);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_EVENTS * MAXIMUM_BYTES);
            var response = response(exchange, body);
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            exchange.sendResponseHeaders(response.status(), response.body().length());
            exchange.getResponseBody().write(response.body().array());
        }
    }

    private OutgoingResponse response(HttpExchange exchange, byte[] body) throws IOException {
        String signature = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        if (!exchange.getRequestMethod().equals("POST")
                || !exchange.getRequestURI().getPath().equals(PATH)) {
            return rejected(
                    HttpURLConnection.HTTP_NOT_FOUND, "NotFoundException", "The only operation is POST " + PATH + ".");
        }
        if (!signature.startsWith(SIGNATURE)) {
            return rejected(
                    HttpURLConnection.HTTP_UNAUTHORIZED,
                    "UnauthorizedException",
                    "The request is not signed. Sign it with any credentials.");
        }
        String channel;
        List<String> events = new ArrayList<>();
        try {
            JsonNode request = JSON.readTree(body);
            channel = request.path("channel").asText();
            request.path("events").forEach(event -> events.add(event.asText()));
        } catch (JsonProcessingException e) {
            return rejected(HttpURLConnection.HTTP_BAD_REQUEST, "BadRequestException", "The body must be JSON.");
        }
        if (!LocalPushSockets.isChannel(channel) || events.isEmpty() || events.size() > MAXIMUM_EVENTS) {
            return rejected(
                    HttpURLConnection.HTTP_BAD_REQUEST,
                    "BadRequestException",
                    "The body must have a channel of at most five segments, and one to five events.");
        }
        return OutgoingResponse.json(HttpURLConnection.HTTP_OK, publish(channel, events));
    }

    private JsonNode publish(String channel, List<String> events) {
        var response = JSON.createObjectNode();
        var failed = response.putArray("failed");
        var successful = response.putArray("successful");
        for (int i = 0; i < events.size(); i++) {
            boolean isAccepted = events.get(i).length() <= MAXIMUM_BYTES && isJson(events.get(i));
            var result = (isAccepted ? successful : failed)
                    .addObject()
                    .put("identifier", UUID.randomUUID().toString())
                    .put("index", i);
            if (isAccepted) {
                sockets.publish(channel, events.get(i));
            } else {
                result.put("code", 400).put("message", "An event must be JSON text of at most 240 KB.");
            }
        }
        return response;
    }

    private static boolean isJson(String text) {
        try {
            return !JSON.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static OutgoingResponse rejected(int status, String type, String message) {
        return OutgoingResponse.json(status, LocalPushSockets.withError(JSON.createObjectNode(), type, message));
    }
}
