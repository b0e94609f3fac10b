package io.switchboard.runtime;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a queue, as Lambda brings it.
 *
 * @param id what the queue calls it; the same at each delivery
 * @param receiptHandle names this delivery, to whoever wants to change when the next one is
 * @param receiveCount how often it has been delivered, this time included; 1 where the queue does not say
 * @param body its text
 */
public record QueueMessage(String id, String receiptHandle, int receiveCount, String body) {
    /** @throws IllegalArgumentException where it lacks what every message has */
    static QueueMessage of(@Nullable Object tree) {
        Map<?, ?> message = tree instanceof Map<?, ?> object ? object : Map.of();
        Map<?, ?> attributes = message.get("attributes") instanceof Map<?, ?> object ? object : Map.of();
        return new QueueMessage(
                text(message, "messageId"),
                text(message, "receiptHandle"),
                attributes.get("ApproximateReceiveCount") instanceof String count ? Integer.parseInt(count) : 1,
                text(message, "body"));
    }

    private static String text(Map<?, ?> object, String name) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("A message of the queue has no " + name);
    }

    /**
     * The id of a message that may lack anything else.
     *
     * @throws IllegalArgumentException if it has none, so that the function cannot report the message
     */
    static String id(@Nullable Object tree) {
        return text(tree instanceof Map<?, ?> message ? message : Map.of(), "messageId");
    }

    /** The messages of a batch, unread. */
    static List<?> all(Map<String, Object> event) {
        if (event.get("Records") instanceof List<?> records) {
            return records;
        }
        throw new IllegalArgumentException("The event has no Records: only a queue invokes this function");
    }
}
