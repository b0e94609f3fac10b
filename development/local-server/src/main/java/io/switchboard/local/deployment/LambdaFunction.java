package io.switchboard.local.deployment;

import java.nio.file.Path;
import java.util.Map;

/**
 * A Lambda function.
 *
 * @param logicalId its name in the template
 * @param handler the handler's class, without the method
 * @param environment its variables; those that the template declares as absent ({@code AWS::NoValue}) are absent
 * @param code the zip that is deployed, which need not have been built yet
 */
public record LambdaFunction(
        String logicalId,
        String handler,
        Map<String, String> environment,
        int timeoutSeconds,
        int memoryMegabytes,
        Path code) {

    public LambdaFunction {
        environment = Map.copyOf(environment);
    }
}
