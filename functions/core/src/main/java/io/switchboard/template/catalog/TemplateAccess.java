package io.switchboard.template.catalog;

import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.SessionTemplateReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * Provides the session templates that users can open. Caches templates, the app profiles of tenants and the assigned
 * profiles of users for a short time. Thread-safe.
 */
public final class TemplateAccess {
    private final TemplateCache cache;
    private final ProfileCache profiles;
    private final SessionTemplates sessionTemplates;
    private final ApplicationTabTemplates tabTemplates;

    /**
     * Creates access to the templates of this store.
     *
     * @param cacheAge how long templates and profiles are cached; zero disables the cache
     */
    public TemplateAccess(SessionTemplateReader reader, BuiltInTemplates builtIn, Duration cacheAge) {
        this.cache = new TemplateCache(cacheAge);
        this.profiles = new ProfileCache(reader, builtIn, cacheAge);
        this.sessionTemplates = new SessionTemplates(reader, builtIn, cache);
        this.tabTemplates = new ApplicationTabTemplates(reader, builtIn, cache);
    }

    /** Clears the caches. */
    public void clear() {
        cache.clear();
        profiles.clear();
    }

    /**
     * Reads the assigned profiles of users that are not cached, in one round trip. Reads nothing of users if the tenant
     * has no app profiles.
     */
    public void load(String tenant, Collection<String> userIds, Instant now) {
        profiles.load(tenant, userIds, now);
    }

    /**
     * Returns those of some users to whom an app profile applies: it is assigned to them, or it is the default.
     * Profiles for roles do not count, because only a user's own token has roles. Reads the users in one round trip per
     * hundred.
     */
    public Set<String> withProfile(String tenant, Set<String> userIds, String appProfile, Instant now) {
        return profiles.withProfile(tenant, userIds, appProfile, now);
    }

    /**
     * Returns the templates of a user, for one request. A rejection based on cached profiles can be outdated. See
     * {@link UserTemplates#usesCache}.
     *
     * @param isFresh whether to bypass the caches
     */
    public UserTemplates of(ProfileUser user, boolean isFresh, Instant now) {
        return new UserTemplates(profiles, sessionTemplates, tabTemplates, user, isFresh, now);
    }
}
