package io.switchboard.sessions;

import io.switchboard.http.Request;
import io.switchboard.identity.Caller;
import io.switchboard.session.Owner;
import java.util.Set;

/**
 * The caller that creates a session, and the user whose desk it opens on.
 *
 * @param owner the user whose desk it comes to
 * @param roles the owner's roles; empty if they are not known
 * @param provider the application that makes it
 * @param route the route it came by: the same idempotency key on another route is another key
 */
record Creator(Owner owner, Set<String> roles, String provider, String route) {
    Creator {
        roles = Set.copyOf(roles);
    }

    /** The creator that a request names. */
    static Creator of(Request request) {
        Caller caller = request.caller();
        boolean isForItself = SessionRoutes.base(request).isEmpty();
        return new Creator(
                SessionRoutes.writableScope(request).owner(),
                // A backend's token carries its own roles, not the user's.
                isForItself ? caller.roles() : Set.of(),
                caller.provider(),
                isForItself ? "/sessions" : "/users/sessions");
    }
}
