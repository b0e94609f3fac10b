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

/** The windows of one test. Each has its own browser context with its own storage, as on another machine. */
final class Windows {
    /**
     * The time that a test waits for an expected state, long enough for a machine that deploys the system at the same
     * time.
     */
    static final double TIMEOUT_MILLISECONDS = 30_000;

    /**
     * {@code -Dswitchboard.browser.slowdown=4} finds tests that act before the page is ready: scripts run slower by
     * this factor, and responses and the opening of details are delayed.
     */
    private static final int SLOWDOWN = Integer.getInteger("switchboard.browser.slowdown", 1);

    private static final int LATE_MILLISECONDS = 250;

    /** Details open immediately, but the event that fills them is delayed. */
    private static final String LATE_TOGGLES = """
            const dispatched = new WeakSet();
            document.addEventListener('toggle', event => {
              if (dispatched.has(event)) return;
              event.stopImmediatePropagation();
              const { target } = event;
              const again = new Event('toggle');
              dispatched.add(again);
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

    /** Returns the browser with the API and the other origins. */
    Chromium chromium() {
        return chromium;
    }

    /** Opens a window of 1280 x 800 with a page of this server, for example {@code /}. */
    Window open(String path) {
        return open(chromium.base().resolve(path), new Browser.NewContextOptions().setViewportSize(1280, 800));
    }

    /** Opens a window with any page. */
    Window open(URI page, Browser.NewContextOptions options) {
        var window = add(chromium.browser().newContext(options));
        window.load(page.toString());
        return window;
    }

    private Window add(BrowserContext context) {
        context.setDefaultTimeout(TIMEOUT_MILLISECONDS);
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

    /** Opens a window with only the client, configured for the agent; see {@link #configure}. */
    Window openClient(Agent agent) {
        return openClient(agent, Map.of());
    }

    /** Opens a window with only the client, with these settings besides {@code baseUrl} and {@code token}. */
    Window openClient(Agent agent, Map<String, Object> settings) {
        var context = chromium.browser().newContext();
        // The pages' content security policy blocks the scripts of a test.
        context.route(
                "**/blank.html",
                (Route route) -> route.fulfill(
                        new Route.FulfillOptions().setContentType("text/html").setBody(BLANK)));
        // Chromium does not let pages that a test has written open WebSockets to this machine without it.
        context.grantPermissions(List.of("local-network-access"));
        var window = add(context);
        window.load(chromium.base() + "/blank.html");
        configure(window, agent, settings);
        return window;
    }

    /**
     * Configures the client of a page. The globals are {@code connection}, and {@code tokens}, which lists the calls of
     * the token callback: true for a renewal.
     */
    void configure(Window window, Agent agent, Map<String, Object> settings) {
        window.page().evaluate("""
                ([baseUrl, form, settings]) => {
                  globalThis.tokens = [];
                  const token = async ({ renew }) => {
                    tokens.push(renew);
                    const response = await fetch(`${baseUrl}/oauth2/token`, {
                      method: 'POST',
                      headers: { Accept: 'text/plain', 'Content-Type': 'application/x-www-form-urlencoded' },
                      body: renew ? form.replace(/&expires_in=[^&]*/, '') : form,
                    });
                    return response.text();
                  };
                  globalThis.connection = Switchboard.configure({ baseUrl, token, ...settings });
                }
                """, List.of(chromium.base().toString(), agent.form(), settings));
    }

    /** Closes all windows and fails if one had unexpected errors. */
    void close(boolean failed) {
        var unexpected = new ArrayList<String>();
        for (Window window : windows) {
            unexpected.addAll(window.unexpected());
            window.page().context().close();
        }
        if (!failed) {
            assertThat(unexpected).as("unexpected errors of the browser").isEmpty();
        }
    }
}
