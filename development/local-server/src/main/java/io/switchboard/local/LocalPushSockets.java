package io.switchboard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.http.ApiSettings;
import io.switchboard.identity.CallerClaims;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.session.Owner;
import io.switchboard.sessions.push.PushChannel;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * The WebSockets of {@link LocalPush}, on a free port of 127.0.0.1. A client names its token in the subprotocol
 * {@code header-<base64url of JSON>} and in each subscription. As on AWS, a token admits only to the channel of its own
 * user ({@code push.yaml}), and it is checked when a client connects and subscribes. Thread-safe.
 */
final class LocalPushSockets implements AutoCloseable {
    private static final String PATH = "/event/realtime";
    private static final String PROTOCOL = "aws-appsync-event-ws";
    private static final String TOKEN_PROTOCOL = "header-";
    private static final Pattern CHANNEL = Pattern.compile("(/[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?){1,5}");
    private static final String UNAUTHORIZED = "UnauthorizedException";

    /** The time without any message after which a client must connect again. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);
    private static final int STOP_MILLISECONDS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TokenVerifier verifier;
    private final CallerClaims callers;
    private final HostFilter hosts;
    private final PrintStream log;
    private final Server server;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);

    LocalPushSockets(Deployment deployment, TokenVerifier verifier, HostFilter hosts, PrintStream log) {
        this.verifier = verifier;
        // The settings that identify the caller are the same for all functions.
        this.callers = ApiSettings.of(deployment.functions().values().stream()
                        .findFirst()
                        .map(function -> function.environment())
                        .orElse(Map.of()))
                .callerClaims();
        this.hosts = hosts;
        this.log = log;
        this.server = new Server();
    }

    /** A connection of a client. */
    private static final class Connection {
        private final Optional<String> token;
        private final Map<String, String> channels = new ConcurrentHashMap<>();
        private volatile boolean isOpen;

        private Connection(Optional<String> token) {
            this.token = token;
        }
    }

    /**
     * Starts to listen.
     *
     * @return the endpoint
     */
    URI start() {
        server.start();
        try {
            if (!started.await(10, TimeUnit.SECONDS)) {
                throw new LocalServerException("The port for push on 127.0.0.1 cannot be opened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Thread.ofVirtual().name("push-keep-alive").start(this::keepAlive);
        return URI.create("ws://127.0.0.1:" + server.getPort() + PATH);
    }

    private void keepAlive() {
        try {
            while (!closing.await(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.broadcast(message("ka").toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        server.stop(STOP_MILLISECONDS);
    }

    static boolean isChannel(String text) {
        return CHANNEL.matcher(text).matches();
    }

    static ObjectNode withError(ObjectNode message, String type, String text) {
        message.putArray("errors").addObject().put("errorType", type).put("message", text);
        return message;
    }

    /** Sends an event to all subscriptions of a channel. */
    void publish(String channel, String event) {
        for (var socket : server.getConnections()) {
            if (socket.<Object>getAttachment() instanceof Connection connection) {
                connection.channels.forEach((id, subscribed) -> {
                    if (subscribed.equals(channel)) {
                        send(socket, message("data").put("id", id).put("event", event));
                    }
                });
            }
        }
    }

    private static void send(WebSocket socket, ObjectNode message) {
        if (socket.isOpen()) {
            socket.send(message.toString());
        }
    }

    private static ObjectNode message(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private void receive(WebSocket socket, Connection connection, String text) {
        JsonNode received;
        try {
            received = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            received = JSON.missingNode();
        }
        String id = received.path("id").asText();
        switch (received.path("type").asText()) {
            case "connection_init" -> init(socket, connection);
            case "subscribe" -> subscribe(socket, connection, id, received);
            case "unsubscribe" ->
                send(
                        socket,
                        connection.channels.remove(id) == null
                                ? withError(
                                        message("unsubscribe_error").put("id", id),
                                        "UnknownOperationError",
                                        "The subscription does not exist.")
                                : message("unsubscribe_success").put("id", id));
            case "publish" ->
                send(
                        socket,
                        withError(message("publish_error").put("id", id), UNAUTHORIZED, "Only functions publish."));
            default ->
                send(
                        socket,
                        withError(message("error"), "UnsupportedOperation", "The type of the message is unknown."));
        }
    }

    private void init(WebSocket socket, Connection connection) {
        if (verifier.verify(connection.token) instanceof TokenVerifier.Verified) {
            connection.isOpen = true;
            send(socket, message("connection_ack").put("connectionTimeoutMs", TIMEOUT.toMillis()));
        } else {
            send(socket, withError(message("connection_error"), UNAUTHORIZED, "The token is not valid."));
            socket.close(CloseFrame.POLICY_VALIDATION);
        }
    }

    private void subscribe(WebSocket socket, Connection connection, String id, JsonNode received) {
        String channel = received.path("channel").asText();
        var token =
                Optional.of(received.path("authorization").path("Authorization").asText());
        boolean isAdmitted = connection.isOpen && channelOf(token).equals(Optional.of(channel));
        log.printf("%s  %-32s %s%n", "push", "subscribe", isAdmitted ? "admitted" : "refused");
        if (id.isEmpty() || connection.channels.containsKey(id)) {
            send(
                    socket,
                    withError(
                            message("subscribe_error").put("id", id),
                            "DuplicatedOperationError",
                            "Each subscription needs a different id."));
        } else if (isAdmitted) {
            connection.channels.put(id, channel);
            send(socket, message("subscribe_success").put("id", id));
        } else {
            send(
                    socket,
                    withError(
                            message("subscribe_error").put("id", id),
                            UNAUTHORIZED,
                            "The token does not admit to this channel."));
        }
    }

    /** Returns the channel of the token's user. */
    private Optional<String> channelOf(Optional<String> token) {
        if (!(verifier.verify(token) instanceof TokenVerifier.Verified verified)) {
            return Optional.empty();
        }
        return callers.read(FlatClaims.of(verified.claims()))
                .flatMap(caller -> caller.user() == null
                        ? Optional.empty()
                        : PushChannel.of(new Owner(caller.tenant(), caller.user())));
    }

    /** Returns the token in the subprotocols of a handshake. */
    private static Optional<String> token(ClientHandshake handshake) {
        return Arrays.stream(handshake.getFieldValue("Sec-WebSocket-Protocol").split(",", -1))
                .map(String::strip)
                .filter(protocol -> protocol.startsWith(TOKEN_PROTOCOL))
                .findFirst()
                .flatMap(protocol -> {
                    try {
                        var header = JSON.readTree(
                                Base64.getUrlDecoder().decode(protocol.substring(TOKEN_PROTOCOL.length())));
                        return Optional.of(header.path("Authorization").asText());
                    } catch (IOException | IllegalArgumentException e) {
                        return Optional.empty();
                    }
                });
    }

    private final class Server extends WebSocketServer {
        private Server() {
            super(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                    1,
                    List.<Draft>of(new Draft_6455(List.of(), List.of(new Protocol(PROTOCOL)))));
            setReuseAddr(true);
            setTcpNoDelay(true);
            setDaemon(true);
        }

        @Override
        public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
                WebSocket socket, Draft draft, ClientHandshake request) throws InvalidDataException {
            if (!request.getResourceDescriptor().equals(PATH) || !hosts.isAllowed(request.getFieldValue("Host"))) {
                throw new InvalidDataException(CloseFrame.POLICY_VALIDATION);
            }
            return super.onWebsocketHandshakeReceivedAsServer(socket, draft, request);
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {
            socket.setAttachment(new Connection(token(handshake)));
        }

        @Override
        public void onMessage(WebSocket socket, String message) {
            if (socket.<Object>getAttachment() instanceof Connection connection) {
                receive(socket, connection, message);
            }
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean isRemote) {
            socket.setAttachment(null);
        }

        @Override
        public void onError(@Nullable WebSocket socket, Exception fault) {
            log.println("push  failed: " + fault.getClass().getSimpleName());
        }
    }
}
