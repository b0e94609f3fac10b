package io.switchboard.callrecords.notifications;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.json.Json;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.text.DerivedId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A queued generation of sessions or participants that its call record no longer names, and that is to be swept. */
public record EndedGeneration(CallRecordKey record, String generation) {
    private static final String TENANT = "tenant";
    private static final String CALL_RECORD_ID = "callRecordId";
    private static final String GENERATION = "generation";

    /** Returns the message for a queue that treats all tenants fairly. */
    SimpleQueue.NewMessage newMessage() {
        return new SimpleQueue.NewMessage(toMessage(), DerivedId.of(record.tenant()), null);
    }

    /** Returns the body of the message. */
    public String toMessage() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(TENANT, record.tenant());
        message.put(CALL_RECORD_ID, record.id());
        message.put(GENERATION, generation);
        return Json.write(message);
    }

    /**
     * Reads the body of a message.
     *
     * @throws RuntimeException if it is not the body of such a message
     */
    public static EndedGeneration ofMessage(String body) {
        Message message = new Message(body);
        return new EndedGeneration(
                new CallRecordKey(message.text(TENANT), message.text(CALL_RECORD_ID)), message.text(GENERATION));
    }
}
