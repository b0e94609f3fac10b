package io.switchboard.callrecords.notifications;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A subscriber's endpoint on its own socket. Its responses are configurable and need not be HTTP. Thread-safe. */
public final class EndpointServer implements AutoCloseable {
    /**
     * A received request.
     *
     * @param headers names in lower case
     */
    public record Received(String method, String target, Map<String, String> headers, String body) {
        /** Returns the decoded token of a validation; null if the request is not one. */
        public @Nullable String token() {
            int begin = target.indexOf("validationToken=");
            return begin < 0
                    ? null
                    : URLDecoder.decode(target.substring(begin + "validationToken=".length()), StandardCharsets.UTF_8);
        }
    }

    /** The response to a request. */
    @FunctionalInterface
    public interface Behaviour {
        /** Writes the response; then the connection is closed. */
        void respond(Received request, OutputStream output) throws Exception;
    }

    /** Returns validation tokens, and accepts every other request. */
    public static final Behaviour VALID = (request, output) -> {
        @Nullable String token = request.token();
        write(output, token == null ? response(202, "", "") : response(200, "text/plain", token));
    };

    private static final Duration DROP = Duration.ofMillis(20);

    private final ServerSocket socket;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour behaviour = VALID;

    private EndpointServer(ServerSocket socket) {
        this.socket = socket;
        Thread.ofVirtual().start(this::accept);
    }

    /** Starts a server without TLS on 127.0.0.1. */
    public static EndpointServer plain() {
        return plain("127.0.0.1");
    }

    /** Starts a server without TLS on a loopback address. */
    public static EndpointServer plain(String address) {
        return plain(address, 0);
    }

    static EndpointServer plain(String address, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return new EndpointServer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server with TLS on 127.0.0.1. */
    static EndpointServer tls(SSLContext context) {
        try {
            return new EndpointServer(
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the port. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Returns the URL of a path, without TLS. */
    public String url(String path) {
        return "http://" + requireNonNull(socket.getInetAddress()).getHostAddress() + ":" + port() + path;
    }

    /** Sets the behaviour for later requests. */
    public void behave(Behaviour next) {
        behaviour = next;
    }

    /**
     * Returns a behaviour that writes pieces some milliseconds apart, until the client closes the connection or this
     * server is closed.
     */
    public Behaviour dripping(String beginning, String piece) {
        return (request, output) -> {
            write(output, beginning);
            while (!closed.await(DROP.toMillis(), TimeUnit.MILLISECONDS)) {
                write(output, piece);
            }
        };
    }

    /** Returns all received requests. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Returns the number of connections. */
    public int connections() {
        return connections.size();
    }

    /** Returns a complete response. */
    public static String response(int status, String contentType, String body) {
        return "HTTP/1.1 " + status + " Something\r\n"
                + (contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n")
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** Writes text. */
    public static void write(OutputStream output, String text) throws IOException {
        output.write(text.getBytes(StandardCharsets.UTF_8));
        output.flush();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Received request = read(new BufferedInputStream(connection.getInputStream()));
            received.add(request);
            behaviour.respond(request, connection.getOutputStream());
        } catch (Exception e) {
            // The client closed the connection, or does not trust the certificate.
        }
    }

    private static Received read(InputStream input) throws IOException {
        String[] request = line(input).split(" ", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(input); !line.isEmpty(); line = line(input)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(
                request[0], request[1], headers, new String(input.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = input.read(); c != '\n'; c = input.read()) {
            if (c < 0) {
                throw new IOException("The request ended early");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
