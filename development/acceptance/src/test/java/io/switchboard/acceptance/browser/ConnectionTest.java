package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the loading of the client by a page, and the features of a connection beyond the two libraries. */
@NeedsBrowser
class ConnectionTest {
    private static final Path CLIENT =
            Path.of(System.getProperty("switchboard.root", "../..")).resolve("clients/javascript");
    private static final String CREATE = "Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate' })";

    @Test
    void page_needs_only_the_script_tag_of_another_origin(Windows windows) {
        var chromium = windows.chromium();
        var agent = Agent.any();
        var window = windows.open(chromium.allowed().base(), new Browser.NewContextOptions());
        // The script's host is the API, and the token function exists when it is needed.
        String sessionId = String.valueOf(window.page()
                .evaluate("""
                ([src, token]) => new Promise((resolve, reject) => {
                  globalThis.Microsoft = { Another: 1 };
                  addEventListener('CIFInitDone', () => {
                    globalThis.apiToken = async ({ renew }) => renew ? null : token;
                    Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate' }).then(resolve, reject);
                  });
                  const script = document.createElement('script');
                  Object.assign(script.dataset, { token: 'apiToken' });
                  script.src = src;
                  document.head.append(script);
                })
                """, List.of(chromium.base() + "/assets/switchboard.js", chromium.token(agent))));
        assertThat(chromium.get(agent, "/sessions/" + sessionId).path("status").asText())
                .isEqualTo("open");
        assertThat(window.run("Microsoft.Another")).isEqualTo(1);
    }

    @Test
    void module_exports_the_globals_of_the_script(Windows windows) {
        var window = windows.openClient(Agent.any());
        window.page()
                .route(
                        "**/assets/switchboard.mjs",
                        (Route route) -> route.fulfill(new Route.FulfillOptions()
                                .setContentType("text/javascript")
                                .setPath(CLIENT.resolve("switchboard.mjs"))));
        assertThat(window.run("""
                import('/assets/switchboard.mjs').then(module => [
                  module.default === Switchboard, module.Switchboard === Switchboard,
                  module.CIFramework === Microsoft.CIFramework, module.Apm === Microsoft.Apm, Switchboard.version,
                ])
                """)).isEqualTo(List.of(true, true, true, true, "0.1.0"));
    }

    @Test
    void list_is_read_page_by_page(Windows windows) {
        var agent = Agent.any();
        var window = Script.observed(windows, agent, Map.of());
        var names = window.run("""
                (async () => {
                  const names = [];
                  for await (const { uniqueName } of connection.list('/applicationTabTemplates?$top=4')) names.push(uniqueName);
                  return names;
                })()
                """);
        var all = windows.chromium()
                .get(agent, "/applicationTabTemplates?$top=100")
                .path("value");
        assertThat(names).isEqualTo(all.findValuesAsText("uniqueName"));
        assertThat(window.run("exchanges.length")).isEqualTo((all.size() + 3) / 4);
        // A next link is a URL of the API that send accepts unchanged. A token is never sent to another host.
        assertThat(window.run("""
                connection.send('GET', '/applicationTabTemplates?$top=4')
                  .then(({ body }) => connection.send('GET', body['@odata.nextLink'].replace(location.host, 'elsewhere.invalid')))
                  .then(({ body }) => body.value.length)
                """)).isEqualTo(4);
        assertThat(String.valueOf(window.run("exchanges.at(-1).url")))
                .startsWith(windows.chromium().base().toString());
    }

    @Test
    void backend_acts_for_a_user(Windows windows) {
        var agent = Agent.any().with("Sessions.ReadWrite.All");
        var bob = agent.colleague("bob").with("Sessions.Read");
        var window = Script.observed(windows, agent, Map.of("user", "bob", "polling", Map.of("shortest", 50)));
        window.run("globalThis.desk = null; void connection.watchDesk(now => { desk = now; })");
        String sessionId = String.valueOf(window.run(CREATE));
        assertThat(windows.chromium().get(bob, "/desk").path("focusedSessionId").asText())
                .isEqualTo(sessionId);
        window.page().waitForFunction("id => desk?.focusedSessionId === id", sessionId);
        window.run("Microsoft.Apm.getFocusedSession().then(session => session.close())");
        assertThat(windows.chromium()
                        .get(bob, "/sessions/" + sessionId)
                        .path("status")
                        .asText())
                .isEqualTo("closed");
    }

    @Test
    void second_configure_replaces_the_first(Windows windows) {
        var window = Script.observed(windows, Agent.any(), Map.of("polling", Map.of("shortest", 50, "longest", 100)));
        window.run("""
                globalThis.got = [];
                Microsoft.CIFramework.addHandler('mine', () => got.push('first'));
                Microsoft.CIFramework.addHandler('onSessionClosed', () => {});
                """);
        window.page().waitForFunction("() => exchanges.length >= 2");
        window.run("globalThis.first = exchanges");
        window.page()
                .evaluate(
                        "([baseUrl, form]) => { globalThis.connection = observe(baseUrl, form, { polling: { shortest: 50, longest: 100 } }, []); }",
                        List.of(
                                windows.chromium().base().toString(),
                                Agent.any().form()));
        window.run("""
                globalThis.before = first.length;
                Microsoft.CIFramework.addHandler('mine', () => got.push('second'));
                void connection.watchDesk(() => {});
                """);
        window.run("Microsoft.CIFramework.raiseEvent('mine')");
        assertThat(window.run("got")).isEqualTo(List.of("second"));
        window.page().waitForFunction("() => exchanges.length >= 5");
        assertThat((Integer) window.run("first.length - before"))
                .as("requests of the first connection, one of which may have been in progress")
                .isLessThanOrEqualTo(1);
    }
}
