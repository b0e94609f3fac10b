package io.switchboard.local.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A local SQS and EventBridge endpoint that accepts every request. */
public final class AwsEndpoint implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;

    /** Starts the endpoint on a free port. */
    public AwsEndpoint() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", AwsEndpoint::serve);
        server.start();
    }

    /** Returns the environment of a function whose bus and queues are at this endpoint. */
    public Map<String, String> environment() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "SESSION_EVENTS_BUS",
                "SessionEvents-test",
                "AWS_ENDPOINT_URL_EVENTBRIDGE",
                url,
                "AWS_ENDPOINT_URL_SQS",
                url,
                "NOTIFICATIONS_QUEUE_URL",
                url + "/000000000000/Notifications",
                "ENDED_GENERATIONS_QUEUE_URL",
                url + "/000000000000/EndedGenerations",
                "NOTIFICATION_TIMERS_QUEUE_URL",
                url + "/000000000000/EndedGenerations");
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            ObjectNode response = JSON.createObjectNode().put("FailedEntryCount", 0);
            var entries = response.putArray("Entries");
            var successful = response.putArray("Successful");
            response.putArray("Failed");
            for (JsonNode entry : request.path("Entries")) {
                entries.addObject().put("EventId", "event");
                successful
                        .addObject()
                        .put("Id", entry.path("Id").asText())
                        .put("MessageId", "message")
                        .put("MD5OfMessageBody", md5(entry.path("MessageBody").asText()));
            }
            byte[] bytes = JSON.writeValueAsBytes(response);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String md5(String body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
