package io.switchboard.sessions;

import io.switchboard.http.Request;
import io.switchboard.identity.Caller;
import io.switchboard.session.Owner;
import java.util.Set;

/**
 * The caller that creates a session, and the user whose desk it opens on.
 *
 * @param owner the user whose desk receives the session
 * @param roles the owner's roles; empty if unknown
 * @param provider the application that creates it
 * @param route the route of the request: idempotency keys apply to one route
 */
record Creator(Owner owner, Set<String> roles, String provider, String route) {
    Creator {
        roles = Set.copyOf(roles);
    }

    /** Returns the creator of a request. */
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
