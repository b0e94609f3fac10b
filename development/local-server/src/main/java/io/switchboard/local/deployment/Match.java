package io.switchboard.local.deployment;

import java.util.Map;

/**
 * The door a request goes through.
 *
 * @param pathParameters by name, {@code proxy} for {@code {proxy+}}; empty where the door's path has none
 */
public record Match(Door door, Map<String, String> pathParameters) {

    public Match {
        pathParameters = Map.copyOf(pathParameters);
    }
}
