package io.switchboard.template;

import io.switchboard.http.Page;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
import io.switchboard.http.Unavailable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the templates a tenant has made. Those that are shipped are not its business: see {@link TemplateCatalog}. Every
 * method throws {@link Unavailable} where a later retry may succeed, and then has written all or nothing. Thread-safe.
 */
public interface TemplateStore {
    /**
     * Stores a new template.
     *
     * @param key the request's idempotency key; null for none
     */
    PutOutcome create(String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now);

    /** Stores the next version of a template, if the precondition admits the one that is there. */
    PutOutcome replace(String tenant, Template template, Precondition precondition, String by, Instant now);

    /** Deletes a template nobody refers to; safe against a racing new use. */
    DeleteOutcome delete(String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now);

    /** A template by its unique name, with regard to case. */
    Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now);

    /** Those of these templates that are there, in one round trip. */
    List<Stored<Template>> readAll(String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now);

    /**
     * Templates by {@link UniqueName#key}, beginning behind the page's position, which is such a key. A filtered page looks
     * at a bounded number of items and may be short.
     */
    Page<Stored<Template>> list(String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now);
}
