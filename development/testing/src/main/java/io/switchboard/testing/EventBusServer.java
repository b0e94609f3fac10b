package io.switchboard.testing;

import static java.util.Objects.requireNonNull;

import io.switchboard.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A server for EventBridge's PutEvents, and for the queue of the timers that the same function sends. */
public final class EventBusServer extends AwsServiceServer<EventBusServer.Entry> {
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile boolean refusesMessages;

    /**
     * A received event.
     *
     * @param call the number of the call, from 1
     */
    public record Entry(int call, String type, String source, String bus, Map<String, @Nullable Object> detail) {
        public String text(String name) {
            return String.valueOf(detail.get(name));
        }
    }

    /** Returns the environment of a function that publishes to this server. */
    public Map<String, String> environment() {
        return environment(Map.of(
                "SESSION_EVENTS_BUS",
                "SessionEvents-test",
                "AWS_ENDPOINT_URL_EVENTBRIDGE",
                endpoint(),
                "NOTIFICATION_TIMERS_QUEUE_URL",
                endpoint() + "/000000000000/EndedGenerations",
                "AWS_ENDPOINT_URL_SQS",
                endpoint(),
                "SESSIONS_TABLE",
                "Sessions",
                "TEMPLATES_TABLE",
                "Templates"));
    }

    /** Returns the events received since the last call. */
    public List<Entry> take() {
        return take(entry -> true);
    }

    /** Returns the bodies of the messages that the queue of timers received since the last call. */
    public List<String> takeMessages() {
        List<String> all = List.copyOf(messages);
        messages.removeAll(all);
        return all;
    }

    /** Makes the queue of timers refuse all messages, or take them again. */
    public void refuseMessages(boolean refuses) {
        refusesMessages = refuses;
    }

    private Map<String, Object> sendAll(Map<String, @Nullable Object> request) {
        List<Map<String, Object>> successful = new ArrayList<>();
        List<Map<String, Object>> failed = new ArrayList<>();
        if (request.get("Entries") instanceof List<?> entries) {
            for (Object entry : entries) {
                Map<?, ?> message = (Map<?, ?>) entry;
                String id = String.valueOf(message.get("Id"));
                if (refusesMessages) {
                    failed.add(Map.of("Id", id, "Code", "ServiceUnavailable", "SenderFault", false));
                } else {
                    String body = String.valueOf(message.get("MessageBody"));
                    messages.add(body);
                    successful.add(Map.of("Id", id, "MessageId", "message-" + id, "MD5OfMessageBody", md5(body)));
                }
            }
        }
        return Map.of("Successful", successful, "Failed", failed);
    }

    @Override
    protected Map<String, Object> answer(int call, String operation, Map<String, @Nullable Object> request) {
        if (operation.equals("SendMessageBatch")) {
            return sendAll(request);
        }
        List<Map<String, Object>> results = new ArrayList<>();
        int failed = 0;
        for (Object tree : (List<?>) requireNonNull(request.get("Entries"))) {
            Map<?, ?> each = (Map<?, ?>) tree;
            Entry entry = new Entry(
                    call,
                    String.valueOf(each.get("DetailType")),
                    String.valueOf(each.get("Source")),
                    String.valueOf(each.get("EventBusName")),
                    Json.readOwn(String.valueOf(each.get("Detail"))));
            if (take(entry)) {
                results.add(Map.of("EventId", "bus-" + call + "-" + results.size()));
            } else {
                failed++;
                results.add(Map.of("ErrorCode", "ThrottlingException", "ErrorMessage", "Slow down."));
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("FailedEntryCount", failed);
        answer.put("Entries", results);
        return answer;
    }
}
