package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import io.switchboard.template.catalog.TemplateCatalog;
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

    /** Deletes a template nobody refers to; safe against a racing new use. Its versions stay. */
    DeleteOutcome delete(String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now);

    /**
     * Creates the templates that are not there, replaces those that differ, leaves the others, for an import. As many as fit one
     * transaction of DynamoDB are written all or nothing, in the order given, until the request's time runs out: those left are
     * {@link PutOutcome.Pending}, and the same call goes on with them. Where one cannot be written, the others are pending too.
     *
     * @param templates those referred to before those that refer to them; no name twice
     * @param isDryRun whether only to tell what would happen
     * @return the outcome of each, in the same order
     */
    List<PutOutcome> putAll(String tenant, List<Template> templates, boolean isDryRun, String by, Instant now);

    /** A template by its unique name, with regard to case. */
    Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now);

    /** Those of these templates that are there, in one round trip for each hundred. */
    List<Stored<Template>> readAll(String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now);

    /**
     * Templates by {@link UniqueName#key}, beginning behind the page's position, which is such a key. A filtered page looks
     * at a bounded number of items and may be short.
     */
    Page<Stored<Template>> list(String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now);

    /** What a template was at one of its versions, also at those of an earlier template of its name. */
    Optional<Stored<Template>> version(String tenant, TemplateKind kind, String uniqueName, long version);

    /** All versions under a name, the newest first; the position of a page is the last version seen. */
    Page<Stored<Template>> versions(String tenant, TemplateKind kind, String uniqueName, PageRequest page);

    /** Gives a user an app profile of its own, in place of another where it has one. */
    AssignOutcome assign(String tenant, String appProfile, String userId, String by, Instant now);

    /**
     * Takes its own app profile from a user.
     *
     * @return false where the user does not have that one
     */
    boolean unassign(String tenant, String appProfile, String userId);

    /** The users of an app profile by their encoded ids, beginning behind the page's position, which is such an id. */
    Page<ProfileAssignment> assignments(String tenant, String appProfile, PageRequest page);

    /**
     * What a create for a user needs, in one round trip.
     *
     * @param sessionTemplate its unique name; null where it is known already
     */
    SessionReading readForSession(String tenant, String userId, @Nullable String sessionTemplate);
}
