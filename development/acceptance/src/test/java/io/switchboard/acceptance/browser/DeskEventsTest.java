package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a window hears of what another one of the same user does, and what that costs on the wire. */
@NeedsBrowser
class DeskEventsTest {
    private static final Map<String, Object> QUICK = Map.of("polling", Map.of("shortest", 50, "longest", 200));

    /** Asks so rarely that within a test's patience only a server-sent event can have told. */
    private static final Map<String, Object> STREAM =
            Map.of("events", "/local/events", "polling", Map.of("shortest", 30_000, "longest", 60_000));

    private static final String LISTEN = """
            globalThis.heard = [];
            for (const name of ['onSessionSwitched', 'onSessionClosed']) {
              Microsoft.CIFramework.addHandler(name, event => heard.push({ name, ...event, text: String(event) }));
            }
            for (const name of ['ON_SESSION_SWITCH', 'ON_SESSION_CLOSED', 'ON_TAB_SWITCH']) {
              new BroadcastChannel(Microsoft.Apm.getEventPublisherTopic(name)).onmessage = ({ data }) => heard.push({ name, ...data });
            }
            """;

    private static final String CREATE =
            "Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate', templateParameters: { customer: 'Contoso' } })";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void window_hears_what_another_window_does(boolean isStream, Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        var hearing = Script.observed(windows, agent, isStream ? STREAM : QUICK);
        listen(hearing);
        if (isStream) {
            // The connection asks once more when it is there.
            await(hearing, "exchanges.filter(({ watching }) => watching).length >= 2");
        }

        String id = String.valueOf(acting.run(CREATE));
        await(hearing, "heard.length >= 4");
        var context = "{\"customer\":\"Contoso\"}";
        assertThat(named(hearing, "onSessionSwitched"))
                .containsExactly(switched("home", false, "{}"), switched(id, true, context));
        assertThat(named(hearing, "ON_SESSION_SWITCH"))
                .containsExactly(
                        Chromium.json("{\"previousSessionId\":\"home\",\"newSessionId\":\"%s\"}".formatted(id)));
        String anchor = windows.chromium()
                .get(agent, "/sessions/" + id)
                .path("anchorTabId")
                .asText();
        assertThat(named(hearing, "ON_TAB_SWITCH")).containsExactly(tabs("home", "", id, anchor));

        forget(hearing);
        String tab =
                String.valueOf(acting.run("Microsoft.Apm.createTab({ templateName: 'msdyn_omnichannel_kbsearch' })"));
        await(hearing, "heard.length >= 1");
        assertThat(named(hearing, "ON_TAB_SWITCH")).containsExactly(tabs(id, anchor, id, tab));

        forget(hearing);
        acting.run("Microsoft.Apm.getSession('%s').then(session => session.close())".formatted(id));
        await(hearing, "heard.length >= 6");
        assertThat(named(hearing, "onSessionSwitched"))
                .containsExactly(switched(id, false, context), switched("home", true, "{}"));
        assertThat(named(hearing, "onSessionClosed")).containsExactly(closed(id, context));
        assertThat(named(hearing, "ON_SESSION_CLOSED"))
                .containsExactly(Chromium.json("{\"sessionId\":\"%s\"}".formatted(id)));
        assertThat(named(hearing, "ON_TAB_SWITCH")).containsExactly(tabs(id, tab, "home", ""));
        assertThat(hearing.run("problems")).isEqualTo(List.of());
    }

    @Test
    void session_that_is_handed_over_is_told_as_closed(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        // To find out what became of it costs the window a question.
        var hearing = Script.observed(windows, agent, QUICK).expects("status of 404");
        String id = String.valueOf(acting.run(CREATE));
        listen(hearing);
        listen(acting);
        acting.run("connection.send('POST', '/sessions/%s/handOver', { body: { userId: 'bob' } })".formatted(id));
        for (Window window : List.of(acting, hearing)) {
            await(window, "heard.some(({ name }) => name === 'onSessionClosed')");
            assertThat(named(window, "onSessionClosed")).containsExactly(closed(id, "{}"));
        }
        assertThat(windows.chromium()
                        .get(agent.colleague("bob"), "/sessions/" + id)
                        .path("title")
                        .asText())
                .isEqualTo("Contoso");
    }

    @Test
    void titles_badges_and_contexts_reach_the_watches_of_another_window(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        String id = String.valueOf(acting.run(CREATE));
        var seeing = Script.observed(windows, agent, QUICK).expects("status of 404");
        seeing.run(
                "globalThis.desk = null; globalThis.session = undefined; void connection.watchDesk(now => { desk = now; });"
                        + "void connection.watchSession('%s', now => { session = now; })".formatted(id));
        await(seeing, "session?.isFocused === true");
        acting.run("Microsoft.CIFramework.notifyKpiBreach('%s', true, 'late')".formatted(id));
        await(seeing, "desk.sessions[1].kpiBreach === 'late' && session.kpiBreach === 'late'");
        acting.run("Microsoft.CIFramework.updateContext({ orderNumber: '4711' }, '%s')".formatted(id));
        await(seeing, "session.context.orderNumber === '4711'");
        acting.run("Microsoft.Apm.getSession('home').then(home => home.focus())");
        await(seeing, "session.isFocused === false && desk.focusedSessionId === 'home'");
        acting.run("connection.send('DELETE', '/sessions/%s')".formatted(id));
        await(seeing, "session === null && desk.sessions.length === 1");
        // It is asked for once, and then no more.
        await(seeing, "exchanges.filter(({ url }) => url.endsWith('/desk')).length > 3 + " + count(seeing, "/desk"));
        assertThat(count(seeing, "/sessions/" + id, 404)).isEqualTo(1);
    }

    @Test
    void quiet_desk_is_asked_for_ever_more_rarely_and_answers_304(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 50, "longest", 500)));
        window.run("globalThis.told = 0; void connection.watchDesk(() => { told++; })");
        await(window, "exchanges.length >= 10");
        var exchanges = exchanges(window);
        assertThat(exchanges.getFirst().path("status").asInt()).isEqualTo(200);
        assertThat(exchanges.subList(1, exchanges.size())).allSatisfy(exchange -> {
            assertThat(exchange.path("status").asInt()).isEqualTo(304);
            assertThat(exchange.path("responseBody").asText()).isEmpty();
            assertThat(exchange.path("watching").asBoolean()).isTrue();
        });
        var gaps = new ArrayList<Double>();
        for (int i = 1; i < exchanges.size(); i++) {
            gaps.add(exchanges.get(i).path("at").asDouble()
                    - exchanges.get(i - 1).path("at").asDouble());
        }
        assertThat(gaps.getLast()).isGreaterThan(495);
        assertThat(Collections.min(gaps)).isLessThan(gaps.getLast());
        assertThat(window.run("told"))
                .as("how often the listener was told of the one desk")
                .isEqualTo(1);
    }

    @Test
    void write_of_its_own_shows_at_once(Windows windows) {
        var window =
                Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 30_000, "longest", 60_000)));
        window.run(
                "globalThis.told = []; void connection.watchDesk(({ focusedSessionId }) => told.push(focusedSessionId))");
        await(window, "told.length === 1");
        var id = window.run(CREATE);
        await(window, "told.length === 2");
        assertThat(window.run("told")).isEqualTo(List.of("home", id));
    }

    @Test
    void watching_ends_with_the_last_who_watches(Windows windows) {
        var window = Script.observed(windows, Agent.any(), QUICK);
        window.run("""
                globalThis.handler = () => {};
                Microsoft.CIFramework.addHandler('onSessionSwitched', handler);
                Microsoft.CIFramework.addHandler('onSessionClosed', handler);
                globalThis.end = connection.watchDesk(() => {});
                void end;
                """);
        await(window, "exchanges.length >= 3");
        window.run("end(); end(); Microsoft.CIFramework.removeHandler('onSessionSwitched', handler)");
        await(window, "exchanges.length >= 6");
        // One question may be under way. Another connection's questions are the clock.
        window.run("""
                Microsoft.CIFramework.removeHandler('onSessionClosed', handler);
                globalThis.before = exchanges.length;
                globalThis.clock = 0;
                globalThis.other = Switchboard.connect({
                  baseUrl: location.origin, polling: { shortest: 50, longest: 200 }, onExchange: () => { clock++; },
                  token: async () => (await fetch('/oauth2/token', { method: 'POST', headers: { accept: 'text/plain' }, body: new URLSearchParams(
                    { grant_type: 'client_credentials', user: 'ada', scope: 'Sessions.Read' }) })).text(),
                });
                void other.watchDesk(() => {});
                """);
        await(window, "clock >= 8");
        assertThat((Integer) window.run("exchanges.length - before")).isLessThanOrEqualTo(1);
        window.run(
                "other.close(); clock = 0; Microsoft.CIFramework.addHandler('onSessionClosed', handler); before = exchanges.length");
        await(window, "exchanges.length - before >= 8");
        assertThat((Integer) window.run("clock")).isLessThanOrEqualTo(1);
    }

    @Test
    void hidden_window_asks_rarely_and_at_once_when_it_is_seen_again(Windows windows) {
        var window =
                Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 50, "longest", 12_000)));
        window.run("void connection.watchDesk(() => {})");
        await(window, "exchanges.length >= 2");
        window.run(hide(true) + "exchanges.length = 0;");
        // The question that was due still comes.
        await(window, "exchanges.length >= 2");
        var asked = exchanges(window);
        assertThat(asked.get(1).path("at").asDouble() - asked.get(0).path("at").asDouble())
                .isGreaterThan(11_990);
        var seenAt = (Number) window.run(hide(false) + "exchanges.length = 0; performance.now()");
        await(window, "exchanges.length >= 1");
        assertThat(exchanges(window).getFirst().path("at").asDouble() - seenAt.doubleValue())
                .isLessThan(10_000);
    }

    /** What a window does when another covers it, which a browser without a screen never does. */
    private static String hide(boolean isHidden) {
        return """
                Object.defineProperty(document, 'hidden', { value: %s, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
                """.formatted(isHidden);
    }

    @Test
    void failure_is_told_once_and_that_it_is_over(Windows windows) {
        var window =
                Script.observed(windows, Agent.any(), QUICK).expects("net::ERR").expects("status of 503");
        window.run("""
                globalThis.told = [];
                void connection.watchDesk(() => told.push('desk'), problem => told.push(problem === null ? 'over' : problem.code));
                """);
        await(window, "told.length === 1");
        window.page().route("**/desk", (Route route) -> route.abort());
        await(window, "exchanges.filter(({ status }) => status === 0).length >= 3");
        assertThat(window.run("told")).isEqualTo(List.of("desk", "unreachable"));
        window.page().unroute("**/desk");
        window.run("connection.refresh()");
        await(window, "told.includes('over')");
        assertThat(window.run("told")).isEqualTo(List.of("desk", "unreachable", "over"));
    }

    @Test
    void watch_waits_as_long_as_it_is_told_and_who_comes_meanwhile_hears_why(Windows windows) {
        var window = Script.observed(windows, Agent.any(), QUICK).expects("status of 503");
        window.run("""
                globalThis.told = [];
                globalThis.tell = problem => told.push(problem.code);
                void connection.watchDesk(() => told.push('desk'), tell);
                """);
        await(window, "told.length === 1");
        window.page()
                .route(
                        "**/desk",
                        (Route route) -> route.fulfill(new Route.FulfillOptions()
                                .setStatus(503)
                                .setHeaders(Map.of("Retry-After", "60"))
                                .setContentType("application/json")
                                .setBody("{\"message\":\"Service Unavailable\"}")));
        await(window, "told.length === 2");
        window.run(
                "globalThis.before = exchanges.length; connection.refresh(); void connection.watchDesk(() => {}, tell)");
        await(window, "told.length === 3");
        assertThat(window.run("told")).isEqualTo(List.of("desk", "serviceUnavailable", "serviceUnavailable"));
        assertThat(window.run("exchanges.length - before")).isEqualTo(0);
    }

    @Test
    void answer_that_is_older_than_the_one_shown_is_not_shown(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, QUICK);
        window.run("globalThis.versions = []; void connection.watchDesk(({ version }) => versions.push(version))");
        await(window, "versions.length === 1");
        var old = windows.chromium().get(agent, "/desk").toString();
        window.run(CREATE);
        await(window, "versions.length === 2");
        var replayed = new AtomicReference<>(old);
        window.page().route("**/desk", (Route route) -> {
            String body = replayed.getAndSet("");
            if (body.isEmpty()) {
                route.resume();
            } else {
                route.fulfill(new Route.FulfillOptions()
                        .setHeaders(Map.of("ETag", "W/\"old\""))
                        .setContentType("application/json")
                        .setBody(body));
            }
        });
        await(
                window,
                "exchanges.at(-1).status === 304 && exchanges.some(({ responseHeaders }) => responseHeaders.etag === 'W/\"old\"')");
        assertThat(window.run("versions")).isEqualTo(List.of(0, 1));
    }

    @Test
    void stream_that_is_not_there_leaves_polling(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        // An address of the API that is no stream, and one that is not there.
        for (String events : List.of("/desk", "/none")) {
            var hearing = Script.observed(
                            windows, agent, Map.of("events", events, "polling", Map.of("shortest", 50, "longest", 200)))
                    .expects("status of 404");
            var asked = new AtomicInteger();
            hearing.page().onRequest(request -> {
                if (request.url().endsWith("/none")) {
                    asked.incrementAndGet();
                }
            });
            hearing.run(
                    "globalThis.told = []; void connection.watchDesk(({ version }) => told.push(version), problem => told.push(problem.code))");
            await(hearing, "told.length === 1");
            acting.run(CREATE);
            await(hearing, "told.length === 2");
            await(hearing, "exchanges.length >= 12");
            assertThat(asked).as("how often the stream was asked for").hasValue(events.equals("/none") ? 1 : 0);
            assertThat(hearing.run("problems")).isEqualTo(List.of());
        }
    }

    private static void listen(Window window) {
        window.run("(() => { " + LISTEN + " })()");
        await(window, "exchanges.some(({ watching }) => watching)");
    }

    private static void forget(Window window) {
        window.run("heard.length = 0");
    }

    private static void await(Window window, String condition) {
        window.page().waitForFunction("() => " + condition);
    }

    /** What was heard under this name, without the name. */
    private static List<JsonNode> named(Window window, String name) {
        return list(window.run(
                "JSON.stringify(heard.filter(event => event.name === '%s').map(({ name, ...event }) => event))"
                        .formatted(name)));
    }

    private static JsonNode switched(String sessionId, boolean focused, String context) {
        String event = "{\"sessionId\":\"%s\",\"focussed\":%s,\"focused\":%s,\"context\":%s}"
                .formatted(sessionId, focused, focused, context);
        return withText(event);
    }

    private static JsonNode closed(String sessionId, String context) {
        return withText("{\"sessionId\":\"%s\",\"context\":%s}".formatted(sessionId, context));
    }

    /** A handler's argument and its text, which is its JSON. */
    private static JsonNode withText(String event) {
        var node = (ObjectNode) Chromium.json(event);
        return node.put("text", event);
    }

    private static JsonNode tabs(String previousSessionId, String previousTabId, String sessionId, String tabId) {
        return Chromium.json("{\"previousSessionId\":%s,\"previousTabId\":%s,\"sessionId\":%s,\"tabId\":%s}"
                .formatted(text(previousSessionId), text(previousTabId), text(sessionId), text(tabId)));
    }

    private static String text(String value) {
        return value.isEmpty() ? "null" : "\"" + value + "\"";
    }

    private static int count(Window window, String end) {
        return (Integer) window.run("exchanges.filter(({ url }) => url.endsWith('%s')).length".formatted(end));
    }

    private static int count(Window window, String end, int status) {
        return (Integer) window.run("exchanges.filter(({ url, status }) => url.endsWith('%s') && status === %d).length"
                .formatted(end, status));
    }

    private static List<JsonNode> exchanges(Window window) {
        return list(window.run("JSON.stringify(exchanges)"));
    }

    private static List<JsonNode> list(Object json) {
        return StreamSupport.stream(Chromium.json(String.valueOf(json)).spliterator(), false)
                .toList();
    }
}
