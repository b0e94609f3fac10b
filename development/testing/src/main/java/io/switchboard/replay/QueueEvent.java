package io.switchboard.replay;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A batch of messages, as Lambda delivers it from a queue. */
public record QueueEvent(List<Message> messages) {
    /**
     * A message.
     *
     * @param id the message id; the receipt handle is {@code receipt-} and this id
     */
    public record Message(String id, int receiveCount, String body) {}

    /**
     * The response of a function to a batch.
     *
     * @param failed the ids of the failed messages
     * @param log the lines that the function logged
     */
    public record Response(List<String> failed, List<String> log) {}

    /** Returns the batch of a case of a table of {@code events/}. */
    public static QueueEvent of(EventCase event) {
        List<Message> messages = new ArrayList<>();
        for (Object record : (List<?>) Objects.requireNonNull(event.payload().get("Records"))) {
            Map<?, ?> message = (Map<?, ?>) record;
            Map<?, ?> attributes = (Map<?, ?>) Objects.requireNonNull(message.get("attributes"));
            messages.add(new Message(
                    String.valueOf(message.get("messageId")),
                    Integer.parseInt(String.valueOf(attributes.get("ApproximateReceiveCount"))),
                    String.valueOf(message.get("body"))));
        }
        return new QueueEvent(messages);
    }

    /** Returns a batch of messages that are delivered for the first time. Their ids count from 0. */
    public static QueueEvent of(String... bodies) {
        List<Message> messages = new ArrayList<>();
        for (String body : bodies) {
            messages.add(new Message(String.valueOf(messages.size()), 1, body));
        }
        return new QueueEvent(messages);
    }

    /** Returns a batch of one message with this number of deliveries. */
    public static QueueEvent again(int receiveCount, String body) {
        return new QueueEvent(List.of(new Message("0", receiveCount, body)));
    }

    /** Sends the batch to a handler and returns the response. */
    public Response sendTo(RequestStreamHandler handler) {
        return sendTo(handler, TestContext.TIME);
    }

    /** Sends the batch with this remaining time, less the time for the response. */
    public Response sendTo(RequestStreamHandler handler, Duration time) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        TestContext context = new TestContext(handler.getClass().getSimpleName(), time);
        try {
            handler.handleRequest(
                    new ByteArrayInputStream(toString().getBytes(StandardCharsets.UTF_8)), output, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> failed = new ArrayList<>();
        if (Json.readOwn(output.toString(StandardCharsets.UTF_8)).get("batchItemFailures")
                instanceof List<?> failures) {
            failures.forEach(failure -> failed.add(String.valueOf(((Map<?, ?>) failure).get("itemIdentifier"))));
        }
        return new Response(failed, new ArrayList<>(context.lines()));
    }

    /** Returns the JSON of the event. */
    @Override
    public String toString() {
        List<Map<String, Object>> records = new ArrayList<>();
        for (Message message : messages) {
            records.add(Map.of(
                    "messageId",
                    message.id,
                    "receiptHandle",
                    "receipt-" + message.id,
                    "body",
                    message.body,
                    "attributes",
                    Map.of(
                            "ApproximateReceiveCount",
                            String.valueOf(message.receiveCount),
                            "SentTimestamp",
                            "1795254000000"),
                    "messageAttributes",
                    Map.of(),
                    "md5OfBody",
                    "",
                    "eventSource",
                    "aws:sqs",
                    "eventSourceARN",
                    "arn:aws:sqs:eu-west-1:000000000000:Messages",
                    "awsRegion",
                    "eu-west-1"));
        }
        return Json.write(Map.of("Records", records));
    }
}
