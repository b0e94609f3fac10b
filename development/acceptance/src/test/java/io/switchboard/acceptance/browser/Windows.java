package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The windows of one test. Each has a browser context of its own: its own storage, as on another machine. */
final class Windows {
    /** How long a test waits for what should be there: long enough for a machine that deploys the system beside it. */
    static final double PATIENCE_MILLISECONDS = 30_000;

    /**
     * {@code -Dswitchboard.browser.slowdown=4} finds the tests that act before the page has: its scripts run so many times slower, and answers
     * and the opening of details come late.
     */
    private static final int SLOWDOWN = Integer.getInteger("switchboard.browser.slowdown", 1);

    private static final int LATE_MILLISECONDS = 250;

    /** Details open at once, but what they are filled by is told late. */
    private static final String LATE_TOGGLES = """
            const told = new WeakSet();
            document.addEventListener('toggle', event => {
              if (told.has(event)) return;
              event.stopImmediatePropagation();
              const { target } = event;
              const again = new Event('toggle');
              told.add(again);
              setTimeout(() => target.dispatchEvent(again), %d);
            }, true);
            """.formatted(LATE_MILLISECONDS);

    private static final String BLANK =
            "<!doctype html><html lang=\"en\"><title>Client</title><link rel=\"icon\" href=\"data:,\">"
                    + "<script src=\"/assets/switchboard.js\"></script></html>";

    private final Chromium chromium;
    private final List<Window> windows = new ArrayList<>();

    Windows(Chromium chromium) {
        this.chromium = chromium;
    }

    /** The API, and the other origins. */
    Chromium chromium() {
        return chromium;
    }

    /** A window of 1280 x 800 on a page of this server, such as {@code /}. */
    Window open(String path) {
        return open(chromium.base().resolve(path), new Browser.NewContextOptions().setViewportSize(1280, 800));
    }

    /** A window on any page. */
    Window open(URI page, Browser.NewContextOptions options) {
        var window = add(chromium.browser().newContext(options));
        window.load(page.toString());
        return window;
    }

    private Window add(BrowserContext context) {
        context.setDefaultTimeout(PATIENCE_MILLISECONDS);
        var page = context.newPage();
        if (SLOWDOWN > 1) {
            slowDown(context, page);
        }
        var window = new Window(page);
        windows.add(window);
        return window;
    }

    private static void slowDown(BrowserContext context, Page page) {
        context.addInitScript(LATE_TOGGLES);
        var session = context.newCDPSession(page);
        var processor = new JsonObject();
        processor.addProperty("rate", SLOWDOWN);
        session.send("Emulation.setCPUThrottlingRate", processor);
        var network = new JsonObject();
        network.addProperty("offline", false);
        network.addProperty("latency", LATE_MILLISECONDS);
        network.addProperty("downloadThroughput", -1);
        network.addProperty("uploadThroughput", -1);
        session.send("Network.enable");
        session.send("Network.emulateNetworkConditions", network);
    }

    /** A window with nothing but the client, configured for the agent: {@link #configure}. */
    Window openClient(Agent agent) {
        return openClient(agent, Map.of());
    }

    /** The same, with these settings besides {@code baseUrl} and {@code token}. */
    Window openClient(Agent agent, Map<String, Object> settings) {
        var context = chromium.browser().newContext();
        // The pages have a policy that forbids a test's own scripts.
        context.route(
                "**/blank.html",
                (Route route) -> route.fulfill(
                        new Route.FulfillOptions().setContentType("text/html").setBody(BLANK)));
        var window = add(context);
        window.load(chromium.base() + "/blank.html");
        configure(window, agent, settings);
        return window;
    }

    /**
     * Configures the client of a page. Its {@code connection} is a global, and {@code tokens} the list of what the token callback was asked: true
     * for a renewal.
     */
    void configure(Window window, Agent agent, Map<String, Object> settings) {
        window.page().evaluate("""
                ([baseUrl, form, settings]) => {
                  globalThis.tokens = [];
                  const token = async ({ renew }) => {
                    tokens.push(renew);
                    const answer = await fetch(`${baseUrl}/oauth2/token`, {
                      method: 'POST',
                      headers: { Accept: 'text/plain', 'Content-Type': 'application/x-www-form-urlencoded' },
                      body: renew ? form.replace(/&expires_in=[^&]*/, '') : form,
                    });
                    return answer.text();
                  };
                  globalThis.connection = Switchboard.configure({ baseUrl, token, ...settings });
                }
                """, List.of(chromium.base().toString(), agent.form(), settings));
    }

    /** Closes all, and tells of what no test has expected. */
    void close(boolean failed) {
        var unexpected = new ArrayList<String>();
        for (Window window : windows) {
            unexpected.addAll(window.unexpected());
            window.page().context().close();
        }
        if (!failed) {
            assertThat(unexpected).as("what the browser complained of").isEmpty();
        }
    }
}
