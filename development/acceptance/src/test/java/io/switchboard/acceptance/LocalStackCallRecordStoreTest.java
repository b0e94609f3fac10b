package io.switchboard.acceptance;

import io.switchboard.callrecords.store.CallRecordStoreContract;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.RecordLimits;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.testing.TestTable;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsContainerTools
final class LocalStackCallRecordStoreTest extends CallRecordStoreContract {
    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::callRecords, LocalStackExtension::dynamoDb);

    @Override
    protected DynamoDbCallRecordStore store(RecordLimits limits) {
        return new DynamoDbCallRecordStore(TABLE.dynamoDb(), TABLE.name(), limits);
    }
}
