package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.template.Template;
import java.time.Instant;
import java.util.List;

/** Stores many templates of a tenant at once. Thread-safe. */
public interface ImportStore {
    /**
     * Creates the templates that do not exist, replaces those that differ, leaves the others. As many as fit one transaction of
     * DynamoDB are written all or nothing, in the order given, until the request's time runs out: those left are
     * {@link PutOutcome.Pending}, and the same call continues with them. If one cannot be written, the others are pending too.
     *
     * @param templates those referred to before those that refer to them; no name twice
     * @param isDryRun whether only to report what would happen
     * @return the outcome of each, in the same order
     * @throws Unavailable if a later retry may succeed
     */
    List<PutOutcome> putAll(String tenant, List<Template> templates, boolean isDryRun, String by, Instant now);
}
