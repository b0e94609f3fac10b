package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import io.switchboard.text.PercentEncoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queued notification of one change for one subscription. It has only ids; the subscription is read when the
 * notification is sent.
 *
 * @param id the same for each repetition of this notification, and unique to it
 */
public record ChangeNotification(
        String id, String tenant, String subscriptionId, ChangeType changeType, String callRecordId) {
    private static final String ID = "id";
    private static final String TENANT = "tenant";
    private static final String SUBSCRIPTION_ID = "subscriptionId";
    private static final String CHANGE_TYPE = "changeType";
    private static final String CALL_RECORD_ID = "callRecordId";
    private static final String RESOURCE = "communications/callRecords/";

    /** Returns the body of the message. */
    public String toMessage() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(ID, id);
        message.put(TENANT, tenant);
        message.put(SUBSCRIPTION_ID, subscriptionId);
        message.put(CHANGE_TYPE, changeType.text());
        message.put(CALL_RECORD_ID, callRecordId);
        return Json.write(message);
    }

    /**
     * Reads the body of a message.
     *
     * @throws RuntimeException if it is not the body of such a message
     */
    public static ChangeNotification ofMessage(String body) {
        Message message = new Message(body);
        @Nullable ChangeType type = ChangeType.BY_TEXT.get(message.text(CHANGE_TYPE));
        if (type == null) {
            throw new IllegalArgumentException("Unknown " + CHANGE_TYPE + " in a message");
        }
        return new ChangeNotification(
                message.text(ID),
                message.text(TENANT),
                message.text(SUBSCRIPTION_ID),
                type,
                message.text(CALL_RECORD_ID));
    }

    /**
     * Returns the payload to send, with Graph's own casing of the type ({@code docs/domain/call-records.md}, "Change
     * notifications").
     */
    public String payload(Subscription subscription) {
        Map<String, @Nullable Object> notification = about(subscription);
        notification.put(ID, id);
        notification.put(CHANGE_TYPE, changeType.text());
        String resource = RESOURCE + PercentEncoding.ofValue(callRecordId);
        notification.put("resource", resource);
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("@odata.type", "#Microsoft.Graph.callrecord");
        data.put("@odata.id", resource);
        data.put(ID, callRecordId);
        notification.put("resourceData", data);
        return Json.write(Map.of("value", List.of(notification)));
    }

    /** Returns the payload for the lifecycle endpoint when notifications of a subscription are given up. */
    public static String missed(Subscription subscription) {
        Map<String, @Nullable Object> notification = about(subscription);
        notification.put("lifecycleEvent", "missed");
        return Json.write(Map.of("value", List.of(notification)));
    }

    private static Map<String, @Nullable Object> about(Subscription subscription) {
        Map<String, @Nullable Object> notification = new LinkedHashMap<>();
        notification.put(SUBSCRIPTION_ID, subscription.id());
        notification.put(
                "subscriptionExpirationDateTime", subscription.expires().toString());
        notification.put("tenantId", subscription.tenant());
        notification.put("clientState", subscription.clientState());
        return notification;
    }
}
