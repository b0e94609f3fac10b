package io.switchboard.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.switchboard.local.deployment.MessageQueue;
import io.switchboard.runtime.Ticker;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory queue. A received message stays in the queue, invisible for the visibility timeout, until it is deleted.
 * A message that exceeds the maximum receive count is dropped with a log line, because the local server has no reader
 * for dead-letter queues. Thread-safe.
 */
final class LocalQueue {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final MessageQueue queue;
    private final Duration delay;
    private final Clock clock;
    private final Ticker ticker;
    private final PrintStream log;
    /** The messages by id, in send order. */
    private final Map<String, QueuedMessage> messages = new LinkedHashMap<>();

    private boolean closed;

    /**
     * A received message.
     *
     * @param receipt the receipt handle to delete the message or change its visibility; valid until the message is
     *     received again
     * @param attributes the attributes as sent
     * @param count the number of times the message was received, including this one
     */
    record Received(
            String id,
            String receipt,
            String body,
            JsonNode attributes,
            int count,
            Instant sentAt,
            Instant firstReceivedAt) {}

    /** The outcome of a request to change a message's visibility timeout. */
    enum VisibilityChange {
        CHANGED,
        UNKNOWN_RECEIPT,
        NOT_IN_FLIGHT
    }

    /** @param delay overrides the template's delay */
    LocalQueue(MessageQueue queue, Duration delay, Clock clock, Ticker ticker, PrintStream log) {
        this.queue = queue;
        this.delay = delay;
        this.clock = clock;
        this.ticker = ticker;
        this.log = log;
    }

    /**
     * Adds a message to the queue.
     *
     * @param ownDelay overrides the queue's delay
     * @return the message's id
     */
    synchronized String send(String body, JsonNode attributes, Optional<Duration> ownDelay) {
        var message = new QueuedMessage(body, attributes, clock.instant());
        message.hideFor(ownDelay.orElse(delay));
        messages.put(message.id, message);
        notifyAll();
        return message.id;
    }

    /** Receives visible messages and waits for the first one. Returns none only if the queue is closed. */
    synchronized List<Received> receive(int most) throws InterruptedException {
        while (!closed) {
            var received = take(most);
            if (!received.isEmpty()) {
                return received;
            }
            long nanos = messages.values().stream()
                    .mapToLong(QueuedMessage::hiddenNanos)
                    .min()
                    .orElse(LONGEST_WAIT.toNanos());
            wait(Math.clamp(Duration.ofNanos(nanos).plusMillis(1).toMillis(), 1, LONGEST_WAIT.toMillis()));
        }
        return List.of();
    }

    private List<Received> take(int most) {
        var received = new ArrayList<Received>();
        Iterator<QueuedMessage> all = messages.values().iterator();
        while (all.hasNext() && received.size() < most) {
            var message = all.next();
            if (message.hiddenNanos() > 0) {
                continue;
            }
            int seen = message.count;
            if (queue.redrive()
                    .filter(redrive -> seen >= redrive.maxReceiveCount())
                    .isPresent()) {
                log.printf(
                        "%s dropped a message after %d deliveries; its dead-letter queue is %s%n",
                        queue.logicalId(), seen, queue.redrive().orElseThrow().deadLetterQueue());
                all.remove();
                continue;
            }
            message.hideFor(queue.visibilityTimeout());
            received.add(message.received(clock.instant()));
        }
        return received;
    }

    /** Makes a received message visible again after this time instead of the queue's visibility timeout. */
    synchronized VisibilityChange changeVisibility(String receipt, Duration time) {
        var message = messages.values().stream()
                .filter(kept -> receipt.equals(kept.receipt))
                .findFirst();
        if (message.isEmpty()) {
            return VisibilityChange.UNKNOWN_RECEIPT;
        }
        if (message.get().hiddenNanos() <= 0) {
            return VisibilityChange.NOT_IN_FLIGHT;
        }
        message.get().hideFor(time);
        notifyAll();
        return VisibilityChange.CHANGED;
    }

    /** Deletes a message, unless another reader has received it since. */
    synchronized void delete(Received received) {
        var kept = messages.get(received.id);
        if (kept != null && received.receipt.equals(kept.receipt)) {
            messages.remove(received.id);
        }
    }

    /** Returns the number of messages, visible or not. */
    synchronized int size() {
        return messages.size();
    }

    /** Wakes all waiting readers. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private final class QueuedMessage {
        private final String id = UUID.randomUUID().toString();
        private final String body;
        private final JsonNode attributes;
        private final Instant sentAt;
        private long visibleFrom;
        private int count;
        private @Nullable Instant firstReceivedAt;
        private @Nullable String receipt;

        QueuedMessage(String body, JsonNode attributes, Instant sentAt) {
            this.body = body;
            this.attributes = attributes;
            this.sentAt = sentAt;
        }

        void hideFor(Duration time) {
            visibleFrom = ticker.read() + time.toNanos();
        }

        long hiddenNanos() {
            return visibleFrom - ticker.read();
        }

        Received received(Instant now) {
            count++;
            Instant first = firstReceivedAt == null ? now : firstReceivedAt;
            String fresh = UUID.randomUUID().toString();
            firstReceivedAt = first;
            receipt = fresh;
            return new Received(id, fresh, body, attributes, count, sentAt, first);
        }
    }
}
