package io.switchboard.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The source of a session's title. It is a copy, so that later changes of the template do not affect the session.
 *
 * @param title the template's title with its slugs; null for none
 * @param fallbackTitles titles to try in order if the title resolves to an empty text
 * @param name the name of the template, which is the last fallback
 * @param appliesTitleToAnchorTab whether the anchor tab has the title of the session
 * @param defaults the default values of the template's parameters, for slugs without a sent value
 */
public record Rendering(
        @Nullable String title,
        List<String> fallbackTitles,
        String name,
        boolean appliesTitleToAnchorTab,
        Map<String, Object> defaults) {
    public Rendering {
        fallbackTitles = List.copyOf(fallbackTitles);
        defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    }
}
