package io.switchboard.template.catalog;

import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.SessionTemplateReader;
import java.time.Duration;
import java.time.Instant;

/**
 * Which session templates a user may open. It keeps in memory what it has read, for a short while: templates, the app profiles of
 * tenants, and the users' own profiles. Thread-safe.
 */
public final class TemplateAccess {
    private final TemplateCache cache;
    private final ProfileMemory profiles;
    private final SessionTemplates sessionTemplates;
    private final ApplicationTabTemplates tabTemplates;

    /**
     * Access to the templates of this store.
     *
     * @param cacheAge how long reads are kept; zero keeps none
     */
    public TemplateAccess(SessionTemplateReader reader, BuiltInTemplates builtIn, Duration cacheAge) {
        this.cache = new TemplateCache(cacheAge);
        this.profiles = new ProfileMemory(reader, builtIn, cacheAge);
        this.sessionTemplates = new SessionTemplates(reader, builtIn, cache);
        this.tabTemplates = new ApplicationTabTemplates(reader, builtIn, cache);
    }

    /** Forgets what it remembers. */
    public void forget() {
        cache.clear();
        profiles.forget();
    }

    /**
     * The templates of a user, for one request. A refusal by profiles from memory is not final: the profile may have changed
     * since. See {@link UserTemplates#usesMemory}.
     *
     * @param isFresh whether to ignore the memory
     */
    public UserTemplates of(ProfileUser user, boolean isFresh, Instant now) {
        return new UserTemplates(profiles, sessionTemplates, tabTemplates, user, isFresh, now);
    }
}
