package io.switchboard.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller that a verified token identifies.
 *
 * @param tenant the tenant; data of other tenants is never visible
 * @param user the user; null for an app-only token
 * @param provider the calling application ({@code azp}, {@code appid} or {@code client_id}); empty if the token has
 *     none
 * @param grants the values of {@code scp}, {@code scope} and {@code roles}
 * @param roles the values of {@code roles}, which select the app profile
 */
public record Caller(String tenant, @Nullable String user, String provider, Set<String> grants, Set<String> roles) {
    public Caller {
        grants = Set.copyOf(grants);
        roles = Set.copyOf(roles);
    }

    /** Returns whether the token has the permission. */
    public boolean has(Permission permission) {
        return grants.contains(permission.claim());
    }

    /** Returns the author of a change: the user, or else the provider. */
    public String name() {
        return user != null ? user : provider;
    }
}
