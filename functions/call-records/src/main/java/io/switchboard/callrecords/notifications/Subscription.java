package io.switchboard.callrecords.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of changes of a tenant's call records, where, and until when ({@code graph-callrecords.md} §D.2).
 *
 * @param application whose it is: the application that asked for it ({@code azp}, {@code appid} or {@code client_id}); empty
 *     where its token names none
 * @param creator the user who asked through the application, else the application
 * @param resource as it was sent
 * @param changeTypes at least one
 * @param notificationUrl where notifications go
 * @param lifecycleNotificationUrl where the subscriber hears that notifications were missed
 * @param clientState sent along with each notification: by it the subscriber knows them from others'
 * @param latestSupportedTlsVersion as it was sent
 * @param expires when it ends; whole seconds
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
        Instant expires) {
    /** How far ahead a subscription may end. */
    public static final Duration LONGEST_LIFE = Duration.ofMinutes(4_230);

    /** The least it lives, whatever is asked for. */
    public static final Duration SHORTEST_LIFE = Duration.ofMinutes(45);

    public Subscription {
        changeTypes = List.copyOf(changeTypes);
    }

    /** The same until then. */
    public Subscription expiring(Instant then) {
        return new Subscription(
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
                then);
    }

    /** The same with notifications going there. */
    public Subscription notifying(String url) {
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
                expires);
    }

    /** Whether it ends with, or before, this moment. */
    public boolean isExpired(Instant now) {
        return !expires.isAfter(now);
    }
}
