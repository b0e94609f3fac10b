package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * The sessions of an owner that a caller can see.
 *
 * @param owner the owner of the sessions; sessions of other owners are treated as missing
 * @param provider the provider of the visible sessions (CIF semantics); null for all providers (APM semantics)
 */
public record SessionScope(Owner owner, @Nullable String provider) {
    /** Returns a scope of all sessions of the owner. */
    public static SessionScope all(Owner owner) {
        return new SessionScope(owner, null);
    }

    /** Returns true if the scope includes a session of its owner. */
    public boolean sees(Session session) {
        return sees(session.origin().provider());
    }

    /** Returns true if the scope includes the sessions of this provider. */
    public boolean sees(String sessionProvider) {
        return provider == null || provider.equals(sessionProvider);
    }
}
