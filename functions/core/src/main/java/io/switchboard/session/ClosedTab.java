package io.switchboard.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is left of a closed tab that was made with an idempotency key, so that a repeat of its request makes no second one.
 *
 * @param tab the tab without what its page was opened with
 * @param until when it is forgotten
 */
public record ClosedTab(Tab tab, Instant until) {
    /** How long a deleted resource is known to repeats of the request that made it. */
    public static final Duration MEMORY = Duration.ofHours(24);

    /** How many a session remembers; the oldest goes first. A session's item may not outgrow DynamoDB's 400 KB. */
    static final int MOST = 100;

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
                now.plus(MEMORY));
    }
}
