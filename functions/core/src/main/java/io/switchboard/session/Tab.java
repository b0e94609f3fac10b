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
        Instant createdDateTime) {
    public Tab {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        tags = List.copyOf(tags);
    }
}
