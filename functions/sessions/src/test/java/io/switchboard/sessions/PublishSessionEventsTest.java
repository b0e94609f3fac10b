package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.StreamEvent;
import io.switchboard.replay.Tables;
import io.switchboard.session.store.UnnumberedSessionDocument;
import io.switchboard.testing.EventBusServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Batches of the function with and without faults, on a bus with a real server. */
class PublishSessionEventsTest {
    private final EventBusServer bus = new EventBusServer();
    private final PublishSessionEvents function = new PublishSessionEvents(bus.environment());
    private final Tables tables = new Tables();

    @AfterEach
    void close() {
        bus.close();
    }

    private static StreamEvent named(String name) {
        return StreamEvent.of(EventCase.named("PublishSessionEvents", name));
    }

    private static StreamEvent created() {
        return named("SessionCreated+SessionSwitched.created-in-focus");
    }

    private static StreamEvent unreadable() {
        return named("failed.document-is-not-json");
    }

    /** Returns the records of all events with unique sequence numbers. */
    private static StreamEvent batch(StreamEvent... events) {
        List<Map<String, @Nullable Object>> records = new ArrayList<>();
        for (StreamEvent event : events) {
            for (var record : event.records()) {
                Map<String, @Nullable Object> copy = Json.readOwn(Json.write(record));
                change(copy).put("SequenceNumber", number(records.size()));
                records.add(copy);
            }
        }
        return new StreamEvent(records);
    }

    private static String document(Map<String, @Nullable Object> image) {
        return String.valueOf(((Map<?, ?>) requireNonNull(image.get("document"))).get("S"));
    }

    private static String number(int index) {
        return String.valueOf(1_000 + index);
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, @Nullable Object> change(Map<String, @Nullable Object> record) {
        return (Map<String, @Nullable Object>) requireNonNull(record.get("dynamodb"));
    }

    /** Returns this number of new sessions, each of which causes one event. */
    private static StreamEvent sessions(int count) {
        StreamEvent[] all = new StreamEvent[count];
        for (int i = 0; i < count; i++) {
            all[i] = named("SessionCreated.created-in-the-background");
        }
        return batch(all);
    }

    /** The name of a case lists the published events. Unreadable records are reported. */
    @TestFactory
    Stream<DynamicTest> each_case_publishes_the_events_in_its_name() {
        return EventCase.of("PublishSessionEvents").stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> gives(each, StreamEvent.of(each))));
    }

    /** The cases contain sessions that were stored before documents had a schema number. */
    @TestFactory
    Stream<DynamicTest> each_case_publishes_the_same_events_in_every_schema() {
        return EventCase.of("PublishSessionEvents").stream()
                // Notifications and presences have had a schema number from the beginning.
                .filter(each -> !each.outcome().equals("failed") && !each.name().matches(".*(otification|resence).*"))
                .flatMap(each -> Stream.of(Set.of("NewImage"), Set.of("OldImage", "NewImage"))
                        .map(images -> DynamicTest.dynamicTest(
                                each.name() + " " + images, () -> gives(each, rewritten(each, images)))));
    }

    private Map<String, String> environment(EventBusServer own) {
        Map<String, String> environment = new HashMap<>(own.environment());
        environment.putAll(tables.environment());
        return environment;
    }

    private void gives(EventCase each, StreamEvent event) {
        try (var own = new EventBusServer()) {
            String outcome = each.outcome();
            var answer = event.sendTo(new PublishSessionEvents(environment(own)));
            var types = own.take().stream().map(EventBusServer.Entry::type).toList();
            if (outcome.equals("failed")) {
                assertThat(answer.failed())
                        .containsExactly(
                                String.valueOf(change(event.records().getLast()).get("SequenceNumber")));
            } else {
                assertThat(answer.failed()).isEmpty();
                assertThat(types)
                        .containsExactlyElementsOf(
                                outcome.equals("none") ? List.of() : List.of(outcome.split("\\+", -1)));
            }
        }
    }

    /** Returns the event with the documents of these images in the current schema. */
    private static StreamEvent rewritten(EventCase each, Set<String> images) {
        StreamEvent event = batch(StreamEvent.of(each));
        for (var record : event.records()) {
            for (String name : images) {
                if (change(record).get(name) instanceof Map<?, ?> found && found.containsKey("document")) {
                    Map<String, @Nullable Object> image = ObjectReader.members(found);
                    String before = document(image);
                    String after = UnnumberedSessionDocument.rewritten(before);
                    assertThat(before).doesNotContain("schema");
                    assertThat(after).contains("\"schema\":1");
                    image.put("document", Map.of("S", after));
                    change(record).put(name, image);
                }
            }
        }
        return event;
    }

    @Test
    void request_to_the_bus_has_the_format_of_eventbridge_and_is_signed() {
        created().sendTo(function);

        assertThat(bus.requests()).containsExactly("AWSEvents.PutEvents application/x-amz-json-1.1 AWS4-HMAC-SHA256");
    }

    @Test
    void call_has_at_most_ten_events_in_order() {
        assertThat(sessions(25).sendTo(function).failed()).isEmpty();

        assertThat(bus.take())
                .extracting(EventBusServer.Entry::call)
                .hasSize(25)
                .isSorted();
        assertThat(bus.requests()).hasSize(3);
    }

    @Test
    void call_has_at_most_256_kilobytes() {
        StreamEvent large = named("SessionCreated.created-in-the-background");
        StreamEvent[] all = new StreamEvent[9];
        for (int i = 0; i < all.length; i++) {
            StreamEvent one = batch(large);
            @SuppressWarnings("unchecked") // JSON object names are text
            var image = (Map<String, Object>)
                    requireNonNull(change(one.records().getFirst()).get("NewImage"));
            Map<String, @Nullable Object> document = Json.readOwn(document(ObjectReader.members(image)));
            document.put("templateName", "x".repeat(100_000));
            image.put("document", Map.of("S", Json.write(document)));
            all[i] = one;
        }

        assertThat(batch(all).sendTo(function).failed()).isEmpty();

        assertThat(bus.take()).hasSize(9);
        assertThat(bus.requests()).hasSize(5);
    }

    @Test
    void rejected_event_is_reported_by_its_record_after_the_earlier_ones_were_published() {
        StreamEvent batch = sessions(25);
        bus.reject(entry -> entry.call() == 2);

        var answer = batch.sendTo(function);

        assertThat(answer.failed()).containsExactly(number(10));
        assertThat(bus.take()).hasSize(10);
        assertThat(metrics(answer))
                .containsEntry("EventsPublished", 10)
                .containsEntry("EventsFailed", 15)
                .containsEntry("level", "ERROR");
    }

    @Test
    void batch_is_retried_from_its_first_event_if_the_bus_does_not_respond() {
        bus.down(true);
        StreamEvent batch = batch(named("none.title-and-badge"), created());

        assertThat(batch.sendTo(function).failed()).containsExactly(number(1));

        bus.down(false);
        assertThat(batch.sendTo(function).failed()).isEmpty();
        assertThat(bus.take()).hasSize(2);
    }

    @Test
    void unreadable_record_is_reported_after_the_earlier_ones_were_published() {
        var answer = batch(created(), unreadable(), created()).sendTo(function);

        assertThat(answer.failed()).containsExactly(number(2));
        assertThat(bus.take()).hasSize(2);
        assertThat(metrics(answer)).containsEntry("EventsPublished", 2).containsEntry("EventsFailed", 1);
    }

    /**
     * Lambda then halves the batch until the record is alone. A report would also move the other records to the queue.
     */
    @Test
    void unreadable_record_before_others_fails_the_function() {
        assertThatThrownBy(() -> batch(unreadable(), created()).sendTo(function))
                .hasMessageContaining(number(0))
                .hasMessageNotContaining("alice")
                .hasNoCause();
        assertThat(bus.take()).isEmpty();

        assertThat(batch(unreadable()).sendTo(function).failed()).containsExactly(number(0));
    }

    @Test
    void log_line_has_the_error_and_no_personal_data() {
        var answer = batch(unreadable()).sendTo(function);

        var line = metrics(answer);
        assertThat(line)
                .containsEntry("level", "ERROR")
                .containsEntry("operation", "stream")
                .containsEntry("records", 1)
                .containsEntry("stoppedAt", number(0))
                .containsEntry("FunctionName", "PublishSessionEvents");
        assertThat(Json.write(line.get("fault"))).contains("Exception");
        assertThat(Json.write(line)).doesNotContain("alice", "no json", "Contoso");
        assertThat(metrics(created().sendTo(function)))
                .containsEntry("level", "INFO")
                .containsEntry("EventsPublished", 2)
                .doesNotContainKeys("EventsFailed", "fault", "stoppedAt", "status");
    }

    private static Map<String, @Nullable Object> metrics(StreamEvent.Response answer) {
        assertThat(answer.log()).hasSize(1);
        return new HashMap<>(Json.readOwn(answer.log().getFirst()));
    }

    @Test
    void event_without_records_of_a_stream_fails() {
        var nothing = new LinkedHashMap<String, @Nullable Object>(Map.of("eventName", "INSERT"));

        assertThatThrownBy(() -> new StreamEvent(List.of(nothing)).sendTo(function))
                .hasMessageContaining("SequenceNumber");
        assertThatThrownBy(() -> ApiEvent.of("GET", "/sessions").sendTo(function))
                .hasMessageContaining("Records");
    }

    @Test
    void function_without_a_bus_fails_with_the_missing_variable() {
        assertThatThrownBy(() -> new PublishSessionEvents(Map.of("AWS_REGION", "eu-central-1")))
                .hasMessageContaining("SESSION_EVENTS_BUS");
    }
}
