package io.switchboard.offer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user to whom a conversation is offered.
 *
 * @param displayed when the desk began to show it; null if it did not, or if no write has stored that yet
 * @param end the end of the offer for this user; null while it is pending
 */
public record OfferTarget(
        String userId,
        @Nullable Instant displayed,
        @Nullable OfferEnd end) {
    /** Returns a target that has not answered. */
    public static OfferTarget pending(String userId) {
        return new OfferTarget(userId, null, null);
    }

    /** Returns true if the offer has not ended for this user. */
    public boolean isPending() {
        return end == null;
    }
}
