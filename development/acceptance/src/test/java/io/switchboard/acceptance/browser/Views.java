package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** The views of the desk page. */
final class Views {
    private Views() {}

    /** A window on the view at {@code address}, such as {@code #/call-records}, of somebody who is signed in. */
    static Window open(Windows windows, Agent agent, String address) {
        return open(windows, agent, "/", address);
    }

    /** The same on another page than the desk's. */
    static Window open(Windows windows, Agent agent, String path, String address) {
        var identity = Map.of(
                "kind", "local",
                "tenant", agent.tenant(),
                "user", agent.user(),
                "provider", agent.provider(),
                "roles", "",
                "permissions", agent.permissions());
        var window = windows.open(path);
        // As the page keeps it for a window that is loaded anew.
        window.page().evaluate("""
                ([identity, address]) => {
                  sessionStorage.setItem('switchboard.identity', JSON.stringify(identity));
                  location.hash = address;
                }
                """, List.of(identity, address));
        window.page().reload();
        return window;
    }

    /** The view scrolls by itself, so the page's own width tells nothing of what is cut off in it. */
    static void expectNoSidewaysScroll(Window window, int width) {
        window.expectNoSidewaysScroll(width);
        assertThat(
                        window.page()
                                .evaluate(
                                        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('main'))"))
                .as("what the view is too wide by in a window of " + width)
                .isEqualTo(0);
    }
}
