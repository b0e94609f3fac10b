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

/** How the tests call a local server. */
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

    HttpResponse<String> askToken(String form) throws IOException, InterruptedException {
        return send(to("/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    String token(String fields) throws IOException, InterruptedException {
        var answer = askToken("grant_type=client_credentials&" + fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    /** What an echoing route saw. */
    JsonNode echo(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    JsonNode event(HttpRequest.Builder request) throws IOException, InterruptedException {
        return echo(request).path("event");
    }
}
