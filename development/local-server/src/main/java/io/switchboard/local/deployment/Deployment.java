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
 * @param eventSources the streams and queues that functions are invoked by
 * @param routes the most specific first: the order in which they are tried
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
     * Reads a template; a queue's URL is that of AWS, of no account.
     *
     * @param parameters values that override the defaults of the template's parameters
     * @throws TemplateException as the other {@code read} does
     */
    public static Deployment read(Path template, Map<String, String> parameters) {
        return read(template, parameters, Intrinsics.QUEUES);
    }

    /**
     * Reads a template.
     *
     * @param queues what the URL of a queue begins with, up to its name
     * @param parameters values that override the defaults of the template's parameters
     * @throws TemplateException where the template cannot be read or holds something this class does not understand, or where a
     *     parameter has neither default nor value, or one that the template does not allow; it names them
     */
    public static Deployment read(Path template, Map<String, String> parameters, String queues) {
        return new DeploymentReader(SamTemplate.read(template), template, parameters, queues).deployment();
    }

    /**
     * The files that are deployed together.
     *
     * @return the template itself, then those of its nested stacks
     * @throws TemplateException where one cannot be read
     */
    public static List<Path> files(Path template) {
        return NestedStacks.files(template);
    }

    /**
     * The route API Gateway would choose: one that matches the whole path, else a greedy one, else {@code $default}; of several the
     * most specific, and one for the method before one for {@code ANY}.
     *
     * @param path percent-decoded, beginning with a slash
     * @return nothing only where the template has no {@code $default} route
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
