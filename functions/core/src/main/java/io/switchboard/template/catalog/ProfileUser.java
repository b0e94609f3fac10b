package io.switchboard.template.catalog;

import java.util.Set;

/**
 * The user whose app profile is requested.
 *
 * @param userId the id of the user, as in tokens
 * @param roles the values of the token's {@code roles}; empty if a backend acts for the user, because then the user's
 *     roles are unknown
 */
public record ProfileUser(String tenant, String userId, Set<String> roles) {
    public ProfileUser {
        roles = Set.copyOf(roles);
    }
}
