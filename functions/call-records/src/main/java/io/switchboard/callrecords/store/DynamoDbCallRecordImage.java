package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An item of the CallRecords table, read from an image of the table's stream: {@code {"version":{"N":"3"}}}. */
public sealed interface DynamoDbCallRecordImage {
    /**
     * A call record.
     *
     * @param createdAt when it was created; a record that replaces an expired or deleted one has another value
     * @param expiresAt when its retention ends, in epoch seconds; the largest number if it is kept forever
     */
    record OfRecord(
            CallRecordKey key,
            String generation,
            String participantGeneration,
            long version,
            String createdAt,
            long expiresAt)
            implements DynamoDbCallRecordImage {}

    /** The item that a deleted call record leaves for a day. It is absent to every reader. */
    record Deleted(CallRecordKey key) implements DynamoDbCallRecordImage {}

    /** Children of this generation are being staged. */
    record Staged(CallRecordKey key, String generation) implements DynamoDbCallRecordImage {}

    /** An item whose changes cause no notification and no sweep. */
    record Other() implements DynamoDbCallRecordImage {}

    /**
     * Reads an image.
     *
     * @throws RuntimeException if it is not an item of the CallRecords table
     */
    static DynamoDbCallRecordImage read(Map<String, @Nullable Object> image) {
        String key = required(image, DynamoDbCallRecordTable.KEY, "S");
        if (key.startsWith(DynamoDbCallRecordTable.STAGED)) {
            return new Staged(record(image), key.substring(DynamoDbCallRecordTable.STAGED.length()));
        }
        if (!key.equals(DynamoDbCallRecordTable.RECORD)) {
            return new Other();
        }
        @Nullable String generation = text(image, DynamoDbCallRecordTable.GENERATION, "S");
        if (generation == null) {
            return new Deleted(record(image));
        }
        @Nullable String expiresAt = text(image, DynamoDbCallRecordTable.EXPIRES_AT, "N");
        return new OfRecord(
                record(image),
                generation,
                required(image, DynamoDbCallRecordTable.PARTICIPANT_GENERATION, "S"),
                Long.parseLong(required(image, DynamoDbCallRecordTable.VERSION, "N")),
                required(image, DynamoDbCallRecordTable.CREATED_AT, "S"),
                expiresAt == null ? Long.MAX_VALUE : Long.parseLong(expiresAt));
    }

    private static CallRecordKey record(Map<String, @Nullable Object> image) {
        List<String> names = Keys.split(required(image, DynamoDbCallRecordTable.PARTITION, "S"));
        return new CallRecordKey(names.getFirst(), names.get(1));
    }

    private static @Nullable String text(Map<String, @Nullable Object> image, String name, String type) {
        return image.get(name) instanceof Map<?, ?> attribute && attribute.get(type) instanceof String text
                ? text
                : null;
    }

    private static String required(Map<String, @Nullable Object> image, String name, String type) {
        @Nullable String value = text(image, name, type);
        if (value == null) {
            throw new IllegalStateException("An item of the CallRecords table lacks the attribute " + name);
        }
        return value;
    }
}
