package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.session.Owner;
import io.switchboard.storage.Keys;
import io.switchboard.text.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of presences in the Sessions table: their keys and attributes, and the conditional writes that change them.
 *
 * <p>The presences of a tenant are in several partitions, {@code tenant#presence#shard}, because one partition accepts
 * a thousand writes in a second. The item {@code DESK} of a user who has set a presence has a mark, so that other
 * readers of desks do not look for presences of users who never set one.
 */
final class DynamoDbPresenceItems {
    /** The number of partitions of each tenant. A list reads one after the other. */
    static final int SHARDS = 4;

    private static final String PRESENCE = "PRESENCE#";
    /** Sorts before and after every character of an encoded user. */
    private static final String BELOW = " ";

    private static final String ABOVE = "\u007F";
    private static final String MARK = "presence";
    private static final String SINCE = "since";
    private static final String EXPIRES = "expires";
    private static final String SET = "set";
    private static final String TIMER = "timer";

    /** The time after which a presence that ended is removed. */
    private static final Duration RETENTION = Duration.ofDays(30);

    private final String table;

    DynamoDbPresenceItems(String table) {
        this.table = table;
    }

    /**
     * Extends a presence that has this content and has not expired. It is one update without a transaction, for half
     * its price. A late or doubled one is harmless: it never shortens a presence, and never changes one that was set
     * later.
     */
    Write renew(Owner owner, PresenceContent content, Instant expires, String writeId, Instant now) {
        return Write.update(
                        table,
                        key(owner),
                        "SET #expires = :expires, #expiresAt = :expiresAt, #set = :now, #writeId = :writeId")
                .onlyIf("#document = :document AND #expires > :now AND #expires <= :expires AND #set <= :now")
                .with(EXPIRES, DynamoDbDeskItems.time(expires))
                .with("expiresAt", seconds(expires.plus(RETENTION)))
                .with("now", DynamoDbDeskItems.time(now))
                .with("writeId", text(writeId))
                .with("document", text(StoredPresenceDocument.write(content)));
    }

    /** Replaces a presence that was read. */
    Write replace(Owner owner, PresenceItem seen, Presence next, String writeId, Instant now) {
        Instant ended = next.expires() == null ? now : next.expires();
        Map<String, AttributeValue> item = key(owner);
        item.put(DynamoDbSessionItems.DOCUMENT, text(StoredPresenceDocument.write(next.content())));
        item.put(DynamoDbSessionItems.VERSION, number(next.version()));
        item.put(SINCE, DynamoDbDeskItems.time(next.since() == null ? now : next.since()));
        if (next.expires() != null) {
            item.put(EXPIRES, DynamoDbDeskItems.time(next.expires()));
        }
        item.put(SET, DynamoDbDeskItems.time(now));
        item.put(TIMER, number(seen.timerOf(next, now)));
        item.put("expiresAt", seconds(ended.plus(RETENTION)));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        Write write = Write.put(table, item);
        return seen.writeId() == null
                ? write.onlyIf("attribute_not_exists(#key)")
                : write.onlyIf("#writeId = :seen").with("seen", text(seen.writeId()));
    }

    /** Marks the desk of a user who sets the first presence. The desk is not read. */
    Write mark(Owner owner, String writeId) {
        return Write.update(
                        table,
                        DynamoDbSessionItems.deskKey(owner),
                        "SET #writeId = :writeId, #sessions = if_not_exists(#sessions, :none), #presence = :presence"
                                + " ADD #version :one, #sessionsVersion :one")
                .with("writeId", text(writeId))
                .with("none", AttributeValue.fromL(List.of()))
                .with(MARK, AttributeValue.fromBool(true))
                .with("one", number(1));
    }

    /** Returns whether the item of a desk has the mark. */
    static boolean isMarked(Map<String, AttributeValue> desk) {
        return desk.containsKey(MARK);
    }

    /** Returns the presence of an item, or of no item. */
    static PresenceItem read(@Nullable Map<String, AttributeValue> item) {
        if (item == null || item.isEmpty()) {
            return PresenceItem.NONE;
        }
        @Nullable AttributeValue expires = item.get(EXPIRES);
        return new PresenceItem(
                new Presence(
                        StoredPresenceDocument.read(textOf(item, DynamoDbSessionItems.DOCUMENT)),
                        DynamoDbDeskItems.instant(attributeOf(item, SINCE)),
                        expires == null ? null : DynamoDbDeskItems.instant(expires),
                        numberOf(item, DynamoDbSessionItems.VERSION)),
                numberOf(item, TIMER),
                textOf(item, DynamoDb.WRITE_ID));
    }

    /** Returns the time of the write that stored an item. */
    static Instant storedAt(Map<String, AttributeValue> item) {
        return DynamoDbDeskItems.instant(attributeOf(item, SET));
    }

    static Map<String, AttributeValue> key(Owner owner) {
        return key(owner.tenant(), shard(owner.user()), Keys.join(owner.user()));
    }

    private static Map<String, AttributeValue> key(String tenant, int shard, String encodedUser) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(DynamoDbSessionItems.OWNER, text(partition(tenant, shard)));
        key.put(DynamoDbSessionItems.KEY, text(PRESENCE + encodedUser));
        return key;
    }

    /**
     * Returns the values of the condition for the presences of a partition.
     *
     * @param after the user after whom they begin; null for the first one
     */
    static Map<String, AttributeValue> of(String tenant, int shard, @Nullable String after) {
        return Map.of(
                "owner", text(partition(tenant, shard)),
                "from", text(after == null ? PRESENCE : PRESENCE + Keys.join(after) + BELOW),
                "to", text(PRESENCE + ABOVE));
    }

    private static String partition(String tenant, int shard) {
        return Keys.join(tenant, "presence", Integer.toString(shard));
    }

    private static int shard(String user) {
        return Math.floorMod(Sha256.of(user)[0], SHARDS);
    }

    /** Returns whether a sort key is that of a presence. */
    static boolean isPresence(String key) {
        return key.startsWith(PRESENCE);
    }

    /** Returns the user of the presence with a sort key. */
    static String userOf(String key) {
        return Keys.split(key.substring(PRESENCE.length())).getFirst();
    }

    /** Returns the position of a user in the list: the digit of the partition, and the encoded user. */
    static String position(String user) {
        return shard(user) + Keys.join(user);
    }

    /** Returns the user of a position that the list may issue; null for any other text. */
    static @Nullable String positionOrNull(String position) {
        try {
            String user =
                    Keys.split(position.isEmpty() ? "" : position.substring(1)).getFirst();
            return !user.isEmpty() && position(user).equals(position) ? user : null;
        } catch (RuntimeException e) {
            // A truncated escape, or digits that are not hexadecimal.
            return null;
        }
    }

    static int shardOf(String position) {
        return position.charAt(0) - '0';
    }
}
