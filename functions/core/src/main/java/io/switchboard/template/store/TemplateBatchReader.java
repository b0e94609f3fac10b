package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Reads a tenant's templates by their names. Every method throws {@link Unavailable} if a later retry may succeed.
 * Thread-safe.
 */
public interface TemplateBatchReader {
    /**
     * Reads the existing templates, with one round trip per hundred names.
     *
     * @param uniqueNames the unique names, which are case-sensitive
     */
    List<Stored<Template>> readAll(String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now);
}
