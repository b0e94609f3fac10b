package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.identity.Caller;
import io.switchboard.identity.Identifier;
import io.switchboard.identity.Permission;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.Keys;
import io.switchboard.text.PercentEncoding;

/**
 * Permissions and scope of the routes of sessions: whose sessions a request addresses, and which of them the caller can
 * access.
 */
final class SessionRoutes {
    static final Permission[] READERS = {
        Permission.SESSIONS_READ, Permission.SESSIONS_READ_WRITE, Permission.SESSIONS_READ_WRITE_PROVIDER
    };
    static final Permission[] WRITERS = {Permission.SESSIONS_READ_WRITE, Permission.SESSIONS_READ_WRITE_PROVIDER};
    static final Permission[] BACKENDS = {Permission.SESSIONS_READ_WRITE_ALL};

    /** Those who may offer conversations: to themselves or, as backends, to others. */
    static final Permission[] SENDERS = {
        Permission.SESSIONS_READ_WRITE, Permission.SESSIONS_READ_WRITE_PROVIDER, Permission.SESSIONS_READ_WRITE_ALL
    };

    /** The senders and users of offers. */
    static final Permission[] OFFER_READERS = {
        Permission.SESSIONS_READ,
        Permission.SESSIONS_READ_WRITE,
        Permission.SESSIONS_READ_WRITE_PROVIDER,
        Permission.SESSIONS_READ_WRITE_ALL
    };

    private static final String USER_ID = "userId";

    private SessionRoutes() {}

    /**
     * Returns the scope of the user in the path, otherwise of the caller.
     *
     * @throws Refusal 403 {@code userRequired} for an app-only token on a path without a user
     */
    static SessionScope scope(Request request) {
        Caller caller = request.caller();
        return scope(request, caller.has(Permission.SESSIONS_READ) || caller.has(Permission.SESSIONS_READ_WRITE));
    }

    /**
     * Returns the scope that the caller may change. It excludes sessions of other providers that the caller may only
     * read.
     *
     * @throws Refusal 403 {@code userRequired} for an app-only token on a path without a user
     */
    static SessionScope writableScope(Request request) {
        return scope(request, request.caller().has(Permission.SESSIONS_READ_WRITE));
    }

    private static SessionScope scope(Request request, boolean seesAll) {
        Caller caller = request.caller();
        if (request.hasPathParameter(USER_ID)) {
            String user = request.pathParameter(USER_ID);
            if (!Identifier.isValid(user)) {
                throw Refusal.invalid(
                        "invalidValue", USER_ID, "userId in the path is not a valid id. " + Identifier.RULE);
            }
            return SessionScope.all(owner(request, user));
        }
        if (caller.user() == null) {
            throw Refusal.of(
                    ErrorCode.USER_REQUIRED,
                    "The token is app-only and has no user. Use /users/{userId}"
                            + request.path().replaceFirst("^/me", "")
                            + " with the permission Sessions.ReadWrite.All.");
        }
        if (!seesAll && caller.provider().isEmpty()) {
            throw Refusal.of(
                    ErrorCode.PERMISSION_REQUIRED,
                    "Sessions.ReadWrite.Provider requires a token that names the provider in azp, appid or client_id.");
        }
        Owner owner = owner(request, caller.user());
        return seesAll ? SessionScope.all(owner) : new SessionScope(owner, caller.provider());
    }

    private static Owner owner(Request request, String user) {
        if (!Keys.fits(user)) {
            throw Refusal.invalid(
                    "tooLong", USER_ID, "The user's id is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        return new Owner(request.tenant(), user);
    }

    /** Returns the text that distinguishes the lists of different callers, for page tokens. */
    static String listingScope(SessionScope scope) {
        return scope.owner().tenant() + " " + scope.owner().user() + " " + scope.provider();
    }

    /** Returns the encoded path prefix of the request's sessions; empty for the caller's own. */
    static String base(Request request) {
        return request.hasPathParameter(USER_ID)
                ? "/users/" + PercentEncoding.ofValue(request.pathParameter(USER_ID))
                : "";
    }
}
