package io.switchboard.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A service of AWS that speaks JSON, on a real socket: keeps the entries it receives, refuses those it shall refuse.
 * Thread-safe.
 *
 * @param <E> an entry of a request
 */
public abstract class AwsServiceServer<E> implements AutoCloseable {
    private final HttpServer server;
    private final List<E> taken = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Predicate<E> refused = entry -> false;
    private volatile boolean down;

    @SuppressWarnings("this-escape") // no request comes before the constructor ends: the port is not known
    protected AwsServiceServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    /** Where the service answers. */
    protected final String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The environment of a function that has credentials, and these variables. */
    protected static Map<String, String> environment(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("AWS_REGION", "eu-central-1");
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        return environment;
    }

    /**
     * The answer to a request.
     *
     * @param call counts the calls, from 1
     * @param operation the name of the operation, without the service
     */
    protected abstract Map<String, Object> answer(int call, String operation, Map<String, @Nullable Object> request);

    /** Keeps an entry; false if it is refused. */
    protected final boolean take(E entry) {
        return !refused.test(entry) && taken.add(entry);
    }

    /** Refuses entries of this kind from now on. */
    public final void refuse(Predicate<E> next) {
        refused = next;
    }

    /** Answers 500 from now on, or not any longer. */
    public final void down(boolean next) {
        down = next;
    }

    /** The entries of this kind that were kept since the last call. */
    public final List<E> take(Predicate<E> kind) {
        List<E> all = taken.stream().filter(kind).toList();
        taken.removeAll(all);
        return all;
    }

    /** The requests since the beginning: the header that names the operation, the content type, and how it is signed. */
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

    @Override
    public final void close() {
        server.stop(0);
    }
}
