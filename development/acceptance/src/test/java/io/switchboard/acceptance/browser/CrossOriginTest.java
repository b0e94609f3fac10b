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

/** The client on a page of an origin that is not the API's own and that its CORS allows, with the script tag of the API's host. */
@NeedsBrowser
class CrossOriginTest {
    private static final String CREATE = "Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate' })";

    @Test
    void headers_of_an_answer_can_be_read_from_another_origin(Windows windows) {
        var window = elsewhere(windows, Agent.any());

        var created = sent(window, "'POST', '/sessions', { body: { templateName: 'CallSessionTemplate' } }");
        assertThat(created.path("status").asInt()).isEqualTo(201);
        assertThat(created.path("etag").asText()).isEqualTo("W/\"1\"");
        assertThat(created.path("headers").path("location").asText())
                .endsWith("/sessions/" + created.path("body").path("sessionId").asText());
        assertThat(created.path("headers").path("request-id").asText()).isNotEmpty();
    }

    @Test
    void desk_is_asked_for_by_its_entity_tag_from_another_origin(Windows windows) {
        var window = elsewhere(windows, Agent.any());
        window.run(CREATE);

        var again = sent(
                window,
                "'GET', '/desk', { headers: { 'If-None-Match': (await connection.send('GET', '/desk')).etag } }");

        assertThat(again.path("status").asInt()).isEqualTo(304);
    }

    @Test
    void watch_of_another_origin_sees_what_another_window_does(Windows windows) {
        var agent = Agent.any();
        var window = elsewhere(windows, agent);
        window.run("""
                globalThis.desks = [];
                globalThis.problems = [];
                // Playwright would call what the last statement gives, and that ends the watch.
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
    void wait_that_a_throttled_answer_asks_for_can_be_read_from_another_origin(Windows windows) {
        var window = elsewhere(windows, Agent.any()).expects("status of 503");
        // Only the status and the wait are put in: whether a page may read it is what the API's own headers say.
        window.page().route("**/desk", (Route route) -> {
            var answer = route.fetch();
            var headers = new HashMap<>(answer.headers());
            headers.put("retry-after", "7");
            route.fulfill(new Route.FulfillOptions()
                    .setResponse(answer)
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
