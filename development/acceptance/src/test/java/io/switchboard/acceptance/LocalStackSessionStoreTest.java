package io.switchboard.acceptance;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.SessionStore;
import io.switchboard.session.store.SessionStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@NeedsContainerTools
@ExtendWith(LocalStackExtension.class)
final class LocalStackSessionStoreTest extends SessionStoreContract {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient client;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String table;

    @BeforeAll
    static void createTable(LocalStack localStack) {
        client = localStack.dynamoDb();
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
