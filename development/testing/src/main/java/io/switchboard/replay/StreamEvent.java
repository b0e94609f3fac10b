package io.switchboard.replay;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** A batch of changes of a table, as Lambda delivers it from a stream. */
public record StreamEvent(List<Map<String, @Nullable Object>> records) {
    /**
     * The response of a function to a batch.
     *
     * @param failed the sequence numbers of the failed records
     * @param log the lines that the function logged
     */
    public record Response(List<String> failed, List<String> log) {}

    /** Returns the batch of a case of a table of {@code events/}. */
    @SuppressWarnings("unchecked") // JSON object names are text
    public static StreamEvent of(EventCase event) {
        return new StreamEvent((List<Map<String, @Nullable Object>>)
                (List<?>) Objects.requireNonNull(Json.readOwn(event.text()).get("Records")));
    }

    /** Returns a batch of records from DynamoDB Streams. */
    public static StreamEvent of(List<Record> records) {
        List<Map<String, @Nullable Object>> trees = new ArrayList<>();
        for (Record record : records) {
            Map<String, @Nullable Object> change = new LinkedHashMap<>();
            change.put(
                    "ApproximateCreationDateTime",
                    record.dynamodb().approximateCreationDateTime().getEpochSecond());
            change.put("Keys", image(record.dynamodb().keys()));
            if (record.dynamodb().hasOldImage()) {
                change.put("OldImage", image(record.dynamodb().oldImage()));
            }
            if (record.dynamodb().hasNewImage()) {
                change.put("NewImage", image(record.dynamodb().newImage()));
            }
            change.put("SequenceNumber", record.dynamodb().sequenceNumber());
            change.put("SizeBytes", record.dynamodb().sizeBytes());
            change.put("StreamViewType", "NEW_AND_OLD_IMAGES");
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("eventID", record.eventID());
            tree.put("eventName", record.eventNameAsString());
            tree.put("eventVersion", "1.1");
            tree.put("eventSource", "aws:dynamodb");
            tree.put("awsRegion", "eu-west-1");
            tree.put("dynamodb", change);
            tree.put(
                    "eventSourceARN",
                    "arn:aws:dynamodb:eu-west-1:000000000000:table/Sessions/stream/2026-11-21T00:00:00.000");
            trees.add(tree);
        }
        return new StreamEvent(trees);
    }

    /** Sends the batch to a handler and returns the response. */
    public Response sendTo(RequestStreamHandler handler) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        TestContext context = new TestContext(handler.getClass().getSimpleName());
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

    private static Map<String, Object> image(Map<String, AttributeValue> attributes) {
        Map<String, Object> image = new LinkedHashMap<>();
        attributes.keySet().stream()
                .sorted()
                .forEach(name -> image.put(name, attribute(Objects.requireNonNull(attributes.get(name)))));
        return image;
    }

    private static Map<String, Object> attribute(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case B -> Map.of("B", Base64.getEncoder().encodeToString(value.b().asByteArrayUnsafe()));
            case SS -> Map.of("SS", value.ss());
            case BOOL -> Map.of("BOOL", value.bool());
            case L -> Map.of("L", value.l().stream().map(StreamEvent::attribute).toList());
            case M -> Map.of("M", image(value.m()));
            default ->
                throw new IllegalArgumentException("Items must not have an attribute of the type " + value.type());
        };
    }

    /** Returns the JSON of the event. */
    @Override
    public String toString() {
        return Json.write(Map.of("Records", records));
    }
}
