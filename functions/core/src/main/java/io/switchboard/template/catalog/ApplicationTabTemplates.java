package io.switchboard.template.catalog;

import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.TemplateBatchReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds application tab templates for tabs: built-in, cached or stored ones. Thread-safe. */
public final class ApplicationTabTemplates {
    private static final TemplateKind KIND = TemplateKind.APPLICATION_TAB_TEMPLATE;

    private final TemplateBatchReader reader;
    private final BuiltInTemplates builtIn;
    private final TemplateCache cache;

    /**
     * Creates a source of the application tab templates of this store.
     *
     * @param cacheAge how long templates are cached; zero disables the cache
     */
    public ApplicationTabTemplates(TemplateBatchReader reader, BuiltInTemplates builtIn, Duration cacheAge) {
        this(reader, builtIn, new TemplateCache(cacheAge));
    }

    ApplicationTabTemplates(TemplateBatchReader reader, BuiltInTemplates builtIn, TemplateCache cache) {
        this.reader = reader;
        this.builtIn = builtIn;
        this.cache = cache;
    }

    /** Clears the cache. */
    public void clear() {
        cache.clear();
    }

    /**
     * Returns the existing application tab templates by unique name. Uses at most one read.
     *
     * @param isFresh whether to bypass the cache
     */
    public Map<String, ApplicationTabTemplate> find(
            String tenant, List<String> uniqueNames, boolean isFresh, Instant now) {
        Map<String, ApplicationTabTemplate> found = new LinkedHashMap<>();
        List<String> uncached = new ArrayList<>();
        for (String uniqueName : uniqueNames) {
            @Nullable Stored<Template> known = builtIn.find(KIND, uniqueName);
            if (known == null && !isFresh) {
                known = cache.get(tenant, KIND, uniqueName, now);
                RequestLog.current().count(Metric.TEMPLATE_CACHE_HITS, known == null ? 0 : 1);
            }
            if (known == null) {
                uncached.add(uniqueName);
            } else {
                found.put(uniqueName, (ApplicationTabTemplate) known.template());
            }
        }
        if (!uncached.isEmpty()) {
            RequestLog.current().count(Metric.TEMPLATE_CACHE_MISSES, uncached.size());
            for (Stored<Template> stored : reader.readAll(tenant, KIND, uncached, now)) {
                cache.put(tenant, stored, now);
                found.put(stored.template().uniqueName(), (ApplicationTabTemplate) stored.template());
            }
        }
        return found;
    }
}
