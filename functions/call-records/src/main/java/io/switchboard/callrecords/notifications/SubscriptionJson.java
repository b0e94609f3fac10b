package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Subscriptions as answers show them, and as they are stored. */
public final class SubscriptionJson {
    private static final String APPLICATION_ID = "applicationId";
    private static final String CREATOR_ID = "creatorId";
    private static final String RESOURCE = "resource";
    private static final String CHANGE_TYPE = "changeType";
    private static final String NOTIFICATION_URL = "notificationUrl";
    private static final String LIFECYCLE_NOTIFICATION_URL = "lifecycleNotificationUrl";
    private static final String CLIENT_STATE = "clientState";
    private static final String LATEST_SUPPORTED_TLS_VERSION = "latestSupportedTlsVersion";

    private SubscriptionJson() {}

    /**
     * As Graph shows it, with a null for what is not offered.
     *
     * @param showsClientState whether {@code clientState} is shown: to whoever has just sent it, and nobody else
     */
    public static Map<String, @Nullable Object> toJson(Subscription subscription, boolean showsClientState) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", subscription.id());
        json.put(RESOURCE, subscription.resource());
        json.put(APPLICATION_ID, subscription.application().isEmpty() ? null : subscription.application());
        json.put(CHANGE_TYPE, text(subscription.changeTypes()));
        json.put(CLIENT_STATE, showsClientState ? subscription.clientState() : null);
        json.put(NOTIFICATION_URL, subscription.notificationUrl());
        json.put(LIFECYCLE_NOTIFICATION_URL, subscription.lifecycleNotificationUrl());
        json.put("expirationDateTime", subscription.expires().toString());
        json.put(CREATOR_ID, subscription.creator());
        json.put(LATEST_SUPPORTED_TLS_VERSION, subscription.latestSupportedTlsVersion());
        json.put("includeResourceData", null);
        json.put("encryptionCertificate", null);
        json.put("encryptionCertificateId", null);
        json.put("notificationQueryOptions", null);
        json.put("notificationUrlAppId", null);
        return json;
    }

    /** All but tenant, id and expiry, which have places of their own. */
    static String toDocument(Subscription subscription) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put(APPLICATION_ID, subscription.application());
        document.put(CREATOR_ID, subscription.creator());
        document.put(RESOURCE, subscription.resource());
        document.put(CHANGE_TYPE, text(subscription.changeTypes()));
        document.put(NOTIFICATION_URL, subscription.notificationUrl());
        document.put(LIFECYCLE_NOTIFICATION_URL, subscription.lifecycleNotificationUrl());
        document.put(CLIENT_STATE, subscription.clientState());
        document.put(LATEST_SUPPORTED_TLS_VERSION, subscription.latestSupportedTlsVersion());
        return Json.write(document);
    }

    static Subscription fromDocument(String tenant, String id, String text, Instant expires) {
        Map<String, @Nullable Object> document = Json.readOwn(text);
        return new Subscription(
                tenant,
                id,
                required(document, APPLICATION_ID),
                required(document, CREATOR_ID),
                required(document, RESOURCE),
                changeTypes(required(document, CHANGE_TYPE)),
                required(document, NOTIFICATION_URL),
                optional(document, LIFECYCLE_NOTIFICATION_URL),
                optional(document, CLIENT_STATE),
                optional(document, LATEST_SUPPORTED_TLS_VERSION),
                expires);
    }

    private static String text(List<ChangeType> changeTypes) {
        return String.join(",", changeTypes.stream().map(ChangeType::text).toList());
    }

    private static List<ChangeType> changeTypes(String text) {
        List<ChangeType> types = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            types.add(Objects.requireNonNull(
                    ChangeType.BY_TEXT.get(each), "a stored subscription has no known changeType"));
        }
        return types;
    }

    private static String required(Map<String, @Nullable Object> document, String name) {
        @Nullable String text = optional(document, name);
        if (text == null) {
            throw new IllegalStateException("A stored subscription has no " + name);
        }
        return text;
    }

    private static @Nullable String optional(Map<String, @Nullable Object> document, String name) {
        return document.get(name) instanceof String text ? text : null;
    }
}
