package io.switchboard.template.catalog;

import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Caches templates per tenant for a short time. Missing templates are not cached. Thread-safe. */
final class TemplateCache {
    private static final int LARGEST = 1_000;

    private final ShortLivedCache<Stored<Template>> entries;

    /** Creates a cache with this maximum age; zero disables the cache. */
    TemplateCache(Duration age) {
        this.entries = new ShortLivedCache<>(age, LARGEST);
    }

    @Nullable
    Stored<Template> get(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        return entries.get(key(tenant, kind, uniqueName), now);
    }

    /** @param readAt the time when the read began, because the template can have changed since then */
    void put(String tenant, Stored<Template> stored, Instant readAt) {
        Template template = stored.template();
        entries.put(key(tenant, template.kind(), template.uniqueName()), stored, readAt);
    }

    void clear() {
        entries.clear();
    }

    /** A text instead of a record, because the first hash of a record adds about ten milliseconds to a cold start. */
    private static String key(String tenant, TemplateKind kind, String uniqueName) {
        return kind.text() + '#' + tenant.length() + '#' + tenant + uniqueName;
    }
}
