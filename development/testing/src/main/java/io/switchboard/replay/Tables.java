package io.switchboard.replay;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.embedded.EmbeddedDynamoDb;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * New, empty tables, one of each kind, on the DynamoDB Local that the tests of this JVM share, and the environment for
 * them.
 */
public final class Tables {
    private final Map<String, String> environment = new HashMap<>();
    private final DynamoDbClient client;

    /** Creates the tables. */
    public Tables() {
        environment.putAll(TestTables.environment(EmbeddedDynamoDb.sharedEndpoint()));
        client = Wiring.client(environment);
        environment.put("SESSIONS_TABLE", TestTables.sessions(client));
        environment.put("TEMPLATES_TABLE", TestTables.templates(client));
        environment.put("CALL_RECORDS_TABLE", TestTables.callRecords(client));
        environment.put("SESSION_EVENTS_BUS", "SessionEvents-test");
    }

    /** Returns the environment of a function. */
    public Map<String, String> environment() {
        return new HashMap<>(environment);
    }

    /** Returns the environment of a function with one variable changed. */
    public Map<String, String> environment(String name, String value) {
        Map<String, String> changed = environment();
        changed.put(name, value);
        return changed;
    }

    /** Returns a client for DynamoDB Local. */
    public DynamoDbClient client() {
        return client;
    }

    /** Returns all items of all tables. */
    public Set<Map<String, AttributeValue>> items() {
        Set<Map<String, AttributeValue>> items = new HashSet<>();
        for (String name : Set.of("SESSIONS_TABLE", "TEMPLATES_TABLE", "CALL_RECORDS_TABLE")) {
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
