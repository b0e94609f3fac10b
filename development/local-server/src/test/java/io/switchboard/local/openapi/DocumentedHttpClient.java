package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP client that checks every response of the API against the OpenAPI document. Thread-safe. */
public final class DocumentedHttpClient extends HttpClient {
    /** The paths that the local server adds to the API: its issuer and Lambda's Invoke. */
    private static final List<String> LOCAL_ONLY = List.of("/oauth2/", "/.well-known/", "/2015-03-31/");

    private final HttpClient client;
    private final ApiDescription api = ApiDescription.read();
    private final AtomicInteger checkedResponses = new AtomicInteger();

    /** Creates a client that sends with the given client and closes it. */
    public DocumentedHttpClient(HttpClient client) {
        this.client = client;
    }

    /** Returns the number of API responses checked against the document. */
    public int checkedResponses() {
        return checkedResponses.get();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpResponse<T> response = client.send(request, handler);
        String path = request.uri().getPath();
        if (LOCAL_ONLY.stream().noneMatch(path::startsWith)) {
            checkedResponses.incrementAndGet();
            assertThat(api.problemsOf(request.method(), path, Exchange.ReceivedResponse.of(response)))
                    .as("%s %s: %s %s", request.method(), path, response.statusCode(), response.body())
                    .isEmpty();
        }
        return response;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> responseBodyHandler) {
        throw new UnsupportedOperationException(
                "An asynchronous response is not checked against the document. Use send");
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> responseBodyHandler,
            HttpResponse.PushPromiseHandler<T> pushPromiseHandler) {
        return sendAsync(request, responseBodyHandler);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    @Override
    public void close() {
        client.close();
    }
}
