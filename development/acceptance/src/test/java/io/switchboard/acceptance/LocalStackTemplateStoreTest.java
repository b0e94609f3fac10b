package io.switchboard.acceptance;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.template.store.DynamoDbImportStore;
import io.switchboard.template.store.DynamoDbProfileAssignments;
import io.switchboard.template.store.DynamoDbTemplateReader;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.template.store.ImportStore;
import io.switchboard.template.store.ProfileAssignments;
import io.switchboard.template.store.SessionTemplateReader;
import io.switchboard.template.store.TemplateStore;
import io.switchboard.template.store.TemplateStoreContract;
import io.switchboard.testing.TestTable;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsContainerTools
final class LocalStackTemplateStoreTest extends TemplateStoreContract {
    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::templates, LocalStackExtension::dynamoDb);

    @Override
    protected TemplateStore store() {
        return new DynamoDbTemplateStore(TABLE.dynamoDb(), TABLE.name(), BUILT_IN);
    }

    @Override
    protected ImportStore imports() {
        return new DynamoDbImportStore(TABLE.dynamoDb(), TABLE.name(), BUILT_IN);
    }

    @Override
    protected ProfileAssignments assignments() {
        return new DynamoDbProfileAssignments(TABLE.dynamoDb(), TABLE.name());
    }

    @Override
    protected SessionTemplateReader reader() {
        return new DynamoDbTemplateReader(TABLE.dynamoDb(), TABLE.name());
    }
}
