package io.switchboard.template.catalog;

import java.util.Set;

/**
 * Whose app profile is asked for: the user whose desk it is.
 *
 * @param userId the user, as tokens name it
 * @param roles the texts of the token's {@code roles}; empty where a backend acts for the user, whose roles nobody knows
 */
public record ProfileUser(String tenant, String userId, Set<String> roles) {
    public ProfileUser {
        roles = Set.copyOf(roles);
    }
}
