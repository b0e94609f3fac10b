package io.switchboard.http;

import io.switchboard.identity.Caller;
import io.switchboard.identity.Permission;
import io.switchboard.json.Violations;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists the routes of a function: method, path pattern, permission, operation. Literal segments take precedence over
 * parameters. Thread-safe.
 */
public final class RouteTable {
    static final String HEAD = "HEAD";

    private static final String GET = "GET";

    private final List<Entry> entries = new ArrayList<>();
    private final List<Route> routes;

    /** Creates a table of these routes. */
    public RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        for (Route route : routes) {
            entries.add(new Entry(route, segments(route.pattern())));
        }
    }

    /** Returns all routes, for the OpenAPI document and the tests. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * Finds the route of a request. HEAD has the route of GET.
     *
     * @param path the decoded path; it is not decoded again
     * @throws Refusal 404 if no pattern matches, 405 with {@code Allow} if a pattern matches with other methods only
     */
    public Match match(String method, String path) {
        List<String> segments = segments(path);
        @Nullable Entry best = null;
        Route.@Nullable Operation operation = null;
        Set<String> allowed = new TreeSet<>();
        String served = method.equals(HEAD) ? GET : method;
        for (Entry entry : entries) {
            if (!entry.fits(segments)) {
                continue;
            }
            allowed.add(entry.route.method());
            if (entry.route.method().equals(GET)) {
                allowed.add(HEAD);
            }
            boolean serves = entry.route.method().equals(served) && entry.route.operation() != null;
            if (serves && (best == null || entry.literals() > best.literals())) {
                best = entry;
                operation = entry.route.operation();
            }
        }
        if (best != null && operation != null) {
            return new Match(best.route, operation, best.parameters(segments));
        }
        if (allowed.isEmpty()) {
            throw Refusal.notFound(
                    "The path " + InputLimits.excerpt(path) + " does not exist. GET /openapi.json lists the routes.");
        }
        String allow = String.join(", ", allowed);
        throw Refusal.of(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        InputLimits.excerpt(method) + " is not allowed for " + InputLimits.excerpt(path)
                                + ". Use one of: " + allow + ".")
                .withHeader("Allow", allow);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    /** A route and the path parameters of a request. */
    public record Match(Route route, Route.Operation operation, Map<String, String> parameters) {
        /**
         * Serves the request, if the caller has a permission of the route.
         *
         * @throws Refusal 401 or 403, 400 if a path parameter is a placeholder, or an error of the operation
         */
        public Response serve(Request request) {
            if (!route.isOpen()) {
                requireAny(request.caller(), route.anyOf());
            }
            rejectPlaceholders();
            try {
                return operation.serve(request.at(parameters));
            } catch (InvalidPosition e) {
                throw Refusal.invalid(
                        "invalidPageToken",
                        "$skiptoken",
                        "$skiptoken is not a page token of this list. Use @odata.nextLink unchanged, or start again"
                                + " without $skiptoken.");
            }
        }

        /** A brace in an id means that the client did not expand its URL template. */
        private void rejectPlaceholders() {
            Violations violations = new Violations();
            for (var parameter : parameters.entrySet()) {
                String value = parameter.getValue();
                if (value.indexOf('{') >= 0 || value.indexOf('}') >= 0) {
                    violations.add(
                            "invalidValue",
                            parameter.getKey(),
                            "The path contains " + InputLimits.excerpt(value) + " instead of a value for "
                                    + parameter.getKey()
                                    + ". Replace the placeholder with an id; ids in paths must not contain braces.");
                }
            }
            Refusal.ifAny(violations);
        }

        private static void requireAny(Caller caller, Set<Permission> anyOf) {
            List<String> claims = new ArrayList<>();
            for (Permission permission : Permission.values()) {
                if (!anyOf.contains(permission)) {
                    continue;
                }
                if (caller.has(permission)) {
                    return;
                }
                claims.add(permission.claim());
            }
            throw Refusal.of(
                    ErrorCode.PERMISSION_REQUIRED,
                    "This operation requires one of the permissions " + String.join(", ", claims)
                            + " in scp, scope or roles of the token.");
        }
    }

    private record Entry(Route route, List<String> pattern) {
        boolean fits(List<String> segments) {
            if (segments.size() != pattern.size()) {
                return false;
            }
            for (int i = 0; i < pattern.size(); i++) {
                boolean fits = isParameter(pattern.get(i))
                        ? !segments.get(i).isEmpty()
                        : pattern.get(i).equals(segments.get(i));
                if (!fits) {
                    return false;
                }
            }
            return true;
        }

        int literals() {
            int literals = 0;
            for (String segment : pattern) {
                literals += isParameter(segment) ? 0 : 1;
            }
            return literals;
        }

        Map<String, String> parameters(List<String> segments) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < pattern.size(); i++) {
                if (isParameter(pattern.get(i))) {
                    parameters.put(pattern.get(i).substring(1, pattern.get(i).length() - 1), segments.get(i));
                }
            }
            return parameters;
        }

        private static boolean isParameter(String segment) {
            return segment.startsWith("{");
        }
    }
}
