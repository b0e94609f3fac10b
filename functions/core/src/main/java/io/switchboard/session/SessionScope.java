package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * What a caller sees of an owner's sessions.
 *
 * @param owner whose sessions; another owner's are as absent as those that never were
 * @param provider the only provider whose sessions are seen (CIF semantics); null for all (APM semantics)
 */
public record SessionScope(Owner owner, @Nullable String provider) {
    /** All sessions of the owner. */
    public static SessionScope all(Owner owner) {
        return new SessionScope(owner, null);
    }

    /** Whether the scope includes a session of its owner. */
    public boolean sees(Session session) {
        return provider == null || provider.equals(session.origin().provider());
    }
}
