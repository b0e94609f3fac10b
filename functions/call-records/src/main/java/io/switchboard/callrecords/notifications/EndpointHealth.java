package io.switchboard.callrecords.notifications;

import io.switchboard.queue.SimpleQueue;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Suspends subscriptions whose endpoint keeps failing. The store is written only when an endpoint begins to fail,
 * recovers or is suspended. Thread-safe.
 */
final class EndpointHealth {
    /**
     * How long an endpoint may accept no notification. Longer than all attempts for one notification, so that one that
     * the endpoint cannot process suspends nothing.
     */
    static final Duration LONGEST_FAILURE = Duration.ofHours(4);

    /** A first failure is not stored: most endpoints accept the next attempt. */
    private static final int NOTED_ATTEMPT = 2;

    /** The time in which the suspension is stored, so that the subscriber reads it when it is notified. */
    private static final Duration STORING = Duration.ofSeconds(5);

    private final SubscriptionStore subscriptions;
    private final SimpleQueue notifications;

    EndpointHealth(SubscriptionStore subscriptions, SimpleQueue notifications) {
        this.subscriptions = subscriptions;
        this.notifications = notifications;
    }

    /** Notes that the endpoint accepted a notification. */
    void accepted(Subscription subscription, Instant now) {
        if (subscription.status().failingSince() != null) {
            change(subscription, SubscriptionStatus.ACTIVE, now);
        }
    }

    /**
     * Notes that the endpoint did not accept a notification. If it has failed for too long, the subscription is
     * suspended, and its lifecycle endpoint is notified.
     *
     * @param attempt the number of attempts for the notification
     */
    void rejected(Subscription subscription, int attempt, Instant now) {
        @Nullable Instant failingSince = subscription.status().failingSince();
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        if (failingSince == null) {
            if (attempt >= NOTED_ATTEMPT) {
                change(subscription, new SubscriptionStatus(second, null, null), now);
            }
            return;
        }
        if (Duration.between(failingSince, now).compareTo(LONGEST_FAILURE) < 0) {
            return;
        }
        if (subscription.lifecycleNotificationUrl() != null) {
            // Before the store, because nothing repeats it once the subscription is suspended.
            LifecycleNotification notification =
                    LifecycleNotification.about(subscription, LifecycleEvent.MISSED, failingSince.toString());
            notifications.sendAll(List.of(notification.newMessage().after(STORING)));
        }
        if (change(subscription, new SubscriptionStatus(failingSince, second, null), now)) {
            RequestLog.current().count(Metric.SUBSCRIPTIONS_SUSPENDED);
        }
    }

    /** Stores the next status, unless the status has changed since it was read. */
    private boolean change(Subscription subscription, SubscriptionStatus next, Instant now) {
        return subscriptions
                .change(
                        subscription.tenant(),
                        subscription.application(),
                        subscription.id(),
                        found -> found.status().equals(subscription.status()) ? found.with(next) : found,
                        now)
                .filter(found -> found.status().equals(next))
                .isPresent();
    }
}
