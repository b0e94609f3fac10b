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

/** All templates that a tenant can name, the shipped ones and its own, as they are now. Thread-safe. */
public final class TemplateCatalog {
    private final TemplateReader reader;
    private final BuiltInTemplates builtIn;

    /** A catalog of the shipped templates and those of this store. */
    public TemplateCatalog(TemplateReader reader, BuiltInTemplates builtIn) {
        this.reader = reader;
        this.builtIn = builtIn;
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
        Optional<Stored<Template>> stored = reader.read(tenant, kind, uniqueName, now);
        return stored.isPresent() ? stored : Optional.ofNullable(shipped);
    }

    /** Shipped and stored templates in the order of {@link UniqueName#key}. */
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

    /** A stored template in an example's place may not be on this page, when a filter left it out. */
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
