package io.switchboard.local.deployment;

import java.nio.file.Path;
import java.util.Map;

/**
 * A Lambda function.
 *
 * @param logicalId its name in the template
 * @param handler the handler's class, without the method
 * @param environment the environment variables, without those that the template sets to {@code AWS::NoValue}
 * @param code the deployed zip file, which may not have been built yet
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
