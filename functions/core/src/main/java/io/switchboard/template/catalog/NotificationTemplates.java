package io.switchboard.template.catalog;

import io.switchboard.template.Origin;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.TemplateReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds notification templates for offers: built-in, cached or stored ones. The built-in ones are loaded when they are
 * first needed, because most cold starts do not need them. Thread-safe.
 */
public final class NotificationTemplates {
    private static final TemplateKind KIND = TemplateKind.NOTIFICATION_TEMPLATE;

    private final TemplateReader reader;
    private final TemplateCache cache;
    private final AtomicReference<@Nullable BuiltInTemplates> builtIn = new AtomicReference<>();

    /**
     * Creates a source of the notification templates of this store.
     *
     * @param cacheAge how long templates are cached; zero disables the cache
     */
    public NotificationTemplates(TemplateReader reader, Duration cacheAge) {
        this.reader = reader;
        this.cache = new TemplateCache(cacheAge);
    }

    /** Clears the cache. */
    public void clear() {
        cache.clear();
    }

    /**
     * Returns a notification template by its unique name.
     *
     * @param isFresh whether to bypass the cache
     */
    public Optional<Stored<Template>> find(String tenant, String uniqueName, boolean isFresh, Instant now) {
        @Nullable Stored<Template> shipped = builtIn().find(KIND, uniqueName);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            return Optional.of(shipped);
        }
        @Nullable Stored<Template> cached = isFresh ? null : cache.get(tenant, KIND, uniqueName, now);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Stored<Template>> found = reader.read(tenant, KIND, uniqueName, now);
        found.ifPresent(stored -> cache.put(tenant, stored, now));
        return found.isPresent() ? found : Optional.ofNullable(shipped);
    }

    private BuiltInTemplates builtIn() {
        @Nullable BuiltInTemplates loaded = builtIn.get();
        if (loaded == null) {
            // Two threads may both load them; the result is the same.
            loaded = BuiltInTemplates.loadForNotifications();
            builtIn.set(loaded);
        }
        return loaded;
    }
}
