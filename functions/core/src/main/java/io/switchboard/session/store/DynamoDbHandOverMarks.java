package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.session.Owner;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Session;
import io.switchboard.session.store.DynamoDbSessionReads.LookupResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mark of a session and the offer that hands it over equal: what ends one of them ends the other in the same
 * transaction. A deadline needs no write, because the mark has it too. Thread-safe.
 */
final class DynamoDbHandOverMarks {
    private final DynamoDbOfferItems offerItems;
    private final DynamoDbDeskOffers deskOffers;
    private final DynamoDbOfferReads offers;
    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbSessionReads reads;

    DynamoDbHandOverMarks(
            DynamoDbOfferItems offerItems,
            DynamoDbDeskOffers deskOffers,
            DynamoDbOfferReads offers,
            DynamoDbSessionItems items,
            DynamoDbDeskItems desks,
            DynamoDbSessionReads reads) {
        this.offerItems = offerItems;
        this.deskOffers = deskOffers;
        this.offers = offers;
        this.items = items;
        this.desks = desks;
        this.reads = reads;
    }

    /**
     * Returns the writes that withdraw the offer of a session that is closed, deleted or moved. It reads the offer if
     * the session has a mark. The desk of the other user is not read.
     *
     * @param written the user whose desk another write of the transaction changes; null for none
     */
    List<Write> withdraw(Owner owner, Session session, @Nullable String written, String writeId, Instant now) {
        @Nullable PendingHandOver mark = session.markers().handOver();
        if (mark == null) {
            return List.of();
        }
        String tenant = owner.tenant();
        @Nullable
        OfferItem item = offers.read(tenant, mark.notificationId(), Set.of()).item();
        @Nullable Offer offer = item == null ? null : item.offer().at(now, Map.of());
        if (item == null || offer == null || offer.isResolved()) {
            return List.of();
        }
        List<Write> writes = new ArrayList<>();
        writes.add(offerItems.replace(tenant, item, offer.cancelled(now).next(), writeId));
        for (String user : offer.attempt().pending()) {
            if (!user.equals(written)) {
                writes.add(deskOffers.end(new Owner(tenant, user), offer.id(), now, writeId));
            }
        }
        return writes;
    }

    /**
     * Returns the writes that remove the mark of an offer that was rejected or withdrawn. It reads the session and its
     * desk if the offer hands one over.
     */
    List<Write> unmark(String tenant, Offer offer, String writeId, Instant now) {
        @Nullable OfferedHandOver handOver = offer.purpose().handOver();
        if (handOver == null) {
            return List.of();
        }
        Owner owner = new Owner(tenant, handOver.userId());
        LookupResult found = reads.lookUp(owner, null, handOver.sessionId(), now);
        @Nullable SessionItem item = found.item();
        @Nullable
        PendingHandOver mark = item == null ? null : item.session().markers().handOver();
        if (item == null || mark == null || !mark.notificationId().equals(offer.id())) {
            return List.of();
        }
        DeskItem desk = reads.completed(owner, found.desk(), now);
        Session kept = desk.current(item.session()).kept(now);
        List<Write> writes = new ArrayList<>();
        writes.add(items.replace(owner, item, kept, writeId));
        if (desk.desk().open().contains(kept.id())) {
            writes.add(desks.replace(owner, desk, desk.next(desk.desk(), List.of(kept)), writeId));
        }
        return writes;
    }
}
