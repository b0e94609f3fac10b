package io.switchboard.offer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An offer as a desk holds it: what decides when the desk shows it and for how long.
 *
 * @param attempt the number of the attempt that brought it to the desk
 * @param queued when it came to the desk
 * @param expires when it ends at the latest
 * @param timeout seconds from the time of display until it ends; 0 for none
 * @param autoAccept whether it is accepted when the desk shows it
 * @param displayed when the desk began to show it; the time of its end if it never did; null if no write has stored
 *     that yet
 * @param ended when a write ended it; null while none has
 */
public record DeskOffer(
        String id,
        int attempt,
        Instant queued,
        Instant expires,
        int timeout,
        boolean autoAccept,
        @Nullable Instant displayed,
        @Nullable Instant ended) {
    /** Returns the entry of an offer that comes to a desk now, with its current attempt. */
    public static DeskOffer of(Offer offer, Instant now) {
        return new DeskOffer(
                offer.id(),
                offer.attempt().number(),
                now,
                offer.attempt().expires(),
                offer.content().timeout(),
                offer.content().autoAccept(),
                null,
                null);
    }

    DeskOffer displayed(Instant at) {
        return new DeskOffer(id, attempt, queued, expires, timeout, autoAccept, at, ended);
    }

    DeskOffer ended(Instant at) {
        return new DeskOffer(id, attempt, queued, expires, timeout, autoAccept, displayed, at);
    }
}
