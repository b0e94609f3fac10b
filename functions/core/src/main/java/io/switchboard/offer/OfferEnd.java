package io.switchboard.offer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of an offer, for one user or as a whole.
 *
 * @param at the time of the answer, or the deadline
 * @param reason the text that the user sent with a rejection; null for none
 */
public record OfferEnd(
        OfferResult result, Instant at, @Nullable String reason) {
    /** Creates an end without a text of the user. */
    public OfferEnd(OfferResult result, Instant at) {
        this(result, at, null);
    }
}
