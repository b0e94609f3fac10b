package io.switchboard.template;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

final class DynamoDbTemplateStoreTest extends TemplateStoreContract {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient client;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String table;

    @BeforeAll
    static void createTable() {
        client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
        table = TestTables.templates(client);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Override
    protected TemplateStore store() {
        return new DynamoDbTemplateStore(new DynamoDb(client), table, BUILT_IN);
    }
}
