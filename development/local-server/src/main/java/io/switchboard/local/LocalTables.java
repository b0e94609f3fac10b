package io.switchboard.local;

import io.switchboard.local.deployment.Table;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Creates the template's missing tables. An existing table of a data folder keeps its items and gets any missing stream
 * and indexes.
 */
final class LocalTables {
    private static final Duration INDEX_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration INDEX_PAUSE = Duration.ofMillis(50);
    private static final long MAXIMUM_PAUSES = INDEX_TIMEOUT.dividedBy(INDEX_PAUSE);

    private LocalTables() {}

    static void create(List<Table> tables, DynamoDbClient dynamoDb) {
        try {
            for (Table table : tables) {
                create(dynamoDb, table);
                table.timeToLiveAttribute().ifPresent(attribute -> expire(dynamoDb, table.name(), attribute));
            }
        } catch (DynamoDbException e) {
            throw new LocalServerException(
                    "The template's tables cannot be created: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private static void create(DynamoDbClient dynamoDb, Table table) {
        try {
            dynamoDb.createTable(table.createTable());
        } catch (ResourceInUseException e) {
            // The table exists, from a data folder or from another server on the same DynamoDB.
            var there = dynamoDb.describeTable(request -> request.tableName(table.name()))
                    .table();
            if (table.createTable().streamSpecification() != null && there.streamSpecification() == null) {
                dynamoDb.updateTable(request -> request.tableName(table.name())
                        .streamSpecification(table.createTable().streamSpecification()));
            }
            for (var index : table.createTable().globalSecondaryIndexes()) {
                if (!hasIndex(dynamoDb, table.name(), index.indexName())) {
                    addIndex(dynamoDb, table, index);
                }
            }
        }
    }

    /** Adds an index. DynamoDB adds one index at a time and fills it with the table's items. */
    private static void addIndex(DynamoDbClient dynamoDb, Table table, GlobalSecondaryIndex index) {
        try {
            dynamoDb.updateTable(request -> request.tableName(table.name())
                    .attributeDefinitions(table.createTable().attributeDefinitions())
                    .globalSecondaryIndexUpdates(GlobalSecondaryIndexUpdate.builder()
                            .create(create -> create.indexName(index.indexName())
                                    .keySchema(index.keySchema())
                                    .projection(index.projection()))
                            .build()));
        } catch (DynamoDbException e) {
            // Another server on the same DynamoDB may have done it first.
            if (!hasIndex(dynamoDb, table.name(), index.indexName())) {
                throw e;
            }
        }
        waitForIndex(dynamoDb, table.name(), index.indexName());
    }

    private static void waitForIndex(DynamoDbClient dynamoDb, String table, String index) {
        long pauses = 0;
        while (status(dynamoDb, table, index) != IndexStatus.ACTIVE) {
            pauses++;
            if (pauses > MAXIMUM_PAUSES) {
                throw new LocalServerException("The index " + index + " of the table " + table
                        + " did not become active in " + INDEX_TIMEOUT.toSeconds()
                        + " seconds. Start the server again, or delete the data folder.");
            }
            LockSupport.parkNanos(INDEX_PAUSE.toNanos());
        }
    }

    private static boolean hasIndex(DynamoDbClient dynamoDb, String table, String index) {
        return status(dynamoDb, table, index) != null;
    }

    private static @Nullable IndexStatus status(DynamoDbClient dynamoDb, String table, String index) {
        for (var there : dynamoDb.describeTable(request -> request.tableName(table))
                .table()
                .globalSecondaryIndexes()) {
            if (there.indexName().equals(index)) {
                return there.indexStatus();
            }
        }
        return null;
    }

    private static void expire(DynamoDbClient dynamoDb, String table, String attribute) {
        // DynamoDB returns an error if expiry is already enabled.
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
            // Another server on the same DynamoDB may have done it first.
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
