package io.switchboard.callrecords;

import io.switchboard.replay.StreamEvent;
import io.switchboard.storage.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds changes of the CallRecords table in the form of its stream. */
public final class TestChanges {
    /** The time at which they were stored, in epoch seconds. */
    public static final long AT = 1_795_254_000;

    private final List<Map<String, @Nullable Object>> records = new ArrayList<>();

    /** Returns the item of a call record. */
    public static Map<String, Object> record(String tenant, String id, long version, String generation) {
        return record(tenant, id, version, generation, "p-" + generation, "2026-11-21T09:00:00Z");
    }

    public static Map<String, Object> record(
            String tenant, String id, long version, String generation, String participantGeneration, String createdAt) {
        Map<String, Object> image = item(tenant, id, "RECORD");
        image.put("version", Map.of("N", String.valueOf(version)));
        image.put("generation", Map.of("S", generation));
        image.put("participantGeneration", Map.of("S", participantGeneration));
        image.put("createdAt", Map.of("S", createdAt));
        return image;
    }

    /** Returns another item of a call record. */
    public static Map<String, Object> item(String tenant, String id, String key) {
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("record", Map.of("S", Keys.join(tenant, id)));
        image.put("key", Map.of("S", key));
        return image;
    }

    public TestChanges inserted(Map<String, Object> after) {
        return changed("INSERT", null, after);
    }

    public TestChanges modified(Map<String, Object> before, Map<String, Object> after) {
        return changed("MODIFY", before, after);
    }

    public TestChanges removed(Map<String, Object> before) {
        return changed("REMOVE", before, null);
    }

    private TestChanges changed(
            String kind, @Nullable Map<String, Object> before, @Nullable Map<String, Object> after) {
        Map<String, @Nullable Object> change = new LinkedHashMap<>();
        change.put("SequenceNumber", number(records.size()));
        change.put("ApproximateCreationDateTime", AT);
        if (before != null) {
            change.put("OldImage", before);
        }
        if (after != null) {
            change.put("NewImage", after);
        }
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("eventName", kind);
        record.put("dynamodb", change);
        records.add(record);
        return this;
    }

    /** Returns the sequence number of a change; changes are counted from 0. */
    public static String number(int index) {
        return String.valueOf(1_000 + index);
    }

    /** Returns the current batch. */
    public StreamEvent event() {
        return new StreamEvent(List.copyOf(records));
    }
}
