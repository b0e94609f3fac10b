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

/**
 * A notification endpoint for call records in accordance with Graph's documentation. It reads notifications with
 * Graph's own models.
 */
final class Subscriber implements AutoCloseable {
    private static final String VALIDATION_TOKEN = "validationToken=";

    private final HttpServer server;
    private final List<ChangeNotification> received = new CopyOnWriteArrayList<>();

    Subscriber() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/notifications", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/notifications";
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        byte[] response = {};
        if (query.startsWith(VALIDATION_TOKEN)) {
            response = URLDecoder.decode(query.substring(VALIDATION_TOKEN.length()), UTF_8)
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
        } else {
            received.addAll(KiotaJsonSerialization.deserialize(
                            new String(body, UTF_8), ChangeNotificationCollection::createFromDiscriminatorValue)
                    .getValue());
        }
        exchange.sendResponseHeaders(response.length == 0 ? 202 : 200, response.length == 0 ? -1 : response.length);
        exchange.getResponseBody().write(response);
        exchange.close();
    }

    /** Returns the received notifications after this many have arrived. */
    List<ChangeNotification> received(int count, Duration limit) {
        Await.until(limit, count + " notifications", () -> received.size() >= count);
        assertThat(received).hasSize(count);
        return List.copyOf(received);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
