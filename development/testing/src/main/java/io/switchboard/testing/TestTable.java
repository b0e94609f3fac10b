package io.switchboard.testing;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A new table for all tests of a class, and its clients, which are closed after the last test:
 * {@code @RegisterExtension static final TestTable TABLE = TestTable.of(TestTables::sessions)}. Thread-safe between the
 * first test and the last.
 */
public final class TestTable implements BeforeAllCallback, AfterAllCallback {
    private final Function<DynamoDbClient, String> create;
    private final Function<ExtensionContext, DynamoDbClient> connect;
    private final List<DynamoDbClient> clients = new CopyOnWriteArrayList<>();
    private @Nullable String name;

    private TestTable(Function<DynamoDbClient, String> create, Function<ExtensionContext, DynamoDbClient> connect) {
        this.create = create;
        this.connect = connect;
    }

    /**
     * Returns a table on the DynamoDB Local that the tests of this JVM share.
     *
     * @param create creates the table and returns its name
     */
    public static TestTable of(Function<DynamoDbClient, String> create) {
        return of(create, context -> TestTables.client(EmbeddedDynamoDb.sharedEndpoint()));
    }

    /**
     * Returns a table on the DynamoDB Local that the tests of this JVM share, with the client of
     * {@link TestTables#patientClient}.
     *
     * @param create creates the table and returns its name
     */
    public static TestTable patient(Function<DynamoDbClient, String> create) {
        return of(create, context -> TestTables.patientClient(EmbeddedDynamoDb.sharedEndpoint()));
    }

    /**
     * Returns a table on another DynamoDB.
     *
     * @param create creates the table and returns its name
     * @param connect creates the client before the first test
     */
    public static TestTable of(
            Function<DynamoDbClient, String> create, Function<ExtensionContext, DynamoDbClient> connect) {
        return new TestTable(create, connect);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        clients.add(connect.apply(context));
        name = create.apply(client());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        clients.forEach(DynamoDbClient::close);
    }

    /** Returns the name of the table. */
    public String name() {
        return Objects.requireNonNull(name, "The table is created before the first test");
    }

    /** Returns the client that created the table. */
    public DynamoDbClient client() {
        return clients.getFirst();
    }

    /** Returns another client for DynamoDB Local, with a transport that injects faults. */
    public DynamoDbClient client(FaultyHttpClient transport) {
        DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint(), transport);
        clients.add(client);
        return client;
    }

    /** Returns the DynamoDb for stores, with the client that created the table. */
    public DynamoDb dynamoDb() {
        return new DynamoDb(client());
    }
}
