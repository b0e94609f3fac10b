package io.switchboard.template.catalog;

import io.switchboard.storage.PageRequest;
import io.switchboard.template.BuiltInTemplates;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.store.ProfileAssignment;
import io.switchboard.template.store.SessionReading;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which app profile counts for whom, and so which session templates. A tenant's profiles, and which one a user has of its own,
 * come from memory where they are young enough, as templates do. Thread-safe.
 */
public final class AppProfiles {
    /** The shipped one's unique name; ours, as Microsoft's are for applications Switchboard has not. */
    static final String SHIPPED = "switchboard_default_profile";

    private static final int PAGE = 100;
    private static final int MOST_USERS = 1_000;
    private static final int MOST_TENANTS = 100;

    private final TemplateStore store;
    private final TemplateCatalog catalog;
    private final ShortMemory<OwnProfile> users;
    private final ShortMemory<List<Stored<Template>>> tenants;

    /** Profiles that remember for {@code cacheAge} what was read, and the templates they give access to. */
    public AppProfiles(TemplateStore store, BuiltInTemplates builtIn, Duration cacheAge) {
        this.store = store;
        this.catalog = new TemplateCatalog(store, builtIn, cacheAge);
        this.users = new ShortMemory<>(cacheAge, MOST_USERS);
        this.tenants = new ShortMemory<>(cacheAge, MOST_TENANTS);
    }

    /** Forgets what it remembers. */
    public void forget() {
        catalog.forget();
        users.clear();
        tenants.clear();
    }

    /**
     * What a user may open, for one request.
     *
     * @param fresh whether to pass the memory by
     */
    public TemplateAccess of(ProfileUser user, boolean fresh, Instant now) {
        return new TemplateAccess(this, catalog, user, fresh, now);
    }

    Stored<Template> shipped() {
        @Nullable Stored<Template> shipped = catalog.builtIn().find(TemplateKind.APP_PROFILE, SHIPPED);
        if (shipped == null) {
            throw new IllegalStateException("The shipped app profile " + SHIPPED + " is missing");
        }
        return shipped;
    }

    @Nullable
    OwnProfile remembered(ProfileUser user, Instant now) {
        return users.get(key(user), now);
    }

    @Nullable
    List<Stored<Template>> remembered(String tenant, Instant now) {
        return tenants.get(tenant, now);
    }

    /** A user's own profile and, where it is named, a session template, in one round trip. */
    SessionReading read(ProfileUser user, @Nullable String sessionTemplate, Instant now) {
        SessionReading reading = store.readForSession(user.tenant(), user.userId(), sessionTemplate);
        users.put(key(user), OwnProfile.of(reading), now);
        return reading;
    }

    /** All profiles of a tenant; one round trip for each hundred. */
    List<Stored<Template>> read(String tenant, Instant now) {
        List<Stored<Template>> profiles = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page =
                    store.list(tenant, TemplateKind.APP_PROFILE, TemplateFilter.ALL, new PageRequest(after, PAGE), now);
            profiles.addAll(page.items());
            after = page.next();
        } while (after != null);
        tenants.put(tenant, profiles, now);
        return profiles;
    }

    private static String key(ProfileUser user) {
        return user.tenant().length() + "#" + user.tenant() + user.userId();
    }

    /**
     * Which profile a user has of its own.
     *
     * @param uniqueName null for none
     */
    record OwnProfile(@Nullable String uniqueName) {
        static final OwnProfile NONE = new OwnProfile(null);

        static OwnProfile of(SessionReading reading) {
            @Nullable ProfileAssignment assignment = reading.assignment();
            return assignment == null ? NONE : new OwnProfile(assignment.appProfile());
        }
    }
}
