package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.authentication.AccessTokenProvider;
import com.microsoft.kiota.authentication.AllowedHostsValidator;
import com.microsoft.kiota.authentication.AuthenticationProvider;
import com.microsoft.kiota.authentication.BaseBearerTokenAuthenticationProvider;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The API on a local server with its own DynamoDB, and Graph's clients for it. Thread-safe. */
final class GraphApi implements AutoCloseable {
    private static final String WRITER = "CallRecords.ReadWrite.All";

    private final LocalServer server;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private GraphApi(LocalServer server) {
        this.server = server;
    }

    static GraphApi start() {
        Path template = Path.of(System.getProperty("switchboard.root", "../..")).resolve("template.yaml");
        return new GraphApi(LocalServer.start(LocalServerSettings.of(template)));
    }

    /** Returns the base URL of the API, without a version. */
    URI base() {
        return server.baseUri();
    }

    /** Returns Graph's client for Java for a new tenant. */
    GraphServiceClient client() {
        return client(writerToken());
    }

    GraphServiceClient client(String token) {
        return client(token, base());
    }

    /** Returns Graph's client for Java with another base URL, for example that of a proxy. */
    static GraphServiceClient client(String token, URI base) {
        return new GraphServiceClient(new BaseGraphRequestAdapter(
                authentication(token), base + "/v1.0", GraphServiceClient.getGraphClientOptions()));
    }

    static AuthenticationProvider authentication(String token) {
        return new BaseBearerTokenAuthenticationProvider(new AccessTokenProvider() {
            @Override
            public String getAuthorizationToken(URI uri, @Nullable Map<String, Object> context) {
                return token;
            }

            @Override
            public AllowedHostsValidator getAllowedHostsValidator() {
                return new AllowedHostsValidator("127.0.0.1");
            }
        });
    }

    /** Returns a token for all call records of a new tenant. */
    String writerToken() {
        return token("tenant=" + UUID.randomUUID() + "&scope=" + WRITER);
    }

    /** Returns a token of the server's issuer for these form fields. */
    String token(String fields) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(base().resolve("/oauth2/token"))
                .header("Accept", "text/plain")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&provider=ingest&" + fields)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body().strip();
    }

    /** Sends a plain HTTP request, without Graph's client. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
