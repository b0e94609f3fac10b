package io.switchboard.callrecords.notifications;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes subscriptions for responses. */
public final class SubscriptionJson {
    /** The annotation of a subscription whose notifications are suspended; absent otherwise. */
    public static final String SUSPENDED = "@switchboard.suspendedDateTime";

    private SubscriptionJson() {}

    /**
     * Returns a subscription as in Graph, with null for unsupported properties.
     *
     * @param showsClientState whether {@code clientState} is returned: only to the caller that has just sent it
     */
    public static Map<String, @Nullable Object> toJson(Subscription subscription, boolean showsClientState) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", subscription.id());
        json.put("resource", subscription.resource());
        json.put("applicationId", subscription.application().isEmpty() ? null : subscription.application());
        json.put("changeType", text(subscription.changeTypes()));
        json.put("clientState", showsClientState ? subscription.clientState() : null);
        json.put("notificationUrl", subscription.notificationUrl());
        json.put("lifecycleNotificationUrl", subscription.lifecycleNotificationUrl());
        json.put("expirationDateTime", subscription.expires().toString());
        json.put("creatorId", subscription.creator());
        @Nullable String tls = subscription.latestSupportedTlsVersion();
        // Graph's default.
        json.put("latestSupportedTlsVersion", tls == null ? "v1_2" : tls);
        json.put("includeResourceData", null);
        json.put("encryptionCertificate", null);
        json.put("encryptionCertificateId", null);
        json.put("notificationQueryOptions", null);
        json.put("notificationUrlAppId", null);
        @Nullable Instant suspendedAt = subscription.status().suspendedAt();
        if (suspendedAt != null) {
            json.put(SUSPENDED, suspendedAt.toString());
        }
        return json;
    }

    private static String text(List<ChangeType> changeTypes) {
        return String.join(",", changeTypes.stream().map(ChangeType::text).toList());
    }
}
