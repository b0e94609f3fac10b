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
 * A fresh table for all tests of a class, and clients to reach it, which are closed after the last test: {@code @RegisterExtension
 * static final TestTable TABLE = TestTable.of(TestTables::sessions)}. Thread-safe between the first test and the last.
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
     * A table on the DynamoDB Local that this JVM's tests share.
     *
     * @param create makes the table and returns its name
     */
    public static TestTable of(Function<DynamoDbClient, String> create) {
        return of(create, context -> TestTables.client(EmbeddedDynamoDb.sharedEndpoint()));
    }

    /**
     * A table on the DynamoDB Local that this JVM's tests share, whose client is patient: see {@link TestTables#patientClient}.
     *
     * @param create makes the table and returns its name
     */
    public static TestTable patient(Function<DynamoDbClient, String> create) {
        return of(create, context -> TestTables.patientClient(EmbeddedDynamoDb.sharedEndpoint()));
    }

    /**
     * A table in another place.
     *
     * @param create makes the table and returns its name
     * @param connect makes the client, before the first test
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

    /** The name of the table. */
    public String name() {
        return Objects.requireNonNull(name, "The table is made before the first test");
    }

    /** The client that made the table. */
    public DynamoDbClient client() {
        return clients.getFirst();
    }

    /** Another client, on DynamoDB Local, over a transport that counts and spoils. */
    public DynamoDbClient client(FaultyHttpClient transport) {
        DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint(), transport);
        clients.add(client);
        return client;
    }

    /** What stores use, with the client that made the table. */
    public DynamoDb dynamoDb() {
        return new DynamoDb(client());
    }
}
