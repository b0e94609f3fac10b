package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.catalog.TemplateCatalog;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the templates of tenants with all their versions. {@link TemplateCatalog} adds the built-in ones. Every method
 * throws {@link Unavailable} if a later retry may succeed; it has then written all or nothing. Thread-safe.
 */
public interface TemplateStore extends TemplateReader {
    /**
     * Stores a new template.
     *
     * @param key the request's idempotency key; null for none
     */
    PutOutcome create(String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now);

    /** Stores the next version of a template, if the precondition admits the current one. */
    PutOutcome replace(String tenant, Template template, Precondition precondition, String by, Instant now);

    /** Deletes a template without users; safe against concurrent new references. Its versions stay. */
    DeleteOutcome delete(String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now);

    /** Reads a version of a template, or of a deleted template of the same name. */
    Optional<Stored<Template>> version(String tenant, TemplateKind kind, String uniqueName, long version);

    /** Lists all versions under a name, the newest first. The position of a page is the last returned version. */
    Page<Stored<Template>> versions(String tenant, TemplateKind kind, String uniqueName, PageRequest page);
}
