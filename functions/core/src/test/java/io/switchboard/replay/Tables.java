package io.switchboard.replay;

import io.switchboard.dynamodb.Wiring;
import io.switchboard.embedded.EmbeddedDynamoDb;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Two fresh, empty tables on the DynamoDB Local that this JVM's tests share, and an environment that names them. */
public final class Tables {
    private final Map<String, String> environment = new HashMap<>();
    private final DynamoDbClient client;

    /** Makes the tables. */
    public Tables() {
        String suffix = UUID.randomUUID().toString();
        environment.put(
                "AWS_ENDPOINT_URL_DYNAMODB", EmbeddedDynamoDb.sharedEndpoint().toString());
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        environment.put("SESSIONS_TABLE", "Sessions-" + suffix);
        environment.put("TEMPLATES_TABLE", "Templates-" + suffix);
        client = Wiring.client(environment);
        create("Sessions-" + suffix, "owner");
        create("Templates-" + suffix, "tenant");
    }

    private void create(String table, String partition) {
        client.createTable(request -> request.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attribute(partition), attribute("key"))
                .keySchema(
                        KeySchemaElement.builder()
                                .attributeName(partition)
                                .keyType(KeyType.HASH)
                                .build(),
                        KeySchemaElement.builder()
                                .attributeName("key")
                                .keyType(KeyType.RANGE)
                                .build()));
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    /** A function's environment. */
    public Map<String, String> environment() {
        return new HashMap<>(environment);
    }

    /** A function's environment with one variable changed. */
    public Map<String, String> environment(String name, String value) {
        Map<String, String> changed = environment();
        changed.put(name, value);
        return changed;
    }

    /** A client on DynamoDB Local. */
    public DynamoDbClient client() {
        return client;
    }

    /** All items of both tables. */
    public Set<Map<String, AttributeValue>> items() {
        Set<Map<String, AttributeValue>> items = new HashSet<>();
        for (String name : Set.of("SESSIONS_TABLE", "TEMPLATES_TABLE")) {
            for (var page : client.scanPaginator(ScanRequest.builder()
                    .tableName(environment.get(name))
                    .consistentRead(true)
                    .build())) {
                items.addAll(page.items());
            }
        }
        return items;
    }
}
