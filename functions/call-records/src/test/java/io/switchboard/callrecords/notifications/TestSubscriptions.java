package io.switchboard.callrecords.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Creates subscriptions for tests. */
public final class TestSubscriptions {
    /** The application they belong to. */
    public static final String APPLICATION = "desk";

    private TestSubscriptions() {}

    /** Returns a subscription for one hour to all changes. */
    public static Subscription of(String tenant, String id, Instant now) {
        return of(tenant, id, APPLICATION, now);
    }

    /** Returns a subscription of this application for one hour to all changes. */
    public static Subscription of(String tenant, String id, String application, Instant now) {
        return new Subscription(
                tenant,
                id,
                application,
                "creator",
                "/communications/callRecords",
                List.of(ChangeType.CREATED, ChangeType.UPDATED),
                "https://subscriber.example/notify",
                "https://subscriber.example/lifecycle",
                "state #%é😀",
                "v1_2",
                now.plus(Duration.ofHours(1)));
    }

    /** Returns a subscription for one hour to all changes, with these endpoints. */
    public static Subscription of(String tenant, String id, Instant now, String url, String lifecycleUrl) {
        return new Subscription(
                tenant,
                id,
                APPLICATION,
                "creator",
                "/communications/callRecords",
                List.of(ChangeType.CREATED, ChangeType.UPDATED),
                url,
                lifecycleUrl,
                "state",
                null,
                now.plus(Duration.ofHours(1)));
    }

    /** Returns a copy for only these changes with this notification URL. */
    public static Subscription to(Subscription subscription, String url, ChangeType... types) {
        return new Subscription(
                subscription.tenant(),
                subscription.id(),
                subscription.application(),
                subscription.creator(),
                subscription.resource(),
                List.of(types),
                url,
                null,
                subscription.clientState(),
                null,
                subscription.expires());
    }
}
