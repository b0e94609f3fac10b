package io.switchboard.acceptance;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.SessionStore;
import io.switchboard.session.store.SessionStoreContract;
import io.switchboard.testing.TestTable;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsContainerTools
final class LocalStackSessionStoreTest extends SessionStoreContract {
    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::sessions, LocalStackExtension::dynamoDb);

    @Override
    protected SessionStore store(SessionLimits limits) {
        return new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), limits);
    }
}
