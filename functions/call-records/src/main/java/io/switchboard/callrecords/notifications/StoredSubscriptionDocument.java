package io.switchboard.callrecords.notifications;

import io.switchboard.json.StoredDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes and reads the documents of stored subscriptions; no other class does. {@link #read} has the default of each
 * property that a document omits. Tenant, id and expiry are separate attributes of the item.
 *
 * <p>The names are those of the documents, not those of the API's properties. See {@code subscriptions-schema-1.json}
 * in the test resources for examples.
 */
final class StoredSubscriptionDocument {
    private static final int SCHEMA = 1;
    private static final String KIND = "subscription";

    private static final String APPLICATION_ID = "applicationId";
    private static final String CREATOR_ID = "creatorId";
    private static final String RESOURCE = "resource";
    private static final String CHANGE_TYPE = "changeType";
    private static final String NOTIFICATION_URL = "notificationUrl";
    private static final String LIFECYCLE_NOTIFICATION_URL = "lifecycleNotificationUrl";
    private static final String CLIENT_STATE = "clientState";
    private static final String LATEST_SUPPORTED_TLS_VERSION = "latestSupportedTlsVersion";

    private StoredSubscriptionDocument() {}

    /** Returns the document of a subscription. */
    static String write(Subscription subscription) {
        return StoredDocument.ofSchema(SCHEMA, KIND)
                .put(APPLICATION_ID, subscription.application(), "")
                .put(CREATOR_ID, subscription.creator())
                .put(RESOURCE, subscription.resource())
                .put(
                        CHANGE_TYPE,
                        String.join(
                                ",",
                                subscription.changeTypes().stream()
                                        .map(ChangeType::text)
                                        .toList()))
                .put(NOTIFICATION_URL, subscription.notificationUrl())
                .put(LIFECYCLE_NOTIFICATION_URL, subscription.lifecycleNotificationUrl(), null)
                .put(CLIENT_STATE, subscription.clientState(), null)
                .put(LATEST_SUPPORTED_TLS_VERSION, subscription.latestSupportedTlsVersion(), null)
                .write();
    }

    /**
     * Reads the document of a subscription, from this or an earlier release.
     *
     * @throws RuntimeException if it is not a document of a subscription, or if a later release wrote it
     */
    static Subscription read(String tenant, String id, String text, Instant expires) {
        StoredDocument document = StoredDocument.read(text, SCHEMA, KIND);
        return new Subscription(
                tenant,
                id,
                document.text(APPLICATION_ID, ""),
                document.text(CREATOR_ID),
                document.text(RESOURCE),
                changeTypes(document.text(CHANGE_TYPE)),
                document.text(NOTIFICATION_URL),
                document.textOrNull(LIFECYCLE_NOTIFICATION_URL),
                document.textOrNull(CLIENT_STATE),
                document.textOrNull(LATEST_SUPPORTED_TLS_VERSION),
                expires);
    }

    private static List<ChangeType> changeTypes(String text) {
        List<ChangeType> types = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            types.add(Objects.requireNonNull(
                    ChangeType.BY_TEXT.get(each), "a stored subscription has an unknown changeType"));
        }
        return types;
    }
}
