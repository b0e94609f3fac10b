package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.notifications.DynamoDbSubscriptionStore;
import io.switchboard.callrecords.notifications.EndpointServer;
import io.switchboard.callrecords.notifications.NotifySubscribers;
import io.switchboard.callrecords.notifications.SendNotifications;
import io.switchboard.callrecords.notifications.TestSubscriptions;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.json.Json;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.EventFiles;
import io.switchboard.replay.QueueEvent;
import io.switchboard.replay.StreamEvent;
import io.switchboard.replay.Tables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the cases of the tables in {@code events/} for this module's functions. The database is empty, except for a
 * subscription if a case requires one.
 */
final class CallRecordEventsTest {
    /** The tenant in the tables of changes and of messages. */
    private static final String TENANT = "contoso";

    private static final String SUBSCRIPTION = "5d1f7c7e-2a34-4a55-9c5e-0f6f3b9a7c10";
    private static final String FAILED = "failed";
    private static final String NONE = "none";

    @TestFactory
    Stream<DynamicTest> create_call_record_session_handles_each_event_as_named() {
        Tables tables = new Tables();
        return EventFiles.replay("CreateCallRecordSession", new CreateCallRecordSession(tables.environment()), tables);
    }

    @TestFactory
    Stream<DynamicTest> manage_call_records_handles_each_event_as_named() {
        Tables tables = new Tables();
        return EventFiles.replay("ManageCallRecords", new ManageCallRecords(tables.environment()), tables);
    }

    /**
     * A name states the queued messages: the notifications, and the numbers of generations to be swept and of timers.
     */
    @TestFactory
    Stream<DynamicTest> notify_subscribers_handles_each_event_as_named() {
        return cases("NotifySubscribers", event -> {
            try (QueueServer queues = new QueueServer()) {
                StreamEvent batch = StreamEvent.of(event);
                List<String> failed = batch.sendTo(
                                new NotifySubscribers(environment(queues, "https://subscriber.example/")))
                        .failed();
                List<String> made = new ArrayList<>();
                queues.take("Notifications").forEach(entry -> made.add(kind(entry.body())));
                queues.take("EndedGenerations")
                        .forEach(entry -> made.add(entry.body().containsKey("next") ? "timer" : "swept"));
                check(event, failed, sequenceNumbers(batch), made);
            }
        });
    }

    /** A name states the notification that the subscriber's endpoint receives. */
    @TestFactory
    Stream<DynamicTest> send_notifications_handles_each_event_as_named() {
        return cases("SendNotifications", event -> {
            try (QueueServer queues = new QueueServer();
                    EndpointServer endpoint = EndpointServer.plain()) {
                QueueEvent batch = QueueEvent.of(event);
                List<String> failed = batch.sendTo(new SendNotifications(environment(queues, endpoint.url("/"))))
                        .failed();
                List<String> sent = new ArrayList<>();
                for (EndpointServer.Received received : endpoint.received()) {
                    for (Object each : (List<?>)
                            Objects.requireNonNull(Json.readOwn(received.body()).get("value"))) {
                        sent.add(kind((Map<?, ?>) each));
                    }
                }
                sent.sort(null);
                check(event, failed, ids(batch), sent);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> sweep_call_records_handles_each_event_as_named() {
        return cases("SweepCallRecords", event -> {
            try (QueueServer queues = new QueueServer()) {
                QueueEvent batch = QueueEvent.of(event);
                QueueEvent.Response answer =
                        batch.sendTo(new SweepCallRecords(environment(queues, "https://subscriber.example/")));
                boolean isSwept = answer.log().stream().anyMatch(line -> line.contains("\"GenerationsSwept\":1"));
                check(event, answer.failed(), ids(batch), isSwept ? List.of("swept") : List.of());
            }
        });
    }

    /** Returns the change or the lifecycle event of a notification. */
    private static String kind(Map<?, ?> notification) {
        Object event = notification.get("lifecycleEvent");
        return String.valueOf(event == null ? notification.get("changeType") : event);
    }

    private static Stream<DynamicTest> cases(String function, Consumer<EventCase> test) {
        return EventCase.of(function).stream()
                .map(event -> DynamicTest.dynamicTest(event.name(), () -> test.accept(event)));
    }

    private static void check(EventCase event, List<String> failed, List<String> all, List<String> made) {
        String outcome = event.outcome();
        if (outcome.equals(FAILED)) {
            assertThat(failed).isEqualTo(all);
            assertThat(made).isEmpty();
            return;
        }
        assertThat(failed).isEmpty();
        assertThat(made).isEqualTo(outcome.equals(NONE) ? List.of() : List.of(outcome.split("\\+", -1)));
    }

    /** Returns an environment with new tables and the subscription that the events name, for this URL. */
    private static Map<String, String> environment(QueueServer queues, String url) {
        Tables tables = new Tables();
        Map<String, String> environment = tables.environment("PRIVATE_NOTIFICATION_URLS", "true");
        queues.environment().forEach(environment::putIfAbsent);
        String table = Objects.requireNonNull(environment.get("CALL_RECORDS_TABLE"));
        new DynamoDbSubscriptionStore(new DynamoDb(tables.client()), table)
                .create(TestSubscriptions.of(TENANT, SUBSCRIPTION, Instant.now(), url, url), null, Instant.now());
        return environment;
    }

    private static List<String> sequenceNumbers(StreamEvent event) {
        List<String> numbers = new ArrayList<>();
        for (Map<String, @Nullable Object> record : event.records()) {
            Map<?, ?> change = (Map<?, ?>) Objects.requireNonNull(record.get("dynamodb"));
            numbers.add(String.valueOf(change.get("SequenceNumber")));
        }
        return numbers;
    }

    private static List<String> ids(QueueEvent event) {
        return event.messages().stream().map(QueueEvent.Message::id).toList();
    }
}
