package io.switchboard.runtime;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of a queue, as Lambda delivers it.
 *
 * @param id the message id, which is the same for each delivery
 * @param receiptHandle identifies this delivery, to change the visibility timeout
 * @param receiveCount the number of deliveries, including this one; 1 if the event does not contain it
 * @param body the text of the message
 */
public record QueueMessage(String id, String receiptHandle, int receiveCount, String body) {
    /** @throws IllegalArgumentException if a required member is missing */
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
        throw new IllegalArgumentException("A queue message does not have " + name);
    }

    /**
     * Returns the id of a message whose other members may be missing.
     *
     * @throws IllegalArgumentException if the id is missing, so that the function cannot report the message
     */
    static String id(@Nullable Object tree) {
        return text(tree instanceof Map<?, ?> message ? message : Map.of(), "messageId");
    }

    /** Returns the messages of a batch, not yet parsed. */
    static List<?> all(Map<String, Object> event) {
        if (event.get("Records") instanceof List<?> records) {
            return records;
        }
        throw new IllegalArgumentException("The event has no Records. Only a queue can invoke this function");
    }
}
