package io.switchboard.local.deployment;

import java.util.Map;

/**
 * The route a request goes through.
 *
 * @param pathParameters by name, {@code proxy} for {@code {proxy+}}; empty where the route's path has none
 */
public record RouteMatch(HttpRoute route, Map<String, String> pathParameters) {

    public RouteMatch {
        pathParameters = Map.copyOf(pathParameters);
    }
}
