package io.switchboard.template.catalog;

import io.switchboard.template.AppProfile;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.ProfileCache.OwnProfile;
import io.switchboard.template.store.TemplateSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The session templates that a user can open, for one request. Reads everything at most once. Not thread-safe. */
public final class UserTemplates {
    private final ProfileCache profiles;
    private final SessionTemplates sessionTemplates;
    private final ApplicationTabTemplates tabTemplates;
    private final ProfileUser user;
    private final boolean isFresh;
    private final Instant now;
    private boolean usesCache;
    private @Nullable OwnProfile own;
    private @Nullable List<Stored<Template>> all;
    private @Nullable EffectiveProfile effective;

    UserTemplates(
            ProfileCache profiles,
            SessionTemplates sessionTemplates,
            ApplicationTabTemplates tabTemplates,
            ProfileUser user,
            boolean isFresh,
            Instant now) {
        this.profiles = profiles;
        this.sessionTemplates = sessionTemplates;
        this.tabTemplates = tabTemplates;
        this.user = user;
        this.isFresh = isFresh;
        this.now = now;
    }

    /**
     * Returns true if a cached app profile was used. Then a rejection can be outdated: repeat the request with fresh
     * templates before returning it.
     */
    public boolean usesCache() {
        return usesCache;
    }

    /** Returns a session template by its unique name, even if the user cannot open it. */
    public Optional<Stored<Template>> sessionTemplate(String uniqueName) {
        @Nullable Stored<Template> known = sessionTemplates.known(user.tenant(), uniqueName, isFresh, now);
        if (known != null) {
            return Optional.of(known);
        }
        if (knownOwn() != null) {
            return sessionTemplates.find(user.tenant(), uniqueName, isFresh, now);
        }
        TemplateSnapshot snapshot = profiles.read(user, uniqueName, now);
        own = OwnProfile.of(snapshot);
        return sessionTemplates.found(user.tenant(), uniqueName, snapshot.sessionTemplate(), now);
    }

    /** Returns the existing application tab templates by unique name. App profiles do not restrict them. */
    public Map<String, ApplicationTabTemplate> applicationTabTemplates(List<String> uniqueNames) {
        return tabTemplates.find(user.tenant(), uniqueNames, isFresh, now);
    }

    /** Returns the profile that applies to the user. */
    public EffectiveProfile profile() {
        if (effective == null) {
            List<Stored<Template>> known = all();
            effective = EffectiveProfile.of(
                    known, known.isEmpty() ? null : own().uniqueName(), user.roles(), profiles.shipped());
        }
        return effective;
    }

    /** Returns true if the user can open a session template. */
    public boolean has(SessionTemplate template) {
        return profile().has(template);
    }

    /** Returns the unique name of the session template that opens for a channel. */
    public Optional<String> forChannel(String channel) {
        return Optional.ofNullable(profile().profile().channelDefaults().get(channel));
    }

    /**
     * Returns the unique name of the session template that opens for an entity's records: the default, else the listed
     * one.
     */
    public Optional<String> forEntity(String entity) {
        AppProfile profile = profile().profile();
        @Nullable String named = profile.entityDefaults().get(entity);
        if (named != null) {
            return Optional.of(named);
        }
        Map<String, SessionTemplate> listed =
                sessionTemplates.findAll(user.tenant(), profile.sessionTemplates(), isFresh, now);
        for (String uniqueName : profile.sessionTemplates()) {
            @Nullable SessionTemplate template = listed.get(uniqueName);
            if (template != null && template.type() == SessionType.ENTITY && entity.equals(template.entity())) {
                return Optional.of(uniqueName);
            }
        }
        return Optional.empty();
    }

    private OwnProfile own() {
        @Nullable OwnProfile known = knownOwn();
        if (known == null) {
            known = OwnProfile.of(profiles.read(user, null, now));
            own = known;
        }
        return known;
    }

    private @Nullable OwnProfile knownOwn() {
        if (own == null && !isFresh) {
            own = profiles.cached(user, now);
            usesCache |= own != null;
        }
        return own;
    }

    private List<Stored<Template>> all() {
        if (all == null && !isFresh) {
            all = profiles.cached(user.tenant(), now);
            usesCache |= all != null;
        }
        if (all == null) {
            all = profiles.read(user.tenant(), now);
        }
        return all;
    }
}
