package io.switchboard.session.store;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.SenderId;
import io.switchboard.session.Owner;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads offers and the desks of their users, for callers and for decisions about writes. Thread-safe. */
final class DynamoDbOfferReads {
    /** The most keys of a batch read: the number of offers that a filtered page reads, and of desks for any page. */
    private static final int BATCH = 100;

    private final DynamoDb dynamoDb;
    private final String table;

    DynamoDbOfferReads(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * An offer and desks as they were read in one call.
     *
     * @param item null if the offer does not exist
     * @param desks by user; a desk that is not stored is empty
     * @param present the users of these desks who have set a presence
     */
    record Found(@Nullable OfferItem item, Map<String, DeskItem> desks, Set<String> present) {
        Found(@Nullable OfferItem item, Map<String, DeskItem> desks) {
            this(item, desks, Set.of());
        }

        /** Returns the desk of a user, which is empty if it is not stored. */
        DeskItem desk(String user) {
            return desks.getOrDefault(user, DeskItem.EMPTY);
        }

        /** Returns the offers on the desks. */
        Map<String, DeskOffers> offers() {
            Map<String, DeskOffers> offers = new HashMap<>();
            desks.forEach((user, desk) -> offers.put(user, desk.offers()));
            return offers;
        }
    }

    /**
     * Reads an offer and the desks of users in one call.
     *
     * @param id null to read desks only
     */
    Found read(String tenant, @Nullable String id, Collection<String> users) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        Map<String, String> userOf = new HashMap<>();
        Map<String, DeskItem> desks = new LinkedHashMap<>();
        Set<String> present = new LinkedHashSet<>();
        if (id != null) {
            keys.add(DynamoDbOfferItems.offerKey(tenant, id));
        }
        for (String user : users) {
            Owner owner = new Owner(tenant, user);
            keys.add(DynamoDbSessionItems.deskKey(owner));
            userOf.put(DynamoDbSessionItems.partition(owner), user);
            desks.put(user, DeskItem.EMPTY);
        }
        @Nullable OfferItem item = null;
        for (Map<String, AttributeValue> attributes : dynamoDb.getAll(table, keys)) {
            if (DynamoDbOfferItems.isOffer(attributes)) {
                item = DynamoDbOfferItems.read(attributes);
            } else {
                String user = userOf.getOrDefault(Attributes.textOf(attributes, DynamoDbSessionItems.OWNER), "");
                desks.put(user, DynamoDbDeskItems.read(attributes));
                if (DynamoDbPresenceItems.isMarked(attributes)) {
                    present.add(user);
                }
            }
        }
        return new Found(item, desks, present);
    }

    /** Returns the existing offers with these ids. */
    Map<String, Offer> offers(String tenant, Collection<String> ids) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String id : ids) {
            keys.add(DynamoDbOfferItems.offerKey(tenant, id));
        }
        Map<String, Offer> offers = new HashMap<>();
        for (Map<String, AttributeValue> attributes : dynamoDb.getAll(table, keys)) {
            Offer offer = DynamoDbOfferItems.read(attributes).offer();
            offers.put(offer.id(), offer);
        }
        return offers;
    }

    /** Returns the offers that a desk shows, in order. Reads nothing if the desk has none. */
    List<OfferView> onDesk(Owner owner, DeskItem desk, Instant now) {
        List<DeskOffers.Turn> pending = desk.offers().pending(now);
        if (pending.isEmpty()) {
            return List.of();
        }
        Set<String> ids = new LinkedHashSet<>();
        pending.forEach(turn -> ids.add(turn.offer().id()));
        Map<String, Offer> offers = offers(owner.tenant(), ids);
        List<OfferView> views = new ArrayList<>();
        for (String id : ids) {
            @Nullable Offer offer = offers.get(id);
            if (offer != null) {
                views.add(OfferView.of(offer, Map.of(owner.user(), desk.offers()), now));
            }
        }
        return views;
    }

    /** Returns the ids of a sender's offers with a token. */
    List<String> withToken(String tenant, SenderId sender, String token) {
        List<String> ids = new ArrayList<>();
        @Nullable Map<String, AttributeValue> start = null;
        do {
            var found = dynamoDb.query(
                    table,
                    "#owner = :owner AND begins_with(#key, :prefix)",
                    DynamoDbOfferItems.withToken(tenant, sender, token),
                    start,
                    BATCH);
            ids.addAll(DynamoDbOfferItems.referredIds(found.items()));
            start = found.hasLastEvaluatedKey() ? found.lastEvaluatedKey() : null;
        } while (start != null);
        return ids;
    }

    /** Implements {@link OfferStore#list}. */
    Page<OfferView> list(String tenant, SenderId sender, @Nullable OfferState state, PageRequest page, Instant now) {
        @Nullable String after = page.after();
        if (after != null && !DynamoDbOfferItems.isPosition(after)) {
            throw new InvalidPosition();
        }
        boolean isPending = state == OfferState.QUEUED || state == OfferState.DISPLAYED;
        Duration age = isPending ? Offer.LONGEST_LIFE : Offer.LONGEST_LIFE.plus(Offer.RETENTION);
        Instant since = now.minus(age);
        if (after != null && after.compareTo(DynamoDbOfferItems.positionAt(since)) < 0) {
            // The page token is older than all offers that exist.
            return new Page<>(List.of(), null);
        }
        var found = dynamoDb.queryBackwards(
                table,
                "#owner = :owner AND #key BETWEEN :from AND :to",
                DynamoDbOfferItems.sentSince(tenant, sender, since),
                after == null ? null : DynamoDbOfferItems.sentKey(tenant, sender, after),
                state == null ? page.size() : BATCH);
        Map<String, Offer> offers =
                found.items().isEmpty() ? Map.of() : offers(tenant, DynamoDbOfferItems.referredIds(found.items()));
        List<Offer> known = new ArrayList<>();
        Set<String> users = new LinkedHashSet<>();
        @Nullable String last = null;
        boolean isCut = false;
        for (Map<String, AttributeValue> item : found.items()) {
            @Nullable Offer offer = offers.get(DynamoDbOfferItems.referredId(item));
            Set<String> more = new LinkedHashSet<>(users);
            more.addAll(offer == null ? List.of() : offer.waiting());
            if (more.size() > BATCH) {
                isCut = true;
                break;
            }
            users.addAll(more);
            last = DynamoDbOfferItems.referredPosition(item);
            if (offer != null) {
                known.add(offer);
            }
        }
        Map<String, DeskOffers> desks =
                users.isEmpty() ? Map.of() : read(tenant, null, users).offers();
        List<OfferView> views = new ArrayList<>();
        for (Offer offer : known) {
            OfferView view = OfferView.of(offer, desks, now);
            if (view.offer().isForgotten(now) || (state != null && view.state() != state)) {
                continue;
            }
            if (views.size() == page.size()) {
                return new Page<>(
                        views, DynamoDbOfferItems.position(views.getLast().offer()));
            }
            views.add(view);
        }
        return new Page<>(views, isCut || found.hasLastEvaluatedKey() ? last : null);
    }
}
