package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.template.Template;
import java.time.Instant;
import java.util.List;

/** Stores many templates of a tenant at once. Thread-safe. */
public interface ImportStore {
    /**
     * Creates missing templates, replaces different ones and leaves the others unchanged. Writes them in order, in
     * transactions of as many templates as fit, until the time of the request is over. The remaining templates are
     * {@link PutOutcome.Pending}; the same call continues with them. If one template cannot be written, the others are
     * pending too.
     *
     * @param templates the templates in dependency order, with distinct names
     * @param isDryRun whether to return the outcomes without writing
     * @return the outcome of each, in the same order
     * @throws Unavailable if a later retry may succeed
     */
    List<PutOutcome> putAll(String tenant, List<Template> templates, boolean isDryRun, String by, Instant now);
}
