package io.switchboard.dynamodb;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Creates tables with the keys of {@code template.yaml} and unique names, and the product's client for them. */
public final class TestTables {
    private TestTables() {}

    /** Creates a Sessions table with its index and returns its name. */
    public static String sessions(DynamoDbClient client) {
        return create(
                client,
                "Sessions-" + UUID.randomUUID(),
                "owner",
                List.of("closedAt"),
                GlobalSecondaryIndex.builder()
                        .indexName("Closed")
                        .keySchema(key("owner", KeyType.HASH), key("closedAt", KeyType.RANGE))
                        .projection(Projection.builder()
                                .projectionType(ProjectionType.KEYS_ONLY)
                                .build())
                        .build());
    }

    /** Creates a Templates table and returns its name. */
    public static String templates(DynamoDbClient client) {
        return create(client, "Templates-" + UUID.randomUUID(), "tenant", List.of());
    }

    /** Creates a CallRecords table with its indexes and returns its name. */
    public static String callRecords(DynamoDbClient client) {
        return create(
                client,
                "CallRecords-" + UUID.randomUUID(),
                "record",
                List.of("listed", "place", "changed", "changedPlace", "modifiedPlace"),
                GlobalSecondaryIndex.builder()
                        .indexName("Listed")
                        .keySchema(key("listed", KeyType.HASH), key("place", KeyType.RANGE))
                        .projection(Projection.builder()
                                .projectionType(ProjectionType.INCLUDE)
                                .nonKeyAttributes("expiresAt")
                                .build())
                        .build(),
                ofKeys("Changed", "changed", "changedPlace"),
                ofKeys("Modified", "changed", "modifiedPlace"));
    }

    /** Returns an index that has only the keys of its items. */
    private static GlobalSecondaryIndex ofKeys(String name, String partition, String place) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(key(partition, KeyType.HASH), key(place, KeyType.RANGE))
                .projection(Projection.builder()
                        .projectionType(ProjectionType.KEYS_ONLY)
                        .build())
                .build();
    }

    /** Returns the environment of a function that uses DynamoDB at this endpoint. */
    public static Map<String, String> environment(URI endpoint) {
        return Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString());
    }

    /** Returns the product's client for this endpoint. */
    public static DynamoDbClient client(URI endpoint) {
        return Wiring.client(environment(endpoint));
    }

    /** Returns the product's client for this endpoint, with a transport that injects faults. */
    public static DynamoDbClient client(URI endpoint, FaultyHttpClient transport) {
        return Wiring.client(environment(endpoint), transport);
    }

    /** Returns a DynamoDb without pauses between attempts, for tests of many consecutive faults. */
    public static DynamoDb withoutPauses(DynamoDbClient client) {
        return new DynamoDb(client, time -> {});
    }

    /**
     * Returns the product's client for this endpoint, which waits half a minute for each response. It is for races, in
     * which a response waits for many others and for a processor.
     */
    public static DynamoDbClient patientClient(URI endpoint) {
        return client(endpoint, faultyTransport());
    }

    /** Returns a transport that injects faults. */
    public static FaultyHttpClient faultyTransport() {
        return new FaultyHttpClient(UrlConnectionHttpClient.create());
    }

    /** @param indexed the key attributes of the indexes */
    private static String create(
            DynamoDbClient client,
            String name,
            String partitionKey,
            List<String> indexed,
            GlobalSecondaryIndex... indexes) {
        List<AttributeDefinition> attributes = new ArrayList<>(List.of(attribute(partitionKey), attribute("key")));
        for (String each : indexed) {
            attributes.add(attribute(each));
        }
        CreateTableRequest.Builder table = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attributes)
                .keySchema(key(partitionKey, KeyType.HASH), key("key", KeyType.RANGE));
        if (indexes.length > 0) {
            table.globalSecondaryIndexes(indexes);
        }
        client.createTable(table.build());
        client.waiter().waitUntilTableExists(request -> request.tableName(name));
        return name;
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
