package io.switchboard.callrecords.notifications;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The subscriptions in the files of stored documents, and the calls that create the stored items. They never change,
 * because the files never change.
 */
final class StoredSubscriptionExamples {
    static final String TENANT = "72f988bf-0000-4000-8000-c0270505a001";
    static final Instant NOW = Instant.parse("2026-11-21T09:30:00Z");

    private StoredSubscriptionExamples() {}

    /** Subscriptions by the name of their document. */
    static Map<String, Subscription> subscriptions() {
        Map<String, Subscription> subscriptions = new LinkedHashMap<>();
        subscriptions.put("everything set", everything("everything"));
        subscriptions.put("nothing set", nothing());
        return subscriptions;
    }

    /** Calls the store, so that its table contains each kind of item. */
    static void fill(SubscriptionStore store) {
        store.create(everything("everything"), "hash", NOW);
        store.create(nothing(), null, NOW);
        store.create(everything("deleted"), "hash", NOW);
        store.delete(TENANT, TestSubscriptions.APPLICATION, "deleted", NOW);
    }

    private static Subscription everything(String id) {
        return TestSubscriptions.of(TENANT, id, NOW);
    }

    private static Subscription nothing() {
        return new Subscription(
                TENANT,
                "nothing",
                "",
                "creator",
                "communications/callRecords",
                List.of(ChangeType.CREATED),
                "https://subscriber.example/notify",
                null,
                null,
                null,
                NOW.plusSeconds(3_600));
    }
}
