package io.switchboard.testing;

import static java.util.Objects.requireNonNull;

import io.switchboard.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server for EventBridge's PutEvents. */
public final class EventBusServer extends AwsServiceServer<EventBusServer.Entry> {
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
        return environment(
                Map.of("SESSION_EVENTS_BUS", "SessionEvents-test", "AWS_ENDPOINT_URL_EVENTBRIDGE", endpoint()));
    }

    /** Returns the events received since the last call. */
    public List<Entry> take() {
        return take(entry -> true);
    }

    @Override
    protected Map<String, Object> answer(int call, String operation, Map<String, @Nullable Object> request) {
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
