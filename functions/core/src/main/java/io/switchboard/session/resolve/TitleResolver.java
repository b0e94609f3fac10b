package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.TextResolver;
import io.switchboard.template.Template;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The title of a session. */
final class TitleResolver {
    static final List<String> FALLBACK_KEYS = List.of("customerName", "caseTitle");
    private static final String TARGET = "title";

    private TitleResolver() {}

    /**
     * Resolves a session's title.
     *
     * @param configured the template's; null for none
     * @param values where slugs get their values
     * @param context where {@code customerName} and {@code caseTitle} are looked for
     * @param name what is left where nothing else gives a title
     */
    static String resolve(
            TextResolver texts,
            @Nullable String configured,
            List<String> fallbackTitles,
            SlugText.Source values,
            Map<String, Object> context,
            String name) {
        String title = configured == null ? "" : texts.resolve(configured, values, SlugText.Place.TEXT, TARGET);
        for (String fallback : fallbackTitles) {
            if (!title.isBlank()) {
                break;
            }
            // One counts only where all of its slugs resolve.
            title = texts.resolveWhole(fallback, values);
        }
        for (String key : FALLBACK_KEYS) {
            @Nullable Object value = TextResolver.scalar(key, context);
            if (title.isBlank() && value != null) {
                title = ObjectReader.textOf(value);
            }
        }
        return texts.cut(title.isBlank() ? name : title, Template.MAXIMUM_TITLE, TARGET);
    }
}
