package io.switchboard.callrecords.notifications;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a subscription that changes without its owner. All times have whole seconds.
 *
 * @param failingSince since when its endpoint has accepted no notification; null if the last one was accepted
 * @param suspendedAt when its notifications were suspended, because its endpoint failed for too long; null if they are
 *     sent
 * @param removedAt when another user than its creator, or an operator, removed it; null if it exists
 */
public record SubscriptionStatus(
        @Nullable Instant failingSince,
        @Nullable Instant suspendedAt,
        @Nullable Instant removedAt) {
    /** The status of a new subscription. */
    public static final SubscriptionStatus ACTIVE = new SubscriptionStatus(null, null, null);
}
