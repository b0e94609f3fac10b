package io.switchboard.local.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.callrecords.SweepCallRecords;
import io.switchboard.callrecords.notifications.NotifySubscribers;
import io.switchboard.callrecords.notifications.SendNotifications;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.Tables;
import io.switchboard.sessions.PublishSessionEvents;
import io.switchboard.text.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Sends batches of queues and streams with mutated contents. Only the messages and records are mutated, never Lambda's
 * envelope. A function must not fail except to make Lambda halve a batch, and must not report messages or records
 * outside the batch.
 */
class FuzzedBatchesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCHES_OF_A_CASE = Boolean.getBoolean("switchboard.long") ? 1_000 : 50;
    private static final String HALVES_THE_BATCH = "UnreadableRecord";

    @Test
    void functions_process_mutated_messages_and_records() throws Exception {
        long seed = Seed.number("fuzzed batches", 28);
        Findings findings = new Findings();
        int sent = 0;
        try (AwsEndpoint aws = new AwsEndpoint();
                FuzzResult.Sender sender = new FuzzResult.Sender()) {
            Map<String, String> environment = new Tables().environment();
            environment.putAll(aws.environment());
            Map<String, RequestStreamHandler> functions = Map.of(
                    "NotifySubscribers", new NotifySubscribers(environment),
                    "PublishSessionEvents", new PublishSessionEvents(environment),
                    "SendNotifications", new SendNotifications(environment),
                    "SweepCallRecords", new SweepCallRecords(environment));
            for (var function : functions.entrySet()) {
                for (EventCase each : EventCase.of(function.getKey())) {
                    String name = function.getKey() + " " + each.name();
                    SplittableRandom random = new SplittableRandom(seed ^ name.hashCode());
                    String event = each.text();
                    for (int i = 0; i < BATCHES_OF_A_CASE; i++) {
                        String mutated = mutated(event, random);
                        FuzzResult response =
                                sender.send(function.getValue(), mutated.getBytes(StandardCharsets.UTF_8));
                        sent++;
                        for (String broken : broken(mutated, response)) {
                            findings.add(broken, name, List.of(), mutated, response);
                        }
                    }
                }
            }
        }
        System.out.println("fuzzed batches: " + sent);

        assertThat(findings.isEmpty()).as("with seed %d: %s", seed, findings).isTrue();
    }

    private static List<String> broken(String event, FuzzResult response) throws JsonProcessingException {
        if (response.thrown() != null) {
            return response.thrown().getClass().getSimpleName().equals(HALVES_THE_BATCH)
                    ? List.of()
                    : List.of("throws " + response.thrown().getClass().getName());
        }
        Set<String> ids = new HashSet<>();
        for (JsonNode record : JSON.readTree(event).path("Records")) {
            ids.add(record.path("messageId").asText());
            ids.add(record.path("dynamodb").path("SequenceNumber").asText());
        }
        JsonNode failures = JSON.readTree(response.text()).path("batchItemFailures");
        if (!failures.isArray()) {
            return List.of("returns no batchItemFailures");
        }
        for (JsonNode failure : failures) {
            if (!ids.contains(failure.path("itemIdentifier").asText())) {
                return List.of("reports a record outside the batch");
            }
        }
        return List.of();
    }

    /** Returns the batch with some records repeated and some of their contents changed. */
    private static String mutated(String event, SplittableRandom random) throws JsonProcessingException {
        ObjectNode tree = (ObjectNode) JSON.readTree(event);
        var records = tree.withArray("/Records");
        for (int i = random.nextInt(4); i > 0 && !records.isEmpty(); i--) {
            ObjectNode copy = records.path(0).deepCopy();
            if (copy.has("messageId")) {
                copy.put("messageId", "copy-" + i);
            } else {
                copy.withObject("/dynamodb").put("SequenceNumber", "49" + i);
            }
            records.add(copy);
        }
        for (JsonNode record : records) {
            if (random.nextInt(3) > 0) {
                change((ObjectNode) record, random);
            }
        }
        return tree.toString();
    }

    private static void change(ObjectNode record, SplittableRandom random) {
        if (record.has("body")) {
            record.put("body", text(record.path("body").asText(), random));
            return;
        }
        List<String> images = new ArrayList<>();
        for (String image : List.of("NewImage", "OldImage")) {
            if (record.path("dynamodb").has(image)) {
                images.add(image);
            }
        }
        if (images.isEmpty()) {
            return;
        }
        ObjectNode image = record.withObject("/dynamodb/" + EdgeCases.of(images, random));
        List<String> names = new ArrayList<>();
        image.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            return;
        }
        String name = EdgeCases.of(names, random);
        JsonNode value = image.path(name);
        switch (random.nextInt(4)) {
            case 0 -> image.remove(name);
            case 1 ->
                image.putObject(name)
                        .put(EdgeCases.of(List.of("S", "N", "B", "BOOL", "NULL", "X"), random), EdgeCases.text(random));
            default -> {
                if (value.has("S")) {
                    image.putObject(name).put("S", text(value.path("S").asText(), random));
                } else if (value.has("N")) {
                    image.putObject(name)
                            .put("N", EdgeCases.of(List.of("", "-1", "1.5", "9".repeat(30), "1e125", "a"), random));
                } else if (value.has("B")) {
                    image.putObject(name)
                            .put("B", EdgeCases.of(List.of("", "AAAA", "%", "H4sIAAAAAAAA", "e30="), random));
                } else {
                    image.putNull(name);
                }
            }
        }
    }

    private static String text(String text, SplittableRandom random) {
        return switch (random.nextInt(9)) {
            case 0 -> Splice.value(text, EdgeCases.literal(random), random);
            case 1 -> Splice.value(text, EdgeCases.placedNumber(random), random);
            case 2 -> Splice.value(text, EdgeCases.nested(random), random);
            case 3 -> Splice.value(text, Splice.quoted(EdgeCases.text(random)), random);
            case 4 -> Splice.value(text, '"' + EdgeCases.escape(random) + '"', random);
            case 5 -> Splice.name(text, EdgeCases.escape(random), random);
            case 6 -> Splice.members(text, "\"x\":" + EdgeCases.placedNumber(random), random.nextBoolean(), random);
            case 7 -> text.substring(0, random.nextInt(text.length() + 1));
            default -> EdgeCases.text(random);
        };
    }
}
