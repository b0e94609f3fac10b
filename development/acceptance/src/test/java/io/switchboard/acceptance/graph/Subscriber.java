package io.switchboard.acceptance.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.graph.models.ChangeNotification;
import com.microsoft.graph.models.ChangeNotificationCollection;
import com.microsoft.kiota.serialization.KiotaJsonSerialization;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.runtime.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An endpoint that is told of call records, as Graph's documentation wants one, and reads what it is told by Graph's own models. */
final class Subscriber implements AutoCloseable {
    private static final String VALIDATION_TOKEN = "validationToken=";

    private final HttpServer server;
    private final List<ChangeNotification> told = new CopyOnWriteArrayList<>();

    Subscriber() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/told", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/told";
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        byte[] answer = {};
        if (query.startsWith(VALIDATION_TOKEN)) {
            answer = URLDecoder.decode(query.substring(VALIDATION_TOKEN.length()), UTF_8)
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
        } else {
            told.addAll(KiotaJsonSerialization.deserialize(
                            new String(body, UTF_8), ChangeNotificationCollection::createFromDiscriminatorValue)
                    .getValue());
        }
        exchange.sendResponseHeaders(answer.length == 0 ? 202 : 200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** What it was told, once it is so much. */
    List<ChangeNotification> told(int count, Duration limit) {
        Await.until(limit, count + " notifications", () -> told.size() >= count);
        assertThat(told).hasSize(count);
        return List.copyOf(told);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
