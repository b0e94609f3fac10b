package io.switchboard.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Sends the tests' requests to a local server. */
record Callers(HttpClient http, URI base) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Path template() {
        try {
            return Path.of(
                    requireNonNull(Callers.class.getResource("routes.yaml")).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> requestToken(String form) throws IOException, InterruptedException {
        return send(to("/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    String token(String fields) throws IOException, InterruptedException {
        var response = requestToken("grant_type=client_credentials&" + fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).path("access_token").asText();
    }

    /** Returns the event that an echoing route received. */
    JsonNode echo(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    JsonNode event(HttpRequest.Builder request) throws IOException, InterruptedException {
        return echo(request).path("event");
    }
}
