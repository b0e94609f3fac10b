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

/** Application tab templates to open tabs from: shipped, from memory if they are young enough, or read. Thread-safe. */
public final class ApplicationTabTemplates {
    private static final TemplateKind KIND = TemplateKind.APPLICATION_TAB_TEMPLATE;

    private final TemplateBatchReader reader;
    private final BuiltInTemplates builtIn;
    private final TemplateCache cache;

    /**
     * The application tab templates of this store.
     *
     * @param cacheAge how long reads are kept; zero keeps none
     */
    public ApplicationTabTemplates(TemplateBatchReader reader, BuiltInTemplates builtIn, Duration cacheAge) {
        this(reader, builtIn, new TemplateCache(cacheAge));
    }

    ApplicationTabTemplates(TemplateBatchReader reader, BuiltInTemplates builtIn, TemplateCache cache) {
        this.reader = reader;
        this.builtIn = builtIn;
        this.cache = cache;
    }

    /** Forgets what it remembers. */
    public void forget() {
        cache.clear();
    }

    /**
     * Application tab templates by their unique names, as far as they exist; at most one read for all of them.
     *
     * @param isFresh whether to ignore the memory
     */
    public Map<String, ApplicationTabTemplate> find(
            String tenant, List<String> uniqueNames, boolean isFresh, Instant now) {
        Map<String, ApplicationTabTemplate> found = new LinkedHashMap<>();
        List<String> wanted = new ArrayList<>();
        for (String uniqueName : uniqueNames) {
            @Nullable Stored<Template> known = builtIn.find(KIND, uniqueName);
            if (known == null && !isFresh) {
                known = cache.get(tenant, KIND, uniqueName, now);
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
            for (Stored<Template> stored : reader.readAll(tenant, KIND, wanted, now)) {
                cache.put(tenant, stored, now);
                found.put(stored.template().uniqueName(), (ApplicationTabTemplate) stored.template());
            }
        }
        return found;
    }
}
