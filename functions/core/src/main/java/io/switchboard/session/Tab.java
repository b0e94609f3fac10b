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
 * @param parameters the parameters of the page: texts, numbers and booleans
 * @param url the composed, encoded address of a third-party website; null for other pages
 * @param refreshCount the number of requests to reload the page
 * @param requestHash the hash of the creating request; null if it had no idempotency key
 * @param markers what the page reports about the tab
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
        @Nullable String requestHash,
        TabMarkers markers) {
    public Tab {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        tags = List.copyOf(tags);
    }

    /** Creates a tab without markers. */
    public Tab(
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
        this(
                tabId,
                templateName,
                title,
                pageType,
                parameters,
                url,
                tags,
                canClose,
                refreshCount,
                createdDateTime,
                requestHash,
                TabMarkers.NONE);
    }

    /** Returns a copy with this title. */
    public Tab withTitle(String newTitle) {
        return with(newTitle, canClose, refreshCount, markers);
    }

    /** Returns a copy that can be closed or not. */
    public Tab withCanClose(boolean newCanClose) {
        return with(title, newCanClose, refreshCount, markers);
    }

    /** Returns a copy with one more request to reload the page. */
    public Tab refreshed() {
        return with(title, canClose, refreshCount + 1, markers);
    }

    /** Returns a copy with these markers. */
    public Tab withMarkers(TabMarkers newMarkers) {
        return with(title, canClose, refreshCount, newMarkers);
    }

    private Tab with(String newTitle, boolean newCanClose, int newRefreshCount, TabMarkers newMarkers) {
        return new Tab(
                tabId,
                templateName,
                newTitle,
                pageType,
                parameters,
                url,
                tags,
                newCanClose,
                newRefreshCount,
                createdDateTime,
                requestHash,
                newMarkers);
    }
}
