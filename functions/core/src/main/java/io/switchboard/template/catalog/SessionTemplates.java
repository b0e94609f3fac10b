package io.switchboard.template.catalog;

import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.template.Origin;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.TemplateReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds session templates for new sessions: built-in, cached or stored ones. Thread-safe. */
final class SessionTemplates {
    private static final TemplateKind KIND = TemplateKind.SESSION_TEMPLATE;

    private final TemplateReader reader;
    private final BuiltInTemplates builtIn;
    private final TemplateCache cache;

    SessionTemplates(TemplateReader reader, BuiltInTemplates builtIn, TemplateCache cache) {
        this.reader = reader;
        this.builtIn = builtIn;
        this.cache = cache;
    }

    /**
     * Returns a session template that is not older than the age of the cache.
     *
     * @param isFresh whether to bypass the cache
     */
    Optional<Stored<Template>> find(String tenant, String uniqueName, boolean isFresh, Instant now) {
        @Nullable Stored<Template> known = known(tenant, uniqueName, isFresh, now);
        return known != null
                ? Optional.of(known)
                : found(
                        tenant,
                        uniqueName,
                        reader.read(tenant, KIND, uniqueName, now).orElse(null),
                        now);
    }

    /** Returns a session template that does not have to be read: a read-only built-in or cached one; null for none. */
    @Nullable
    Stored<Template> known(String tenant, String uniqueName, boolean isFresh, Instant now) {
        @Nullable Stored<Template> shipped = builtIn.find(KIND, uniqueName);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            return shipped;
        }
        @Nullable Stored<Template> remembered = isFresh ? null : cache.get(tenant, KIND, uniqueName, now);
        if (remembered != null) {
            RequestLog.current().count(Metric.TEMPLATE_CACHE_HITS);
        }
        return remembered;
    }

    /**
     * Caches and returns the session template that was read, or returns the built-in example if none was found.
     *
     * @param readAt the time when the read began
     */
    Optional<Stored<Template>> found(
            String tenant, String uniqueName, @Nullable Stored<Template> found, Instant readAt) {
        if (found == null) {
            return Optional.ofNullable(builtIn.find(KIND, uniqueName));
        }
        RequestLog.current().count(Metric.TEMPLATE_CACHE_MISSES);
        cache.put(tenant, found, readAt);
        return Optional.of(found);
    }

    /** Returns the existing session templates by unique name. Uses at most one read. */
    Map<String, SessionTemplate> findAll(String tenant, List<String> uniqueNames, boolean isFresh, Instant now) {
        Map<String, SessionTemplate> found = new LinkedHashMap<>();
        List<String> uncached = new ArrayList<>();
        for (String uniqueName : uniqueNames) {
            @Nullable Stored<Template> known = known(tenant, uniqueName, isFresh, now);
            if (known == null) {
                uncached.add(uniqueName);
            } else {
                found.put(uniqueName, (SessionTemplate) known.template());
            }
        }
        if (!uncached.isEmpty()) {
            for (Stored<Template> stored : reader.readAll(tenant, KIND, uncached, now)) {
                RequestLog.current().count(Metric.TEMPLATE_CACHE_MISSES);
                cache.put(tenant, stored, now);
                found.put(stored.template().uniqueName(), (SessionTemplate) stored.template());
            }
        }
        return found;
    }
}
