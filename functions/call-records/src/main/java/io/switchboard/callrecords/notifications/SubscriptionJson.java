package io.switchboard.callrecords.notifications;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Subscriptions as answers show them. */
public final class SubscriptionJson {
    private SubscriptionJson() {}

    /**
     * As Graph shows it, with a null for what is not offered.
     *
     * @param showsClientState whether {@code clientState} is shown: to whoever has just sent it, and nobody else
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
        json.put("latestSupportedTlsVersion", subscription.latestSupportedTlsVersion());
        json.put("includeResourceData", null);
        json.put("encryptionCertificate", null);
        json.put("encryptionCertificateId", null);
        json.put("notificationQueryOptions", null);
        json.put("notificationUrlAppId", null);
        return json;
    }

    private static String text(List<ChangeType> changeTypes) {
        return String.join(",", changeTypes.stream().map(ChangeType::text).toList());
    }
}
