package io.switchboard.callrecords.notifications;

import io.switchboard.runtime.StreamRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a changed subscription for its lifecycle notifications.
 *
 * @param hasNewExpiry it was created or renewed
 * @param isRemoved another user than its creator, or an operator, removed it
 */
record SubscriptionChange(Subscription subscription, boolean hasNewExpiry, boolean isRemoved) {
    /**
     * Returns the change that a record of the stream describes; empty if it is of another item, or of a subscription
     * that its creator deleted.
     *
     * @throws RuntimeException if the record cannot be read
     */
    static Optional<SubscriptionChange> of(StreamRecord change) {
        @Nullable Subscription after = DynamoDbSubscriptionImage.read(change.after());
        if (after == null) {
            return Optional.empty();
        }
        @Nullable Subscription before = DynamoDbSubscriptionImage.read(change.before());
        boolean isRemoved = after.status().removedAt() != null;
        boolean wasRemoved = before != null && before.status().removedAt() != null;
        return Optional.of(new SubscriptionChange(
                after,
                !isRemoved && (before == null || !before.expires().equals(after.expires())),
                isRemoved && !wasRemoved));
    }
}
