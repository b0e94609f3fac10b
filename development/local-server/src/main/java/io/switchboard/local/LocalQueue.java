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
 * One queue, in memory: a message that was received stays, unseen for a while, until it is deleted. What is received too often is
 * given up with a line in the log, for nobody here reads dead-letter queues. Thread-safe.
 */
final class LocalQueue {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final MessageQueue queue;
    private final Duration delay;
    private final Clock clock;
    private final Ticker ticker;
    private final PrintStream log;
    /** By id, in the order in which they were sent. */
    private final Map<String, Kept> messages = new LinkedHashMap<>();

    private boolean closed;

    /**
     * A message that was received.
     *
     * @param receipt by which it is deleted or put off, until it is received again
     * @param attributes as its sender gave them
     * @param count how often it was received, this time included
     */
    record Received(
            String id,
            String receipt,
            String body,
            JsonNode attributes,
            int count,
            Instant sentAt,
            Instant firstReceivedAt) {}

    /** What becomes of a wish to put a received message off. */
    enum Putting {
        OFF,
        UNKNOWN_RECEIPT,
        NOT_IN_FLIGHT
    }

    /** @param delay in place of the template's */
    LocalQueue(MessageQueue queue, Duration delay, Clock clock, Ticker ticker, PrintStream log) {
        this.queue = queue;
        this.delay = delay;
        this.clock = clock;
        this.ticker = ticker;
        this.log = log;
    }

    /**
     * Puts a message into it.
     *
     * @param ownDelay in place of the queue's
     * @return its id
     */
    synchronized String send(String body, JsonNode attributes, Optional<Duration> ownDelay) {
        var message = new Kept(body, attributes, clock.instant());
        message.hideFor(ownDelay.orElse(delay));
        messages.put(message.id, message);
        notifyAll();
        return message.id;
    }

    /** Takes messages that can be seen; waits for the first one. None only when the queue is closed. */
    synchronized List<Received> receive(int most) throws InterruptedException {
        while (!closed) {
            var received = take(most);
            if (!received.isEmpty()) {
                return received;
            }
            long nanos = messages.values().stream()
                    .mapToLong(Kept::hiddenNanos)
                    .min()
                    .orElse(LONGEST_WAIT.toNanos());
            wait(Math.clamp(Duration.ofNanos(nanos).plusMillis(1).toMillis(), 1, LONGEST_WAIT.toMillis()));
        }
        return List.of();
    }

    private List<Received> take(int most) {
        var received = new ArrayList<Received>();
        Iterator<Kept> all = messages.values().iterator();
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
                        "%s gave a message up after %d deliveries, to %s%n",
                        queue.logicalId(), seen, queue.redrive().orElseThrow().deadLetterQueue());
                all.remove();
                continue;
            }
            message.hideFor(queue.visibilityTimeout());
            received.add(message.received(clock.instant()));
        }
        return received;
    }

    /** Has a received message seen again after this time, rather than after the queue's. */
    synchronized Putting putOff(String receipt, Duration time) {
        var message = messages.values().stream()
                .filter(kept -> receipt.equals(kept.receipt))
                .findFirst();
        if (message.isEmpty()) {
            return Putting.UNKNOWN_RECEIPT;
        }
        if (message.get().hiddenNanos() <= 0) {
            return Putting.NOT_IN_FLIGHT;
        }
        message.get().hideFor(time);
        notifyAll();
        return Putting.OFF;
    }

    /** A message is done, unless somebody else has received it since. */
    synchronized void delete(Received received) {
        var kept = messages.get(received.id);
        if (kept != null && received.receipt.equals(kept.receipt)) {
            messages.remove(received.id);
        }
    }

    /** How many messages are there, seen or not. */
    synchronized int size() {
        return messages.size();
    }

    /** Nobody waits any longer. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private final class Kept {
        private final String id = UUID.randomUUID().toString();
        private final String body;
        private final JsonNode attributes;
        private final Instant sentAt;
        private long seenFrom;
        private int count;
        private @Nullable Instant firstReceivedAt;
        private @Nullable String receipt;

        Kept(String body, JsonNode attributes, Instant sentAt) {
            this.body = body;
            this.attributes = attributes;
            this.sentAt = sentAt;
        }

        void hideFor(Duration time) {
            seenFrom = ticker.read() + time.toNanos();
        }

        long hiddenNanos() {
            return seenFrom - ticker.read();
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
