package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.text.DerivedId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that a queue delays until a lifecycle notification of a subscription is due. SQS delays a message for 15
 * minutes at most, so the receiver sends it again until then.
 *
 * @param expires the expiry for which it was started; each renewal starts another timer, and ends this one
 * @param next the next notification: {@code reauthorizationRequired} or {@code subscriptionRemoved}
 */
public record SubscriptionTimer(String tenant, String subscriptionId, Instant expires, LifecycleEvent next) {
    /** How long before the expiry the subscriber is reminded; less than the shortest life of a subscription. */
    public static final Duration REMINDER = Duration.ofMinutes(30);

    /** The longest delay of a message in SQS. */
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    private static final String TENANT = "tenant";
    private static final String SUBSCRIPTION_ID = "subscriptionId";
    private static final String EXPIRES = "expires";
    private static final String NEXT = "next";

    /** Returns the timer of a subscription that was created or renewed. */
    public static SubscriptionTimer start(Subscription subscription) {
        return new SubscriptionTimer(
                subscription.tenant(),
                subscription.id(),
                subscription.expires(),
                LifecycleEvent.REAUTHORIZATION_REQUIRED);
    }

    /** Returns true if this is the body of a timer's message, and not that of an {@link EndedGeneration}. */
    public static boolean isMessage(String body) {
        return new Message(body).has(NEXT);
    }

    /**
     * Reads the body of a message.
     *
     * @throws RuntimeException if it is not the body of such a message
     */
    public static SubscriptionTimer ofMessage(String body) {
        Message message = new Message(body);
        @Nullable LifecycleEvent next = LifecycleEvent.BY_TEXT.get(message.text(NEXT));
        if (next == null) {
            throw new IllegalArgumentException("Unknown " + NEXT + " in a message");
        }
        return new SubscriptionTimer(
                message.text(TENANT), message.text(SUBSCRIPTION_ID), Instant.parse(message.text(EXPIRES)), next);
    }

    /** Returns this timer after the reminder. */
    SubscriptionTimer reminded() {
        return new SubscriptionTimer(tenant, subscriptionId, expires, LifecycleEvent.SUBSCRIPTION_REMOVED);
    }

    /** Returns true if the next notification is due. */
    boolean isDue(Instant now) {
        return !now.isBefore(due());
    }

    private Instant due() {
        return next == LifecycleEvent.REAUTHORIZATION_REQUIRED ? expires.minus(REMINDER) : expires;
    }

    /** Returns the message. Its group separates the timers of a tenant from its sweeps, which may be many. */
    SimpleQueue.NewMessage newMessage(Instant now) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(TENANT, tenant);
        message.put(SUBSCRIPTION_ID, subscriptionId);
        message.put(EXPIRES, expires.toString());
        message.put(NEXT, next.text());
        // Rounded up, so that the message does not arrive before the time.
        Duration left = Duration.ofSeconds(
                Math.max(0, Duration.between(now, due()).plusMillis(999).toSeconds()));
        return new SimpleQueue.NewMessage(
                Json.write(message),
                DerivedId.of(tenant, NEXT),
                left.compareTo(LONGEST_DELAY) < 0 ? left : LONGEST_DELAY);
    }
}
