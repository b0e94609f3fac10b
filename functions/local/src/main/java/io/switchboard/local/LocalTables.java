package io.switchboard.local;

import io.switchboard.local.deployment.Table;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Makes the template's tables where they are absent; those of a data folder stay as they are. */
final class LocalTables {
    private LocalTables() {}

    static void create(List<Table> tables, URI endpoint) {
        try (var dynamoDb = DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(LocalFunctions.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            for (Table table : tables) {
                create(dynamoDb, table);
                table.timeToLiveAttribute().ifPresent(attribute -> expire(dynamoDb, table.name(), attribute));
            }
        } catch (DynamoDbException e) {
            throw new LocalServerException(
                    "The template's tables cannot be made: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private static void create(DynamoDbClient dynamoDb, Table table) {
        try {
            dynamoDb.createTable(table.createTable());
        } catch (ResourceInUseException e) {
            // It is there: from a data folder, or from another server on the same DynamoDB, perhaps just now.
            dynamoDb.describeTable(request -> request.tableName(table.name()));
        }
    }

    private static void expire(DynamoDbClient dynamoDb, String table, String attribute) {
        var status = dynamoDb.describeTimeToLive(request -> request.tableName(table))
                .timeToLiveDescription()
                .timeToLiveStatus();
        // Switching on what is on is an error to DynamoDB.
        if (status != TimeToLiveStatus.ENABLED && status != TimeToLiveStatus.ENABLING) {
            dynamoDb.updateTimeToLive(request -> request.tableName(table)
                    .timeToLiveSpecification(TimeToLiveSpecification.builder()
                            .attributeName(attribute)
                            .enabled(true)
                            .build()));
        }
    }
}
