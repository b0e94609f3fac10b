package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A browser window and its console messages. */
final class Window {
    /**
     * Chromium aborts its requests when a network interface appears or disappears, for example that of a container.
     * This is not an error of a page.
     */
    private static final String NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED";

    private static final int LOADS = 4;

    private final Page page;
    private final List<String> errors = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private boolean interrupted;

    Window(Page page) {
        this.page = page;
        page.onConsoleMessage(message -> {
            if (message.text().contains(NETWORK_CHANGED)) {
                interrupted = true;
                return;
            }
            messages.add(message.text());
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add("console %s: %s (%s)".formatted(message.type(), message.text(), message.location()));
            }
        });
        page.onPageError(error -> errors.add("uncaught: " + error));
    }

    Page page() {
        return page;
    }

    /** Loads a page completely, even if the machine's network changes during the load. */
    void load(String url) {
        for (int load = 1; ; load++) {
            interrupted = false;
            try {
                page.navigate(url);
            } catch (PlaywrightException e) {
                if (!String.valueOf(e.getMessage()).contains(NETWORK_CHANGED) || load == LOADS) {
                    throw e;
                }
                interrupted = true;
            }
            if (!interrupted || load == LOADS) {
                return;
            }
        }
    }

    /** Returns the console messages in order. */
    List<String> messages() {
        return messages;
    }

    /**
     * Allows console errors that contain this text. Chromium logs each response of 400 and above ({@code "status of
     * 409"}) and each request without a response ({@code "net::ERR"}).
     */
    Window expects(String text) {
        expected.add(text);
        return this;
    }

    /** Returns the unexpected console errors. */
    List<String> unexpected() {
        return errors.stream()
                .filter(Predicate.not(complaint -> expected.stream().anyMatch(complaint::contains)))
                .toList();
    }

    /** Runs a script and awaits a promise. */
    Object run(String script) {
        return page.evaluate(script);
    }

    /**
     * Checks the current page against axe's rules, light and dark. The dark page is checked only for colours, the only
     * difference.
     */
    void expectNoViolations() {
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            var rules = new AxeBuilder(page);
            var found = (scheme == ColorScheme.DARK ? rules.withRules(List.of("color-contrast")) : rules)
                    .analyze().getViolations().stream()
                            .map(rule -> "%s, %s: %s"
                                    .formatted(
                                            scheme,
                                            rule.getId(),
                                            rule.getNodes().stream()
                                                    .map(node -> node.getTarget() + " "
                                                            + node.getFailureSummary()
                                                                    .replaceAll("\\s+", " "))
                                                    .toList()))
                            .toList();
            assertThat(found).as("violations of axe's rules").isEmpty();
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    /** Checks that nothing is cut off or needs horizontal scrolling in a window of this width. */
    void expectNoSidewaysScroll(int width) {
        page.setViewportSize(width, 800);
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as("width of the page in a window of " + width)
                .isEqualTo(width);
    }
}
