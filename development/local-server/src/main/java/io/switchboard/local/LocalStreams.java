package io.switchboard.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.local.deployment.EventSource;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Reads table streams and invokes functions with the records, as Lambda does: in batches, again from the record that
 * the function reports as failed, and in halves if the function fails as a whole. A batch that fails {@value #ATTEMPTS}
 * times is dropped with a log line, because the local server has no dead-letter queue. Starts with the first change
 * after {@link #read}. Thread-safe.
 */
final class LocalStreams implements AutoCloseable {
    /** The longest delay before a write by another process is noticed. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE_BETWEEN_ATTEMPTS = Duration.ofMillis(100);
    private static final Duration NO_LIMIT = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final PrintStream log;
    private final Queue<Semaphore> sleepers = new ConcurrentLinkedQueue<>();
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch closing = new CountDownLatch(1);

    LocalStreams(PrintStream log) {
        this.log = log;
    }

    /** Starts a thread that reads a stream from its current end. */
    void read(EventSource.Stream source, LocalFunction function, LocalClients clients, ExecutorService threads) {
        String stream = clients.dynamoDb()
                .describeTable(request -> request.tableName(source.table()))
                .table()
                .latestStreamArn();
        var reader = new ShardReader(source, function, clients.streams(), stream);
        reader.begin();
        threads.execute(reader);
    }

    /** Wakes the readers, because new records may exist. */
    void wake() {
        sleepers.forEach(Semaphore::release);
    }

    /** Prevents further invocations. */
    @Override
    public void close() {
        closing.countDown();
        wake();
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Reads one stream in one thread. */
    private final class ShardReader implements Runnable {
        private final EventSource.Stream source;
        private final LocalFunction function;
        private final DynamoDbStreamsClient streams;
        private final String stream;
        private final Semaphore sleeper = new Semaphore(0);
        private final Set<String> known = new HashSet<>();
        /** The iterator of each open shard. */
        private final Map<String, String> iterators = new LinkedHashMap<>();

        /** The last read sequence number of each shard, including records from before the start. */
        private final Map<String, String> lastRead = new LinkedHashMap<>();

        ShardReader(EventSource.Stream source, LocalFunction function, DynamoDbStreamsClient streams, String stream) {
            this.source = source;
            this.function = function;
            this.streams = streams;
            this.stream = stream;
            sleepers.add(sleeper);
        }

        void begin() {
            for (Shard shard : shards()) {
                known.add(shard.shardId());
                if (shard.sequenceNumberRange().endingSequenceNumber() == null) {
                    iterators.put(shard.shardId(), end(shard.shardId()));
                }
            }
        }

        @Override
        public void run() {
            while (!isClosed()) {
                try {
                    while (!isClosed() && poll() > 0) {
                        // More records may exist.
                    }
                    // Many concurrent writes need only one poll.
                    if (sleeper.tryAcquire(LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                        sleeper.drainPermits();
                    }
                } catch (InterruptedException e) {
                    return;
                } catch (SdkException e) {
                    if (!isClosed()) {
                        log.println("The stream of " + source.table() + " cannot be read: "
                                + e.getClass().getSimpleName());
                        pause(LONGEST_PAUSE);
                    }
                }
            }
        }

        private int poll() throws InterruptedException {
            int found = 0;
            for (String shard : List.copyOf(iterators.keySet())) {
                found += poll(shard);
            }
            return found;
        }

        private int poll(String shard) throws InterruptedException {
            @Nullable String iterator = iterators.get(shard);
            if (iterator == null) {
                return 0;
            }
            List<Record> records;
            @Nullable String next;
            try {
                var response = streams.getRecords(
                        request -> request.shardIterator(iterator).limit(source.batchSize()));
                records = response.records();
                next = response.nextShardIterator();
            } catch (DynamoDbException e) {
                // The iterator has expired, or its record was trimmed. DynamoDB Local also returns this error for an
                // iterator of a previously empty shard.
                iterators.put(shard, resume(shard));
                return 0;
            }
            if (!records.isEmpty()) {
                lastRead.put(shard, records.getLast().dynamodb().sequenceNumber());
                deliver(records.stream()
                        .filter(record -> source.accepts(json(record)))
                        .toList());
            }
            if (next == null) {
                iterators.remove(shard);
                addNewShards();
            } else {
                iterators.put(shard, next);
            }
            return records.size();
        }

        private String resume(String shard) {
            @Nullable String last = lastRead.get(shard);
            if (last == null) {
                return iterator(shard, ShardIteratorType.TRIM_HORIZON);
            }
            return streams.getShardIterator(request -> request.streamArn(stream)
                            .shardId(shard)
                            .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                            .sequenceNumber(last))
                    .shardIterator();
        }

        private void addNewShards() {
            for (Shard shard : shards()) {
                if (known.add(shard.shardId())) {
                    iterators.put(shard.shardId(), iterator(shard.shardId(), ShardIteratorType.TRIM_HORIZON));
                }
            }
        }

        private List<Shard> shards() {
            var shards = new ArrayList<Shard>();
            @Nullable String last = null;
            do {
                String from = last;
                var description = streams.describeStream(
                                request -> request.streamArn(stream).exclusiveStartShardId(from))
                        .streamDescription();
                shards.addAll(description.shards());
                last = description.lastEvaluatedShardId();
            } while (last != null);
            return shards;
        }

        /**
         * Returns an iterator after all existing records. Does not use {@code LATEST}, because DynamoDB Local
         * determines that position at the first read, which loses the first change on an empty stream.
         */
        private String end(String shard) {
            String iterator = iterator(shard, ShardIteratorType.TRIM_HORIZON);
            while (true) {
                String from = iterator;
                var response = streams.getRecords(request -> request.shardIterator(from));
                if (response.records().isEmpty() || response.nextShardIterator() == null) {
                    return from;
                }
                lastRead.put(shard, response.records().getLast().dynamodb().sequenceNumber());
                iterator = response.nextShardIterator();
            }
        }

        private String iterator(String shard, ShardIteratorType type) {
            return streams.getShardIterator(
                            request -> request.streamArn(stream).shardId(shard).shardIteratorType(type))
                    .shardIterator();
        }

        private void deliver(List<Record> batch) throws InterruptedException {
            List<Record> rest = batch;
            int failures = 0;
            while (!rest.isEmpty() && !isClosed()) {
                int done = invoke(rest);
                if (done == rest.size()) {
                    return;
                }
                if (done < 0 && source.bisects() && rest.size() > 1) {
                    deliver(rest.subList(0, rest.size() / 2));
                    rest = rest.subList(rest.size() / 2, rest.size());
                    continue;
                }
                failures = done > 0 ? 1 : failures + 1;
                rest = rest.subList(Math.max(0, done), rest.size());
                if (failures >= Math.min(ATTEMPTS, source.maximumRetryAttempts() + 1)) {
                    log.printf(
                            "%s dropped %d changes of %s after %d attempts%n",
                            source.function(), rest.size(), source.table(), failures);
                    return;
                }
                pause(PAUSE_BETWEEN_ATTEMPTS);
            }
        }

        /**
         * Returns the number of records processed before the first failure, or a negative number if the function failed
         * as a whole.
         */
        private int invoke(List<Record> records) {
            var outcome = function.invoke(
                    OutgoingResponse.bytes(event(records)), TraceId.next(Instant.now(), random), NO_LIMIT);
            if (!(outcome instanceof LocalFunction.Succeeded succeeded)) {
                return -1;
            }
            var failed = failed(succeeded.payload());
            int done = records.size();
            for (int i = records.size() - 1; i >= 0; i--) {
                if (failed.contains(records.get(i).dynamodb().sequenceNumber())) {
                    done = i;
                }
            }
            return done;
        }

        private ObjectNode event(List<Record> records) {
            var event = NODES.objectNode();
            var list = event.putArray("Records");
            records.forEach(record -> list.add(json(record)));
            return event;
        }

        /** Returns a record in the form of Lambda's event and filters. */
        private ObjectNode json(Record record) {
            var change = record.dynamodb();
            var json = NODES.objectNode()
                    .put("eventID", record.eventID())
                    .put("eventName", record.eventNameAsString())
                    .put("eventVersion", record.eventVersion())
                    .put("eventSource", record.eventSource())
                    .put("awsRegion", LocalFunctions.REGION)
                    .put("eventSourceARN", stream);
            var details = json.putObject("dynamodb")
                    .put(
                            "ApproximateCreationDateTime",
                            change.approximateCreationDateTime().getEpochSecond())
                    .put("SequenceNumber", change.sequenceNumber())
                    .put("SizeBytes", change.sizeBytes())
                    .put("StreamViewType", change.streamViewTypeAsString());
            details.set("Keys", image(change.keys()));
            if (change.hasOldImage()) {
                details.set("OldImage", image(change.oldImage()));
            }
            if (change.hasNewImage()) {
                details.set("NewImage", image(change.newImage()));
            }
            return json;
        }
    }

    private static Set<String> failed(Bytes response) {
        var failed = new HashSet<String>();
        try {
            JSON.readTree(response.array())
                    .path("batchItemFailures")
                    .forEach(
                            failure -> failed.add(failure.path("itemIdentifier").asText()));
        } catch (IOException e) {
            // Lambda also treats a response that reports no failures as a success.
        }
        return failed;
    }

    private static ObjectNode image(Map<String, AttributeValue> attributes) {
        var image = NODES.objectNode();
        attributes.forEach((name, value) -> image.set(name, attribute(value)));
        return image;
    }

    private static JsonNode attribute(AttributeValue value) {
        var typed = NODES.objectNode();
        switch (value.type()) {
            case S -> typed.put("S", value.s());
            case N -> typed.put("N", value.n());
            case BOOL -> typed.put("BOOL", value.bool());
            case NUL -> typed.put("NULL", true);
            case B ->
                typed.put("B", Base64.getEncoder().encodeToString(value.b().asByteArray()));
            case SS -> value.ss().forEach(typed.putArray("SS")::add);
            case NS -> value.ns().forEach(typed.putArray("NS")::add);
            case BS -> {
                var list = typed.putArray("BS");
                value.bs().forEach(each -> list.add(Base64.getEncoder().encodeToString(each.asByteArray())));
            }
            case L -> {
                var list = typed.putArray("L");
                value.l().forEach(each -> list.add(attribute(each)));
            }
            case M -> typed.set("M", image(value.m()));
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("The attribute type is unknown");
        }
        return typed;
    }

    /** Waits for this time, or until close. */
    private void pause(Duration time) {
        try {
            boolean _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
