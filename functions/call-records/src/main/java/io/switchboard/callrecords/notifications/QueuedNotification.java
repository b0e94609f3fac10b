package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A queued notification for one subscription. It has only ids; the subscription is read when the notification is sent.
 */
public sealed interface QueuedNotification permits ChangeNotification, LifecycleNotification {
    /** Returns an id that is the same for each repetition of this notification, and unique to it. */
    String id();

    /** Returns the tenant of the subscription. */
    String tenant();

    /** Returns the id of the subscription. */
    String subscriptionId();

    /** Returns the body of the message. */
    String toMessage();

    /** Returns the subscription; empty if it must not be notified. */
    Optional<Subscription> recipient(SubscriptionStore subscriptions, Instant now);

    /** Returns the URL of the endpoint; null if the subscription has none for this notification. */
    @Nullable
    String url(Subscription subscription);

    /** Returns the members of the payload that follow those about the subscription. */
    Map<String, @Nullable Object> content(Subscription subscription);

    /**
     * Reads the body of a message.
     *
     * @throws RuntimeException if it is not the body of such a message
     */
    static QueuedNotification ofMessage(String body) {
        Message message = new Message(body);
        return message.has(LifecycleNotification.LIFECYCLE_EVENT)
                ? LifecycleNotification.of(message)
                : ChangeNotification.of(message);
    }

    /** Returns the message for a queue that treats all tenants fairly. */
    default SimpleQueue.NewMessage newMessage() {
        return new SimpleQueue.NewMessage(toMessage(), DerivedId.of(tenant()), null);
    }

    /** Returns the payload to send. */
    default String payload(Subscription subscription) {
        Map<String, @Nullable Object> notification = new LinkedHashMap<>();
        notification.put("subscriptionId", subscription.id());
        notification.put(
                "subscriptionExpirationDateTime", subscription.expires().toString());
        notification.put("tenantId", subscription.tenant());
        notification.put("clientState", subscription.clientState());
        notification.put("id", id());
        notification.putAll(content(subscription));
        return Json.write(Map.of("value", List.of(notification)));
    }
}
