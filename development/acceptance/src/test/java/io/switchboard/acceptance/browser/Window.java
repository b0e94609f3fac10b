package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A browser window, and what its console said. */
final class Window {
    /** Chromium drops its requests when a network interface comes or goes, as those of containers do beside it: no fault of a page. */
    private static final String NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED";

    private static final int LOADS = 4;

    private final Page page;
    private final List<String> complaints = new ArrayList<>();
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
                complaints.add("console %s: %s (%s)".formatted(message.type(), message.text(), message.location()));
            }
        });
        page.onPageError(error -> complaints.add("uncaught: " + error));
    }

    Page page() {
        return page;
    }

    /** Loads a page whole, however often the machine's network changes meanwhile. */
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

    /** What was written to the console, in order. */
    List<String> messages() {
        return messages;
    }

    /**
     * Complaints that hold this text are expected, at any time. Chromium itself tells the console of each answer of 400 and above
     * ({@code "status of 409"}) and of each request that got none ({@code "net::ERR"}).
     */
    Window expects(String text) {
        expected.add(text);
        return this;
    }

    /** What was complained of and not expected. */
    List<String> unexpected() {
        return complaints.stream()
                .filter(Predicate.not(complaint -> expected.stream().anyMatch(complaint::contains)))
                .toList();
    }

    /** Runs a script; a promise is awaited. */
    Object run(String script) {
        return page.evaluate(script);
    }

    /** Holds the page as it is now against axe's rules, light and dark: of the dark one only the rule on what differs, its colours. */
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

    /** Nothing is cut off or has to be scrolled to sideways in a window of this width. */
    void expectNoSidewaysScroll(int width) {
        page.setViewportSize(width, 800);
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as("width of the page in a window of " + width)
                .isEqualTo(width);
    }
}
