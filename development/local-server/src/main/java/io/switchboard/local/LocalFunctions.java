package io.switchboard.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.LambdaFunction;
import io.switchboard.runtime.Ticker;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/** Creates the handlers of the template's functions, each with the environment that Lambda would set. */
final class LocalFunctions {
    static final String REGION = "us-east-1";
    private static final String ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";
    private static final String PUBLIC_BASE_URL = "PUBLIC_BASE_URL";

    private LocalFunctions() {}

    static Map<String, LocalFunction> of(
            Deployment deployment,
            URI dynamoDb,
            URI baseUri,
            URI realtime,
            ExecutorService invocations,
            Runnable afterwards,
            Ticker ticker,
            PrintStream log) {
        var functions = new LinkedHashMap<String, LocalFunction>();
        deployment.functions().forEach((logicalId, function) -> {
            var handler = handler(function, environment(function, dynamoDb, baseUri, realtime));
            functions.put(logicalId, new LocalFunction(function, handler, invocations, afterwards, ticker, log));
        });
        return functions;
    }

    private static Map<String, String> environment(LambdaFunction function, URI dynamoDb, URI baseUri, URI realtime) {
        var environment = new HashMap<>(function.environment());
        environment.put(ENDPOINT, dynamoDb.toString());
        environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", baseUri + LocalBus.PATH);
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", baseUri + LocalSecrets.PATH);
        environment.put("AWS_ENDPOINT_URL_SQS", baseUri + LocalQueues.PATH);
        if (!environment.getOrDefault("PUSH_HTTP", "").isEmpty()) {
            environment.put("PUSH_HTTP", LocalPush.endpoint(baseUri).toString());
            environment.put("PUSH_REALTIME", realtime.toString());
        }
        environment.put("AWS_REGION", REGION);
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        // The server already logs one line for each request.
        environment.put("AWS_LAMBDA_LOG_LEVEL", "WARN");
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.logicalId());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        if (environment.getOrDefault(PUBLIC_BASE_URL, "").isBlank()) {
            environment.put(PUBLIC_BASE_URL, baseUri.toString());
        }
        return Map.copyOf(environment);
    }

    private static RequestStreamHandler handler(LambdaFunction function, Map<String, String> environment) {
        String name = function.handler();
        try {
            return Class.forName(name)
                    .asSubclass(RequestStreamHandler.class)
                    .getConstructor(Map.class)
                    .newInstance(environment);
        } catch (ClassNotFoundException e) {
            throw new LocalServerException(
                    "The handler %s of %s is not on the class path. Correct Handler in the template, or add its module to development/local-server/pom.xml."
                            .formatted(name, function.logicalId()),
                    e);
        } catch (NoSuchMethodException | ClassCastException e) {
            throw new LocalServerException(
                    "The handler %s of %s must be a RequestStreamHandler with a public constructor (Map<String, String> environment)."
                            .formatted(name, function.logicalId()),
                    e);
        } catch (InvocationTargetException e) {
            throw new LocalServerException(
                    "The handler %s of %s cannot be created: %s".formatted(name, function.logicalId(), firstLine(e)),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new LocalServerException(
                    "The handler %s of %s cannot be created: %s".formatted(name, function.logicalId(), e), e);
        }
    }

    private static String firstLine(InvocationTargetException e) {
        return String.valueOf(e.getTargetException()).lines().findFirst().orElse("");
    }
}
