package io.switchboard.template.catalog;

import io.switchboard.template.AppProfile;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.catalog.AppProfiles.OwnProfile;
import io.switchboard.template.store.SessionReading;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session templates one user may open, for one request: what it has read it does not read again. What it refuses it refuses
 * by the profiles as they are now, never by what is remembered: a profile that was just assigned is not waited for. Not
 * thread-safe.
 */
public final class TemplateAccess {
    private final AppProfiles profiles;
    private final TemplateCatalog catalog;
    private final ProfileUser user;
    private final Instant now;
    private boolean isFresh;
    private boolean usesMemory;
    private @Nullable OwnProfile own;
    private @Nullable List<Stored<Template>> all;
    private @Nullable EffectiveProfile effective;

    TemplateAccess(AppProfiles profiles, TemplateCatalog catalog, ProfileUser user, boolean isFresh, Instant now) {
        this.profiles = profiles;
        this.catalog = catalog;
        this.user = user;
        this.isFresh = isFresh;
        this.now = now;
    }

    /** A session template by its unique name, whether the user may open it or not. */
    public Optional<Stored<Template>> sessionTemplate(String uniqueName) {
        @Nullable Stored<Template> known = catalog.knownSessionTemplate(user.tenant(), uniqueName, isFresh, now);
        if (known != null) {
            return Optional.of(known);
        }
        if (knownOwn() != null) {
            return catalog.sessionTemplate(user.tenant(), uniqueName, isFresh, now);
        }
        SessionReading reading = profiles.read(user, uniqueName, now);
        own = OwnProfile.of(reading);
        return catalog.foundSessionTemplate(user.tenant(), uniqueName, reading.sessionTemplate(), now);
    }

    /** Application tab templates by their unique names, as far as they are there; whoever has the session has its tabs. */
    public Map<String, ApplicationTabTemplate> applicationTabTemplates(List<String> uniqueNames) {
        return catalog.applicationTabTemplates(user.tenant(), uniqueNames, isFresh, now);
    }

    /** The profile that counts for the user. */
    public EffectiveProfile profile() {
        if (effective == null) {
            List<Stored<Template>> known = all();
            effective = EffectiveProfile.of(
                    known, known.isEmpty() ? null : own().uniqueName(), user.roles(), profiles.shipped());
        }
        return effective;
    }

    /** Whether the user may open a session template. */
    public boolean has(SessionTemplate template) {
        return profile().has(template) || (forgets() && profile().has(template));
    }

    /** The unique name of the session template that opens for a channel. */
    public Optional<String> forChannel(String channel) {
        @Nullable String template = profile().profile().channelDefaults().get(channel);
        if (template == null && forgets()) {
            template = profile().profile().channelDefaults().get(channel);
        }
        return Optional.ofNullable(template);
    }

    /** The unique name of the session template that opens for an entity's records: the default, else the listed one. */
    public Optional<String> forEntity(String entity) {
        @Nullable String template = entityTemplate(entity);
        if (template == null && forgets()) {
            template = entityTemplate(entity);
        }
        return Optional.ofNullable(template);
    }

    private @Nullable String entityTemplate(String entity) {
        AppProfile profile = profile().profile();
        @Nullable String named = profile.entityDefaults().get(entity);
        if (named != null) {
            return named;
        }
        Map<String, SessionTemplate> listed =
                catalog.sessionTemplates(user.tenant(), profile.sessionTemplates(), isFresh, now);
        for (String uniqueName : profile.sessionTemplates()) {
            @Nullable SessionTemplate template = listed.get(uniqueName);
            if (template != null && template.type() == SessionType.ENTITY && entity.equals(template.entity())) {
                return uniqueName;
            }
        }
        return null;
    }

    /** Forgets what came from memory, if anything did: what is asked for next is read. */
    private boolean forgets() {
        if (isFresh || !usesMemory) {
            return false;
        }
        isFresh = true;
        own = null;
        all = null;
        effective = null;
        return true;
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
            own = profiles.remembered(user, now);
            usesMemory |= own != null;
        }
        return own;
    }

    private List<Stored<Template>> all() {
        if (all == null && !isFresh) {
            all = profiles.remembered(user.tenant(), now);
            usesMemory |= all != null;
        }
        if (all == null) {
            all = profiles.read(user.tenant(), now);
        }
        return all;
    }
}
