package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the client on a page of another origin that CORS allows, with the script tag of the API's host. */
@NeedsBrowser
class CrossOriginTest {
    private static final String CREATE = "Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate' })";

    @Test
    void response_headers_can_be_read_from_another_origin(Windows windows) {
        var window = elsewhere(windows, Agent.any());

        var created = sent(window, "'POST', '/sessions', { body: { templateName: 'CallSessionTemplate' } }");
        assertThat(created.path("status").asInt()).isEqualTo(201);
        assertThat(created.path("etag").asText()).isEqualTo("W/\"1\"");
        assertThat(created.path("headers").path("location").asText())
                .endsWith("/sessions/" + created.path("body").path("sessionId").asText());
        assertThat(created.path("headers").path("request-id").asText()).isNotEmpty();
    }

    @Test
    void conditional_request_of_the_desk_works_from_another_origin(Windows windows) {
        var window = elsewhere(windows, Agent.any());
        window.run(CREATE);

        var again = sent(
                window,
                "'GET', '/desk', { headers: { 'If-None-Match': (await connection.send('GET', '/desk')).etag } }");

        assertThat(again.path("status").asInt()).isEqualTo(304);
    }

    @Test
    void watch_from_another_origin_receives_changes_of_another_window(Windows windows) {
        var agent = Agent.any();
        var window = elsewhere(windows, agent);
        window.run("""
                globalThis.desks = [];
                globalThis.problems = [];
                // Playwright would call the value of the last statement, which ends the watch.
                void connection.watchDesk(desk => desks.push(desk), problem => problems.push(problem));
                """);
        window.page().waitForFunction("desks.length === 1");

        var sessionId = windows.openClient(agent).run(CREATE);

        window.page()
                .waitForFunction("id => desks.at(-1).sessions.some(({ sessionId }) => sessionId === id)", sessionId);
        assertThat(window.run("problems.filter(problem => problem !== null).length"))
                .isEqualTo(0);
    }

    @Test
    void retry_after_can_be_read_from_another_origin(Windows windows) {
        var window = elsewhere(windows, Agent.any()).expects("status of 503");
        // Only the status and Retry-After are replaced. The API's own headers determine whether a page may read it.
        window.page().route("**/desk", (Route route) -> {
            var response = route.fetch();
            var headers = new HashMap<>(response.headers());
            headers.put("retry-after", "7");
            route.fulfill(new Route.FulfillOptions()
                    .setResponse(response)
                    .setStatus(503)
                    .setHeaders(headers));
        });

        assertThat(window.run("connection.send('GET', '/desk', { timeout: 3000 }).catch(error => error.retryAfter)"))
                .isEqualTo(7);
    }

    private static Window elsewhere(Windows windows, Agent agent) {
        var window = windows.open(windows.chromium().allowed().base(), new Browser.NewContextOptions());
        window.page()
                .addScriptTag(new Page.AddScriptTagOptions()
                        .setUrl(windows.chromium()
                                .base()
                                .resolve("/assets/switchboard.js")
                                .toString()));
        window.page()
                .evaluate(
                        "([token, settings]) => { globalThis.connection = Switchboard.configure({ token: () => token, ...settings }); }",
                        List.of(
                                windows.chromium().token(agent),
                                Map.of("polling", Map.of("shortest", 200, "longest", 500))));
        return window;
    }

    private static JsonNode sent(Window window, String arguments) {
        return Chromium.json(
                String.valueOf(window.run("(async () => JSON.stringify(await connection.send(" + arguments + ")))()")));
    }
}
