package io.switchboard.session.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteCause;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.presence.Presence;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item of the Sessions table, read from an image of the table's stream: {@code {"version":{"N":"3"}}}. */
public sealed interface DynamoDbSessionImage {
    /** A desk. */
    record OfDesk(Owner owner, Desk desk, DeskOffers offers) implements DynamoDbSessionImage {
        /** Returns the number of writes of the desk. */
        public long version() {
            return desk.version();
        }
    }

    /** An offer. */
    record OfOffer(String tenant, Offer offer) implements DynamoDbSessionImage {}

    /**
     * A presence, which may have expired.
     *
     * @param timer the number of its timer
     * @param storedAt the time of the write
     */
    record OfPresence(Owner owner, Presence presence, long timer, Instant storedAt) implements DynamoDbSessionImage {}

    /** An item that has no events: one that only names an offer, or the state of a tab. */
    record WithoutEvents() implements DynamoDbSessionImage {}

    /**
     * An existing session.
     *
     * @param handedOverFrom the previous user of a hand-over; null for none
     */
    record OfSession(Owner owner, Session session, @Nullable String handedOverFrom) implements DynamoDbSessionImage {}

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
        String key = required(image, DynamoDbSessionItems.KEY, "S");
        if (DynamoDbOfferItems.isPointer(key) || DynamoDbTabStates.isTabState(key)) {
            return new WithoutEvents();
        }
        if (DynamoDbPresenceItems.isPresence(key)) {
            return presence(new Owner(names.getFirst(), DynamoDbPresenceItems.userOf(key)), image);
        }
        long version = Long.parseLong(required(image, DynamoDbSessionItems.VERSION, "N"));
        if (key.equals(DynamoDbOfferItems.OFFER)) {
            return new OfOffer(
                    names.getFirst(),
                    StoredOfferDocument.read(
                            names.getLast(), required(image, DynamoDbSessionItems.DOCUMENT, "S"), version));
        }
        Owner owner = new Owner(names.get(0), names.get(1));
        if (key.equals(DynamoDbSessionItems.DESK)) {
            return new OfDesk(owner, new Desk(open(image), focusOrder(image), version), offers(image));
        }
        if (!key.startsWith(DynamoDbSessionItems.SESSION)) {
            throw new IllegalStateException("An item of the Sessions table has an unknown kind");
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

    /** Returns false for an image without a tab that has a state, such as most. It does not read the document. */
    static boolean hasTabState(Map<String, @Nullable Object> image) {
        @Nullable String key = text(image, DynamoDbSessionItems.KEY, "S");
        @Nullable String document = text(image, DynamoDbSessionItems.DOCUMENT, "S");
        boolean isSession = key != null && key.startsWith(DynamoDbSessionItems.SESSION);
        return isSession && document != null && document.contains(StoredSessionDocument.HAS_STATE);
    }

    /** Returns the request that caused the write of an image. */
    static WriteCause cause(Map<String, @Nullable Object> image) {
        @Nullable String writeId = text(image, DynamoDb.WRITE_ID, "S");
        return writeId == null ? WriteCause.NONE : WriteCause.of(writeId);
    }

    private static DeskOffers offers(Map<String, @Nullable Object> image) {
        Map<String, AttributeValue> item = new HashMap<>();
        for (String name : List.of(DynamoDbDeskOffers.OFFERS, DynamoDbDeskOffers.ENDED)) {
            @Nullable Object value = image.get(name);
            if (value != null) {
                item.put(name, attribute(value));
            }
        }
        return DynamoDbDeskOffers.read(item);
    }

    private static OfPresence presence(Owner owner, Map<String, @Nullable Object> image) {
        Map<String, AttributeValue> item = new HashMap<>();
        image.forEach((name, value) -> {
            if (value != null) {
                item.put(name, attribute(value));
            }
        });
        PresenceItem read = DynamoDbPresenceItems.read(item);
        return new OfPresence(owner, read.presence(), read.timer(), DynamoDbPresenceItems.storedAt(item));
    }

    /** Returns a value with the types that presences and the offers of a desk have. */
    private static AttributeValue attribute(Object value) {
        Map<?, ?> typed = (Map<?, ?>) value;
        if (typed.get("L") instanceof List<?> list) {
            return AttributeValue.fromL(
                    list.stream().map(DynamoDbSessionImage::attribute).toList());
        }
        if (typed.get("M") instanceof Map<?, ?> members) {
            Map<String, AttributeValue> map = new HashMap<>();
            members.forEach((name, member) -> map.put((String) name, attribute(member)));
            return AttributeValue.fromM(map);
        }
        if (typed.get("BOOL") instanceof Boolean truth) {
            return AttributeValue.fromBool(truth);
        }
        return typed.get("N") instanceof String number
                ? AttributeValue.fromN(number)
                : AttributeValue.fromS((String) typed.get("S"));
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
