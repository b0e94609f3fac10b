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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds templates of one kind by name: built-in, cached or stored ones. The built-in ones are loaded when they are
 * first needed, because most cold starts do not need them. Thread-safe.
 */
public final class TemplatesOfKind {
    private final TemplateKind kind;
    private final Supplier<BuiltInTemplates> shipped;
    private final TemplateReader reader;
    private final TemplateCache cache;
    private final AtomicReference<@Nullable BuiltInTemplates> builtIn = new AtomicReference<>();

    private TemplatesOfKind(
            TemplateKind kind, Supplier<BuiltInTemplates> shipped, TemplateReader reader, Duration cacheAge) {
        this.kind = kind;
        this.shipped = shipped;
        this.reader = reader;
        this.cache = new TemplateCache(cacheAge);
    }

    /**
     * Returns the notification templates of this store.
     *
     * @param cacheAge how long templates are cached; zero disables the cache
     */
    public static TemplatesOfKind notifications(TemplateReader reader, Duration cacheAge) {
        return new TemplatesOfKind(
                TemplateKind.NOTIFICATION_TEMPLATE, BuiltInTemplates::loadForNotifications, reader, cacheAge);
    }

    /**
     * Returns the presence states of this store.
     *
     * @param cacheAge how long they are cached; zero disables the cache
     */
    public static TemplatesOfKind presenceStates(TemplateReader reader, Duration cacheAge) {
        return new TemplatesOfKind(TemplateKind.PRESENCE_STATE, BuiltInTemplates::loadForPresence, reader, cacheAge);
    }

    /** Clears the cache. */
    public void clear() {
        cache.clear();
    }

    /**
     * Returns a template by its unique name.
     *
     * @param isFresh whether to bypass the cache
     */
    public Optional<Stored<Template>> find(String tenant, String uniqueName, boolean isFresh, Instant now) {
        @Nullable Stored<Template> ours = builtIn().find(kind, uniqueName);
        if (ours != null && ours.origin() == Origin.BUILT_IN) {
            return Optional.of(ours);
        }
        @Nullable Stored<Template> cached = isFresh ? null : cache.get(tenant, kind, uniqueName, now);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Stored<Template>> found = reader.read(tenant, kind, uniqueName, now);
        found.ifPresent(stored -> cache.put(tenant, stored, now));
        return found.isPresent() ? found : Optional.ofNullable(ours);
    }

    private BuiltInTemplates builtIn() {
        @Nullable BuiltInTemplates loaded = builtIn.get();
        if (loaded == null) {
            // Two threads may both load them; the result is the same.
            loaded = shipped.get();
            builtIn.set(loaded);
        }
        return loaded;
    }
}
