package io.switchboard.session.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.session.SessionLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

final class DynamoDbSessionStoreTest extends SessionStoreContract {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient client;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String table;

    @BeforeAll
    static void createTable() {
        client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
        table = TestTables.sessions(client);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Override
    protected SessionStore store(SessionLimits limits) {
        return new DynamoDbSessionStore(new DynamoDb(client), table, limits);
    }
}
