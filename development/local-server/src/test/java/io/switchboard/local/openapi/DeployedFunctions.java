package io.switchboard.local.openapi;

import static java.util.Objects.requireNonNull;

import io.switchboard.http.ApiFunction;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.fuzz.AwsEndpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The functions that template.yaml deploys behind routes of the API, each in the same environment. */
public record DeployedFunctions(Deployment deployment, Map<String, ApiFunction> byName) {
    /** The event bus of the functions, which accepts everything. */
    private static final AwsEndpoint BUS = new AwsEndpoint();

    /** Creates the functions as Lambda does. */
    public static DeployedFunctions in(Map<String, String> environment) {
        Deployment deployment = Deployment.read(
                Path.of(System.getProperty("switchboard.root"), "template.yaml"),
                Map.of("Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1"));
        Map<String, String> complete = new HashMap<>(BUS.environment());
        complete.putAll(environment);
        Map<String, ApiFunction> functions = new LinkedHashMap<>();
        deployment.functions().forEach((name, function) -> {
            if (deployment.routes().stream().noneMatch(route -> route.function().equals(name))) {
                return;
            }
            try {
                functions.put(
                        name,
                        Class.forName(function.handler())
                                .asSubclass(ApiFunction.class)
                                .getConstructor(Map.class)
                                .newInstance(complete));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(name, e);
            }
        });
        return new DeployedFunctions(deployment, functions);
    }

    /** Returns the function with this name in the template. */
    public ApiFunction named(String name) {
        return requireNonNull(byName.get(name), name);
    }
}
