package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import io.switchboard.text.PercentEncoding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A queued notification of one change. */
public record ChangeNotification(
        String id, String tenant, String subscriptionId, ChangeType changeType, String callRecordId)
        implements QueuedNotification {
    private static final String ID = "id";
    private static final String TENANT = "tenant";
    private static final String SUBSCRIPTION_ID = "subscriptionId";
    private static final String CHANGE_TYPE = "changeType";
    private static final String CALL_RECORD_ID = "callRecordId";
    private static final String RESOURCE = "communications/callRecords/";

    @Override
    public String toMessage() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(ID, id);
        message.put(TENANT, tenant);
        message.put(SUBSCRIPTION_ID, subscriptionId);
        message.put(CHANGE_TYPE, changeType.text());
        message.put(CALL_RECORD_ID, callRecordId);
        return Json.write(message);
    }

    static ChangeNotification of(Message message) {
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

    @Override
    public Optional<Subscription> recipient(SubscriptionStore subscriptions, Instant now) {
        return subscriptions
                .read(tenant, subscriptionId, now)
                .filter(found -> found.status().suspendedAt() == null && !found.isForEventBus());
    }

    @Override
    public String url(Subscription subscription) {
        return subscription.notificationUrl();
    }

    /** Graph's own casing of the type ({@code docs/domain/call-records.md}, "Change notifications"). */
    @Override
    public Map<String, @Nullable Object> content(Subscription subscription) {
        Map<String, @Nullable Object> notification = new LinkedHashMap<>();
        notification.put(CHANGE_TYPE, changeType.text());
        String resource = RESOURCE + PercentEncoding.ofValue(callRecordId);
        notification.put("resource", resource);
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("@odata.type", "#Microsoft.Graph.callrecord");
        data.put("@odata.id", resource);
        data.put(ID, callRecordId);
        notification.put("resourceData", data);
        return notification;
    }
}
