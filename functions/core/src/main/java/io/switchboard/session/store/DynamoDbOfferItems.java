package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.offer.Offer;
import io.switchboard.offer.SenderId;
import io.switchboard.storage.Keys;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of offers in the Sessions table: their keys and attributes, and the conditional writes that change them.
 *
 * <p>An offer has one item in its own partition, {@code tenant#offer#id}. The partition of its sender,
 * {@code tenant#sent#sender}, has an item with only a key for each offer, in the order of creation, and one for each
 * cancellation token.
 */
final class DynamoDbOfferItems {
    /** The sort key of an offer. */
    static final String OFFER = "OFFER";

    private static final String SENT = "SENT#";
    private static final String TOKEN = "TOKEN#";
    private static final String DOCUMENT = "document";
    private static final String VERSION = "version";
    private static final String REQUEST_HASH = "requestHash";
    private static final String EXPIRES_AT = "expiresAt";

    private static final String IS_FREE = "attribute_not_exists(#key) OR #expiresAt <= :now";

    private final String table;

    DynamoDbOfferItems(String table) {
        this.table = table;
    }

    /** Stores a new offer whose id is not in use. */
    Write putNew(String tenant, NewOffer newOffer, Offer offer, String writeId, Instant now) {
        Map<String, AttributeValue> item = item(tenant, offer, newOffer.requestHash(), writeId);
        return Write.put(table, item).onlyIf(IS_FREE).with("now", seconds(now));
    }

    /** Stores that the sender made an offer. */
    Write putSent(String tenant, Offer offer) {
        return pointer(sentKey(tenant, offer.sender(), position(offer)), offer);
    }

    /** Stores the cancellation token of an offer. */
    Write putToken(String tenant, Offer offer, String token) {
        return pointer(key(senderPartition(tenant, offer.sender()), tokenPrefix(token) + offer.id()), offer);
    }

    private Write pointer(Map<String, AttributeValue> key, Offer offer) {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put(EXPIRES_AT, seconds(offer.created().plus(Offer.LONGEST_LIFE).plus(Offer.RETENTION)));
        return Write.put(table, item);
    }

    /** Replaces an offer that was read. */
    Write replace(String tenant, OfferItem seen, Offer next, String writeId) {
        return Write.put(table, item(tenant, next, seen.requestHash(), writeId))
                .onlyIf("#writeId = :seen")
                .with("seen", text(seen.writeId()));
    }

    private static Map<String, AttributeValue> item(
            String tenant, Offer offer, @Nullable String requestHash, String writeId) {
        Map<String, AttributeValue> item = offerKey(tenant, offer.id());
        item.put(DOCUMENT, text(StoredOfferDocument.write(offer)));
        item.put(VERSION, number(offer.version()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        if (requestHash != null) {
            item.put(REQUEST_HASH, text(requestHash));
        }
        item.put(EXPIRES_AT, seconds(offer.kept()));
        return item;
    }

    /** Returns the offer of an item. */
    static OfferItem read(Map<String, AttributeValue> item) {
        return new OfferItem(
                StoredOfferDocument.read(idOf(item), textOf(item, DOCUMENT), numberOf(item, VERSION)),
                textOf(item, DynamoDb.WRITE_ID),
                textOrNull(item, REQUEST_HASH));
    }

    static boolean isOffer(Map<String, AttributeValue> item) {
        return textOf(item, DynamoDbSessionItems.KEY).equals(OFFER);
    }

    /** Returns true for the sort key of an item of a sender's partition. */
    static boolean isPointer(String key) {
        return key.startsWith(SENT) || key.startsWith(TOKEN);
    }

    private static String idOf(Map<String, AttributeValue> item) {
        return Keys.split(textOf(item, DynamoDbSessionItems.OWNER)).getLast();
    }

    static Map<String, AttributeValue> offerKey(String tenant, String id) {
        return key(Keys.join(tenant, "offer", id), OFFER);
    }

    /** Returns the partition of a sender. Its ids are hashed, because three ids together may be too long for a key. */
    static String senderPartition(String tenant, SenderId sender) {
        @Nullable String user = sender.user();
        String id = user == null ? DerivedId.of(sender.provider()) : DerivedId.of(sender.provider(), user);
        return Keys.join(tenant, "sent", id);
    }

    /** Returns the position of an offer among those of its sender. */
    static String position(Offer offer) {
        return HistoryPosition.key(offer.created(), offer.id());
    }

    /** Returns the earliest position of an offer that was created at this time. */
    static String positionAt(Instant created) {
        return HistoryPosition.time(created);
    }

    static boolean isPosition(String text) {
        return HistoryPosition.isKey(text);
    }

    static Map<String, AttributeValue> sentKey(String tenant, SenderId sender, String position) {
        return key(senderPartition(tenant, sender), SENT + position);
    }

    /** Returns the values of the condition for the offers of a sender from a time on. */
    static Map<String, AttributeValue> sentSince(String tenant, SenderId sender, Instant since) {
        return Map.of(
                "owner", text(senderPartition(tenant, sender)),
                "from", text(SENT + positionAt(since)),
                // The character after the last one of a position.
                "to", text(SENT + ":"));
    }

    /** Returns the values of the condition for the offers of a sender with a token. */
    static Map<String, AttributeValue> withToken(String tenant, SenderId sender, String token) {
        return Map.of("owner", text(senderPartition(tenant, sender)), "prefix", text(tokenPrefix(token)));
    }

    /** Returns the id of the offer to which an item of the sender's partition refers. */
    static String referredId(Map<String, AttributeValue> item) {
        String key = textOf(item, DynamoDbSessionItems.KEY);
        return key.substring(key.lastIndexOf('#') + 1);
    }

    /** Returns the ids of the offers to which items refer, in order. */
    static List<String> referredIds(List<Map<String, AttributeValue>> items) {
        return items.stream().map(DynamoDbOfferItems::referredId).toList();
    }

    /** Returns the position of an offer to which an item refers. */
    static String referredPosition(Map<String, AttributeValue> item) {
        return textOf(item, DynamoDbSessionItems.KEY).substring(SENT.length());
    }

    private static String tokenPrefix(String token) {
        return TOKEN + Keys.join(token) + '#';
    }

    private static Map<String, AttributeValue> key(String partition, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(DynamoDbSessionItems.OWNER, text(partition));
        key.put(DynamoDbSessionItems.KEY, text(sortKey));
        return key;
    }
}
