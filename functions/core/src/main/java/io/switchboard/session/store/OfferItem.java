package io.switchboard.session.store;

import io.switchboard.offer.Offer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An offer with the attributes of its item in the Sessions table.
 *
 * @param writeId the id of the write that stored it
 * @param requestHash the hash of the creating request; null without an idempotency key
 */
record OfferItem(Offer offer, String writeId, @Nullable String requestHash) {
    /** Returns true until the id is free for another offer. */
    boolean isKept(Instant now) {
        return offer.kept().getEpochSecond() > now.getEpochSecond();
    }
}
