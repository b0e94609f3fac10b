package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.StreamEvent;
import io.switchboard.session.store.UnnumberedSessionDocument;
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

/** What the function does with a batch, whatever comes in between; its bus is a real server. */
class PublishSessionEventsTest {
    private final EventBusServer bus = new EventBusServer();
    private final PublishSessionEvents function = new PublishSessionEvents(bus.environment());

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
        return named("failed.document-is-no-json");
    }

    /** The records of all, each with a sequence number of its own. */
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

    /** So many new sessions; each gives one event. */
    private static StreamEvent sessions(int count) {
        StreamEvent[] all = new StreamEvent[count];
        for (int i = 0; i < count; i++) {
            all[i] = named("SessionCreated.created-in-the-background");
        }
        return batch(all);
    }

    /** Each name says what the bus gets; what cannot be read is reported. */
    @TestFactory
    Stream<DynamicTest> each_event_gives_what_its_name_says() {
        return EventCase.of("PublishSessionEvents").stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> gives(each, StreamEvent.of(each))));
    }

    /** The events hold sessions as they were stored before their documents had a schema number. */
    @TestFactory
    Stream<DynamicTest> each_event_gives_the_same_in_the_newest_schema_and_across_the_change_to_it() {
        return EventCase.of("PublishSessionEvents").stream()
                .filter(each -> !each.outcome().equals("failed"))
                .flatMap(each -> Stream.of(Set.of("NewImage"), Set.of("OldImage", "NewImage"))
                        .map(images -> DynamicTest.dynamicTest(
                                each.name() + " " + images, () -> gives(each, rewritten(each, images)))));
    }

    private static void gives(EventCase each, StreamEvent event) {
        try (var own = new EventBusServer()) {
            String outcome = each.outcome();
            var answer = event.sendTo(new PublishSessionEvents(own.environment()));
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

    /** The event with the documents of these images as they are stored today. */
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
    void the_bus_is_asked_as_eventbridge_is_and_signed() {
        created().sendTo(function);

        assertThat(bus.requests()).containsExactly("AWSEvents.PutEvents application/x-amz-json-1.1 AWS4-HMAC-SHA256");
    }

    @Test
    void a_call_takes_no_more_than_ten_events_and_keeps_their_order() {
        assertThat(sessions(25).sendTo(function).failed()).isEmpty();

        assertThat(bus.take())
                .extracting(EventBusServer.Entry::call)
                .hasSize(25)
                .isSorted();
        assertThat(bus.requests()).hasSize(3);
    }

    @Test
    void a_call_takes_no_more_than_256_kilobytes() {
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
    void an_event_that_the_bus_refuses_is_reported_by_its_record_and_what_was_before_it_is_done() {
        StreamEvent batch = sessions(25);
        bus.refuse(entry -> entry.call() == 2);

        var answer = batch.sendTo(function);

        assertThat(answer.failed()).containsExactly(number(10));
        assertThat(bus.take()).hasSize(10);
        assertThat(metrics(answer))
                .containsEntry("EventsPublished", 10)
                .containsEntry("EventsFailed", 15)
                .containsEntry("level", "ERROR");
    }

    @Test
    void a_bus_that_does_not_answer_has_the_batch_come_again_from_its_first_event() {
        bus.down(true);
        StreamEvent batch = batch(named("none.title-and-badge"), created());

        assertThat(batch.sendTo(function).failed()).containsExactly(number(1));

        bus.down(false);
        assertThat(batch.sendTo(function).failed()).isEmpty();
        assertThat(bus.take()).hasSize(2);
    }

    @Test
    void an_unreadable_record_is_reported_once_all_before_it_is_published() {
        var answer = batch(created(), unreadable(), created()).sendTo(function);

        assertThat(answer.failed()).containsExactly(number(2));
        assertThat(bus.take()).hasSize(2);
        assertThat(metrics(answer)).containsEntry("EventsPublished", 2).containsEntry("EventsFailed", 1);
    }

    /** Then Lambda halves the batch, until the record is alone: reported, it would take the others to the queue with it. */
    @Test
    void an_unreadable_record_before_others_makes_the_function_fail() {
        assertThatThrownBy(() -> batch(unreadable(), created()).sendTo(function))
                .hasMessageContaining(number(0))
                .hasMessageNotContaining("alice")
                .hasNoCause();
        assertThat(bus.take()).isEmpty();

        assertThat(batch(unreadable()).sendTo(function).failed()).containsExactly(number(0));
    }

    @Test
    void the_log_is_one_line_of_json_that_says_what_went_wrong_and_nothing_personal() {
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

    private static Map<String, @Nullable Object> metrics(StreamEvent.Answer answer) {
        assertThat(answer.log()).hasSize(1);
        return new HashMap<>(Json.readOwn(answer.log().getFirst()));
    }

    @Test
    void what_no_stream_has_sent_fails() {
        var nothing = new LinkedHashMap<String, @Nullable Object>(Map.of("eventName", "INSERT"));

        assertThatThrownBy(() -> new StreamEvent(List.of(nothing)).sendTo(function))
                .hasMessageContaining("SequenceNumber");
        assertThatThrownBy(() -> ApiEvent.of("GET", "/sessions").sendTo(function))
                .hasMessageContaining("Records");
    }

    @Test
    void without_a_bus_the_function_does_not_start_and_names_what_is_missing() {
        assertThatThrownBy(() -> new PublishSessionEvents(Map.of("AWS_REGION", "eu-central-1")))
                .hasMessageContaining("SESSION_EVENTS_BUS");
    }
}
