package io.switchboard.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.deployment.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Creates tables and indexes. The tests of indexes use a separate DynamoDB Local: it runs expiry and index creation in
 * ten threads, and its jobs for the expiry of many tables delay a new index by minutes.
 */
class LocalTablesTest {
    private static final int SERVERS = 8;
    private static final int ROUNDS = 20;

    @Test
    void concurrently_started_servers_all_find_the_tables() throws Exception {
        try (var clients = new LocalClients(EmbeddedDynamoDb.sharedEndpoint());
                var threads = Executors.newFixedThreadPool(SERVERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                var table = table("race-" + UUID.randomUUID());
                var together = new CyclicBarrier(SERVERS);
                var starts = new ArrayList<Future<?>>();
                for (int server = 0; server < SERVERS; server++) {
                    starts.add(threads.submit(() -> {
                        together.await();
                        LocalTables.create(List.of(table), clients.dynamoDb());
                        return null;
                    }));
                }
                for (var start : starts) {
                    start.get();
                }
                assertThat(clients.dynamoDb()
                                .describeTimeToLive(request -> request.tableName(table.name()))
                                .timeToLiveDescription()
                                .timeToLiveStatus())
                        .isEqualTo(TimeToLiveStatus.ENABLED);
                clients.dynamoDb().deleteTable(request -> request.tableName(table.name()));
            }
        }
    }

    @Test
    void existing_table_without_its_index_gets_the_index_with_its_items() {
        try (var own = EmbeddedDynamoDb.start();
                var clients = new LocalClients(own.endpoint())) {
            var dynamoDb = clients.dynamoDb();
            var name = "before-" + UUID.randomUUID();
            LocalTables.create(List.of(table(name)), dynamoDb);
            dynamoDb.putItem(put -> put.tableName(name)
                    .item(Map.of("id", AttributeValue.fromS("a"), "closedAt", AttributeValue.fromS("1"))));
            dynamoDb.putItem(put -> put.tableName(name).item(Map.of("id", AttributeValue.fromS("b"))));

            LocalTables.create(List.of(indexed(name)), dynamoDb);
            LocalTables.create(List.of(indexed(name)), dynamoDb);

            dynamoDb.putItem(put -> put.tableName(name)
                    .item(Map.of("id", AttributeValue.fromS("c"), "closedAt", AttributeValue.fromS("2"))));
            assertThat(dynamoDb.scan(scan -> scan.tableName(name).indexName("Closed"))
                            .items())
                    .extracting(item -> requireNonNull(item.get("id")).s())
                    .containsExactlyInAnyOrder("a", "c");
        }
    }

    @Test
    void concurrently_started_servers_all_find_an_added_index() throws Exception {
        try (var own = EmbeddedDynamoDb.start();
                var clients = new LocalClients(own.endpoint());
                var threads = Executors.newFixedThreadPool(SERVERS)) {
            var name = "before-race-" + UUID.randomUUID();
            LocalTables.create(List.of(table(name)), clients.dynamoDb());
            var together = new CyclicBarrier(SERVERS);
            var starts = new ArrayList<Future<?>>();
            for (int server = 0; server < SERVERS; server++) {
                starts.add(threads.submit(() -> {
                    together.await();
                    LocalTables.create(List.of(indexed(name)), clients.dynamoDb());
                    clients.dynamoDb().scan(scan -> scan.tableName(name).indexName("Closed"));
                    return null;
                }));
            }
            for (var start : starts) {
                start.get();
            }
        }
    }

    private static Table indexed(String name) {
        var before = table(name);
        var attributes = new ArrayList<>(before.createTable().attributeDefinitions());
        attributes.add(AttributeDefinition.builder()
                .attributeName("closedAt")
                .attributeType(ScalarAttributeType.S)
                .build());
        var request = before.createTable().toBuilder()
                .attributeDefinitions(attributes)
                .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                        .indexName("Closed")
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("id")
                                        .keyType(KeyType.HASH)
                                        .build(),
                                KeySchemaElement.builder()
                                        .attributeName("closedAt")
                                        .keyType(KeyType.RANGE)
                                        .build())
                        .projection(Projection.builder()
                                .projectionType(ProjectionType.KEYS_ONLY)
                                .build())
                        .build())
                .build();
        return new Table("Race", name, request, before.timeToLiveAttribute());
    }

    private static Table table(String name) {
        var request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName("id")
                        .keyType(KeyType.HASH)
                        .build())
                .build();
        return new Table("Race", name, request, Optional.of("expiresAt"));
    }
}
