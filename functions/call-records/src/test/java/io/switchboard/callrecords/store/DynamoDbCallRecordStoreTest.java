package io.switchboard.callrecords.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

final class DynamoDbCallRecordStoreTest extends CallRecordStoreContract {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient client;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String table;

    @BeforeAll
    static void createTable() {
        client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
        table = TestTables.callRecords(client);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Override
    protected CallRecordStore store(RecordLimits limits) {
        return new DynamoDbCallRecordStore(new DynamoDb(client), table, limits);
    }
}
