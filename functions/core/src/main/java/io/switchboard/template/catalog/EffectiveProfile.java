package io.switchboard.template.catalog;

import io.switchboard.template.AppProfile;
import io.switchboard.template.GenericSessionTemplates;
import io.switchboard.template.JsonEnum;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.UniqueName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The app profile that applies to a user, with the reason ({@code docs/domain/app-profile-manager.md}, "App profiles"):
 * the assigned profile, else the profile with the lowest order for one of the user's roles, else the tenant's default,
 * else the built-in profile. Inactive profiles never apply.
 *
 * @param stored the profile
 * @param role the matching role; null unless the reason is a role
 */
public record EffectiveProfile(
        Stored<Template> stored,
        AppProfile profile,
        Reason reason,
        @Nullable String role) {
    /** The reason why a profile applies. */
    public enum Reason implements JsonEnum {
        /** The profile is assigned to the user. */
        USER("user"),
        /** The profile is for one of the user's roles. */
        ROLE("role"),
        /** The profile is the tenant's default. */
        DEFAULT("default"),
        /** No other profile applies to the user. */
        BUILT_IN("builtIn");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * Returns the profile that applies.
     *
     * @param profiles the profiles of the tenant
     * @param own the unique name of the profile that is assigned to the user; null for none
     * @param shipped the built-in profile, which has all session templates
     */
    static EffectiveProfile of(
            List<Stored<Template>> profiles, @Nullable String own, Set<String> roles, Stored<Template> shipped) {
        @Nullable EffectiveProfile best = null;
        for (Stored<Template> stored : profiles) {
            if (!(stored.template() instanceof AppProfile profile) || profile.status() != Status.ACTIVE) {
                continue;
            }
            if (profile.uniqueName().equals(own)) {
                return new EffectiveProfile(stored, profile, Reason.USER, null);
            }
            @Nullable String role = role(profile, roles);
            @Nullable Reason reason = role != null ? Reason.ROLE : profile.isDefault() ? Reason.DEFAULT : null;
            if (reason != null) {
                EffectiveProfile candidate = new EffectiveProfile(stored, profile, reason, role);
                best = best == null || candidate.isBefore(best) ? candidate : best;
            }
        }
        return best != null
                ? best
                : new EffectiveProfile(shipped, (AppProfile) shipped.template(), Reason.BUILT_IN, null);
    }

    private static @Nullable String role(AppProfile profile, Set<String> roles) {
        for (String role : profile.roles()) {
            if (roles.contains(role)) {
                return role;
            }
        }
        return null;
    }

    /** Compares precedence: profiles for roles before the default, then by order, then by unique name. */
    private boolean isBefore(EffectiveProfile other) {
        if (reason != other.reason) {
            return reason == Reason.ROLE;
        }
        if (profile.profileOrder() != other.profile.profileOrder()) {
            return profile.profileOrder() < other.profile.profileOrder();
        }
        return UniqueName.key(profile.uniqueName()).compareTo(UniqueName.key(other.profile.uniqueName())) < 0;
    }

    /**
     * Returns true if the profile has a session template. Entity templates must be listed, Generic ones only in listed
     * mode.
     */
    public boolean has(SessionTemplate template) {
        return reason == Reason.BUILT_IN
                || profile.sessionTemplates().contains(template.uniqueName())
                || (template.type() == SessionType.GENERIC
                        && profile.genericSessionTemplates() == GenericSessionTemplates.ALL);
    }
}
