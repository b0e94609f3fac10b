package io.switchboard.replay;

import io.switchboard.json.Json;
import io.switchboard.replay.EventEnvelope.EventId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates the event of a batch of changes, as a DynamoDB stream sends it.
 *
 * @param envelope the common part of all payloads
 * @param id the case
 * @param source the stream and the key names of the table
 * @param images the items from which cases start, by name
 */
record ChangePayload(EventEnvelope envelope, EventId id, TableEntry source, TableEntry images) {
    private static final String INSERT = "INSERT";
    private static final String REMOVE = "REMOVE";
    private static final List<String> EVENTS = List.of(INSERT, "MODIFY", REMOVE);
    private static final String OLD = "old";
    private static final String NEW = "new";

    Map<String, @Nullable Object> of(TableEntry entry) {
        List<Object> records = new ArrayList<>();
        for (TableEntry change : entry.only("changes", "committed").entries("changes")) {
            records.add(record(change.only("event", "of", "to", OLD, NEW, "keys", "expired"), records.size()));
        }
        return new LinkedHashMap<>(Map.of("Records", records));
    }

    private Map<String, @Nullable Object> record(TableEntry change, int index) {
        Map<String, @Nullable Object> record = envelope.part("change");
        record.put("eventID", id.digits("#" + index, 32));
        record.put("eventName", change.text("event"));
        record.put("eventSourceARN", source.text("arn"));
        if (change.isTrue("expired")) {
            record.put("userIdentity", Map.of("type", "Service", "principalId", "dynamodb.amazonaws.com"));
        }
        String event = change.text("event");
        if (!EVENTS.contains(event)) {
            throw change.wrong("event", "one of " + String.join(", ", EVENTS));
        }
        Map<String, @Nullable Object> first = image(change, "of", Map.of());
        Map<String, @Nullable Object> images = new LinkedHashMap<>();
        if (!event.equals(INSERT)) {
            first = changed(first, change.entry(OLD));
            images.put("OldImage", attributes(first, OLD, change));
        }
        Map<String, @Nullable Object> last = first;
        if (!event.equals(REMOVE)) {
            last = changed(image(change, "to", first), change.entry(NEW));
            images.put("NewImage", attributes(last, NEW, change));
        }
        Map<String, @Nullable Object> body = EventEnvelope.inside(record, "dynamodb");
        body.put("Keys", keys(change, last));
        body.putAll(images);
        body.put("SequenceNumber", String.valueOf(1_000_000_000_001L + index));
        body.put("SizeBytes", Json.write(images).length());
        return record;
    }

    private Map<String, @Nullable Object> image(
            TableEntry change, String key, Map<String, @Nullable Object> otherwise) {
        if (!change.has(key)) {
            return otherwise;
        }
        String name = change.text(key);
        if (!images.has(name)) {
            throw change.wrong(
                    key, "one of images: " + String.join(", ", images.values().keySet()));
        }
        return images.entry(name).values();
    }

    /**
     * Returns the item with changed attributes. Null removes an attribute; the members of an object, which is stored as
     * JSON, are replaced.
     */
    private static Map<String, @Nullable Object> changed(Map<String, @Nullable Object> item, TableEntry changes) {
        Map<String, @Nullable Object> changed = new TreeMap<>(item);
        changes.values().forEach((name, value) -> {
            if (value == null) {
                changed.remove(name);
            } else if (value instanceof Map<?, ?> members && changed.get(name) instanceof Map<?, ?> present) {
                Map<@Nullable Object, @Nullable Object> object = new LinkedHashMap<>(present);
                object.putAll(members);
                changed.put(name, object);
            } else {
                changed.put(name, value);
            }
        });
        return changed;
    }

    private Map<String, Object> keys(TableEntry change, Map<String, @Nullable Object> image) {
        TableEntry keys = change.has("keys") ? change.entry("keys") : new TableEntry(change.place(), image);
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (String name : source.textList("keys")) {
            attributes.put(name, Map.of("S", keys.text(name)));
        }
        return attributes;
    }

    private Map<String, Object> attributes(Map<String, @Nullable Object> item, String image, TableEntry change) {
        TableEntry entry = new TableEntry(change.place() + ", " + image, item);
        Map<String, Object> attributes = new TreeMap<>();
        for (String name : item.keySet()) {
            attributes.put(name, attribute(entry, name, item.get(name), image));
        }
        return attributes;
    }

    /** Returns an attribute. An object is stored as JSON. */
    private Map<String, Object> attribute(TableEntry entry, String name, @Nullable Object value, String image) {
        return switch (value) {
            case String text -> Map.of("S", text.replace("{id}", id.uuid(image)));
            case Integer number -> Map.of("N", String.valueOf(number));
            case Set<?> set -> Map.of("SS", List.copyOf(set));
            case List<?> list ->
                Map.of(
                        "L",
                        list.stream()
                                .map(each -> element(entry, name, each, image))
                                .toList());
            case Map<?, ?> _ -> Map.of("S", Json.write(entry.json(name)));
            case null, default -> throw entry.wrong(name, "a string, a whole number, a list, !set or an object");
        };
    }

    /** Returns an element of a list. An object is a map of attributes. */
    private Map<String, Object> element(TableEntry entry, String name, @Nullable Object value, String image) {
        if (!(value instanceof Map<?, ?> members)) {
            return attribute(entry, name, value, image);
        }
        Map<String, Object> attributes = new TreeMap<>();
        members.forEach((member, each) -> attributes.put(String.valueOf(member), attribute(entry, name, each, image)));
        return Map.of("M", attributes);
    }
}
