package io.switchboard.template.catalog;

import io.switchboard.storage.PageRequest;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.ProfileAssignment;
import io.switchboard.template.store.SessionTemplateReader;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and caches the app profiles of tenants and the assigned profiles of users. Thread-safe. */
final class ProfileCache {
    /**
     * The unique name of the built-in profile. Microsoft names its profiles after applications that Switchboard does
     * not have.
     */
    static final String SHIPPED = "switchboard_default_profile";

    private static final int PAGE = 100;
    private static final int MAXIMUM_USERS = 1_000;
    private static final int MAXIMUM_TENANTS = 100;

    private final SessionTemplateReader reader;
    private final BuiltInTemplates builtIn;
    private final ShortLivedCache<OwnProfile> users;
    private final ShortLivedCache<List<Stored<Template>>> tenants;

    /** @param age how long profiles are cached; zero disables the cache */
    ProfileCache(SessionTemplateReader reader, BuiltInTemplates builtIn, Duration age) {
        this.reader = reader;
        this.builtIn = builtIn;
        this.users = new ShortLivedCache<>(age, MAXIMUM_USERS);
        this.tenants = new ShortLivedCache<>(age, MAXIMUM_TENANTS);
    }

    void clear() {
        users.clear();
        tenants.clear();
    }

    Stored<Template> shipped() {
        @Nullable Stored<Template> shipped = builtIn.find(TemplateKind.APP_PROFILE, SHIPPED);
        if (shipped == null) {
            throw new IllegalStateException("The built-in app profile " + SHIPPED + " is missing");
        }
        return shipped;
    }

    @Nullable
    OwnProfile cached(ProfileUser user, Instant now) {
        return users.get(key(user), now);
    }

    @Nullable
    List<Stored<Template>> cached(String tenant, Instant now) {
        return tenants.get(tenant, now);
    }

    /** Reads a user's assigned profile and a session template in one round trip. */
    TemplateSnapshot read(ProfileUser user, @Nullable String sessionTemplate, Instant now) {
        TemplateSnapshot snapshot = reader.readForSession(user.tenant(), user.userId(), sessionTemplate);
        users.put(key(user), OwnProfile.of(snapshot), now);
        return snapshot;
    }

    /** Reads the assigned profiles of users that are not cached, in one round trip, if the tenant has any profiles. */
    void load(String tenant, Collection<String> userIds, Instant now) {
        @Nullable List<Stored<Template>> known = cached(tenant, now);
        if ((known == null ? read(tenant, now) : known).isEmpty()) {
            return;
        }
        List<String> missing = new ArrayList<>();
        for (String userId : userIds) {
            if (users.get(key(tenant, userId), now) == null) {
                missing.add(userId);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        Map<String, ProfileAssignment> assigned = reader.assignments(tenant, missing);
        for (String userId : missing) {
            @Nullable ProfileAssignment assignment = assigned.get(userId);
            users.put(
                    key(tenant, userId),
                    assignment == null ? OwnProfile.NONE : new OwnProfile(assignment.appProfile()),
                    now);
        }
    }

    /** Returns those of some users to whom a profile applies, if they have no roles. */
    Set<String> withProfile(String tenant, Set<String> userIds, String uniqueName, Instant now) {
        @Nullable List<Stored<Template>> known = cached(tenant, now);
        List<Stored<Template>> all = known == null ? read(tenant, now) : known;
        Map<String, ProfileAssignment> assigned = all.isEmpty() ? Map.of() : reader.assignments(tenant, userIds);
        Set<String> found = new HashSet<>();
        for (String userId : userIds) {
            @Nullable ProfileAssignment assignment = assigned.get(userId);
            @Nullable String own = assignment == null ? null : assignment.appProfile();
            EffectiveProfile applies = EffectiveProfile.of(all, own, Set.of(), shipped());
            if (applies.profile().uniqueName().equals(uniqueName)) {
                found.add(userId);
            }
        }
        return found;
    }

    /** Reads all profiles of a tenant, with one round trip per hundred profiles. */
    List<Stored<Template>> read(String tenant, Instant now) {
        List<Stored<Template>> profiles = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = reader.list(
                    tenant, TemplateKind.APP_PROFILE, TemplateFilter.ALL, new PageRequest(after, PAGE), now);
            profiles.addAll(page.items());
            after = page.next();
        } while (after != null);
        tenants.put(tenant, profiles, now);
        return profiles;
    }

    private static String key(ProfileUser user) {
        return key(user.tenant(), user.userId());
    }

    private static String key(String tenant, String userId) {
        return tenant.length() + "#" + tenant + userId;
    }

    /**
     * The assigned profile of a user.
     *
     * @param uniqueName null for none
     */
    record OwnProfile(@Nullable String uniqueName) {
        static final OwnProfile NONE = new OwnProfile(null);

        static OwnProfile of(TemplateSnapshot snapshot) {
            @Nullable ProfileAssignment assignment = snapshot.assignment();
            return assignment == null ? NONE : new OwnProfile(assignment.appProfile());
        }
    }
}
