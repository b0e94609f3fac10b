package io.switchboard.http;

import io.switchboard.identity.Permission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a function, behind its routes of the HTTP API.
 *
 * @param method the HTTP method
 * @param pattern the path, with {@code {name}} for a parameter: {@code /sessions/{sessionId}}
 * @param isOpen whether it needs no token: what it answers is the same for everybody
 * @param anyOf the caller needs one of these
 * @param operation what happens; null where another function serves it behind a route of its own
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
            // A forgotten permission must not open a route to everybody.
            throw new IllegalArgumentException(method + ' ' + pattern + " needs permissions, or to be open");
        }
    }

    /** What a route does: one request in, one response out. */
    @FunctionalInterface
    public interface Operation {
        /**
         * Serves the request.
         *
         * @throws Refusal for a documented error
         */
        Response serve(Request request);
    }

    /** A route another function serves behind a route of its own: here it is only listed in {@code Allow}. */
    public static Route servedElsewhere(String method, String pattern) {
        return new Route(method, pattern, false, Set.of(), null);
    }

    /** A route for callers that have one of the permissions. */
    public static Route of(String method, String pattern, Operation operation, Permission... anyOf) {
        return new Route(method, pattern, false, Set.of(anyOf), operation);
    }

    /** A route that needs no token. Its operation does not learn who calls, even where somebody sends one. */
    public static Route open(String method, String pattern, Operation operation) {
        return new Route(method, pattern, true, Set.of(), operation);
    }
}
