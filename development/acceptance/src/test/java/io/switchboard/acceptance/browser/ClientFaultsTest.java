package io.switchboard.acceptance.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests the client with invalid input and network faults. The API is the real one. The tests disturb only the network
 * in front of it, or inject responses that only API Gateway and proxies return.
 */
@NeedsBrowser
class ClientFaultsTest {
    private static final String CREATE = "Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate' })";
    private static final String SESSIONS = "**/sessions*";

    private static final String REFUSALS = """
            400 invalidRequest       Microsoft.CIFramework.createSession({ templateParameters: 1, isFocused: 'no' })
            403 permissionRequired   connection.send('GET', '/appProfiles')
            403 permissionRequired   connection.send('GET', '/v1.0/communications/callRecords')
            404 notFound             Microsoft.CIFramework.getSession('none')
            405 methodNotAllowed     connection.send('PUT', '/desk')
            409 homeSession          Microsoft.CIFramework.notifyNewActivity('home', 1)
            412 preconditionFailed   connection.send('PATCH', `/sessions/${id}`, { headers: { 'If-Match': 'W/"7"' }, body: {} })
            413 contentTooLarge      connection.send('POST', '/sessions', { body: 'x'.repeat(2_000_000) })
            415 unsupportedMediaType connection.send('POST', '/sessions', { body: {}, headers: { 'Content-Type': 'text/plain' } })
            422 templateNotFound     Microsoft.CIFramework.createSession({ templateName: 'none' })
            422 idempotencyKeyReused connection.send('POST', '/sessions', { body: { templateName: 'none' }, idempotencyKey: 'key' })
            """;

    @Test
    void unavailable_API_is_reported_as_unreachable(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of("timeout", 3_000)).expects("net::ERR");
        window.page().route(SESSIONS, (Route route) -> route.abort("connectionrefused"));
        var error = outcome(window, CREATE);
        expect(error, 0, "unreachable");
        assertThat(error.path("message").asText())
                .contains("POST /sessions", windows.chromium().base().toString(), "CORS", "may have been carried out");
        assertThat(error.path("mayHaveHappened").asBoolean()).isTrue();
        assertThat(error.path("took").asDouble()).isLessThan(3_000 + 4_000);
        assertThat(exchanges(window)).hasSizeGreaterThan(2).allSatisfy(exchange -> {
            assertThat(exchange.path("status").asInt()).isZero();
            assertThat(exchange.path("problem").asText()).isNotEmpty();
        });
        assertThat(keys(window)).hasSize(1);
        assertThat(outcome(window, "connection.send('GET', '/sessions')")
                        .path("mayHaveHappened")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void short_network_failure_is_hidden(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of()).expects("net::ERR");
        disturb(window, SESSIONS, 2, Route::abort);
        assertThat(value(window, CREATE)).isEqualTo(onlySession(windows, agent));
        assertThat(exchanges(window)).extracting(ClientFaultsTest::status).containsExactly(0, 0, 201);
    }

    @Test
    void slow_API_times_out_and_the_message_reports_an_unknown_outcome(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of("timeout", 600)).expects("net::ERR");
        askForToken(window);
        disturb(window, SESSIONS, 1, Route::fetch);
        var error = outcome(window, CREATE);
        expect(error, 0, "timeout");
        assertThat(error.path("mayHaveHappened").asBoolean()).isTrue();
        String key = keys(window).getFirst();
        assertThat(error.path("message").asText()).contains("may have been carried out", "Read the current state", key);
        assertThat(error.path("took").asDouble()).isBetween(550.0, 2_000.0);

        // The request took effect, and the advice of the message finds its result.
        String again = value(
                window,
                "connection.send('POST', '/sessions', { body: { templateName: 'CallSessionTemplate' }, idempotencyKey: '%s', timeout: 30000 })"
                                .formatted(key)
                        + ".then(({ body, headers }) => headers['idempotency-replayed'] + body.sessionId)");
        assertThat(again).isEqualTo("true" + onlySession(windows, agent));
    }

    @Test
    void hanging_token_callback_is_distinguished_from_the_API(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of());
        var error = outcome(
                window,
                "Switchboard.connect({ baseUrl: location.origin, timeout: 100, token: () => new Promise(() => {}) })"
                        + ".CIFramework.createSession({ templateName: 'CallSessionTemplate' })");
        expect(error, 0, "timeout");
        assertThat(error.path("message").asText()).contains("the token callback", "was not carried out");
        assertThat(error.path("mayHaveHappened").asBoolean()).isFalse();
    }

    @Test
    void failed_token_callback_is_called_again_by_the_next_call(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of());
        window.run("""
                globalThis.broken = true;
                globalThis.other = Switchboard.connect({ baseUrl: location.origin, async token(request) {
                  if (broken) throw new Error('Signed out');
                  return (await fetch('/oauth2/token', { method: 'POST', headers: { accept: 'text/plain' }, body: new URLSearchParams(
                    { grant_type: 'client_credentials', user: 'ada', scope: 'Sessions.Read' }) })).text();
                } })
                """);
        var error = outcome(window, "other.CIFramework.getAllSessions()");
        expect(error, 0, "tokenUnavailable");
        assertThat(error.path("message").asText()).contains("Signed out");
        window.run("broken = false");
        assertThat(window.run("other.CIFramework.getAllSessions()")).isInstanceOf(List.class);
        expect(
                outcome(
                        window,
                        "Switchboard.connect({ baseUrl: location.origin, token: () => undefined }).Apm.getAllSessions()"),
                0,
                "tokenUnavailable");
    }

    @Test
    void expired_token_is_renewed_once_for_ten_concurrent_calls(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of(), List.of(-60)).expects("status of 401");
        var ids = window.run("Promise.all(Array.from({ length: 10 }, () => %s))".formatted(CREATE));
        assertThat((List<?>) ids).doesNotHaveDuplicates().hasSize(10);
        assertThat(window.run("tokens")).isEqualTo(List.of(false, true));
        assertThat(windows.chromium().get(agent, "/desk").path("openSessions").asInt())
                .isEqualTo(10);
    }

    @Test
    void call_fails_if_the_renewed_token_is_rejected(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of(), List.of(-60, -60))
                .expects("status of 401");
        var error = outcome(window, CREATE);
        expect(error, 401, "unauthorized");
        assertThat(error.path("message").asText())
                .contains("Unauthorized", "The token callback must return a new token");
        assertThat(error.path("mayHaveHappened").asBoolean()).isFalse();
        assertThat(window.run("tokens")).isEqualTo(List.of(false, true));
        assertThat(exchanges(window)).hasSize(2);
        value(window, CREATE);
        assertThat(window.run("tokens")).isEqualTo(List.of(false, true, true));
    }

    @TestFactory
    Stream<DynamicTest> errors_have_the_messages_of_the_API(Windows windows) {
        var agent = Agent.any().with("Sessions.ReadWrite");
        var window = Script.observed(windows, agent, Map.of()).expects("status of 4");
        window.run(
                "connection.send('POST', '/sessions', { body: { templateName: 'CallSessionTemplate' }, idempotencyKey: 'key' })"
                        + ".then(({ body }) => { globalThis.id = body.sessionId; })");
        return REFUSALS.lines()
                .map(row -> row.split(" +", 3))
                .map(row -> dynamicTest(row[2], () -> expectRefusal(window, Integer.parseInt(row[0]), row[1], row[2])));
    }

    private static void expectRefusal(Window window, int status, String code, String call) {
        window.run("exchanges.length = 0");
        var error = outcome(window, call);
        expect(error, status, code);
        assertThat(exchanges(window)).hasSize(1);
        var said = Chromium.json(
                        exchanges(window).getFirst().path("responseBody").asText())
                .path("error");
        assertThat(error.path("message")).isEqualTo(said.path("message"));
        assertThat(error.path("target").asText(""))
                .isEqualTo(said.path("target").asText(""));
        assertThat(error.path("details").size()).isEqualTo(said.path("details").size());
        assertThat(error.path("details").findValuesAsText("message"))
                .isEqualTo(said.path("details").findValuesAsText("message"));
        assertThat(error.path("details").findValuesAsText("target"))
                .isEqualTo(said.path("details").findValuesAsText("target"));
        assertThat(error.path("requestId").asText())
                .isEqualTo(said.path("innerError").path("request-id").asText())
                .isNotEmpty();
        assertThat(error.path("mayHaveHappened").asBoolean()).isFalse();
    }

    @Test
    void full_desk_and_missing_condition_have_the_messages_of_the_API(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("status of 4");
        window.run("Promise.all(Array.from({ length: 10 }, () => %s))".formatted(CREATE));
        var full = outcome(window, CREATE);
        expect(full, 409, "sessionLimitReached");
        assertThat(full.path("message").asText()).contains("10");
        window.run("connection.send('POST', '/appProfiles', { body: { uniqueName: 'voice', name: 'Voice' } })");
        expect(outcome(window, "connection.send('DELETE', '/appProfiles/voice')"), 428, "preconditionRequired");
    }

    @Test
    void throttled_call_honours_retry_after_and_creates_one_session(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of()).expects("status of ");
        disturb(window, SESSIONS, 1, gateway(429, "Too Many Requests", "1"));
        disturb(window, SESSIONS, 1, gateway(503, "Service Unavailable", "1"));
        assertThat(value(window, CREATE)).isEqualTo(onlySession(windows, agent));
        var exchanges = exchanges(window);
        // Playwright tries the last route first.
        assertThat(exchanges).extracting(ClientFaultsTest::status).containsExactly(503, 429, 201);
        assertThat(at(exchanges, 1) - at(exchanges, 0)).isGreaterThan(990);
        assertThat(at(exchanges, 2) - at(exchanges, 1)).isGreaterThan(990);
        assertThat(keys(window)).hasSize(1);
    }

    @Test
    void retry_after_is_extended_by_a_random_time(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("status of 429");
        window.run("Math.random = () => 0.98");
        disturb(window, SESSIONS, 1, gateway(429, "Too Many Requests", "1"));
        value(window, CREATE);
        var exchanges = exchanges(window);
        assertThat(at(exchanges, 1) - at(exchanges, 0)).isGreaterThan(1_235);
    }

    @TestFactory
    Stream<DynamicTest> responses_of_API_Gateway_get_a_message_and_a_code(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("status of ");
        return """
                403,Forbidden,permissionRequired,the token does not grant access to this route
                413,Request Entity Too Large,contentTooLarge,Send a smaller request
                429,Too Many Requests,tooManyRequests,Retry later
                503,Service Unavailable,serviceUnavailable,Retry later
                """.lines().map(row -> row.split(",")).map(row -> dynamicTest(row[0], () -> {
            int status = Integer.parseInt(row[0]);
            window.run("exchanges.length = 0");
            window.page().unrouteAll();
            disturb(window, SESSIONS, 100, gateway(status, row[1], "60"));
            var error = outcome(window, CREATE);
            expect(error, status, row[2]);
            assertThat(error.path("message").asText()).contains(row[1], row[3]);
            assertThat(error.path("retryAfter").asInt()).isEqualTo(60);
            assertThat(error.path("took").asDouble())
                    .as("it does not wait unnecessarily")
                    .isLessThan(10_000);
            assertThat(exchanges(window)).hasSize(1);
            assertThat(error.path("mayHaveHappened").asBoolean()).isEqualTo(status == 503);
        }));
    }

    @Test
    void throttled_call_without_retry_after_is_retried_with_backoff(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("status of 503");
        disturb(window, SESSIONS, 3, gateway(503, "Service Unavailable", ""));
        value(window, CREATE);
        var exchanges = exchanges(window);
        assertThat(exchanges).hasSize(4);
        assertThat(at(exchanges, 1) - at(exchanges, 0)).isGreaterThan(95);
        assertThat(at(exchanges, 2) - at(exchanges, 1)).isGreaterThan(195);
        assertThat(at(exchanges, 3) - at(exchanges, 2)).isGreaterThan(395);
    }

    @Test
    void lost_response_creates_one_session(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of()).expects("net::ERR");
        disturb(window, SESSIONS, 2, ClientFaultsTest::loseResponse);
        assertThat(value(window, CREATE)).isEqualTo(onlySession(windows, agent));
        assertThat(keys(window)).hasSize(1);
        assertThat(exchanges(window)
                        .getLast()
                        .path("responseHeaders")
                        .path("idempotency-replayed")
                        .asText())
                .isEqualTo("true");
    }

    @Test
    void lost_responses_create_one_tab_and_one_template(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of()).expects("net::ERR");
        value(window, CREATE);
        disturb(window, "**/tabs", 1, ClientFaultsTest::loseResponse);
        value(window, "Microsoft.Apm.createTab({ templateName: 'msdyn_omnichannel_kbsearch' })");
        var tabs = windows.chromium().get(agent, "/sessions/" + onlySession(windows, agent) + "/tabs");
        assertThat(tabs.path("value")).hasSize(2);
        disturb(window, "**/appProfiles", 1, ClientFaultsTest::loseResponse);
        value(window, "connection.send('POST', '/appProfiles', { body: { uniqueName: 'voice', name: 'Voice' } })");
        disturb(window, "**/clone", 1, ClientFaultsTest::loseResponse);
        value(
                window,
                "connection.send('POST', '/sessionTemplates/msdyn_chat_session/clone', { body: { uniqueName: 'mine', name: 'x' } })");
    }

    @Test
    void tab_missing_after_a_lost_response_is_closed(Windows windows) {
        var agent = Agent.any();
        var window =
                Script.observed(windows, agent, Map.of()).expects("net::ERR").expects("status of 404");
        value(window, CREATE);
        String tabId = value(window, "Microsoft.Apm.createTab({ templateName: 'msdyn_omnichannel_kbsearch' })");
        disturb(window, "**/tabs/*", 1, ClientFaultsTest::loseResponse);
        assertThat(outcome(window, "Microsoft.Apm.closeTab('" + tabId + "')").has("code"))
                .isFalse();
        assertThat(exchanges(window).getLast().path("status").asInt()).isEqualTo(404);
        assertThat(windows.chromium()
                        .get(agent, "/sessions/" + onlySession(windows, agent) + "/tabs")
                        .path("value"))
                .hasSize(1);
        expect(outcome(window, "Microsoft.Apm.closeTab('" + tabId + "')"), 404, "notFound");
    }

    @TestFactory
    Stream<DynamicTest> response_of_a_proxy_is_reported_with_its_status_and_not_retried(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("status of 5");
        return Stream.of(200, 500, 502, 504)
                .map(status -> dynamicTest(String.valueOf(status), () -> {
                    window.run("exchanges.length = 0");
                    window.page().unrouteAll();
                    disturb(
                            window,
                            SESSIONS,
                            100,
                            route -> route.fulfill(new Route.FulfillOptions()
                                    .setStatus(status)
                                    .setContentType("text/html; charset=utf-8")
                                    .setBody("<!doctype html><h1>Sorry</h1>")));
                    var error = outcome(window, CREATE);
                    expect(error, status, status == 200 ? "unreachable" : "internalServerError");
                    assertThat(error.path("message").asText())
                            .contains(
                                    "A server between the client and the API returned " + status,
                                    "text/html",
                                    "may have been carried out");
                    assertThat(error.path("mayHaveHappened").asBoolean()).isTrue();
                    assertThat(exchanges(window)).hasSize(1);
                }));
    }

    @Test
    void batch_is_sent_once(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("status of 503");
        disturb(window, "**/$batch", 100, gateway(503, "Service Unavailable", "1"));
        var error = outcome(
                window,
                "connection.send('POST', '/v1.0/$batch', { body: { requests: [{ id: '1', method: 'GET', url: '/communications/callRecords' }] } })");
        expect(error, 503, "serviceUnavailable");
        assertThat(exchanges(window)).hasSize(1);
    }

    @Test
    void aborted_call_is_reported(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of()).expects("net::ERR");
        askForToken(window);
        disturb(window, SESSIONS, 1, Route::fetch);
        var error = outcome(
                window,
                "connection.send('POST', '/sessions', { body: { templateName: 'CallSessionTemplate' }, signal: AbortSignal.timeout(300) })");
        expect(error, 0, "aborted");
        assertThat(error.path("mayHaveHappened").asBoolean()).isTrue();
    }

    @Test
    void cors_failure_is_suggested_as_a_cause(Windows windows) throws IOException {
        var window = windows.open(windows.chromium().disallowed().base(), new Browser.NewContextOptions())
                .expects("CORS policy")
                .expects("net::ERR");
        var client = windows.chromium().base().resolve("/assets/switchboard.js").toURL();
        try (var script = client.openStream()) {
            window.page()
                    .addScriptTag(new Page.AddScriptTagOptions().setContent(new String(script.readAllBytes(), UTF_8)));
        }
        Script.add(window, "observed.js");
        var error = outcome(
                window,
                "Switchboard.connect({ baseUrl: '%s', timeout: 2000, token: () => '%s' }).CIFramework.getAllSessions()"
                        .formatted(windows.chromium().base(), windows.chromium().token(Agent.any())));
        expect(error, 0, "unreachable");
        assertThat(error.path("message").asText()).contains("does not allow this page's origin (CORS)");
    }

    @Test
    void methods_before_configure_report_the_missing_step(Windows windows) {
        var window = windows.open(windows.chromium().allowed().base(), new Browser.NewContextOptions());
        window.page()
                .addScriptTag(
                        new Page.AddScriptTagOptions().setUrl(windows.chromium().base() + "/assets/switchboard.js"));
        Script.add(window, "observed.js");
        for (String call : List.of(
                "Microsoft.CIFramework.getAllSessions()",
                "Microsoft.Apm.getSession('x')",
                "Microsoft.CIFramework.setMode(1)")) {
            var error = outcome(window, call);
            expect(error, 0, "notConfigured");
            assertThat(error.path("message").asText()).contains("Switchboard.configure", "data-base-url", "data-token");
        }
        for (String settings : List.of(
                "{}",
                "{ token: 'x' }",
                "{ token() {}, baseUrl: 'file:///etc' }",
                "{ token() {}, timeout: -1 }",
                "{ token() {}, polling: { longest: 0 } }")) {
            assertThat(window.run(
                            "(() => { try { Switchboard.configure(%s); } catch (error) { return error.code; } })()"
                                    .formatted(settings)))
                    .as(settings)
                    .isEqualTo("invalidArgument");
        }
    }

    @Test
    void exchanges_contain_no_token_and_produce_shell_commands(Windows windows) throws Exception {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of());
        value(window, """
                Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate', templateParameters: {
                  customer: "O'Hara $(touch x) `touch x` \\\\ \\"$HOME\\" é" } }, '6f0c3d2f-8a01-4f0e-9d57-0b9a1c5e3a68')""");
        String recorded = String.valueOf(window.run("JSON.stringify(exchanges)"));
        assertThat(recorded).doesNotContainIgnoringCase("authorization", "bearer");
        String line = String.valueOf(window.run("Switchboard.curl(exchanges[0])"));
        assertThat(line).contains("$TOKEN").doesNotContain("eyJ");
        // The standard input, because arguments are not in UTF-8 in every locale.
        var builder = new ProcessBuilder("bash", "-s").redirectErrorStream(true);
        builder.environment().put("TOKEN", windows.chromium().token(agent));
        var process = builder.start();
        try (var input = process.getOutputStream()) {
            input.write(line.getBytes(UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        // The same key returned the same session, so the shell preserved every byte of the body.
        assertThat(output).contains("201 Created").containsIgnoringCase("idempotency-replayed: true");
        onlySession(windows, agent);
    }

    /** Gets a token in advance, so that a timeout is caused by the request and not by the token callback. */
    private static void askForToken(Window window) {
        window.run("connection.send('GET', '/desk', { timeout: 30000 }).then(() => void (exchanges.length = 0))");
    }

    /** Handles the first matching requests and lets the others through. */
    private static void disturb(Window window, String glob, int times, Consumer<Route> how) {
        var left = new AtomicInteger(times);
        window.page().route(glob, (Route route) -> {
            boolean isDisturbed = !route.request().method().equals("GET") && left.getAndDecrement() > 0;
            if (isDisturbed) {
                how.accept(route);
            } else {
                route.fallback();
            }
        });
    }

    /** Lets the API process the request and drops the response. */
    private static void loseResponse(Route route) {
        route.fetch();
        route.abort();
    }

    private static Consumer<Route> gateway(int status, String message, String retryAfter) {
        return route -> route.fulfill(new Route.FulfillOptions()
                .setStatus(status)
                .setHeaders(retryAfter.isEmpty() ? Map.of() : Map.of("Retry-After", retryAfter))
                .setContentType("application/json")
                .setBody("{\"message\":\"%s\"}".formatted(message)));
    }

    /** Returns the id of the agent's only session. */
    private static String onlySession(Windows windows, Agent agent) {
        var sessions = windows.chromium().get(agent, "/sessions").path("value");
        assertThat(sessions).hasSize(1);
        return sessions.path(0).path("sessionId").asText();
    }

    private static JsonNode outcome(Window window, String promise) {
        return Chromium.json(String.valueOf(window.run("outcome(" + promise + ").then(JSON.stringify)")));
    }

    private static String value(Window window, String promise) {
        var outcome = outcome(window, promise);
        assertThat(outcome.has("code")).as(outcome.toString()).isFalse();
        return outcome.path("value").asText();
    }

    private static void expect(JsonNode error, int status, String code) {
        assertThat(error.path("errorCode").asInt(-1)).as(error.toString()).isEqualTo(status);
        assertThat(error.path("code").asText()).as(error.toString()).isEqualTo(code);
    }

    private static List<JsonNode> exchanges(Window window) {
        var exchanges = Chromium.json(String.valueOf(window.run("JSON.stringify(exchanges)")));
        return StreamSupport.stream(exchanges.spliterator(), false).toList();
    }

    private static double at(List<JsonNode> exchanges, int index) {
        return exchanges.get(index).path("at").asDouble();
    }

    private static int status(JsonNode exchange) {
        return exchange.path("status").asInt();
    }

    /** Returns the distinct idempotency keys of the create requests. */
    private static List<String> keys(Window window) {
        return exchanges(window).stream()
                .filter(exchange -> exchange.path("method").asText().equals("POST"))
                .map(exchange ->
                        exchange.path("requestHeaders").path("idempotency-key").asText())
                .distinct()
                .toList();
    }
}
