package io.switchboard.session.resolve;

import io.switchboard.slug.SlugText;
import io.switchboard.slug.TextResolver;
import java.util.Map;

/**
 * Provides the values for slugs of templates: first the values of a tab, then the context, then the defaults. Not
 * thread-safe.
 */
final class SlugValues {
    private final Map<String, Object> context;
    private final Map<String, Object> defaults;
    private final RecordLookup records;

    SlugValues(Map<String, Object> context, Map<String, Object> defaults, RecordLookup records) {
        this.context = context;
        this.defaults = defaults;
        this.records = records;
    }

    /** Returns the values for a template's text. The given values take precedence over the context. Queries run. */
    SlugText.Source of(Map<String, Object> own) {
        SlugText.Source inner = key -> key.startsWith(TextResolver.ANCHOR)
                ? records.attribute(key.substring(TextResolver.ANCHOR.length()))
                : TextResolver.first(key, own, context, defaults);
        return key -> SlugText.isQuery(key) ? records.query(key, inner) : inner.value(key);
    }
}
