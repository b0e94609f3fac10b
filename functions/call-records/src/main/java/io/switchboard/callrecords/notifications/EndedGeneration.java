package io.switchboard.callrecords.notifications;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A generation of sessions or participants that its call record does not name any more, as it waits in the queue to be swept. */
public record EndedGeneration(CallRecordKey record, String generation) {
    private static final String TENANT = "tenant";
    private static final String CALL_RECORD_ID = "callRecordId";
    private static final String GENERATION = "generation";

    /** The body of its message. */
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
     * @throws RuntimeException where it is none of ours
     */
    public static EndedGeneration ofMessage(String body) {
        Message message = new Message(body);
        return new EndedGeneration(
                new CallRecordKey(message.text(TENANT), message.text(CALL_RECORD_ID)), message.text(GENERATION));
    }
}
