package io.switchboard.callrecords.notifications;

import static io.switchboard.callrecords.TestChanges.AT;
import static io.switchboard.callrecords.TestChanges.item;
import static io.switchboard.callrecords.TestChanges.number;
import static io.switchboard.callrecords.TestChanges.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.callrecords.QueueServer;
import io.switchboard.callrecords.TestChanges;
import io.switchboard.json.Json;
import io.switchboard.replay.StreamEvent;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of changes of call records; the queues are a real server. */
final class NotifySubscribersTest {
    private static final Instant NOW = Instant.ofEpochSecond(AT);
    private static final String EARLIER = "2026-11-21T08:00:00Z";
    private static final String LATER = "2026-11-21T10:00:00Z";
    private static final String URL = "https://subscriber.example";

    private final QueueServer queues = new QueueServer();
    private final InMemorySubscriptionStore subscriptions = new InMemorySubscriptionStore();
    private final NotifySubscribers function = function(subscriptions);

    @AfterEach
    void close() {
        queues.close();
    }

    private NotifySubscribers function(SubscriptionStore store) {
        Map<String, String> environment = queues.environment();
        return new NotifySubscribers(
                store, SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL"), environment, InstantSource.fixed(NOW));
    }

    private void subscribe(String tenant, String id, ChangeType... types) {
        Subscription subscription = TestSubscriptions.to(TestSubscriptions.of(tenant, id, NOW), URL + "/" + id, types);
        subscriptions.create(subscription, null, NOW);
    }

    private List<QueueServer.Entry> notifications() {
        return queues.take("Notifications");
    }

    private List<QueueServer.Entry> ended() {
        return queues.take("EndedGenerations");
    }

    private List<String> told() {
        return notifications().stream()
                .map(entry -> entry.text("subscriptionId") + " " + entry.text("changeType") + " "
                        + entry.text("callRecordId"))
                .toList();
    }

    private List<String> sweeps() {
        return ended().stream()
                .map(entry -> entry.text("callRecordId") + " " + entry.text("generation"))
                .toList();
    }

    private static void assertDone(StreamEvent.Answer answer) {
        assertThat(answer.failed()).isEmpty();
    }

    @Test
    void a_new_record_is_created_and_updated_once_each() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);
        subscribe("contoso", "created", ChangeType.CREATED);
        subscribe("contoso", "updated", ChangeType.UPDATED);

        assertDone(new TestChanges()
                .inserted(record("contoso", "call", 0, "g1"))
                .event()
                .sendTo(function));

        assertThat(told())
                .containsExactly(
                        "both created call", "both updated call", "created created call", "updated updated call");
        assertThat(sweeps()).isEmpty();
    }

    @Test
    void a_higher_version_is_an_update_and_ends_what_was_before() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(record("contoso", "call", 1, "g1"), record("contoso", "call", 2, "g2"))
                .event()
                .sendTo(function));

        assertThat(told()).containsExactly("both updated call");
        assertThat(sweeps()).containsExactlyInAnyOrder("call g1", "call p-g1");
    }

    @Test
    void a_replaced_version_0_that_keeps_its_sessions_ends_only_what_it_leaves() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(
                        record("contoso", "call", 0, "g1", "p1", EARLIER),
                        record("contoso", "call", 1, "g1", "p2", EARLIER))
                .event()
                .sendTo(function));

        assertThat(told()).containsExactly("both updated call");
        assertThat(sweeps()).containsExactly("call p1");
    }

    /** Such as by a session, which changes no version, or a PATCH. */
    @Test
    void a_record_of_the_same_version_is_told_to_nobody() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(record("contoso", "call", 2, "g1"), record("contoso", "call", 2, "g1"))
                .event()
                .sendTo(function));

        assertThat(told()).isEmpty();
        assertThat(sweeps()).isEmpty();
        assertThat(queues.requests()).isEmpty();
    }

    @Test
    void a_removed_record_ends_and_is_told_to_nobody() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .removed(record("contoso", "call", 3, "g1"))
                .removed(record("contoso", "same", 3, "g2", "g2", EARLIER))
                .event()
                .sendTo(function));

        assertThat(told()).isEmpty();
        assertThat(sweeps()).containsExactly("call g1", "call p-g1", "same g2");
    }

    @Test
    void what_takes_the_place_of_an_expired_record_is_a_new_one() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(
                        record("contoso", "higher", 3, "g1", "p1", EARLIER),
                        record("contoso", "higher", 4, "g2", "p2", LATER))
                .modified(
                        record("contoso", "lower", 3, "g1", "p1", EARLIER),
                        record("contoso", "lower", 0, "g2", "p2", LATER))
                .event()
                .sendTo(function));

        assertThat(told())
                .containsExactly(
                        "both created higher", "both updated higher", "both created lower", "both updated lower");
        assertThat(sweeps()).containsExactly("higher g1", "higher p1", "lower g1", "lower p1");
    }

    /** Where a request may be repeated, a deleted record leaves an item that names no generation. */
    @Test
    void a_deleted_record_ends_and_what_comes_after_it_is_a_new_one() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);
        Map<String, Object> left = item("contoso", "call", "RECORD");

        assertDone(new TestChanges()
                .modified(record("contoso", "call", 3, "g1"), left)
                .modified(left, record("contoso", "call", 1, "g2"))
                .removed(left)
                .event()
                .sendTo(function));

        assertThat(told()).containsExactly("both created call", "both updated call");
        assertThat(sweeps()).containsExactly("call g1", "call p-g1");
    }

    @Test
    void what_was_staged_is_looked_at_once_its_stage_is_gone() {
        assertDone(new TestChanges()
                .inserted(item("contoso", "call", "STAGED#g7"))
                .modified(item("contoso", "call", "STAGED#g7"), item("contoso", "call", "STAGED#g7"))
                .removed(item("contoso", "call", "STAGED#g7"))
                .event()
                .sendTo(function));

        assertThat(sweeps()).containsExactly("call g7");
    }

    @Test
    void other_items_mean_nothing() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);
        Map<String, Object> subscription = new HashMap<>(item("contoso", "x", "SUBSCRIPTION#a"));
        subscription.put("record", Map.of("S", "contoso"));

        assertDone(new TestChanges()
                .inserted(item("contoso", "call", "g1#s#id#start#-"))
                .removed(item("contoso", "call", "g1#c#id#start#-#000"))
                .inserted(item("contoso", "call", "p1#p#id"))
                .inserted(item("contoso", "call", "KEY#abc"))
                .inserted(subscription)
                .removed(subscription)
                .event()
                .sendTo(function));

        assertThat(queues.requests()).isEmpty();
    }

    @Test
    void only_the_tenants_own_subscriptions_count_and_no_expired_ones() {
        subscribe("contoso", "mine", ChangeType.CREATED);
        subscribe("fabrikam", "theirs", ChangeType.CREATED);
        subscriptions.create(TestSubscriptions.of("contoso", "expired", NOW).expiring(NOW), null, NOW);

        assertDone(new TestChanges()
                .inserted(record("contoso", "call #1", 1, "g1"))
                .event()
                .sendTo(function));

        assertThat(told()).containsExactly("mine created call #1");
    }

    @Test
    void a_message_holds_ids_and_nothing_else() {
        subscribe("contoso", "mine", ChangeType.CREATED);

        new TestChanges()
                .inserted(record("contoso", "call", 1, "g1"))
                .removed(record("contoso", "gone", 1, "g2", "g2", EARLIER))
                .event()
                .sendTo(function);

        assertThat(notifications().getFirst().body())
                .containsOnlyKeys("id", "tenant", "subscriptionId", "changeType", "callRecordId")
                .containsEntry("tenant", "contoso")
                .containsEntry("callRecordId", "call");
        assertThat(ended().getFirst().body())
                .isEqualTo(Map.of("tenant", "contoso", "callRecordId", "gone", "generation", "g2"));
    }

    @Test
    void a_repetition_is_known_by_its_id_and_no_other_notification_has_it() {
        subscribe("contoso", "a", ChangeType.CREATED, ChangeType.UPDATED);
        subscribe("contoso", "b", ChangeType.CREATED, ChangeType.UPDATED);
        StreamEvent event = new TestChanges()
                .inserted(record("contoso", "call", 1, "g1"))
                .modified(record("contoso", "call", 1, "g1"), record("contoso", "call", 2, "g2"))
                .inserted(record("contoso", "other", 1, "g1"))
                .event();

        event.sendTo(function);
        List<String> first =
                notifications().stream().map(entry -> entry.text("id")).toList();
        event.sendTo(function);
        List<String> second =
                notifications().stream().map(entry -> entry.text("id")).toList();

        assertThat(first).doesNotHaveDuplicates().hasSize(10).isEqualTo(second);
    }

    @Test
    void ten_messages_go_in_one_call_and_each_tenant_is_asked_once() {
        AtomicInteger queries = new AtomicInteger();
        for (int i = 0; i < 25; i++) {
            subscribe("contoso", "s" + i, ChangeType.CREATED);
        }
        TestChanges changes = new TestChanges();
        for (int i = 0; i < 4; i++) {
            changes.inserted(record("contoso", "call" + i, 1, "g1"));
            changes.inserted(record("fabrikam", "call" + i, 1, "g1"));
        }

        StreamEvent.Answer answer = changes.event().sendTo(function(new InMemorySubscriptionStore() {
            @Override
            public synchronized List<Subscription> all(String tenant, Instant now) {
                queries.incrementAndGet();
                return subscriptions.all(tenant, now);
            }
        }));

        assertDone(answer);
        assertThat(queries).hasValue(2);
        assertThat(notifications())
                .hasSize(100)
                .extracting(QueueServer.Entry::call)
                .isSorted();
        assertThat(queues.requests())
                .hasSize(10)
                .containsOnly("AmazonSQS.SendMessageBatch application/x-amz-json-1.0 AWS4-HMAC-SHA256");
        assertThat(line(answer)).containsEntry("NotificationsQueued", 100).containsEntry("level", "INFO");
    }

    @Test
    void a_message_that_a_queue_refuses_has_its_change_come_again() {
        for (int i = 0; i < 6; i++) {
            subscribe("contoso", "s" + i, ChangeType.CREATED);
        }
        TestChanges changes = new TestChanges();
        for (int i = 0; i < 4; i++) {
            changes.inserted(record("contoso", "call" + i, 1, "g1"));
        }
        queues.refuse(entry -> entry.text("callRecordId").equals("call2"));

        StreamEvent.Answer answer = changes.event().sendTo(function);

        assertThat(answer.failed()).containsExactly(number(2));
        assertThat(notifications())
                .extracting(entry -> entry.text("callRecordId"))
                .contains("call0", "call1")
                .doesNotContain("call2");
        assertThat(line(answer)).containsEntry("level", "ERROR").containsEntry("stoppedAt", number(2));
    }

    @Test
    void the_earlier_of_two_queues_failures_counts() {
        subscribe("contoso", "a", ChangeType.CREATED);
        TestChanges changes = new TestChanges()
                .removed(record("contoso", "gone", 1, "g1"))
                .inserted(record("contoso", "call", 1, "g1"));

        queues.refuse(entry -> entry.queue().equals("EndedGenerations"));
        assertThat(changes.event().sendTo(function).failed()).containsExactly(number(0));
        queues.refuse(entry -> entry.queue().equals("Notifications"));
        assertThat(changes.event().sendTo(function).failed()).containsExactly(number(1));
        queues.refuse(entry -> true);
        assertThat(changes.event().sendTo(function).failed()).containsExactly(number(0));
    }

    @Test
    void queues_that_do_not_answer_have_the_batch_come_again_from_the_first_change_that_means_something() {
        subscribe("contoso", "a", ChangeType.CREATED);
        StreamEvent event = new TestChanges()
                .inserted(item("contoso", "call", "g1#s#id#start#-"))
                .inserted(record("contoso", "call", 1, "g1"))
                .event();

        queues.down(true);
        assertThat(event.sendTo(function).failed()).containsExactly(number(1));
        queues.down(false);
        assertDone(event.sendTo(function));
        assertThat(told()).containsExactly("a created call");
    }

    @Test
    void subscriptions_that_cannot_be_read_have_the_change_come_again_and_what_was_before_it_is_done() {
        subscribe("contoso", "a", ChangeType.CREATED);
        StreamEvent event = new TestChanges()
                .removed(record("contoso", "gone", 1, "g1", "g1", EARLIER))
                .inserted(record("contoso", "call", 1, "g1"))
                .inserted(record("down", "call", 1, "g1"))
                .event();

        StreamEvent.Answer answer = event.sendTo(function(new InMemorySubscriptionStore() {
            @Override
            public synchronized List<Subscription> all(String tenant, Instant now) {
                if (tenant.equals("down")) {
                    throw new Unavailable(Dependency.DATABASE, true, "throttled");
                }
                return subscriptions.all(tenant, now);
            }
        }));

        assertThat(answer.failed()).containsExactly(number(2));
        assertThat(told()).containsExactly("a created call");
        assertThat(sweeps()).containsExactly("gone g1");
    }

    @Test
    void a_change_that_nobody_can_read_is_reported_once_all_before_it_is_done() {
        subscribe("contoso", "a", ChangeType.CREATED);
        Map<String, Object> unreadable = new HashMap<>(record("contoso", "call", 1, "g1"));
        unreadable.remove("version");

        StreamEvent.Answer answer = new TestChanges()
                .inserted(record("contoso", "call", 1, "g1"))
                .inserted(unreadable)
                .inserted(record("contoso", "later", 1, "g1"))
                .event()
                .sendTo(function);

        assertThat(answer.failed()).containsExactly(number(1));
        assertThat(told()).containsExactly("a created call");
        assertThat(new TestChanges()
                        .inserted(unreadable)
                        .event()
                        .sendTo(function)
                        .failed())
                .containsExactly(number(0));
        assertThatThrownBy(() -> new TestChanges()
                        .inserted(unreadable)
                        .inserted(record("contoso", "later", 1, "g1"))
                        .event()
                        .sendTo(function))
                .as("so that the batch is halved until it is alone")
                .hasMessageContaining(number(0));
    }

    @Test
    void without_its_queues_the_function_does_not_start_and_names_what_is_missing() {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.put("CALL_RECORDS_TABLE", "table");
        new NotifySubscribers(environment);

        for (String variable :
                List.of("CALL_RECORDS_TABLE", "NOTIFICATIONS_QUEUE_URL", "ENDED_GENERATIONS_QUEUE_URL")) {
            Map<String, String> lacking = new HashMap<>(environment);
            lacking.remove(variable);
            assertThatThrownBy(() -> new NotifySubscribers(lacking)).hasMessageContaining(variable);
        }
    }

    private static Map<String, @Nullable Object> line(StreamEvent.Answer answer) {
        assertThat(answer.log()).hasSize(1);
        return Json.readOwn(answer.log().getFirst());
    }
}
