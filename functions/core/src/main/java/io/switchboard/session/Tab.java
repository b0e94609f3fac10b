package io.switchboard.session;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open tab of a session: a resolved copy of its application tab template.
 *
 * @param templateName the application tab template; null for the anchor of an Entity session
 * @param parameters what the page is opened with: text, numbers and booleans
 * @param url the composed, encoded address; only for third-party websites
 * @param refreshCount how often the page was requested to be loaded again
 * @param requestHash the request that made it, where that had an idempotency key; null for others
 */
public record Tab(
        String tabId,
        @Nullable String templateName,
        String title,
        String pageType,
        Map<String, Object> parameters,
        @Nullable String url,
        List<String> tags,
        boolean canClose,
        int refreshCount,
        Instant createdDateTime,
        @Nullable String requestHash) {
    public Tab {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        tags = List.copyOf(tags);
    }

    /** The same tab with another title. */
    public Tab withTitle(String newTitle) {
        return new Tab(
                tabId,
                templateName,
                newTitle,
                pageType,
                parameters,
                url,
                tags,
                canClose,
                refreshCount,
                createdDateTime,
                requestHash);
    }

    /** The same tab, closable or not. */
    public Tab withCanClose(boolean newCanClose) {
        return new Tab(
                tabId,
                templateName,
                title,
                pageType,
                parameters,
                url,
                tags,
                newCanClose,
                refreshCount,
                createdDateTime,
                requestHash);
    }

    /** The same tab, to be loaded once more. */
    public Tab refreshed() {
        return new Tab(
                tabId,
                templateName,
                title,
                pageType,
                parameters,
                url,
                tags,
                canClose,
                refreshCount + 1,
                createdDateTime,
                requestHash);
    }
}
