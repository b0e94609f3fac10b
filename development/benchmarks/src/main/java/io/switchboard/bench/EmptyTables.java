package io.switchboard.bench;

import io.switchboard.local.deployment.Deployment;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Creates the empty tables of {@code template.yaml} in DynamoDB Local. */
final class EmptyTables {
    private static final String REGION = "us-east-1";

    private EmptyTables() {}

    static void create(Deployment deployment, URI endpoint) {
        try (var dynamoDb = DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            deployment.tables().forEach(table -> dynamoDb.createTable(table.createTable()));
        }
    }

    /** Returns the name of the table in an environment variable of the functions. */
    static String named(Deployment deployment, String variable) {
        return deployment.functions().values().stream()
                .map(function -> function.environment().get(variable))
                .filter(value -> value != null)
                .findFirst()
                .orElseThrow(() -> new BenchException(
                        "No function of template.yaml has the environment variable " + variable + "."));
    }

    /** Returns a function's environment with the endpoint of these tables. */
    static Map<String, String> environment(Map<String, String> ofFunction, URI endpoint) {
        Map<String, String> environment = new HashMap<>(ofFunction);
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString());
        environment.put("AWS_REGION", REGION);
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        return environment;
    }
}
