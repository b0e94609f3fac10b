package io.switchboard.runtime;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of an item, as the stream of a table delivers it.
 *
 * @param kind {@code INSERT}, {@code MODIFY} or {@code REMOVE}
 * @param sequenceNumber the position in the shard
 * @param at the approximate time when DynamoDB stored it, to the second
 * @param before the previous item in DynamoDB's JSON ({@code {"version":{"N":"3"}}}); empty if it did not exist
 * @param after the current item; empty if it was deleted
 */
public record StreamRecord(
        String kind,
        String sequenceNumber,
        Instant at,
        Map<String, @Nullable Object> before,
        Map<String, @Nullable Object> after) {

    /** @throws IllegalArgumentException if a required member is missing */
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
        throw new IllegalArgumentException("A stream record does not have " + name);
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, @Nullable Object> object(@Nullable Object tree) {
        return tree instanceof Map<?, ?> ? (Map<String, @Nullable Object>) tree : Map.of();
    }

    /**
     * Returns the sequence number of a record whose other members may be missing.
     *
     * @throws IllegalArgumentException if the number is missing, so that the function cannot report the record
     */
    static String sequenceNumber(@Nullable Object tree) {
        return text(object(object(tree).get("dynamodb")), "SequenceNumber");
    }

    /** Returns the records of a batch, not yet parsed. */
    static List<?> all(Map<String, Object> event) {
        if (event.get("Records") instanceof List<?> records) {
            return records;
        }
        throw new IllegalArgumentException("The event has no Records. Only a stream can invoke this function");
    }
}
