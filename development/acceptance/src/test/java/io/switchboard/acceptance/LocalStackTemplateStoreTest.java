package io.switchboard.acceptance;

import io.switchboard.dynamodb.DynamoDb;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@NeedsContainerTools
@ExtendWith(LocalStackExtension.class)
final class LocalStackTemplateStoreTest extends TemplateStoreContract {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static DynamoDbClient client;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String table;

    @BeforeAll
    static void createTable(LocalStack localStack) {
        client = localStack.dynamoDb();
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

    @Override
    protected ImportStore imports() {
        return new DynamoDbImportStore(new DynamoDb(client), table, BUILT_IN);
    }

    @Override
    protected ProfileAssignments assignments() {
        return new DynamoDbProfileAssignments(new DynamoDb(client), table);
    }

    @Override
    protected SessionTemplateReader reader() {
        return new DynamoDbTemplateReader(new DynamoDb(client), table);
    }
}
