package io.switchboard.callrecords;

import static java.util.Objects.requireNonNull;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.testing.AwsServiceServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Serves SQS's SendMessageBatch and ChangeMessageVisibility on a real socket. */
public final class QueueServer extends AwsServiceServer<QueueServer.Entry> {
    /**
     * A received message.
     *
     * @param call the number of the call, from 1
     * @param group the message group
     * @param delay the seconds until the first delivery; null for the delay of the queue
     */
    public record Entry(
            int call,
            String queue,
            Map<String, @Nullable Object> body,
            String group,
            @Nullable Integer delay) {
        public String text(String name) {
            return String.valueOf(body.get(name));
        }
    }

    /** A message that is to be delivered again. */
    public record Postponed(String queue, String receiptHandle, int seconds) {}

    private final List<Postponed> postponed = new CopyOnWriteArrayList<>();

    /** Returns the environment of a function that reads this table of call records, and sends to local endpoints. */
    Map<String, String> environmentOf(String table) {
        Map<String, String> all = new HashMap<>(TestTables.environment(EmbeddedDynamoDb.sharedEndpoint()));
        all.putAll(environment());
        all.put("CALL_RECORDS_TABLE", table);
        all.put("PRIVATE_NOTIFICATION_URLS", "true");
        return all;
    }

    /**
     * Returns a function's environment with the queues {@code Notifications} and {@code EndedGenerations} of this
     * server.
     */
    public Map<String, String> environment() {
        return environment(Map.of(
                "NOTIFICATIONS_QUEUE_URL",
                endpoint() + "/000000000000/Notifications",
                "ENDED_GENERATIONS_QUEUE_URL",
                endpoint() + "/000000000000/EndedGenerations",
                "AWS_ENDPOINT_URL_SQS",
                endpoint(),
                "SESSION_EVENTS_BUS",
                "SessionEvents-test",
                "SESSIONS_TABLE",
                "Sessions"));
    }

    /** Returns the messages of a queue since the last call. */
    public List<Entry> take(String queue) {
        return take(entry -> entry.queue.equals(queue));
    }

    /** Returns all messages that are to be delivered again. */
    public List<Postponed> postponed() {
        return List.copyOf(postponed);
    }

    @Override
    protected Map<String, Object> answer(int call, String operation, Map<String, @Nullable Object> request) {
        String url = String.valueOf(request.get("QueueUrl"));
        String queue = url.substring(url.lastIndexOf('/') + 1);
        if (operation.equals("SendMessageBatch")) {
            return sendAll(call, queue, request);
        }
        postponed.add(new Postponed(
                queue,
                String.valueOf(request.get("ReceiptHandle")),
                ((Number) requireNonNull(request.get("VisibilityTimeout"))).intValue()));
        return Map.of();
    }

    private Map<String, Object> sendAll(int call, String queue, Map<String, @Nullable Object> request) {
        List<Map<String, Object>> successful = new ArrayList<>();
        List<Map<String, Object>> failed = new ArrayList<>();
        for (Object tree : (List<?>) requireNonNull(request.get("Entries"))) {
            Map<?, ?> each = (Map<?, ?>) tree;
            String id = String.valueOf(each.get("Id"));
            String body = String.valueOf(each.get("MessageBody"));
            @Nullable Integer delay = each.get("DelaySeconds") instanceof Number seconds ? seconds.intValue() : null;
            String group = String.valueOf(each.get("MessageGroupId"));
            if (take(new Entry(call, queue, Json.readOwn(body), group, delay))) {
                successful.add(Map.of("Id", id, "MessageId", "message-" + id, "MD5OfMessageBody", md5(body)));
            } else {
                failed.add(Map.of("Id", id, "Code", "InternalError", "SenderFault", false));
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("Successful", successful);
        answer.put("Failed", failed);
        return answer;
    }
}
