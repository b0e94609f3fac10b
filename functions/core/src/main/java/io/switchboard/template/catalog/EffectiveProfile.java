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
 * The one app profile that counts for a user, and why ({@code cif-apm.md} §G, {@code DESIGN.md} §4): the user's own, else the one
 * of its roles with the lowest order, else the tenant's default, else the shipped one. An inactive profile counts for nobody.
 *
 * @param stored the profile
 * @param role the role that gave it; null unless the reason is a role
 */
public record EffectiveProfile(
        Stored<Template> stored,
        AppProfile profile,
        Reason reason,
        @Nullable String role) {
    /** Why a profile counts. */
    public enum Reason implements JsonEnum {
        /** It was assigned to the user. */
        USER("user"),
        /** It is for one of the user's roles. */
        ROLE("role"),
        /** It is the tenant's default. */
        DEFAULT("default"),
        /** No other one is for the user. */
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
     * The profile that counts.
     *
     * @param profiles the tenant's own
     * @param own the unique name of the one assigned to the user; null for none
     * @param shipped the one that is for everybody else; it has all session templates
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

    /** A role's before the default; the lower order before the higher; then by unique name. */
    private boolean isBefore(EffectiveProfile other) {
        if (reason != other.reason) {
            return reason == Reason.ROLE;
        }
        if (profile.profileOrder() != other.profile.profileOrder()) {
            return profile.profileOrder() < other.profile.profileOrder();
        }
        return UniqueName.key(profile.uniqueName()).compareTo(UniqueName.key(other.profile.uniqueName())) < 0;
    }

    /** Whether the profile has a session template: Entity ones must be listed, Generic ones where it says so. */
    public boolean has(SessionTemplate template) {
        return reason == Reason.BUILT_IN
                || profile.sessionTemplates().contains(template.uniqueName())
                || (template.type() == SessionType.GENERIC
                        && profile.genericSessionTemplates() == GenericSessionTemplates.ALL);
    }
}
