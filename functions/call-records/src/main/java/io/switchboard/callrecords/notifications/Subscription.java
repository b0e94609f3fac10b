package io.switchboard.callrecords.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to changes of a tenant's call records ({@code docs/domain/call-records.md}, "Change notifications").
 *
 * @param application the owner: the application that requested it ({@code azp}, {@code appid} or {@code client_id});
 *     empty if its token has none
 * @param creator the user of the application, otherwise the application
 * @param resource the resource as it was sent
 * @param changeTypes at least one
 * @param notificationUrl the endpoint for notifications, or {@link #EVENT_BUS}
 * @param lifecycleNotificationUrl the endpoint for lifecycle notifications
 * @param clientState sent with each notification, so that the subscriber can recognise its notifications
 * @param latestSupportedTlsVersion the value as it was sent
 * @param expires when it ends; whole seconds
 * @param status its state that changes without its owner
 */
public record Subscription(
        String tenant,
        String id,
        String application,
        String creator,
        String resource,
        List<ChangeType> changeTypes,
        String notificationUrl,
        @Nullable String lifecycleNotificationUrl,
        @Nullable String clientState,
        @Nullable String latestSupportedTlsVersion,
        Instant expires,
        SubscriptionStatus status) {
    /** The notification URL of a subscription whose changes are published on the event bus of the stack. */
    public static final String EVENT_BUS = "eventbus:";

    /** The longest time until a subscription ends. */
    public static final Duration LONGEST_LIFE = Duration.ofMinutes(4_230);

    /** The shortest time until a subscription ends; shorter requests are extended. */
    public static final Duration SHORTEST_LIFE = Duration.ofMinutes(45);

    public Subscription {
        changeTypes = List.copyOf(changeTypes);
    }

    /** Creates a new subscription. */
    public Subscription(
            String tenant,
            String id,
            String application,
            String creator,
            String resource,
            List<ChangeType> changeTypes,
            String notificationUrl,
            @Nullable String lifecycleNotificationUrl,
            @Nullable String clientState,
            @Nullable String latestSupportedTlsVersion,
            Instant expires) {
        this(
                tenant,
                id,
                application,
                creator,
                resource,
                changeTypes,
                notificationUrl,
                lifecycleNotificationUrl,
                clientState,
                latestSupportedTlsVersion,
                expires,
                SubscriptionStatus.ACTIVE);
    }

    /** Returns a copy that ends then. */
    public Subscription expiring(Instant then) {
        return copy(notificationUrl, then, status);
    }

    /** Returns a copy with this notification URL. */
    public Subscription notifying(String url) {
        return copy(url, expires, status);
    }

    /** Returns a copy with this status. */
    public Subscription with(SubscriptionStatus next) {
        return copy(notificationUrl, expires, next);
    }

    private Subscription copy(String url, Instant then, SubscriptionStatus next) {
        return new Subscription(
                tenant,
                id,
                application,
                creator,
                resource,
                changeTypes,
                url,
                lifecycleNotificationUrl,
                clientState,
                latestSupportedTlsVersion,
                then,
                next);
    }

    /** Returns true if its changes are published on the event bus of the stack. */
    public boolean isForEventBus() {
        return notificationUrl.equals(EVENT_BUS);
    }

    /** Returns true if it ends at or before this time. */
    public boolean isExpired(Instant now) {
        return !expires.isAfter(now);
    }

    /** Returns true if it exists for callers: it is neither expired nor removed. */
    public boolean isLiving(Instant now) {
        return !isExpired(now) && status.removedAt() == null;
    }
}
