package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

@NeedsBrowser
class WindowsTest {
    @Test
    void client_without_a_page_calls_the_API(Windows windows) {
        var agent = Agent.any();
        var window = windows.openClient(agent, Map.of("timeout", 5_000));
        var sessionId = window.run("Microsoft.CIFramework.createSession({ templateName: 'CallSessionTemplate' })");
        assertThat(windows.chromium()
                        .get(agent, "/sessions/" + sessionId)
                        .path("templateName")
                        .asText())
                .isEqualTo("CallSessionTemplate");
        assertThat(window.run("tokens")).isEqualTo(java.util.List.of(false));
    }

    @Test
    void console_errors_are_detected(Windows windows) {
        var window = windows.openClient(Agent.any());
        window.run("console.error('one'); console.error('two'); setTimeout(() => { throw new Error('three'); })");
        window.page().waitForCondition(() -> window.unexpected().size() == 3);
        window.expects("one").expects("two");
        assertThat(window.unexpected()).singleElement().asString().contains("three");
        window.expects("three");
    }
}
