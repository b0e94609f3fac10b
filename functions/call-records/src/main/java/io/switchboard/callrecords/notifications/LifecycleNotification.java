package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A queued notification of one event of the subscription itself.
 *
 * @param expires the expiry of the subscription when the event happened
 */
public record LifecycleNotification(
        String id, String tenant, String subscriptionId, LifecycleEvent event, Instant expires)
        implements QueuedNotification {
    static final String LIFECYCLE_EVENT = "lifecycleEvent";

    private static final String ID = "id";
    private static final String TENANT = "tenant";
    private static final String SUBSCRIPTION_ID = "subscriptionId";
    private static final String EXPIRES = "expires";

    /**
     * Creates the notification of an event.
     *
     * @param occasion what distinguishes this event from others of the subscription: the same for each repetition
     */
    public static LifecycleNotification about(Subscription subscription, LifecycleEvent event, String occasion) {
        return new LifecycleNotification(
                DerivedId.of(subscription.tenant(), subscription.id(), event.text(), occasion),
                subscription.tenant(),
                subscription.id(),
                event,
                subscription.expires());
    }

    @Override
    public String toMessage() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(ID, id);
        message.put(TENANT, tenant);
        message.put(SUBSCRIPTION_ID, subscriptionId);
        message.put(LIFECYCLE_EVENT, event.text());
        message.put(EXPIRES, expires.toString());
        return Json.write(message);
    }

    static LifecycleNotification of(Message message) {
        @Nullable LifecycleEvent event = LifecycleEvent.BY_TEXT.get(message.text(LIFECYCLE_EVENT));
        if (event == null) {
            throw new IllegalArgumentException("Unknown " + LIFECYCLE_EVENT + " in a message");
        }
        return new LifecycleNotification(
                message.text(ID),
                message.text(TENANT),
                message.text(SUBSCRIPTION_ID),
                event,
                Instant.parse(message.text(EXPIRES)));
    }

    /** A reminder is pointless once the subscription was renewed or has ended. */
    @Override
    public Optional<Subscription> recipient(SubscriptionStore subscriptions, Instant now) {
        return switch (event) {
            case MISSED -> subscriptions.read(tenant, subscriptionId, now);
            case REAUTHORIZATION_REQUIRED ->
                subscriptions
                        .read(tenant, subscriptionId, now)
                        .filter(found -> found.expires().equals(expires));
            case SUBSCRIPTION_REMOVED -> subscriptions.readEnded(tenant, subscriptionId);
        };
    }

    @Override
    public @Nullable String url(Subscription subscription) {
        return subscription.lifecycleNotificationUrl();
    }

    @Override
    public Map<String, @Nullable Object> content(Subscription subscription) {
        Map<String, @Nullable Object> notification = new LinkedHashMap<>();
        notification.put(LIFECYCLE_EVENT, event.text());
        @Nullable Instant suspendedAt = subscription.status().suspendedAt();
        if (suspendedAt != null) {
            notification.put(SubscriptionJson.SUSPENDED, suspendedAt.toString());
        }
        return notification;
    }
}
