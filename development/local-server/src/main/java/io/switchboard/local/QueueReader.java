package io.switchboard.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.local.deployment.EventSource;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Invokes a function with the messages of one queue, as Lambda does. Uses one thread, and one more for each batch in
 * progress.
 */
final class QueueReader implements Runnable {
    private static final Duration NO_LIMIT = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventSource.Messages source;
    private final LocalFunction function;
    private final LocalQueue queue;
    private final ExecutorService threads;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore invocations;

    QueueReader(
            EventSource.Messages source,
            LocalFunction function,
            LocalQueue queue,
            ExecutorService threads,
            Clock clock) {
        this.clock = clock;
        this.source = source;
        this.function = function;
        this.queue = queue;
        this.threads = threads;
        this.invocations = new Semaphore(source.maximumConcurrency());
    }

    @Override
    public void run() {
        try {
            while (true) {
                invocations.acquire();
                var batch = queue.receive(source.batchSize());
                if (batch.isEmpty()) {
                    // The queue is closed.
                    return;
                }
                threads.execute(() -> deliver(batch));
            }
        } catch (InterruptedException | RejectedExecutionException e) {
            // The server is stopping.
        }
    }

    private void deliver(List<LocalQueue.Received> batch) {
        try {
            var failed = invoke(batch);
            batch.stream().filter(message -> !failed.contains(message.id())).forEach(queue::delete);
        } finally {
            invocations.release();
        }
    }

    /** Returns the ids of the messages to retry. */
    private Set<String> invoke(List<LocalQueue.Received> batch) {
        Set<String> all = new HashSet<>();
        batch.forEach(message -> all.add(message.id()));
        var outcome =
                function.invoke(OutgoingResponse.bytes(event(batch)), TraceId.next(clock.instant(), random), NO_LIMIT);
        if (!(outcome instanceof LocalFunction.Succeeded succeeded)) {
            return all;
        }
        return source.reportsFailures()
                ? reported(succeeded.payload()).filter(all::containsAll).orElse(all)
                : Set.of();
    }

    private ObjectNode event(List<LocalQueue.Received> batch) {
        var event = JSON.createObjectNode();
        var records = event.putArray("Records");
        for (var message : batch) {
            var record = records.addObject()
                    .put("messageId", message.id())
                    .put("receiptHandle", message.receipt())
                    .put("body", message.body());
            record.putObject("attributes")
                    .put("ApproximateReceiveCount", Integer.toString(message.count()))
                    .put("SentTimestamp", Long.toString(message.sentAt().toEpochMilli()))
                    .put("SenderId", LocalQueues.ACCOUNT)
                    .put(
                            "ApproximateFirstReceiveTimestamp",
                            Long.toString(message.firstReceivedAt().toEpochMilli()));
            var attributes = record.putObject("messageAttributes");
            message.attributes().properties().forEach(attribute -> {
                var value = attribute.getValue();
                var shown = attributes.putObject(attribute.getKey());
                if (value.has("StringValue")) {
                    shown.set("stringValue", value.path("StringValue"));
                } else {
                    shown.set("binaryValue", value.path("BinaryValue"));
                }
                shown.putArray("stringListValues");
                shown.putArray("binaryListValues");
                shown.set("dataType", value.path("DataType"));
            });
            record.put("md5OfBody", LocalQueues.md5(message.body()))
                    .put("eventSource", "aws:sqs")
                    .put(
                            "eventSourceARN",
                            "arn:aws:sqs:%s:%s:%s"
                                    .formatted(LocalFunctions.REGION, LocalQueues.ACCOUNT, source.queue()))
                    .put("awsRegion", LocalFunctions.REGION);
        }
        return event;
    }

    /**
     * Returns the ids that a response reports as failed. Returns empty if the response is invalid, in which case Lambda
     * treats the whole batch as failed.
     */
    private static Optional<Set<String>> reported(Bytes response) {
        try {
            var failed = new HashSet<String>();
            for (JsonNode failure : JSON.readTree(response.array()).path("batchItemFailures")) {
                failed.add(failure.path("itemIdentifier").asText());
            }
            return Optional.of(failed);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
