package io.switchboard.replay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * Stands between a function and DynamoDB and notes each request that really goes over the wire, the SDK's own retries
 * included. Thread-safe.
 */
public final class CountingEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI dynamoDb;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** One before this endpoint of DynamoDB. */
    public CountingEndpoint(URI dynamoDb) {
        this.dynamoDb = dynamoDb;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::forward);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void forward(HttpExchange exchange) throws IOException {
        String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        requests.add(target.substring(target.indexOf('.') + 1));
        HttpRequest request = HttpRequest.newBuilder(dynamoDb)
                .header("X-Amz-Target", target)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        exchange.getRequestBody().readAllBytes()))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(response.statusCode(), response.body().length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    /** Where it listens, for {@code AWS_ENDPOINT_URL_DYNAMODB}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The operations since the last call, in order: {@code GetItem}, {@code TransactWriteItems}, … */
    public List<String> take() {
        List<String> taken = new ArrayList<>(requests);
        requests.clear();
        return taken;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
