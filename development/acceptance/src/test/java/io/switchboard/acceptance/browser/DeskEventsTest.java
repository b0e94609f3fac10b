package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the events that a window receives about changes of another window of the same user, and the number of requests.
 */
@NeedsBrowser
class DeskEventsTest {
    private static final Map<String, Object> QUICK = Map.of("polling", Map.of("shortest", 50, "longest", 200));

    /** Polls so rarely that within a test's time limit only a message can report a change. */
    private static final Map<String, Object> PUSH = Map.of("polling", Map.of("shortest", 30_000, "longest", 60_000));

    private static final String LISTEN = """
            globalThis.received = [];
            for (const name of ['onSessionSwitched', 'onSessionClosed']) {
              Microsoft.CIFramework.addHandler(name, event => received.push({ name, ...event, text: String(event) }));
            }
            for (const name of ['ON_SESSION_SWITCH', 'ON_SESSION_CLOSED', 'ON_TAB_SWITCH']) {
              new BroadcastChannel(Microsoft.Apm.getEventPublisherTopic(name)).onmessage = ({ data }) => received.push({ name, ...data });
            }
            """;

    private static final String CREATE =
            "Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate', templateParameters: { customer: 'Contoso' } })";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void window_receives_changes_of_another_window(boolean isPush, Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        var listening = Script.observed(windows, agent, isPush ? PUSH : QUICK);
        listen(listening);
        if (isPush) {
            // The client reads the desk once more when it is subscribed.
            await(listening, "exchanges.filter(({ url }) => url.endsWith('/desk')).length >= 2");
        }

        String id = String.valueOf(acting.run(CREATE));
        await(listening, "received.length >= 4");
        var context = "{\"customer\":\"Contoso\"}";
        assertThat(named(listening, "onSessionSwitched"))
                .containsExactly(switched("home", false, "{}"), switched(id, true, context));
        assertThat(named(listening, "ON_SESSION_SWITCH"))
                .containsExactly(
                        Chromium.json("{\"previousSessionId\":\"home\",\"newSessionId\":\"%s\"}".formatted(id)));
        String anchor = windows.chromium()
                .get(agent, "/sessions/" + id)
                .path("anchorTabId")
                .asText();
        assertThat(named(listening, "ON_TAB_SWITCH")).containsExactly(tabs("home", "", id, anchor));

        clearEvents(listening);
        String tab =
                String.valueOf(acting.run("Microsoft.Apm.createTab({ templateName: 'msdyn_omnichannel_kbsearch' })"));
        await(listening, "received.length >= 1");
        assertThat(named(listening, "ON_TAB_SWITCH")).containsExactly(tabs(id, anchor, id, tab));

        clearEvents(listening);
        acting.run("Microsoft.Apm.getSession('%s').then(session => session.close())".formatted(id));
        await(listening, "received.length >= 6");
        assertThat(named(listening, "onSessionSwitched"))
                .containsExactly(switched(id, false, context), switched("home", true, "{}"));
        assertThat(named(listening, "onSessionClosed")).containsExactly(closed(id, context));
        assertThat(named(listening, "ON_SESSION_CLOSED"))
                .containsExactly(Chromium.json("{\"sessionId\":\"%s\"}".formatted(id)));
        assertThat(named(listening, "ON_TAB_SWITCH")).containsExactly(tabs(id, tab, "home", ""));
        assertThat(listening.run("problems")).isEqualTo(List.of());
    }

    @Test
    void handed_over_session_is_reported_as_closed(Windows windows) {
        var agent = Agent.any();
        // A window needs one request to determine what happened to the session.
        var acting = Script.observed(windows, agent, QUICK).expects("status of 404");
        var listening = Script.observed(windows, agent, QUICK).expects("status of 404");
        String id = String.valueOf(acting.run(CREATE));
        listen(listening);
        listen(acting);
        String offer = String.valueOf(acting.run(
                "connection.notifications.handOver('%s', 'bob').then(({ handOver }) => handOver.notificationId)"
                        .formatted(id)));
        assertThat(windows.chromium()
                        .request(agent.colleague("bob"), "POST", "/notifications/" + offer + "/accept", "")
                        .statusCode())
                .isEqualTo(200);
        for (Window window : List.of(acting, listening)) {
            await(window, "received.some(({ name }) => name === 'onSessionClosed')");
            assertThat(named(window, "onSessionClosed")).containsExactly(closed(id, "{}"));
        }
        assertThat(windows.chromium()
                        .get(agent.colleague("bob"), "/sessions/" + id)
                        .path("title")
                        .asText())
                .isEqualTo("Contoso");
    }

    @Test
    void titles_badges_and_contexts_reach_watches_of_another_window(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        String id = String.valueOf(acting.run(CREATE));
        var observer = Script.observed(windows, agent, QUICK).expects("status of 404");
        observer.run(
                "globalThis.desk = null; globalThis.session = undefined; void connection.watchDesk(now => { desk = now; });"
                        + "void connection.watchSession('%s', now => { session = now; })".formatted(id));
        await(observer, "session?.isFocused === true");
        acting.run("Microsoft.CIFramework.notifyKpiBreach('%s', true, 'late')".formatted(id));
        await(observer, "desk.sessions[1].kpiBreach === 'late' && session.kpiBreach === 'late'");
        acting.run("Microsoft.CIFramework.updateContext({ orderNumber: '4711' }, '%s')".formatted(id));
        await(observer, "session.context.orderNumber === '4711'");
        acting.run("Microsoft.Apm.getSession('home').then(home => home.focus())");
        await(observer, "session.isFocused === false && desk.focusedSessionId === 'home'");
        acting.run("connection.send('DELETE', '/sessions/%s')".formatted(id));
        await(observer, "session === null && desk.sessions.length === 1");
        // The session is requested once more and then no longer.
        await(
                observer,
                "exchanges.filter(({ url }) => url.endsWith('/desk')).length > 3 + " + count(observer, "/desk"));
        assertThat(count(observer, "/sessions/" + id, 404)).isEqualTo(1);
    }

    @Test
    void idle_desk_is_polled_less_often_and_returns_304(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 50, "longest", 500)));
        window.run("globalThis.notified = 0; void connection.watchDesk(() => { notified++; })");
        await(window, "exchanges.length >= 11");
        var exchanges = new ArrayList<>(exchanges(window));
        exchanges.removeIf(exchange -> exchange.path("url").asText().endsWith("/me/events"));
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
        assertThat(window.run("notified"))
                .as("calls of the listener for one state of the desk")
                .isEqualTo(1);
    }

    @Test
    void own_change_is_reported_at_once(Windows windows) {
        var window =
                Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 30_000, "longest", 60_000)));
        window.run(
                "globalThis.notified = []; void connection.watchDesk(({ focusedSessionId }) => notified.push(focusedSessionId))");
        await(window, "notified.length === 1");
        var id = window.run(CREATE);
        await(window, "notified.length === 2");
        assertThat(window.run("notified")).isEqualTo(List.of("home", id));
    }

    @Test
    void polling_ends_with_the_last_watch(Windows windows) {
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
        // One request may be in progress. The requests of another connection serve as the clock.
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
    void hidden_window_polls_rarely_and_immediately_when_visible_again(Windows windows) {
        var window =
                Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 50, "longest", 12_000)));
        window.run("void connection.watchDesk(() => {})");
        await(window, "exchanges.length >= 2");
        window.run(hide(true) + "exchanges.length = 0;");
        // The pending request is still sent.
        await(window, "exchanges.length >= 2");
        var asked = exchanges(window);
        assertThat(asked.get(1).path("at").asDouble() - asked.get(0).path("at").asDouble())
                .isGreaterThan(11_990);
        var seenAt = (Number) window.run(hide(false) + "exchanges.length = 0; performance.now()");
        await(window, "exchanges.length >= 1");
        assertThat(exchanges(window).getFirst().path("at").asDouble() - seenAt.doubleValue())
                .isLessThan(10_000);
    }

    /** Simulates a hidden window, because a headless browser never hides one. */
    private static String hide(boolean isHidden) {
        return """
                Object.defineProperty(document, 'hidden', { value: %s, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
                """.formatted(isHidden);
    }

    @Test
    void failure_and_recovery_are_each_reported_once(Windows windows) {
        var window =
                Script.observed(windows, Agent.any(), QUICK).expects("net::ERR").expects("status of 503");
        window.run("""
                globalThis.notified = [];
                void connection.watchDesk(() => notified.push('desk'), problem => notified.push(problem === null ? 'over' : problem.code));
                """);
        await(window, "notified.length === 1");
        window.page().route("**/desk", (Route route) -> route.abort());
        await(window, "exchanges.filter(({ status }) => status === 0).length >= 3");
        assertThat(window.run("notified")).isEqualTo(List.of("desk", "unreachable"));
        window.page().unroute("**/desk");
        window.run("connection.refresh()");
        await(window, "notified.includes('over')");
        assertThat(window.run("notified")).isEqualTo(List.of("desk", "unreachable", "over"));
    }

    @Test
    void watch_honours_retry_after_and_a_new_watch_gets_the_reason(Windows windows) {
        var window = Script.observed(windows, Agent.any(), QUICK).expects("status of 503");
        window.run("""
                globalThis.notified = [];
                globalThis.onProblem = problem => notified.push(problem.code);
                void connection.watchDesk(() => notified.push('desk'), onProblem);
                """);
        await(window, "notified.length === 1");
        window.page()
                .route(
                        "**/desk",
                        (Route route) -> route.fulfill(new Route.FulfillOptions()
                                .setStatus(503)
                                .setHeaders(Map.of("Retry-After", "60"))
                                .setContentType("application/json")
                                .setBody("{\"message\":\"Service Unavailable\"}")));
        await(window, "notified.length === 2");
        window.run(
                "globalThis.before = exchanges.length; connection.refresh(); void connection.watchDesk(() => {}, onProblem)");
        await(window, "notified.length === 3");
        assertThat(window.run("notified")).isEqualTo(List.of("desk", "serviceUnavailable", "serviceUnavailable"));
        assertThat(window.run("exchanges.length - before")).isEqualTo(0);
    }

    @Test
    void outdated_response_is_ignored(Windows windows) {
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

    /** An older API does not have the route, another one has no push. Both are asked once. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"transport\":\"none\",\"httpEndpoint\":null,\"realtimeEndpoint\":null,\"channel\":null,\"pollSeconds\":15}",
                ""
            })
    void client_without_push_polls(String events, Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        var listening = windows.openClient(agent).expects("status of 404");
        listening
                .page()
                .route(
                        "**/me/events",
                        (Route route) -> route.fulfill(new Route.FulfillOptions()
                                .setStatus(events.isEmpty() ? 404 : 200)
                                .setContentType("application/json")
                                .setBody(events.isEmpty() ? "{\"message\":\"Not Found\"}" : events)));
        Script.observe(windows, listening, agent, QUICK, List.of());
        listening.run(
                "globalThis.notified = []; void connection.watchDesk(({ version }) => notified.push(version), problem => notified.push(problem.code))");
        await(listening, "notified.length === 1");
        acting.run(CREATE);
        await(listening, "notified.length === 2");
        await(listening, "exchanges.length >= 12");
        assertThat(count(listening, "/me/events")).isEqualTo(1);
        assertThat(listening.run("problems")).isEqualTo(List.of());
    }

    @Test
    void subscribed_window_reads_the_desk_after_a_message_only(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        var listening = subscribed(windows, agent, List.of());
        int before = count(listening, "/desk");
        acting.run(CREATE);
        await(listening, "versions.length === 2");
        // Each request of the watch has the ETag of the one before.
        assertThat(count(listening, "/desk") - before).isBetween(1, 2);
        assertThat(listening.run("problems")).isEqualTo(List.of());
    }

    @Test
    void lost_connection_is_replaced(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        var listening = subscribed(windows, agent, List.of());
        listening.run("sockets.at(-1).close()");
        await(listening, "subscriptions() === 2");
        acting.run(CREATE);
        await(listening, "versions.length === 2");
        assertThat(count(listening, "/me/events")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void subscription_ends_with_the_last_watch(Windows windows) {
        var listening = subscribed(windows, Agent.any(), List.of());
        listening.run("globalThis.opened = sockets.length; end()");
        await(listening, "sockets.every(({ readyState }) => readyState >= WebSocket.CLOSING)");
        assertThat(listening.run("sockets.length - opened")).isEqualTo(0);
    }

    /** The channel is that of the token's user. */
    @Test
    void window_that_acts_for_another_user_polls(Windows windows) {
        var window = Script.observed(
                windows, Agent.any(), Map.of("user", "bob", "polling", Map.of("shortest", 50, "longest", 200)));
        window.expects("status of 403");
        window.run("void connection.watchDesk(() => {}, () => {})");
        await(window, "exchanges.length >= 2");
        assertThat(count(window, "/me/events")).isEqualTo(0);
    }

    @Test
    void refused_token_of_a_subscription_is_renewed(Windows windows) {
        var agent = Agent.any();
        var acting = Script.observed(windows, agent, QUICK);
        var listening = windows.openClient(agent);
        Script.observe(windows, listening, agent, PUSH, List.of());
        // The first connection gets another token than the API.
        listening.run("""
                globalThis.sockets = [];
                globalThis.WebSocket = class extends WebSocket {
                  constructor(url, [protocol, header]) {
                    super(url, [protocol, sockets.length > 0 ? header : 'header-' + btoa('{"Authorization":"expired","host":"localhost"}').replaceAll('=', '')]);
                    sockets.push(this);
                  }
                };
                globalThis.versions = [];
                void connection.watchDesk(({ version }) => versions.push(version));
                """);
        await(listening, "sockets.length === 2 && versions.length === 1");
        acting.run(CREATE);
        await(listening, "versions.length === 2");
        assertThat(listening.run("tokens")).isEqualTo(List.of(false, true));
    }

    /**
     * Returns a window that watches the desk and is subscribed. `subscriptions()` is the number of its subscriptions so
     * far.
     */
    private static Window subscribed(Windows windows, Agent agent, List<Integer> expired) {
        var window = Script.observed(windows, agent, PUSH, expired);
        window.run("""
                (() => {
                  const received = [];
                  globalThis.sockets = [];
                  globalThis.subscriptions = () => received.filter(data => data.includes('subscribe_success')).length;
                  globalThis.WebSocket = class extends WebSocket {
                    constructor(...settings) {
                      super(...settings);
                      this.addEventListener('message', ({ data }) => received.push(data));
                      sockets.push(this);
                    }
                  };
                  globalThis.versions = [];
                  globalThis.end = connection.watchDesk(({ version }) => versions.push(version));
                })()
                """);
        await(window, "subscriptions() === 1 && exchanges.filter(({ url }) => url.endsWith('/desk')).length >= 2");
        return window;
    }

    private static void listen(Window window) {
        window.run("(() => { " + LISTEN + " })()");
        await(window, "exchanges.some(({ watching }) => watching)");
    }

    private static void clearEvents(Window window) {
        window.run("received.length = 0");
    }

    private static void await(Window window, String condition) {
        window.page().waitForFunction("() => " + condition);
    }

    /** Returns the received events with this name, without the name. */
    private static List<JsonNode> named(Window window, String name) {
        return list(window.run(
                "JSON.stringify(received.filter(event => event.name === '%s').map(({ name, ...event }) => event))"
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

    /** Returns a handler's argument with its text, which is its JSON. */
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
