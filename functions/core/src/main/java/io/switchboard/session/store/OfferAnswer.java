package io.switchboard.session.store;

import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferView;
import io.switchboard.session.Owner;
import io.switchboard.session.store.DynamoDbOfferReads.Found;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An offer and the desk of a user who answers it, as they were read in one call. */
record OfferAnswer(Owner owner, Found found, @Nullable Offer offer) {
    OfferItem item() {
        @Nullable OfferItem item = found.item();
        if (item == null) {
            throw new IllegalStateException("The offer does not exist");
        }
        return item;
    }

    DeskItem desk() {
        return found.desk(owner.user());
    }

    /** Returns true if this user cannot answer any more. */
    boolean isResolved() {
        return offer == null || offer.isResolved() || !offer.attempt().pending().contains(owner.user());
    }

    OfferView view(Instant now) {
        return OfferView.of(item().offer(), found.offers(), now);
    }
}
