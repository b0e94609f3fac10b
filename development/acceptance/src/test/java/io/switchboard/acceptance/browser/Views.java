package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** The views of the desk page. */
final class Views {
    private Views() {}

    /** Opens a window with the view at {@code address}, for example {@code #/call-records}, for a signed-in user. */
    static Window open(Windows windows, Agent agent, String address) {
        return open(windows, agent, "/", address);
    }

    /** Opens a view of a page other than the desk. */
    static Window open(Windows windows, Agent agent, String path, String address) {
        var identity = Map.of(
                "kind", "local",
                "tenant", agent.tenant(),
                "user", agent.user(),
                "provider", agent.provider(),
                "roles", "",
                "permissions", agent.permissions());
        var window = windows.open(path);
        // Stores the identity as the page does for a reloaded window.
        window.page().evaluate("""
                ([identity, address]) => {
                  sessionStorage.setItem('switchboard.identity', JSON.stringify(identity));
                  location.hash = address;
                }
                """, List.of(identity, address));
        window.page().reload();
        return window;
    }

    /** Checks the view, because it scrolls separately and the page's own width does not show overflow in it. */
    static void expectNoSidewaysScroll(Window window, int width) {
        window.expectNoSidewaysScroll(width);
        assertThat(
                        window.page()
                                .evaluate(
                                        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('main'))"))
                .as("horizontal overflow of the view in a window of " + width)
                .isEqualTo(0);
    }
}
