package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.secondsOrNull;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.storage.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of the Sessions table: their keys and attributes, and the conditional writes that change them. */
final class DynamoDbSessionItems {
    static final String OWNER = "owner";
    static final String KEY = "key";
    static final String DESK = "DESK";
    static final String SESSION = "SESSION#";
    /** The reason for a tombstone; absent from an existing session. */
    static final String GONE = "gone";

    static final String DELETED = "deleted";
    static final String HANDED_OVER = "handedOver";
    static final String HANDED_OVER_TO = "handedOverTo";
    static final String HANDED_OVER_FROM = "handedOverFrom";
    static final String DOCUMENT = "document";
    static final String VERSION = "version";
    static final String LAST_ACTIVITY = "lastActivity";
    /** The {@link HistoryPosition#key} of a closed session: the sort key of the index, which holds no other items. */
    static final String CLOSED_AT = "closedAt";

    /** The index of closed sessions: by owner, sorted by {@link #CLOSED_AT}. */
    static final String CLOSED = "Closed";

    private static final String REQUEST_HASH = "requestHash";
    private static final String EXPIRES_AT = "expiresAt";

    private static final String IS_FREE = "attribute_not_exists(#key) OR #expiresAt <= :now";

    private final String table;
    private final SessionLimits limits;

    DynamoDbSessionItems(String table, SessionLimits limits) {
        this.table = table;
        this.limits = limits;
    }

    /** Stores a new session whose id is not in use. */
    Write putNew(Owner owner, NewSession newSession, String writeId, Instant now) {
        Map<String, AttributeValue> item =
                item(owner, newSession.session(), newSession.document(), newSession.requestHash(), writeId);
        return Write.put(table, item).onlyIf(IS_FREE).with("now", seconds(now));
    }

    /** Replaces the state of a session that was read. */
    Write replace(Owner owner, SessionItem seen, Session next, String writeId) {
        @Nullable String closedAt = SessionItem.indexKey(next);
        String set =
                "SET #document = :document, #version = :version, #lastActivity = :lastActivity, #writeId = :writeId,"
                        + " #expiresAt = :expiresAt";
        Write write = Write.update(
                table,
                sessionKey(owner, next.id()),
                closedAt == null ? set + " REMOVE #closedAt" : set + ", #closedAt = :closedAt");
        if (closedAt != null) {
            write.with(CLOSED_AT, text(closedAt));
        }
        return write.onlyIf("#writeId = :seen")
                .with("document", text(StoredSessionDocument.write(next)))
                .with("version", number(next.version()))
                .with("lastActivity", text(next.times().lastActivity().toString()))
                .with("writeId", text(writeId))
                .with("expiresAt", seconds(expiry(next)))
                .with("seen", text(seen.writeId()));
    }

    /** Replaces a deleted session with its tombstone. */
    Write replaceWithTombstone(Owner owner, SessionItem seen, Session emptied, String writeId, Instant now) {
        Map<String, AttributeValue> item = tombstone(owner, seen, emptied, DELETED, writeId, now);
        return Write.put(table, item).onlyIf("#writeId = :seen").with("seen", text(seen.writeId()));
    }

    /** Replaces a session that was handed over with its tombstone. */
    Write leave(Owner owner, SessionItem seen, Session moved, String user, String writeId, Instant now) {
        Map<String, AttributeValue> item = tombstone(owner, seen, moved, HANDED_OVER, writeId, now);
        item.put(HANDED_OVER_TO, text(user));
        return Write.put(table, item).onlyIf("#writeId = :seen").with("seen", text(seen.writeId()));
    }

    /** Stores a session from another user, if its id is free or belongs to its own tombstone. */
    Write arrive(Owner owner, SessionItem seen, Session moved, String from, String writeId, Instant now) {
        Map<String, AttributeValue> item =
                item(owner, moved, StoredSessionDocument.write(moved), seen.requestHash(), writeId);
        item.put(HANDED_OVER_FROM, text(from));
        return Write.put(table, item)
                .onlyIf(IS_FREE + " OR #gone = :handedOver")
                .with("now", seconds(now))
                .with("handedOver", text(HANDED_OVER));
    }

    private Map<String, AttributeValue> item(
            Owner owner, Session session, String document, @Nullable String requestHash, String writeId) {
        Map<String, AttributeValue> item = sessionKey(owner, session.id());
        item.put(DOCUMENT, text(document));
        item.put(VERSION, number(session.version()));
        item.put(LAST_ACTIVITY, text(session.times().lastActivity().toString()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        if (requestHash != null) {
            item.put(REQUEST_HASH, text(requestHash));
        }
        item.put(EXPIRES_AT, seconds(expiry(session)));
        @Nullable String closedAt = SessionItem.indexKey(session);
        if (closedAt != null) {
            item.put(CLOSED_AT, text(closedAt));
        }
        return item;
    }

    private Map<String, AttributeValue> tombstone(
            Owner owner, SessionItem seen, Session left, String gone, String writeId, Instant now) {
        Map<String, AttributeValue> item =
                item(owner, left, StoredSessionDocument.write(left), seen.requestHash(), writeId);
        item.remove(CLOSED_AT);
        item.put(GONE, text(gone));
        item.put(EXPIRES_AT, seconds(now.plus(SessionStore.REPLAY_WINDOW)));
        return item;
    }

    /** Includes the time by which the activity on the desk may be later than in this item. */
    private Instant expiry(Session session) {
        @Nullable Instant closed = session.times().closed();
        Instant ended = closed == null
                ? session.times().lastActivity().plus(limits.refresh()).plus(limits.idle())
                : closed;
        return ended.plus(limits.retention());
    }

    static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
        @Nullable Instant expiresAt = secondsOrNull(item, EXPIRES_AT);
        return expiresAt != null && expiresAt.getEpochSecond() <= now.getEpochSecond();
    }

    static boolean isDesk(Map<String, AttributeValue> item) {
        return textOf(item, KEY).equals(DESK);
    }

    static boolean hasKey(Map<String, AttributeValue> item, Map<String, AttributeValue> key) {
        return item.entrySet().containsAll(key.entrySet());
    }

    /** Returns the session of an item. */
    static SessionItem read(Map<String, AttributeValue> item) {
        return new SessionItem(
                session(item),
                textOf(item, DynamoDb.WRITE_ID),
                textOrNull(item, REQUEST_HASH),
                textOrNull(item, GONE),
                textOrNull(item, HANDED_OVER_TO),
                textOrNull(item, CLOSED_AT));
    }

    /** Returns an existing session that has not expired; null for any other item. */
    static @Nullable SessionItem living(Map<String, AttributeValue> item, Instant now) {
        if (isExpired(item, now)) {
            return null;
        }
        SessionItem read = read(item);
        return read.gone() == null ? read : null;
    }

    /** Returns the size of a session's document, in bytes. */
    static int bytes(Map<String, AttributeValue> item) {
        return textOf(item, DOCUMENT).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Returns the id of an item's session. */
    static String idOf(Map<String, AttributeValue> item) {
        return textOf(item, KEY).substring(SESSION.length());
    }

    private static Session session(Map<String, AttributeValue> item) {
        return StoredSessionDocument.read(
                idOf(item),
                textOf(item, DOCUMENT),
                Instant.parse(textOf(item, LAST_ACTIVITY)),
                numberOf(item, VERSION));
    }

    static String partition(Owner owner) {
        return Keys.join(owner.tenant(), owner.user());
    }

    static Map<String, AttributeValue> deskKey(Owner owner) {
        return key(owner, DESK);
    }

    static Map<String, AttributeValue> sessionKey(Owner owner, String id) {
        return key(owner, SESSION + id);
    }

    private static Map<String, AttributeValue> key(Owner owner, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(OWNER, text(partition(owner)));
        key.put(KEY, text(sortKey));
        return key;
    }
}
