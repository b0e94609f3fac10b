package io.switchboard.acceptance.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The scripts of the tests, which are resources next to the suites. */
final class Script {
    private Script() {}

    /** Runs a script in a window. */
    static void add(Window window, String name) {
        try (var script = Objects.requireNonNull(Script.class.getResourceAsStream(name), name)) {
            window.page()
                    .addScriptTag(new Page.AddScriptTagOptions().setContent(new String(script.readAllBytes(), UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a window whose client is observed by observed.js. */
    static Window observed(Windows windows, Agent agent, Map<String, Object> settings) {
        return observed(windows, agent, settings, List.of());
    }

    /** Opens an observed window whose first tokens have these lifetimes in seconds. */
    static Window observed(Windows windows, Agent agent, Map<String, Object> settings, List<Integer> expired) {
        Window window = windows.openClient(agent);
        observe(windows, window, agent, settings, expired);
        return window;
    }

    /** Configures an observed client in a window. */
    static void observe(
            Windows windows, Window window, Agent agent, Map<String, Object> settings, List<Integer> expired) {
        add(window, "observed.js");
        window.page()
                .evaluate(
                        "([baseUrl, form, settings, expired]) => { globalThis.connection = observe(baseUrl, form, settings, expired); }",
                        List.of(windows.chromium().base().toString(), agent.form(), settings, expired));
    }
}
