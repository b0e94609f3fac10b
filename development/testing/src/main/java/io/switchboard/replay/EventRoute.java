package io.switchboard.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A route of the API Gateway.
 *
 * @param key the route key in events: {@code GET /desk}, {@code ANY /sessions/{proxy+}}, {@code $default}
 * @param method the method; {@code ANY} matches all methods
 * @param path the pattern of the path, with a group for each parameter
 * @param parameters the names of the path parameters
 */
record EventRoute(String key, String method, Pattern path, List<String> parameters) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)(\\+)?}");
    private static final Pattern ANY_PATH = Pattern.compile(".*", Pattern.DOTALL);

    static EventRoute of(String key) {
        String[] parts = key.split(" ", 2);
        if (parts.length < 2) {
            return new EventRoute(key, "ANY", ANY_PATH, List.of());
        }
        StringBuilder path = new StringBuilder();
        List<String> parameters = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(parts[1]);
        int from = 0;
        while (parameter.find()) {
            path.append(Pattern.quote(parts[1].substring(from, parameter.start())))
                    .append(parameter.group(2) == null ? "([^/]+)" : "(.+)");
            parameters.add(parameter.group(1));
            from = parameter.end();
        }
        path.append(Pattern.quote(parts[1].substring(from)));
        return new EventRoute(key, parts[0], Pattern.compile(path.toString(), Pattern.DOTALL), parameters);
    }

    boolean fits(String requestMethod, String requestPath) {
        return (method.equals("ANY") || method.equals(requestMethod))
                && path.matcher(requestPath).matches();
    }

    /** Returns the parameters of a path; none if it does not match. */
    Map<String, String> parametersOf(String requestPath) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher found = path.matcher(requestPath);
        for (int i = 0; i < parameters.size() && found.matches(); i++) {
            values.put(parameters.get(i), found.group(i + 1));
        }
        return values;
    }
}
