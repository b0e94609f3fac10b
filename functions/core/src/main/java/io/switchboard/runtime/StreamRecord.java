package io.switchboard.runtime;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of an item, as a table's stream brings it.
 *
 * @param kind {@code INSERT}, {@code MODIFY} or {@code REMOVE}
 * @param sequenceNumber its place in its shard
 * @param at when DynamoDB stored it, roughly: to the second
 * @param before the item as it was, in DynamoDB's JSON ({@code {"version":{"N":"3"}}}); empty where there was none
 * @param after the item as it is; empty where it is gone
 */
public record StreamRecord(
        String kind,
        String sequenceNumber,
        Instant at,
        Map<String, @Nullable Object> before,
        Map<String, @Nullable Object> after) {

    /** @throws IllegalArgumentException where it lacks what every record has, so that nobody could say which one it is */
    static StreamRecord of(@Nullable Object tree) {
        Map<String, @Nullable Object> record = object(tree);
        Map<String, @Nullable Object> change = object(record.get("dynamodb"));
        return new StreamRecord(
                text(record, "eventName"),
                text(change, "SequenceNumber"),
                instant(change.get("ApproximateCreationDateTime")),
                object(change.get("OldImage")),
                object(change.get("NewImage")));
    }

    private static Instant instant(@Nullable Object seconds) {
        return seconds instanceof Number number
                ? Instant.ofEpochMilli(
                        new BigDecimal(number.toString()).movePointRight(3).longValue())
                : Instant.EPOCH;
    }

    private static String text(Map<String, @Nullable Object> object, String name) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("A record of the stream has no " + name);
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, @Nullable Object> object(@Nullable Object tree) {
        return tree instanceof Map<?, ?> ? (Map<String, @Nullable Object>) tree : Map.of();
    }

    /**
     * The place of a record that may lack anything else.
     *
     * @throws IllegalArgumentException if it has none, so that the function cannot report the record
     */
    static String sequenceNumber(@Nullable Object tree) {
        return text(object(object(tree).get("dynamodb")), "SequenceNumber");
    }

    /** The records of a batch, unread. */
    static List<?> all(Map<String, Object> event) {
        if (event.get("Records") instanceof List<?> records) {
            return records;
        }
        throw new IllegalArgumentException("The event has no Records: only a stream invokes this function");
    }
}
