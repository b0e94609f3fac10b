package io.switchboard.local;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of AppSync Events on the JDK's WebSocket. */
final class PushClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode CLOSED = JSON.createObjectNode().put("type", "closed");

    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    /**
     * Connects.
     *
     * @param token the token, with or without {@code Bearer}
     */
    PushClient(HttpClient http, URI endpoint, String token) {
        socket = http.newWebSocketBuilder()
                .subprotocols("aws-appsync-event-ws", "header-" + header(token))
                .buildAsync(endpoint, new Listener())
                .join();
    }

    private static String header(String token) {
        String header = JSON.createObjectNode()
                .put("Authorization", token)
                .put("host", "localhost")
                .toString();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8));
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            text.append(data);
            if (isLast) {
                try {
                    received.add(JSON.readTree(text.toString()));
                } catch (JsonProcessingException e) {
                    throw new AssertionError(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            received.add(CLOSED);
            return null;
        }
    }

    String protocol() {
        return socket.getSubprotocol();
    }

    /** Sends a message and returns the next one. */
    JsonNode ask(String type, String... members) throws InterruptedException {
        ObjectNode message = JSON.createObjectNode().put("type", type);
        for (int i = 0; i < members.length; i += 2) {
            message.put(members[i], members[i + 1]);
        }
        return send(message.toString());
    }

    /** Sends a text and returns the next message. */
    JsonNode send(String message) throws InterruptedException {
        socket.sendText(message, true).join();
        return next();
    }

    JsonNode subscribe(String id, String channel, String token) throws InterruptedException {
        ObjectNode message =
                JSON.createObjectNode().put("type", "subscribe").put("id", id).put("channel", channel);
        message.putObject("authorization").put("Authorization", token).put("host", "localhost");
        return send(message.toString());
    }

    JsonNode next() throws InterruptedException {
        return requireNonNull(received.poll(20, TimeUnit.SECONDS), "no message within 20 seconds");
    }

    /** Returns whether nothing was received that was not read. */
    boolean isQuiet() {
        return received.isEmpty();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
