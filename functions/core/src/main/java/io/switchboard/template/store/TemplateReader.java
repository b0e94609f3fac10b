package io.switchboard.template.store;

import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.util.Optional;

/** Reads and lists a tenant's templates as they are now. Thread-safe. */
public interface TemplateReader extends TemplateBatchReader {
    /** Reads a template by its unique name, which is case-sensitive. */
    Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now);

    /**
     * Lists templates by {@link UniqueName#key}, beginning behind the page's position, which is such a key. A filtered page looks
     * at a bounded number of items and may be short.
     */
    Page<Stored<Template>> list(String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now);
}
