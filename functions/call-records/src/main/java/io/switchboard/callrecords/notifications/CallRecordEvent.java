package io.switchboard.callrecords.notifications;

import io.switchboard.eventbus.BusEvent;
import io.switchboard.json.Json;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a call record for the event bus ({@code docs/reference/change-notifications.md}, "Event bus"). It
 * contains ids only. All subscriptions of a tenant cause one event.
 */
final class CallRecordEvent {
    private static final String SOURCE = "switchboard.callRecords";

    private CallRecordEvent() {}

    /**
     * Returns the event of a change.
     *
     * @param sequenceNumber the position of the change in the stream, which makes the id unique
     */
    static BusEvent of(CallRecordChange change, ChangeType type, String sequenceNumber, Instant time) {
        String tenant = change.record().tenant();
        String id = change.record().id();
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("eventId", DerivedId.of(tenant, id, sequenceNumber, type.text()));
        detail.put("tenant", tenant);
        detail.put("callRecordId", id);
        detail.put("version", change.version());
        return new BusEvent(SOURCE, detailType(type), Json.write(detail), time);
    }

    private static String detailType(ChangeType type) {
        return switch (type) {
            case CREATED -> "CallRecordCreated";
            case UPDATED -> "CallRecordUpdated";
            case DELETED -> "CallRecordDeleted";
        };
    }
}
