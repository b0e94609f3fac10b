package io.switchboard.callrecords;

import static java.util.Objects.requireNonNull;

import io.switchboard.json.Json;
import io.switchboard.testing.AwsServiceServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** SQS's SendMessageBatch and ChangeMessageVisibility on a real socket. */
public final class QueueServer extends AwsServiceServer<QueueServer.Entry> {
    /**
     * A message that came in.
     *
     * @param call counts the calls, from 1
     */
    public record Entry(int call, String queue, Map<String, @Nullable Object> body) {
        public String text(String name) {
            return String.valueOf(body.get(name));
        }
    }

    /** A message that is to come again. */
    public record Postponed(String queue, String receiptHandle, int seconds) {}

    private final List<Postponed> postponed = new CopyOnWriteArrayList<>();

    /** A function's environment that has its queues here: {@code Notifications} and {@code EndedGenerations}. */
    public Map<String, String> environment() {
        return environment(Map.of(
                "NOTIFICATIONS_QUEUE_URL",
                endpoint() + "/000000000000/Notifications",
                "ENDED_GENERATIONS_QUEUE_URL",
                endpoint() + "/000000000000/EndedGenerations",
                "AWS_ENDPOINT_URL_SQS",
                endpoint()));
    }

    /** What a queue was given since the last call. */
    public List<Entry> take(String queue) {
        return take(entry -> entry.queue.equals(queue));
    }

    /** What is to come again, since the beginning. */
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
            if (take(new Entry(call, queue, Json.readOwn(body)))) {
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

    private static String md5(String body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
