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
    private final PathSyntax syntax;

    /** Creates a table of these routes, with plain paths. */
    public RouteTable(List<Route> routes) {
        this(routes, List.of(), PathSyntax.PLAIN);
    }

    /**
     * Creates a table with its own syntax of paths.
     *
     * @param others routes that {@link #routes} does not list: another function serves their usual form, and this one
     *     the other forms of the syntax
     */
    public RouteTable(List<Route> routes, List<Route> others, PathSyntax syntax) {
        this.routes = List.copyOf(routes);
        this.syntax = syntax;
        for (List<Route> each : List.of(routes, others)) {
            for (Route route : each) {
                entries.add(new Entry(route, syntax.segments(route.pattern()), syntax));
            }
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
        List<PathSyntax.Segment> segments = syntax.segments(path);
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
            throw syntax.notFound(path, segments);
        }
        String allow = String.join(", ", allowed);
        throw Refusal.of(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        InputLimits.excerpt(method) + " is not allowed for " + InputLimits.excerpt(path)
                                + ". Use one of: " + allow + ".")
                .withHeader("Allow", allow);
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

    private record Entry(Route route, List<PathSyntax.Segment> pattern, PathSyntax syntax) {
        boolean fits(List<PathSyntax.Segment> segments) {
            if (segments.size() != pattern.size()) {
                return false;
            }
            for (int i = 0; i < pattern.size(); i++) {
                PathSyntax.Segment expected = pattern.get(i);
                PathSyntax.Segment segment = segments.get(i);
                boolean fits = isParameter(expected)
                        ? !syntax.isReserved(segment) && (segment.isKey() || !expected.isKey())
                        : !segment.isKey() && syntax.isSame(expected.text(), segment.text());
                if (!fits) {
                    return false;
                }
            }
            return true;
        }

        int literals() {
            int literals = 0;
            for (PathSyntax.Segment segment : pattern) {
                literals += isParameter(segment) ? 0 : 1;
            }
            return literals;
        }

        Map<String, String> parameters(List<PathSyntax.Segment> segments) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < pattern.size(); i++) {
                String text = pattern.get(i).text();
                if (isParameter(pattern.get(i))) {
                    parameters.put(
                            text.substring(1, text.length() - 1),
                            segments.get(i).text());
                }
            }
            return parameters;
        }

        private static boolean isParameter(PathSyntax.Segment segment) {
            return segment.text().startsWith("{");
        }
    }
}
