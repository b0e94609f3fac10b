package io.switchboard.session.store;

import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An item of the Sessions table, read from an image of the table's stream: {@code {"version":{"N":"3"}}}. */
public sealed interface DynamoDbSessionImage {
    /** Returns the owner of the item. */
    Owner owner();

    /** Returns the number of writes of the item. */
    long version();

    /** A desk. */
    record OfDesk(Owner owner, Desk desk) implements DynamoDbSessionImage {
        @Override
        public long version() {
            return desk.version();
        }
    }

    /**
     * An existing session.
     *
     * @param handedOverFrom the previous user of a hand-over; null for none
     */
    record OfSession(Owner owner, Session session, @Nullable String handedOverFrom) implements DynamoDbSessionImage {
        @Override
        public long version() {
            return session.version();
        }
    }

    /**
     * The tombstone of a deleted or handed-over session, which readers treat as missing.
     *
     * @param handedOverTo the current user of the session; null if it was deleted
     */
    record Tombstone(
            Owner owner,
            String sessionId,
            long version,
            @Nullable String handedOverTo) implements DynamoDbSessionImage {}

    /**
     * Reads an image.
     *
     * @throws RuntimeException if it is not an image of an item of the Sessions table
     */
    static DynamoDbSessionImage read(Map<String, @Nullable Object> image) {
        List<String> names = Keys.split(required(image, DynamoDbSessionItems.OWNER, "S"));
        Owner owner = new Owner(names.get(0), names.get(1));
        String key = required(image, DynamoDbSessionItems.KEY, "S");
        long version = Long.parseLong(required(image, DynamoDbSessionItems.VERSION, "N"));
        if (key.equals(DynamoDbSessionItems.DESK)) {
            return new OfDesk(owner, new Desk(open(image), focusOrder(image), version));
        }
        if (!key.startsWith(DynamoDbSessionItems.SESSION)) {
            throw new IllegalStateException("An item of the Sessions table is neither a desk nor a session");
        }
        String id = key.substring(DynamoDbSessionItems.SESSION.length());
        @Nullable String gone = text(image, DynamoDbSessionItems.GONE, "S");
        if (gone != null) {
            return new Tombstone(
                    owner,
                    id,
                    version,
                    gone.equals(DynamoDbSessionItems.HANDED_OVER)
                            ? required(image, DynamoDbSessionItems.HANDED_OVER_TO, "S")
                            : null);
        }
        return new OfSession(
                owner,
                StoredSessionDocument.read(
                        id,
                        required(image, DynamoDbSessionItems.DOCUMENT, "S"),
                        Instant.parse(required(image, DynamoDbSessionItems.LAST_ACTIVITY, "S")),
                        version),
                text(image, DynamoDbSessionItems.HANDED_OVER_FROM, "S"));
    }

    private static Set<String> open(Map<String, @Nullable Object> image) {
        Set<String> open = new HashSet<>();
        if (attribute(image, DynamoDbDeskItems.OPEN, "SS") instanceof List<?> ids) {
            ids.forEach(id -> open.add(String.valueOf(id)));
        }
        return open;
    }

    private static List<String> focusOrder(Map<String, @Nullable Object> image) {
        List<String> order = new ArrayList<>();
        if (attribute(image, DynamoDbDeskItems.FOCUS_ORDER, "L") instanceof List<?> ids) {
            for (Object id : ids) {
                if (!(id instanceof Map<?, ?> text && text.get("S") instanceof String each)) {
                    throw new IllegalStateException("The focus order of a desk must contain only texts");
                }
                order.add(each);
            }
        }
        return order;
    }

    private static @Nullable Object attribute(Map<String, @Nullable Object> image, String name, String type) {
        return image.get(name) instanceof Map<?, ?> attribute ? attribute.get(type) : null;
    }

    private static @Nullable String text(Map<String, @Nullable Object> image, String name, String type) {
        return attribute(image, name, type) instanceof String text ? text : null;
    }

    private static String required(Map<String, @Nullable Object> image, String name, String type) {
        @Nullable String value = text(image, name, type);
        if (value == null) {
            throw new IllegalStateException("An item of the Sessions table does not have the attribute " + name);
        }
        return value;
    }
}
