package io.switchboard.session.store;

import io.switchboard.offer.Offer;
import org.jspecify.annotations.Nullable;

/**
 * An offer to store.
 *
 * @param requestHash the hash of the creating request, which distinguishes a replay from a reused key; null for a
 *     request without a key, which cannot be replayed
 * @param mayBeUnknown whether users without a desk are allowed
 */
public record NewOffer(Offer offer, @Nullable String requestHash, boolean mayBeUnknown) {}
