package io.switchboard.template.catalog;

import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.BuiltInTemplates;
import io.switchboard.template.Origin;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All templates a tenant can name: the shipped ones and its own. Those that sessions are made from come from memory where
 * they are young enough. Thread-safe.
 */
public final class TemplateCatalog {
    private final TemplateStore store;
    private final BuiltInTemplates builtIn;
    private final TemplateCache cache;

    /** A catalog that remembers what it read for {@code cacheAge}. */
    public TemplateCatalog(TemplateStore store, BuiltInTemplates builtIn, Duration cacheAge) {
        this.store = store;
        this.builtIn = builtIn;
        this.cache = new TemplateCache(cacheAge);
    }

    /** Forgets what it remembers. */
    public void forget() {
        cache.clear();
    }

    /** The templates that are shipped. */
    public BuiltInTemplates builtIn() {
        return builtIn;
    }

    /** A template as it is now. */
    public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        @Nullable Stored<Template> shipped = builtIn.find(kind, uniqueName);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            return Optional.of(shipped);
        }
        Optional<Stored<Template>> stored = store.read(tenant, kind, uniqueName, now);
        return stored.isPresent() ? stored : Optional.ofNullable(shipped);
    }

    /**
     * A session template to make a session from, no older than the cache's age.
     *
     * @param fresh whether to pass the cache by
     */
    public Optional<Stored<Template>> sessionTemplate(String tenant, String uniqueName, boolean fresh, Instant now) {
        @Nullable Stored<Template> known = knownSessionTemplate(tenant, uniqueName, fresh, now);
        return known != null
                ? Optional.of(known)
                : foundSessionTemplate(
                        tenant,
                        uniqueName,
                        store.read(tenant, TemplateKind.SESSION_TEMPLATE, uniqueName, now)
                                .orElse(null),
                        now);
    }

    /** A session template that needs no read: one that is shipped and cannot be replaced, or one that is young enough. */
    @Nullable
    Stored<Template> knownSessionTemplate(String tenant, String uniqueName, boolean fresh, Instant now) {
        @Nullable Stored<Template> shipped = builtIn.find(TemplateKind.SESSION_TEMPLATE, uniqueName);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            return shipped;
        }
        @Nullable
        Stored<Template> remembered = fresh ? null : cache.get(tenant, TemplateKind.SESSION_TEMPLATE, uniqueName, now);
        if (remembered != null) {
            RequestLog.current().count(Metric.TEMPLATE_CACHE_HITS);
        }
        return remembered;
    }

    /**
     * The session template that a read found, remembered, or the shipped example where it found none.
     *
     * @param readAt when the read began
     */
    Optional<Stored<Template>> foundSessionTemplate(
            String tenant, String uniqueName, @Nullable Stored<Template> found, Instant readAt) {
        if (found == null) {
            return Optional.ofNullable(builtIn.find(TemplateKind.SESSION_TEMPLATE, uniqueName));
        }
        RequestLog.current().count(Metric.TEMPLATE_CACHE_MISSES);
        cache.put(tenant, found, readAt);
        return Optional.of(found);
    }

    /** Session templates by their unique names, as far as they are there; at most one read for all of them. */
    Map<String, SessionTemplate> sessionTemplates(String tenant, List<String> uniqueNames, boolean fresh, Instant now) {
        Map<String, SessionTemplate> found = new LinkedHashMap<>();
        List<String> wanted = new ArrayList<>();
        for (String uniqueName : uniqueNames) {
            @Nullable Stored<Template> known = knownSessionTemplate(tenant, uniqueName, fresh, now);
            if (known == null) {
                wanted.add(uniqueName);
            } else {
                found.put(uniqueName, (SessionTemplate) known.template());
            }
        }
        if (!wanted.isEmpty()) {
            for (Stored<Template> stored : store.readAll(tenant, TemplateKind.SESSION_TEMPLATE, wanted, now)) {
                RequestLog.current().count(Metric.TEMPLATE_CACHE_MISSES);
                cache.put(tenant, stored, now);
                found.put(stored.template().uniqueName(), (SessionTemplate) stored.template());
            }
        }
        return found;
    }

    /** Application tab templates by their unique names, as far as they are there; at most one read for all of them. */
    public Map<String, ApplicationTabTemplate> applicationTabTemplates(
            String tenant, List<String> uniqueNames, boolean fresh, Instant now) {
        Map<String, ApplicationTabTemplate> found = new LinkedHashMap<>();
        List<String> wanted = new ArrayList<>();
        for (String uniqueName : uniqueNames) {
            @Nullable Stored<Template> known = builtIn.find(TemplateKind.APPLICATION_TAB_TEMPLATE, uniqueName);
            if (known == null && !fresh) {
                known = cache.get(tenant, TemplateKind.APPLICATION_TAB_TEMPLATE, uniqueName, now);
                RequestLog.current().count(Metric.TEMPLATE_CACHE_HITS, known == null ? 0 : 1);
            }
            if (known == null) {
                wanted.add(uniqueName);
            } else {
                found.put(uniqueName, (ApplicationTabTemplate) known.template());
            }
        }
        if (!wanted.isEmpty()) {
            RequestLog.current().count(Metric.TEMPLATE_CACHE_MISSES, wanted.size());
            for (Stored<Template> stored : store.readAll(tenant, TemplateKind.APPLICATION_TAB_TEMPLATE, wanted, now)) {
                cache.put(tenant, stored, now);
                found.put(stored.template().uniqueName(), (ApplicationTabTemplate) stored.template());
            }
        }
        return found;
    }

    /** Shipped and stored templates in the order of {@link UniqueName#key}. */
    public Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        Page<Stored<Template>> stored = store.list(tenant, kind, filter, page, now);
        Map<String, Stored<Template>> merged = new java.util.TreeMap<>();
        for (Stored<Template> shipped : builtIn.all(kind)) {
            String key = UniqueName.key(shipped.template().uniqueName());
            boolean onPage = (page.after() == null || key.compareTo(page.after()) > 0)
                    && (stored.next() == null || key.compareTo(stored.next()) <= 0);
            if (onPage && filter.admits(shipped.template()) && !isReplaced(tenant, shipped, now)) {
                merged.put(key, shipped);
            }
        }
        for (Stored<Template> own : stored.items()) {
            merged.put(UniqueName.key(own.template().uniqueName()), own);
        }
        List<Stored<Template>> items = new ArrayList<>();
        @Nullable String last = null;
        for (var entry : merged.entrySet()) {
            if (items.size() == page.size()) {
                return new Page<>(items, last);
            }
            items.add(entry.getValue());
            last = entry.getKey();
        }
        return new Page<>(items, stored.next());
    }

    /** A stored template in an example's place may not be on this page, when a filter left it out. */
    private boolean isReplaced(String tenant, Stored<Template> shipped, Instant now) {
        return shipped.origin() == Origin.EXAMPLE
                && store.read(
                                tenant,
                                shipped.template().kind(),
                                shipped.template().uniqueName(),
                                now)
                        .isPresent();
    }
}
