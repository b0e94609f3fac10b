package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.deployment.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class LocalTablesTest {
    private static final int SERVERS = 8;
    private static final int ROUNDS = 20;

    @Test
    void servers_that_start_at_once_on_one_DynamoDB_all_find_the_tables_made() throws Exception {
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
