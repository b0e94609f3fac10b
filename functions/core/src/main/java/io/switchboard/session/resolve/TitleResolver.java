package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.TextResolver;
import io.switchboard.template.Template;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves titles of sessions. */
final class TitleResolver {
    static final List<String> FALLBACK_KEYS = List.of("customerName", "caseTitle");
    private static final String TARGET = "title";

    private TitleResolver() {}

    /**
     * Resolves a session's title.
     *
     * @param configured the title of the template; null for none
     * @param values provides the values of slugs
     * @param context contains {@code customerName} and {@code caseTitle}
     * @param name the name of the template, which is the last fallback
     */
    static String resolve(
            TextResolver texts,
            @Nullable String configured,
            List<String> fallbackTitles,
            SlugText.Source values,
            Map<String, Object> context,
            String name) {
        String title = configured == null ? "" : texts.resolve(configured, values, SlugText.Encoding.TEXT, TARGET);
        for (String fallback : fallbackTitles) {
            if (!title.isBlank()) {
                break;
            }
            // A fallback title applies only if all of its slugs have values.
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
