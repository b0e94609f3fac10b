package io.switchboard.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The remains of a closed tab that was created with an idempotency key, so that a retry does not create a second tab.
 *
 * @param tab the tab without the parameters of its page
 * @param until the time of its removal
 */
public record ClosedTab(Tab tab, Instant until) {
    /** How long retries of the creating request are recognised after a resource was deleted. */
    public static final Duration REPLAY_WINDOW = Duration.ofHours(24);

    /** The most closed tabs of a session; the oldest is removed first. DynamoDB limits a session's item to 400 KB. */
    static final int MAXIMUM = 100;

    public static ClosedTab of(Tab tab, Instant now) {
        return new ClosedTab(
                new Tab(
                        tab.tabId(),
                        tab.templateName(),
                        tab.title(),
                        tab.pageType(),
                        Map.of(),
                        null,
                        List.of(),
                        false,
                        tab.refreshCount(),
                        tab.createdDateTime(),
                        tab.requestHash()),
                now.plus(REPLAY_WINDOW));
    }
}
