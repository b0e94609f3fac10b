package io.switchboard.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session's title is rendered from: its own copy, so that a template that is changed or deleted later changes nothing.
 *
 * @param title the template's title with its slugs; null for none
 * @param fallbackTitles stand in, in order, where the title comes out empty
 * @param name the template's name, which stands in last
 * @param appliesTitleToAnchorTab whether the anchor tab bears the session's title
 * @param defaults the template's parameters that have a default: what a slug says where nobody sent a value
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
