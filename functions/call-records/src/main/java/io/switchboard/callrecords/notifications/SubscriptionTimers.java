package io.switchboard.callrecords.notifications;

import io.switchboard.queue.SimpleQueue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Queues the lifecycle notifications that depend on the time. If a timer is delivered twice, the notifications have the
 * same ids. Thread-safe.
 */
public final class SubscriptionTimers {
    private final SubscriptionStore subscriptions;
    private final SimpleQueue timers;
    private final SimpleQueue notifications;

    /**
     * Creates the timers of this environment.
     *
     * @param timers the queue that delivers them
     */
    public SubscriptionTimers(SubscriptionStore subscriptions, SimpleQueue timers, Map<String, String> environment) {
        this.subscriptions = subscriptions;
        this.timers = timers;
        this.notifications = timers.other(environment, "NOTIFICATIONS_QUEUE_URL");
    }

    /** Handles a delivered timer: queues the notification that is due, and sends the timer again for the next one. */
    public void handle(SubscriptionTimer timer, Instant now) {
        @Nullable
        Subscription subscription =
                subscriptions.readEnded(timer.tenant(), timer.subscriptionId()).orElse(null);
        boolean isCurrent = subscription != null
                && subscription.status().removedAt() == null
                && subscription.expires().equals(timer.expires());
        if (subscription == null || !isCurrent) {
            return;
        }
        if (subscription.isExpired(now)) {
            queue(subscription, LifecycleEvent.SUBSCRIPTION_REMOVED);
            return;
        }
        SubscriptionTimer next = timer;
        if (timer.next() == LifecycleEvent.REAUTHORIZATION_REQUIRED && timer.isDue(now)) {
            queue(subscription, LifecycleEvent.REAUTHORIZATION_REQUIRED);
            next = timer.reminded();
        }
        timers.sendAll(List.of(next.newMessage(now)));
    }

    private void queue(Subscription subscription, LifecycleEvent event) {
        notifications.sendAll(List.of(LifecycleNotification.about(
                        subscription, event, subscription.expires().toString())
                .newMessage()));
    }
}
