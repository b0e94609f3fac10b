package io.switchboard.sessions;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.StreamEvent;
import io.switchboard.replay.TableStream;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.SessionStore;
import java.time.Duration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A separate Sessions table with its store and the records of its DynamoDB stream. */
final class SessionStream implements AutoCloseable {
    private final DynamoDbClient client;
    private final TableStream stream;
    final String table;
    final SessionStore store;

    SessionStream(SessionLimits limits) {
        client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
        table = TestTables.sessions(client);
        stream = new TableStream(client, table);
        store = new DynamoDbSessionStore(new DynamoDb(client), table, limits);
    }

    static SessionStream withTenPlaces() {
        return new SessionStream(new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
    }

    DynamoDbClient client() {
        return client;
    }

    /** Returns the changes since the last call. */
    StreamEvent take() {
        return stream.take();
    }

    @Override
    public void close() {
        stream.close();
        client.close();
    }
}
