package io.switchboard.local;

import io.switchboard.local.deployment.Table;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Makes the template's tables where they are absent; those of a data folder stay as they are. */
final class LocalTables {
    private LocalTables() {}

    static void create(List<Table> tables, DynamoDbClient dynamoDb) {
        try {
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
            var there = dynamoDb.describeTable(request -> request.tableName(table.name()))
                    .table();
            // Of a data folder from before it had one.
            if (table.createTable().streamSpecification() != null && there.streamSpecification() == null) {
                dynamoDb.updateTable(request -> request.tableName(table.name())
                        .streamSpecification(table.createTable().streamSpecification()));
            }
        }
    }

    private static void expire(DynamoDbClient dynamoDb, String table, String attribute) {
        // Switching on what is on is an error to DynamoDB.
        if (expires(dynamoDb, table)) {
            return;
        }
        try {
            dynamoDb.updateTimeToLive(request -> request.tableName(table)
                    .timeToLiveSpecification(TimeToLiveSpecification.builder()
                            .attributeName(attribute)
                            .enabled(true)
                            .build()));
        } catch (DynamoDbException e) {
            // Another server on the same DynamoDB was faster.
            if (!expires(dynamoDb, table)) {
                throw e;
            }
        }
    }

    private static boolean expires(DynamoDbClient dynamoDb, String table) {
        var status = dynamoDb.describeTimeToLive(request -> request.tableName(table))
                .timeToLiveDescription()
                .timeToLiveStatus();
        return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
    }
}
