package io.switchboard.replay;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Reads the stream of a table on the DynamoDB Local that the tests of this JVM share. Not thread-safe. */
public final class TableStream implements AutoCloseable {
    private final DynamoDbStreamsClient streams;
    private final String stream;
    private final Map<String, String> iterators = new HashMap<>();

    /** Enables the stream of a table. */
    public TableStream(DynamoDbClient client, String table) {
        URI endpoint = EmbeddedDynamoDb.sharedEndpoint();
        streams = DynamoDbStreamsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(TestTables.environment(endpoint).getOrDefault("AWS_REGION", "")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
        client.updateTable(request -> request.tableName(table)
                .streamSpecification(
                        with -> with.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
        stream = client.describeTable(request -> request.tableName(table))
                .table()
                .latestStreamArn();
    }

    /** Returns the changes since the last call. */
    public StreamEvent take() {
        List<Record> records = new ArrayList<>();
        for (var shard : streams.describeStream(request -> request.streamArn(stream))
                .streamDescription()
                .shards()) {
            @Nullable
            String next = iterators.computeIfAbsent(
                    shard.shardId(),
                    id -> streams.getShardIterator(request -> request.streamArn(stream)
                                    .shardId(id)
                                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                            .shardIterator());
            int found;
            do {
                String from = next;
                var response = streams.getRecords(request -> request.shardIterator(from));
                found = response.records().size();
                records.addAll(response.records());
                next = response.nextShardIterator();
            } while (found > 0 && next != null);
            if (next != null) {
                iterators.put(shard.shardId(), next);
            }
        }
        return StreamEvent.of(records);
    }

    @Override
    public void close() {
        streams.close();
    }
}
