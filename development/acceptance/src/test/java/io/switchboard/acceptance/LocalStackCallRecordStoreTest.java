package io.switchboard.acceptance;

import io.switchboard.callrecords.store.CallRecordStoreContract;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.RecordLimits;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@NeedsContainerTools
@ExtendWith(LocalStackExtension.class)
final class LocalStackCallRecordStoreTest extends CallRecordStoreContract {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient client;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String table;

    @BeforeAll
    static void createTable(LocalStack localStack) {
        client = localStack.dynamoDb();
        table = TestTables.callRecords(client);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Override
    protected DynamoDbCallRecordStore store(RecordLimits limits) {
        return new DynamoDbCallRecordStore(new DynamoDb(client), table, limits);
    }
}
