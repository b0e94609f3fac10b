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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The app profiles of tenants, and the users' own ones: from memory if they are young enough, or read. Thread-safe. */
final class ProfileMemory {
    /** The unique name of the shipped profile. Microsoft's have the names of applications that Switchboard does not have. */
    static final String SHIPPED = "switchboard_default_profile";

    private static final int PAGE = 100;
    private static final int MOST_USERS = 1_000;
    private static final int MOST_TENANTS = 100;

    private final SessionTemplateReader reader;
    private final BuiltInTemplates builtIn;
    private final ShortMemory<OwnProfile> users;
    private final ShortMemory<List<Stored<Template>>> tenants;

    /** @param age how long reads are kept; zero keeps none */
    ProfileMemory(SessionTemplateReader reader, BuiltInTemplates builtIn, Duration age) {
        this.reader = reader;
        this.builtIn = builtIn;
        this.users = new ShortMemory<>(age, MOST_USERS);
        this.tenants = new ShortMemory<>(age, MOST_TENANTS);
    }

    void forget() {
        users.clear();
        tenants.clear();
    }

    Stored<Template> shipped() {
        @Nullable Stored<Template> shipped = builtIn.find(TemplateKind.APP_PROFILE, SHIPPED);
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

    /** Reads a user's own profile and a session template, in one round trip. */
    TemplateSnapshot read(ProfileUser user, @Nullable String sessionTemplate, Instant now) {
        TemplateSnapshot snapshot = reader.readForSession(user.tenant(), user.userId(), sessionTemplate);
        users.put(key(user), OwnProfile.of(snapshot), now);
        return snapshot;
    }

    /** Reads all profiles of a tenant; one round trip for each hundred. */
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
        return user.tenant().length() + "#" + user.tenant() + user.userId();
    }

    /**
     * A user's own profile.
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
