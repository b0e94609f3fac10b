package io.switchboard.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the verified token says.
 *
 * @param tenant the tenant; nothing of another one is ever visible
 * @param user the user; null for an app-only token
 * @param provider the application that calls ({@code azp}, {@code appid} or {@code client_id}); empty where the token names none
 * @param grants the texts of {@code scp}, {@code scope} and {@code roles} together
 * @param roles the texts of {@code roles}: app profiles are chosen by them
 */
public record Caller(String tenant, @Nullable String user, String provider, Set<String> grants, Set<String> roles) {
    public Caller {
        grants = Set.copyOf(grants);
        roles = Set.copyOf(roles);
    }

    /** Whether the token carries the permission. */
    public boolean has(Permission permission) {
        return grants.contains(permission.claim());
    }

    /** Who is named as author of a change: the user, else the provider. */
    public String name() {
        return user != null ? user : provider;
    }
}
