package io.switchboard.local;

import static java.util.Objects.requireNonNull;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.openapi.DocumentedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A local server with the product's template for all tests of a class, on the DynamoDB Local that the tests of this JVM
 * share. Its client checks every response against the OpenAPI document.
 */
final class DocumentedServer implements BeforeAllCallback, AfterAllCallback {
    private @Nullable LocalServer server;
    private @Nullable HttpClient client;

    @Override
    public void beforeAll(ExtensionContext context) {
        Path template = Path.of(System.getProperty("switchboard.root", "../..")).resolve("template.yaml");
        server = LocalServer.start(LocalServerSettings.of(template).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
        client = new DocumentedHttpClient(
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client().close();
        requireNonNull(server).close();
    }

    URI baseUri() {
        return requireNonNull(server).baseUri();
    }

    HttpClient client() {
        return requireNonNull(client);
    }

    /**
     * Returns a token of the server's issuer. {@code fields} are form fields, for example
     * {@code user=alice&scope=Sessions.ReadWrite}.
     */
    String token(String fields) throws Exception {
        HttpResponse<String> response = client().send(
                        HttpRequest.newBuilder(baseUri().resolve("/oauth2/token"))
                                .header("Accept", "text/plain")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&" + fields))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.body().strip();
    }
}
