package io.switchboard.template.store;

import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.util.Optional;

/** Reads and lists the current templates of a tenant. Thread-safe. */
public interface TemplateReader extends TemplateBatchReader {
    /** Reads a template by its unique name, which is case-sensitive. */
    Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now);

    /**
     * Lists templates in the order of {@link UniqueName#key}. The page begins after its position, which is such a key.
     * A filtered page reads a bounded number of items and may be short.
     */
    Page<Stored<Template>> list(String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now);
}
