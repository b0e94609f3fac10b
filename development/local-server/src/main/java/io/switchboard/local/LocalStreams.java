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
 * Reads the streams of tables and invokes functions with what they bring, as Lambda does: in batches, again from the record that the
 * function reports, in halves where it fails as a whole. What fails {@value #ATTEMPTS} times is given up with a line in the log, for
 * here is no dead-letter queue. Begins with what is written after {@link #read}. Thread-safe.
 */
final class LocalStreams implements AutoCloseable {
    /** How long a write by others than this server's functions may go unseen. */
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

    /** Reads a stream from now on, in a thread of its own. */
    void read(EventSource.Stream source, LocalFunction function, LocalClients clients, ExecutorService threads) {
        String stream = clients.dynamoDb()
                .describeTable(request -> request.tableName(source.table()))
                .table()
                .latestStreamArn();
        var reader = new ShardReader(source, function, clients.streams(), stream);
        reader.begin();
        threads.execute(reader);
    }

    /** There may be something new. */
    void wake() {
        sleepers.forEach(Semaphore::release);
    }

    /** Lets no further invocation begin. */
    @Override
    public void close() {
        closing.countDown();
        wake();
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** One stream, one thread. */
    private final class ShardReader implements Runnable {
        private final EventSource.Stream source;
        private final LocalFunction function;
        private final DynamoDbStreamsClient streams;
        private final String stream;
        private final Semaphore sleeper = new Semaphore(0);
        private final Set<String> known = new HashSet<>();
        /** Where each open shard is read on. */
        private final Map<String, String> iterators = new LinkedHashMap<>();

        /** By shard, also what was there before the beginning. */
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
                        // There may be more.
                    }
                    // Many writes at once are one reason to look.
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
                var answer = streams.getRecords(
                        request -> request.shardIterator(iterator).limit(source.batchSize()));
                records = answer.records();
                next = answer.nextShardIterator();
            } catch (DynamoDbException e) {
                // It has expired, or its record is gone: DynamoDB Local says so, too, of one of a shard that was empty
                // until now.
                iterators.put(shard, again(shard));
                return 0;
            }
            if (!records.isEmpty()) {
                lastRead.put(shard, records.getLast().dynamodb().sequenceNumber());
                deliver(records.stream()
                        .filter(record -> source.takes(json(record)))
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

        private String again(String shard) {
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
         * Behind all that is there. Not {@code LATEST}: what that is, DynamoDB Local decides at the first read, and on an empty
         * stream the first change is lost.
         */
        private String end(String shard) {
            String iterator = iterator(shard, ShardIteratorType.TRIM_HORIZON);
            while (true) {
                String from = iterator;
                var answer = streams.getRecords(request -> request.shardIterator(from));
                if (answer.records().isEmpty() || answer.nextShardIterator() == null) {
                    return from;
                }
                lastRead.put(shard, answer.records().getLast().dynamodb().sequenceNumber());
                iterator = answer.nextShardIterator();
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
                            "%s gave %d changes of %s up after %d attempts%n",
                            source.function(), rest.size(), source.table(), failures);
                    return;
                }
                pause(PAUSE_BETWEEN_ATTEMPTS);
            }
        }

        /** How many records from the first on are done; less than none where the function failed as a whole. */
        private int invoke(List<Record> records) {
            var outcome = function.invoke(
                    OutgoingResponse.bytes(event(records)), TraceId.next(Instant.now(), random), NO_LIMIT);
            if (!(outcome instanceof LocalFunction.Answered answered)) {
                return -1;
            }
            var failed = failed(answered.payload());
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

        /** As Lambda's event and its filters have it. */
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

    private static Set<String> failed(Bytes answer) {
        var failed = new HashSet<String>();
        try {
            JSON.readTree(answer.array())
                    .path("batchItemFailures")
                    .forEach(
                            failure -> failed.add(failure.path("itemIdentifier").asText()));
        } catch (IOException e) {
            // Lambda, too, takes an answer that tells of no failure for success.
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
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("An attribute of an unknown type");
        }
        return typed;
    }

    /** Waits so long, or until this is closed. */
    private void pause(Duration time) {
        try {
            boolean _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
