package io.switchboard.local.deployment;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route of the API that leads to a function.
 *
 * @param method {@code GET} and so on, or {@code ANY}
 * @param path for example {@code /sessions/{proxy+}}, or {@code $default}
 * @param authorized whether API Gateway requires a valid token
 * @param function the function's logical id
 */
public record HttpRoute(String method, String path, boolean authorized, String function) {
    static final String ANY = "ANY";
    static final String DEFAULT = "$default";

    /** A segment of a path; the more specific kind has the smaller rank. */
    private enum Segment {
        LITERAL('0'),
        VARIABLE('1'),
        GREEDY('2');

        private final char rank;

        Segment(char rank) {
            this.rank = rank;
        }

        static Segment of(String text) {
            if (!text.startsWith("{")) {
                return LITERAL;
            }
            return text.endsWith("+}") ? GREEDY : VARIABLE;
        }
    }

    /**
     * The order in which API Gateway tries routes: those that match the whole path, then greedy ones, then
     * {@code $default}. Its documentation does not rank routes of the same kind. This class compares their segments
     * from left to right, and ranks a method before {@code ANY}.
     */
    static final Comparator<HttpRoute> MOST_SPECIFIC_FIRST = Comparator.comparing(HttpRoute::isDefault)
            .thenComparing(HttpRoute::isGreedy)
            .thenComparing(HttpRoute::specificity)
            .thenComparing(route -> route.method.equals(ANY));

    /** Returns the route key as in events: {@code GET /desk}, {@code ANY /sessions/{proxy+}}, {@code $default}. */
    public String routeKey() {
        return isDefault() ? DEFAULT : method + ' ' + path;
    }

    private boolean isDefault() {
        return path.equals(DEFAULT);
    }

    private boolean isGreedy() {
        return path.endsWith("+}");
    }

    private String specificity() {
        var ranks = new StringBuilder();
        for (var segment : segments(path)) {
            ranks.append(Segment.of(segment).rank);
        }
        return ranks.toString();
    }

    /** Returns the path parameters, or empty if the route does not match the method and the path. */
    Optional<Map<String, String>> pathParameters(String requestMethod, String requestPath) {
        if (!method.equals(ANY) && !method.equals(requestMethod)) {
            return Optional.empty();
        }
        if (isDefault()) {
            return Optional.of(Map.of());
        }
        var requested = segments(path);
        var present = segments(requestPath);
        if (present.size() < requested.size() || (present.size() > requested.size() && !isGreedy())) {
            return Optional.empty();
        }
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < requested.size(); i++) {
            var segment = requested.get(i);
            var text = present.get(i);
            switch (Segment.of(segment)) {
                case LITERAL -> {
                    if (!segment.equals(text)) {
                        return Optional.empty();
                    }
                }
                case VARIABLE -> {
                    if (text.isEmpty()) {
                        return Optional.empty();
                    }
                    parameters.put(segment.substring(1, segment.length() - 1), text);
                }
                case GREEDY -> {
                    var rest = String.join("/", present.subList(i, present.size()));
                    if (rest.isEmpty()) {
                        return Optional.empty();
                    }
                    parameters.put(segment.substring(1, segment.length() - 2), rest);
                }
            }
        }
        return Optional.of(parameters);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
