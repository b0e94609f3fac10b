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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of subscription requests and notes their violations. Not thread-safe. */
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
    private static final int NANOSECONDS = 29;

    /** Read-only properties; ignored in a create, so that a client can send a subscription back as it was returned. */
    private static final List<String> READ_ONLY = List.of("id", "applicationId", "creatorId");

    private static final ReadOnlyMembers IMMUTABLE = new ReadOnlyMembers(immutable());

    /** Graph's properties that are not supported, with the reason. */
    private static final Map<String, String> UNSUPPORTED = unsupported();

    private static final Map<String, String> TLS_VERSIONS = tlsVersions();

    /** The schemes that name a service for events instead of an endpoint, with the advice to the caller. */
    private static final Map<String, String> EVENT_SERVICES = eventServices();

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
     * A requested subscription; invalid after a violation.
     *
     * @param urls the endpoints that must be validated first, by the property that names each
     */
    record NewSubscription(Subscription subscription, Map<String, NotificationUrl> urls) {}

    NewSubscription newSubscription(String tenant, String id, String application, String creator) {
        List<ChangeType> changeTypes = changeTypes();
        rejectDeleted(changeTypes, String.valueOf(body.any(NOTIFICATION_URL)));
        String resource = resource();
        Map<String, NotificationUrl> urls = new LinkedHashMap<>();
        String notificationUrl =
                url(NOTIFICATION_URL, body.requiredText(NOTIFICATION_URL, NotificationUrl.LONGEST), urls);
        @Nullable String lifecycle = body.optionalText(LIFECYCLE_NOTIFICATION_URL, NotificationUrl.LONGEST);
        String lifecycleUrl = url(LIFECYCLE_NOTIFICATION_URL, lifecycle == null ? "" : lifecycle, urls);
        Instant expires = expires();
        @Nullable String clientState = body.optionalText(CLIENT_STATE, LONGEST_CLIENT_STATE);
        @Nullable String tls = body.oneOf(LATEST_SUPPORTED_TLS_VERSION, TLS_VERSIONS);
        rejectUnsupported();
        body.ignore(READ_ONLY.toArray(String[]::new));
        body.ignore(SubscriptionJson.SUSPENDED);
        body.rejectUnknown();
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
        return new NewSubscription(subscription, urls);
    }

    /**
     * The requested changes of a subscription; invalid after a violation.
     *
     * @param expires null if it does not change
     * @param notificationUrl null if it does not change
     * @param urls the endpoint that must be validated first, by the property that names it; empty for none
     */
    record Patch(@Nullable Instant expires, @Nullable String notificationUrl, Map<String, NotificationUrl> urls) {}

    /** @param before the stored subscription, whose other properties cannot change; null if it does not exist */
    Patch patch(@Nullable Subscription before) {
        @Nullable Instant expires = body.names().contains(EXPIRATION_DATE_TIME) ? expires() : null;
        Map<String, NotificationUrl> urls = new LinkedHashMap<>();
        @Nullable String notificationUrl = null;
        if (body.names().contains(NOTIFICATION_URL)) {
            notificationUrl = url(NOTIFICATION_URL, body.requiredText(NOTIFICATION_URL, NotificationUrl.LONGEST), urls);
            if (before != null) {
                rejectDeleted(before.changeTypes(), notificationUrl);
            }
        }
        IMMUTABLE.ignoreIn(body);
        body.ignore(SubscriptionJson.SUSPENDED);
        Map<String, @Nullable Object> fixed = new LinkedHashMap<>(members);
        // A read returns null for clientState, so a client may send that back.
        fixed.remove(CLIENT_STATE, null);
        if (before != null) {
            IMMUTABLE.rejectChanges(fixed, SubscriptionJson.toJson(before, true), violations);
        }
        rejectUnsupported();
        body.rejectUnknown();
        return new Patch(expires, notificationUrl, urls);
    }

    private static Map<String, String> immutable() {
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
                        "changeType must be created, updated, or created,updated. Other changes of call records are not"
                                + " reported, except deleted on the event bus.");
                return List.of();
            }
            types.add(type);
        }
        return new ArrayList<>(types);
    }

    /** Graph reports no deletions of call records, so its clients do not expect them at their endpoints. */
    private void rejectDeleted(List<ChangeType> changeTypes, String notificationUrl) {
        if (changeTypes.contains(ChangeType.DELETED) && !notificationUrl.equals(Subscription.EVENT_BUS)) {
            body.violation(
                    "invalidValue",
                    CHANGE_TYPE,
                    "changeType must be created, updated, or created,updated. Only a subscription whose notificationUrl"
                            + " is " + Subscription.EVENT_BUS + " can have deleted.");
        }
    }

    private String resource() {
        String text = body.requiredText(RESOURCE, LONGEST_TEXT);
        if (!text.isBlank() && !(text.startsWith("/") ? text.substring(1) : text).equalsIgnoreCase(CALL_RECORDS)) {
            body.violation(
                    "invalidValue",
                    RESOURCE,
                    "resource must be /" + CALL_RECORDS
                            + " without a $filter. It covers all call records of the tenant.");
        }
        return text;
    }

    /** Returns the URL to store; empty if none was sent or after a violation. */
    private String url(String name, String text, Map<String, NotificationUrl> urls) {
        if (text.isBlank() || text.length() > NotificationUrl.LONGEST) {
            return "";
        }
        if (name.equals(NOTIFICATION_URL) && text.equals(Subscription.EVENT_BUS)) {
            return text;
        }
        @Nullable String advice = EVENT_SERVICES.get(scheme(text));
        if (advice != null) {
            body.violation("invalidValue", name, name + " " + advice);
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

    private static String scheme(String url) {
        return url.substring(0, Math.max(0, url.indexOf(':'))).toLowerCase(Locale.ROOT);
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
                    "expirationDateTime must be a date and time with an offset, such as 2026-03-04T09:15:00Z.");
            return Instant.EPOCH;
        }
        if (!instant(read, NANOSECONDS).isAfter(now)) {
            body.violation(
                    "invalidValue",
                    EXPIRATION_DATE_TIME,
                    "expirationDateTime must be in the future: the time of the service is "
                            + now.truncatedTo(ChronoUnit.SECONDS) + ". Check the clock and the time zone.");
            return Instant.EPOCH;
        }
        Instant expires = instant(read, WHOLE_SECONDS);
        if (expires.isAfter(now.plus(Subscription.LONGEST_LIFE))) {
            body.violation(
                    "invalidValue",
                    EXPIRATION_DATE_TIME,
                    "expirationDateTime must be at most " + Subscription.LONGEST_LIFE.toMinutes()
                            + " minutes ahead. Renew the subscription before it expires.");
        }
        // Rounded up to a whole second, so that the subscription does not end before the minimum.
        Instant earliest = now.plus(Subscription.SHORTEST_LIFE).plusMillis(999);
        return expires.isBefore(earliest) ? Instant.ofEpochSecond(earliest.getEpochSecond()) : expires;
    }

    /** Returns an instant, cut to this many characters of its text. */
    private static Instant instant(GraphInstant read, int length) {
        String text = read.key();
        return Instant.parse(text.substring(0, Math.min(length, text.length())) + "Z");
    }

    /**
     * Rejects unsupported properties, except with the values that Graph returns for an unset property: null, empty and
     * false.
     */
    private void rejectUnsupported() {
        UNSUPPORTED.forEach((name, why) -> {
            @Nullable Object value = body.any(name);
            if (value != null && !value.equals("") && !value.equals(false)) {
                body.violation("notAllowed", name, name + " is not supported: " + why + ". Remove it.");
            }
        });
    }

    private static Map<String, String> unsupported() {
        String idsOnly = "notifications contain the id of the call record and none of its content";
        Map<String, String> names = new LinkedHashMap<>();
        names.put("includeResourceData", idsOnly);
        names.put("encryptionCertificate", idsOnly);
        names.put("encryptionCertificateId", idsOnly);
        names.put("notificationQueryOptions", "notifications cover all changes of the resource");
        names.put("notificationUrlAppId", "notifications contain no token; use clientState to recognise yours");
        return names;
    }

    private static Map<String, String> eventServices() {
        String azure =
                "must begin with https://. Services of Azure are not supported. To get notifications on the event"
                        + " bus of the stack, in Amazon EventBridge, use " + Subscription.EVENT_BUS
                        + " as notificationUrl.";
        String exactly = "must begin with https://. Only notificationUrl can be exactly " + Subscription.EVENT_BUS
                + ", the event bus of the stack.";
        return Map.of("eventhub", azure, "eventgrid", azure, "eventbus", exactly, "arn", exactly);
    }

    private static Map<String, String> tlsVersions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("v1_2", "v1_2");
        versions.put("v1_3", "v1_3");
        return versions;
    }
}
