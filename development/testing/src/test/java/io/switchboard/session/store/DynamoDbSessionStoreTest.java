package io.switchboard.session.store;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.session.SessionLimits;
import io.switchboard.testing.TestTable;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DynamoDbSessionStoreTest extends SessionStoreContract {
    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::sessions);

    @Override
    protected SessionStore store(SessionLimits limits) {
        return new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), limits);
    }
}
