package io.switchboard.local.deployment;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A template with its nested stacks, as the local server and the tests read them. Immutable.
 *
 * @param functions by logical id, in the template's order
 * @param eventSources the streams and queues that invoke functions
 * @param routes in matching order, the most specific first
 */
public record Deployment(
        Map<String, LambdaFunction> functions,
        List<HttpRoute> routes,
        List<Table> tables,
        List<MessageQueue> queues,
        List<EventSource> eventSources,
        Cors cors,
        JwtAuthorizer authorizer) {
    public Deployment {
        functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
        routes = routes.stream().sorted(HttpRoute.MOST_SPECIFIC_FIRST).toList();
        tables = List.copyOf(tables);
        queues = List.copyOf(queues);
        eventSources = List.copyOf(eventSources);
    }

    /**
     * Reads a template. Queue URLs have the form of AWS, with a placeholder account.
     *
     * @param parameters values that override the defaults of the template's parameters
     * @throws TemplateException for the same reasons as the other {@code read}
     */
    public static Deployment read(Path template, Map<String, String> parameters) {
        return read(template, parameters, Intrinsics.QUEUES);
    }

    /**
     * Reads a template.
     *
     * @param queues the prefix of every queue URL, up to the queue's name
     * @param parameters values that override the defaults of the template's parameters
     * @throws TemplateException if the template cannot be read or contains an unsupported element, or if a parameter
     *     has no value or a value that the template does not allow; the message names each problem
     */
    public static Deployment read(Path template, Map<String, String> parameters, String queues) {
        return new DeploymentReader(SamTemplate.read(template), template, parameters, queues).deployment();
    }

    /**
     * Returns the files that are deployed together.
     *
     * @return the template itself, then those of its nested stacks
     * @throws TemplateException if a file cannot be read
     */
    public static List<Path> files(Path template) {
        return NestedStacks.files(template);
    }

    /**
     * Returns the route that API Gateway would select: a route that matches the whole path, otherwise a greedy route,
     * otherwise {@code $default}. The most specific route wins, and a route for the method wins over {@code ANY}.
     *
     * @param path percent-decoded, beginning with a slash
     * @return the route; empty only if no route matches and the template has no {@code $default} route
     */
    public Optional<RouteMatch> match(String method, String path) {
        for (var route : routes) {
            var pathParameters = route.pathParameters(method, path);
            if (pathParameters.isPresent()) {
                return Optional.of(new RouteMatch(route, pathParameters.get()));
            }
        }
        return Optional.empty();
    }
}
