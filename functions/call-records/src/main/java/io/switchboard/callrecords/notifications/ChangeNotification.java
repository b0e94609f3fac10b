package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import io.switchboard.text.PercentEncoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription is told of one change, as it waits in the queue: ids only, since what is sent is read when it is sent.
 *
 * @param id the same for each repetition of this notification, and for no other
 */
public record ChangeNotification(
        String id, String tenant, String subscriptionId, ChangeType changeType, String callRecordId) {
    private static final String ID = "id";
    private static final String TENANT = "tenant";
    private static final String SUBSCRIPTION_ID = "subscriptionId";
    private static final String CHANGE_TYPE = "changeType";
    private static final String CALL_RECORD_ID = "callRecordId";
    private static final String RESOURCE = "communications/callRecords/";

    /** The body of its message. */
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
     * @throws RuntimeException where it is none of ours
     */
    public static ChangeNotification ofMessage(String body) {
        Message message = new Message(body);
        @Nullable ChangeType type = ChangeType.BY_TEXT.get(message.text(CHANGE_TYPE));
        if (type == null) {
            throw new IllegalArgumentException("A message names no known " + CHANGE_TYPE);
        }
        return new ChangeNotification(
                message.text(ID),
                message.text(TENANT),
                message.text(SUBSCRIPTION_ID),
                type,
                message.text(CALL_RECORD_ID));
    }

    /** What is sent, in Graph's own odd casing of the type ({@code graph-callrecords.md} §D.2). */
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

    /** What is sent to the lifecycle endpoint where notifications of a subscription are given up. */
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
