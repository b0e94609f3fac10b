package io.switchboard.http;

import io.switchboard.identity.Permission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route of the HTTP API and its operation.
 *
 * @param method the HTTP method
 * @param pattern the path, with {@code {name}} for a parameter: {@code /sessions/{sessionId}}. The {@link PathSyntax}
 *     of its table splits it like a path
 * @param isOpen whether it requires no token; the response is the same for every caller
 * @param anyOf the caller must have one of these permissions
 * @param operation the operation; null if another function serves the route
 */
public record Route(
        String method,
        String pattern,
        boolean isOpen,
        Set<Permission> anyOf,
        @Nullable Operation operation) {
    public Route {
        anyOf = Set.copyOf(anyOf);
        if (operation != null && isOpen != anyOf.isEmpty()) {
            // A forgotten permission must not open a route to every caller.
            throw new IllegalArgumentException(method + ' ' + pattern + " must have permissions or be open");
        }
    }

    /** An operation: it receives a request and returns a response. */
    @FunctionalInterface
    public interface Operation {
        /**
         * Serves the request.
         *
         * @throws Refusal for a documented error
         */
        Response serve(Request request);
    }

    /** Returns a route that another function serves. It is only listed in {@code Allow}. */
    public static Route servedElsewhere(String method, String pattern) {
        return new Route(method, pattern, false, Set.of(), null);
    }

    /** Returns a route for callers that have one of the permissions. */
    public static Route of(String method, String pattern, Operation operation, Permission... anyOf) {
        return new Route(method, pattern, false, Set.of(anyOf), operation);
    }

    /** Returns a route that requires no token. Its operation does not receive the caller, even if a token was sent. */
    public static Route open(String method, String pattern, Operation operation) {
        return new Route(method, pattern, true, Set.of(), operation);
    }
}
