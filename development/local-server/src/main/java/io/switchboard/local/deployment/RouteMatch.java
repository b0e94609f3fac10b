package io.switchboard.local.deployment;

import java.util.Map;

/**
 * The route of a request.
 *
 * @param pathParameters by name, {@code proxy} for {@code {proxy+}}; empty if the route has no parameters
 */
public record RouteMatch(HttpRoute route, Map<String, String> pathParameters) {

    public RouteMatch {
        pathParameters = Map.copyOf(pathParameters);
    }
}
