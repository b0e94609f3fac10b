package io.switchboard.callrecords;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.notifications.ChangeType;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.NotificationUrl;
import io.switchboard.callrecords.notifications.Subscription;
import io.switchboard.callrecords.notifications.SubscriptionJson;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.ReadOnlyMembers;
import io.switchboard.json.Violations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is sent of subscriptions, and notes everything that is wrong with it. Not thread-safe. */
final class SubscriptionBody {
    static final String NOTIFICATION_URL = "notificationUrl";
    static final String LIFECYCLE_NOTIFICATION_URL = "lifecycleNotificationUrl";

    private static final String EXPIRATION_DATE_TIME = "expirationDateTime";
    private static final String CHANGE_TYPE = "changeType";
    private static final String RESOURCE = "resource";
    private static final String CLIENT_STATE = "clientState";
    private static final String LATEST_SUPPORTED_TLS_VERSION = "latestSupportedTlsVersion";
    private static final String CALL_RECORDS = "communications/callRecords";
    private static final int LONGEST_CLIENT_STATE = 128;
    private static final int LONGEST_TEXT = 2_048;
    private static final int WHOLE_SECONDS = 19;

    /** Read-only members of a create: ignored when a client sends a subscription back as it was shown. */
    private static final List<String> READ_ONLY = List.of("id", "applicationId", "creatorId");

    private static final ReadOnlyMembers UNCHANGEABLE = new ReadOnlyMembers(unchangeable());

    /** What is Graph's and not offered here, with the reason. */
    private static final Map<String, String> NOT_OFFERED = notOffered();

    private static final Map<String, String> TLS_VERSIONS = tlsVersions();

    private final Map<String, @Nullable Object> members;
    private final Violations violations;
    private final ObjectReader body;
    private final NotificationSender sender;
    private final Instant now;

    SubscriptionBody(
            Map<String, @Nullable Object> body, Violations violations, NotificationSender sender, Instant now) {
        this.members = body;
        this.violations = violations;
        this.body = new ObjectReader(body, "", violations);
        this.sender = sender;
        this.now = now;
    }

    /**
     * A subscription that is wanted; of no use after a violation.
     *
     * @param urls the endpoints that must be asked first, by the members that name them
     */
    record Wanted(Subscription subscription, Map<String, NotificationUrl> urls) {}

    Wanted wanted(String tenant, String id, String application, String creator) {
        List<ChangeType> changeTypes = changeTypes();
        String resource = resource();
        Map<String, NotificationUrl> urls = new LinkedHashMap<>();
        String notificationUrl =
                url(NOTIFICATION_URL, body.requiredText(NOTIFICATION_URL, NotificationUrl.LONGEST), urls);
        @Nullable String lifecycle = body.optionalText(LIFECYCLE_NOTIFICATION_URL, NotificationUrl.LONGEST);
        String lifecycleUrl = url(LIFECYCLE_NOTIFICATION_URL, lifecycle == null ? "" : lifecycle, urls);
        Instant expires = expires();
        @Nullable String clientState = body.optionalText(CLIENT_STATE, LONGEST_CLIENT_STATE);
        @Nullable String tls = body.oneOf(LATEST_SUPPORTED_TLS_VERSION, TLS_VERSIONS);
        refuseNotOffered();
        body.ignore(READ_ONLY.toArray(String[]::new));
        body.refuseUnknown();
        Subscription subscription = new Subscription(
                tenant,
                id,
                application,
                creator,
                resource,
                changeTypes,
                notificationUrl,
                lifecycleUrl.isEmpty() ? null : lifecycleUrl,
                clientState,
                tls,
                expires);
        return new Wanted(subscription, urls);
    }

    /**
     * What is to change of a subscription; of no use after a violation.
     *
     * @param expires null where it stays
     * @param url null where it stays
     */
    record Patch(@Nullable Instant expires, @Nullable NotificationUrl url) {}

    /** @param before the subscription, which keeps everything else for its life; null if there is none */
    Patch patch(@Nullable Subscription before) {
        @Nullable Instant expires = body.names().contains(EXPIRATION_DATE_TIME) ? expires() : null;
        Map<String, NotificationUrl> urls = new LinkedHashMap<>();
        if (body.names().contains(NOTIFICATION_URL)) {
            url(NOTIFICATION_URL, body.requiredText(NOTIFICATION_URL, NotificationUrl.LONGEST), urls);
        }
        UNCHANGEABLE.ignoreIn(body);
        Map<String, @Nullable Object> fixed = new LinkedHashMap<>(members);
        // No read shows clientState, so a null is what a client has read.
        fixed.remove(CLIENT_STATE, null);
        if (before != null) {
            UNCHANGEABLE.refuseChanges(fixed, SubscriptionJson.toJson(before, true), violations);
        }
        refuseNotOffered();
        body.refuseUnknown();
        return new Patch(expires, urls.get(NOTIFICATION_URL));
    }

    private static Map<String, String> unchangeable() {
        Map<String, String> advice = new HashMap<>();
        for (String name : List.of(
                "id",
                "applicationId",
                "creatorId",
                CHANGE_TYPE,
                RESOURCE,
                CLIENT_STATE,
                LIFECYCLE_NOTIFICATION_URL,
                LATEST_SUPPORTED_TLS_VERSION)) {
            advice.put(name, "To use another value, use POST /subscriptions and delete this subscription.");
        }
        return advice;
    }

    private List<ChangeType> changeTypes() {
        String text = body.requiredText(CHANGE_TYPE, LONGEST_TEXT);
        Set<ChangeType> types = new LinkedHashSet<>();
        if (text.isBlank()) {
            return List.of();
        }
        for (String each : text.split(",", -1)) {
            @Nullable ChangeType type = ChangeType.BY_TEXT.get(each.strip());
            if (type == null) {
                body.violation(
                        "invalidValue",
                        CHANGE_TYPE,
                        "changeType must be created, updated, or created,updated: of call records nothing else is told.");
                return List.of();
            }
            types.add(type);
        }
        return new ArrayList<>(types);
    }

    private String resource() {
        String text = body.requiredText(RESOURCE, LONGEST_TEXT);
        if (!text.isBlank() && !(text.startsWith("/") ? text.substring(1) : text).equals(CALL_RECORDS)) {
            body.violation(
                    "invalidValue",
                    RESOURCE,
                    "resource must be /" + CALL_RECORDS + ": all call records of the tenant, without a $filter.");
        }
        return text;
    }

    /** The URL as it is kept; empty where there is none or after a violation. */
    private String url(String name, String text, Map<String, NotificationUrl> urls) {
        if (text.isBlank() || text.length() > NotificationUrl.LONGEST) {
            return "";
        }
        return switch (sender.read(text)) {
            case NotificationUrl.ParseResult.Valid valid -> {
                urls.put(name, valid.url());
                yield text;
            }
            case NotificationUrl.ParseResult.Invalid invalid -> {
                body.violation("invalidValue", name, name + " " + invalid.why() + ".");
                yield "";
            }
        };
    }

    private Instant expires() {
        String text = body.requiredText(EXPIRATION_DATE_TIME, LONGEST_TEXT);
        if (text.isBlank()) {
            return Instant.EPOCH;
        }
        @Nullable GraphInstant read = GraphInstant.of(text).orElse(null);
        if (read == null) {
            body.violation(
                    "invalidValue",
                    EXPIRATION_DATE_TIME,
                    "expirationDateTime must be an instant with its offset, such as 2026-03-04T09:15:00Z.");
            return Instant.EPOCH;
        }
        Instant expires = Instant.parse(read.key().substring(0, WHOLE_SECONDS) + "Z");
        if (expires.isAfter(now.plus(Subscription.LONGEST_LIFE))) {
            body.violation(
                    "invalidValue",
                    EXPIRATION_DATE_TIME,
                    "expirationDateTime must be at most " + Subscription.LONGEST_LIFE.toMinutes()
                            + " minutes ahead: renew the subscription before it ends.");
        }
        // To the whole second behind, so that it lives no less than it must.
        Instant earliest = now.plus(Subscription.SHORTEST_LIFE).plusMillis(999);
        return expires.isBefore(earliest) ? Instant.ofEpochSecond(earliest.getEpochSecond()) : expires;
    }

    /** Absent, null, empty and false is how Graph itself shows what a subscription does not have. */
    private void refuseNotOffered() {
        NOT_OFFERED.forEach((name, why) -> {
            @Nullable Object value = body.any(name);
            if (value != null && !value.equals("") && !value.equals(false)) {
                body.violation("notAllowed", name, name + " is not offered: " + why + ".");
            }
        });
    }

    private static Map<String, String> notOffered() {
        String idsOnly = "notifications hold the id of the call record and nothing of its content";
        Map<String, String> names = new LinkedHashMap<>();
        names.put("includeResourceData", idsOnly);
        names.put("encryptionCertificate", idsOnly);
        names.put("encryptionCertificateId", idsOnly);
        names.put("notificationQueryOptions", "all changes of the resource are told");
        names.put("notificationUrlAppId", "notifications carry no token; clientState tells yours from others'");
        return names;
    }

    private static Map<String, String> tlsVersions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("v1_2", "v1_2");
        versions.put("v1_3", "v1_3");
        return versions;
    }
}
