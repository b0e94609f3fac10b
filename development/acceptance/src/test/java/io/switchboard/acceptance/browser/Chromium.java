package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.switchboard.local.LocalServer;
import io.switchboard.local.LocalServerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The browser and the API of a test run, with direct access to the API without the browser. */
final class Chromium implements AutoCloseable {
    /**
     * Disables the sandbox, because tests run as root in containers, and Chromium's background services, because they
     * contact hosts.
     */
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OtherOrigin allowed = OtherOrigin.start();
    private final OtherOrigin disallowed = OtherOrigin.start();
    private final LocalServer server;
    private final Playwright playwright;
    private final Browser browser;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private Chromium(Path executable) {
        Path template = Path.of(System.getProperty("switchboard.root", "../..")).resolve("template.yaml");
        server = LocalServer.start(LocalServerSettings.of(template)
                .withParameters(Map.of("CorsOrigins", allowed.base().toString())));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(Windows.TIMEOUT_MILLISECONDS);
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(FLAGS));
    }

    static Chromium start() {
        return new Chromium(new ChromiumCondition().executable().orElseThrow());
    }

    Browser browser() {
        return browser;
    }

    /** Returns the base URL of the API and the pages. */
    URI base() {
        return server.baseUri();
    }

    /** Returns another origin that the API's CORS allows. */
    OtherOrigin allowed() {
        return allowed;
    }

    /** Returns another origin that the API's CORS does not allow. */
    OtherOrigin disallowed() {
        return disallowed;
    }

    String token(Agent agent) {
        var response = send(HttpRequest.newBuilder(base().resolve("/oauth2/token"))
                .header("Accept", "text/plain")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(agent.form())));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body().strip();
    }

    /** Reads a resource of the API without the browser. */
    JsonNode get(Agent agent, String path) {
        var response = request(agent, "GET", path, "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response.body());
    }

    /** Sends a request without the browser. */
    HttpResponse<String> request(Agent agent, String method, String path, String body) {
        var request = HttpRequest.newBuilder(base().resolve(path))
                .header("Authorization", "Bearer " + token(agent))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        return send(body.isEmpty() ? request : request.header("Content-Type", "application/json"));
    }

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

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
        http.close();
        server.close();
        allowed.close();
        disallowed.close();
    }
}
