package io.switchboard.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A fake AWS service with a JSON protocol on a real socket. It records the entries that it receives, and rejects the
 * entries that a test selects. Thread-safe.
 *
 * @param <E> an entry of a request
 */
public abstract class AwsServiceServer<E> implements AutoCloseable {
    private final HttpServer server;
    private final List<E> taken = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Predicate<E> rejected = entry -> false;
    private volatile boolean down;

    @SuppressWarnings("this-escape") // no request arrives during the constructor: the port is not yet published
    protected AwsServiceServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    /** Returns the URL of the service. */
    protected final String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the environment of a function with credentials and these variables. */
    protected static Map<String, String> environment(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("AWS_REGION", "eu-central-1");
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        return environment;
    }

    /**
     * Returns the response to a request.
     *
     * @param call the number of the call, from 1
     * @param operation the name of the operation, without the service
     */
    protected abstract Map<String, Object> answer(int call, String operation, Map<String, @Nullable Object> request);

    /** Records an entry; returns false if it is rejected. */
    protected final boolean take(E entry) {
        return !rejected.test(entry) && taken.add(entry);
    }

    /** Rejects entries of this kind from now on. */
    public final void reject(Predicate<E> next) {
        rejected = next;
    }

    /** Starts or stops returning 500. */
    public final void down(boolean next) {
        down = next;
    }

    /** Returns the entries of this kind that were recorded since the last call. */
    public final List<E> take(Predicate<E> kind) {
        List<E> all = taken.stream().filter(kind).toList();
        taken.removeAll(all);
        return all;
    }

    /** Returns all requests: the operation header, the content type, and the signature scheme. */
    public final List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = header(exchange, "X-Amz-Target");
            String contentType = header(exchange, "Content-Type");
            int call;
            synchronized (requests) {
                requests.add(target + " " + contentType + " "
                        + header(exchange, "Authorization").split(" ", -1)[0]);
                call = requests.size();
            }
            boolean isDown = down;
            Map<String, Object> answer = isDown
                    ? Map.of("__type", "InternalFailure")
                    : answer(call, target.substring(target.indexOf('.') + 1), Json.readOwn(body));
            byte[] bytes = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(isDown ? 500 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    /** Returns the MD5 of a message's body, which SQS returns and the SDK checks. */
    @SuppressWarnings("InsecureCryptoUse")
    protected static String md5(String body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public final void close() {
        server.stop(0);
    }
}
