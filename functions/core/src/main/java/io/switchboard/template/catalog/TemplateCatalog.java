package io.switchboard.template.catalog;

import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.Origin;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and lists all templates of a tenant, built-in and stored, without a cache. Thread-safe. */
public final class TemplateCatalog {
    private final TemplateReader reader;
    private final BuiltInTemplates builtIn;

    /** Creates a catalog of the built-in templates and the templates of this store. */
    public TemplateCatalog(TemplateReader reader, BuiltInTemplates builtIn) {
        this.reader = reader;
        this.builtIn = builtIn;
    }

    /** Returns the built-in templates. */
    public BuiltInTemplates builtIn() {
        return builtIn;
    }

    /** Returns the current version of a template. */
    public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        @Nullable Stored<Template> shipped = builtIn.find(kind, uniqueName);
        if (shipped != null && shipped.origin() == Origin.BUILT_IN) {
            return Optional.of(shipped);
        }
        Optional<Stored<Template>> stored = reader.read(tenant, kind, uniqueName, now);
        return stored.isPresent() ? stored : Optional.ofNullable(shipped);
    }

    /** Lists built-in and stored templates in the order of {@link UniqueName#key}. */
    public Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        Page<Stored<Template>> stored = reader.list(tenant, kind, filter, page, now);
        Map<String, Stored<Template>> merged = new TreeMap<>();
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

    /** Returns true if a stored template replaces an example. A filter can have removed that template from the page. */
    private boolean isReplaced(String tenant, Stored<Template> shipped, Instant now) {
        return shipped.origin() == Origin.EXAMPLE
                && reader.read(
                                tenant,
                                shipped.template().kind(),
                                shipped.template().uniqueName(),
                                now)
                        .isPresent();
    }
}
