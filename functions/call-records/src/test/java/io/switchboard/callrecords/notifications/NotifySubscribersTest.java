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
import io.switchboard.queue.SimpleQueue;
import io.switchboard.replay.StreamEvent;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import io.switchboard.testing.EventBusServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the handling of call record changes; the queues are a real server. */
final class NotifySubscribersTest {
    private static final Instant NOW = Instant.ofEpochSecond(AT);
    private static final String EARLIER = "2026-11-21T08:00:00Z";
    private static final String LATER = "2026-11-21T10:00:00Z";
    private static final String URL = "https://subscriber.example";

    private final QueueServer queues = new QueueServer();
    private final EventBusServer bus = new EventBusServer();
    private final InMemorySubscriptionStore subscriptions = new InMemorySubscriptionStore();
    private final NotifySubscribers function = function(subscriptions);

    @AfterEach
    void close() {
        queues.close();
        bus.close();
    }

    private NotifySubscribers function(SubscriptionStore store) {
        // The server of the bus is also one of the other function's queue.
        Map<String, String> environment = new HashMap<>(bus.environment());
        environment.putAll(queues.environment());
        return new NotifySubscribers(
                store, SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL"), environment, InstantSource.fixed(NOW));
    }

    private void subscribeTheBus(String tenant, String id, ChangeType... types) {
        Subscription subscription =
                TestSubscriptions.to(TestSubscriptions.of(tenant, id, NOW), Subscription.EVENT_BUS, types);
        subscriptions.create(subscription, null, NOW);
    }

    private List<String> published() {
        return bus.take().stream()
                .map(entry -> entry.type() + " " + entry.text("tenant") + " " + entry.text("callRecordId") + " "
                        + entry.text("version"))
                .toList();
    }

    @Test
    void changes_of_a_tenant_with_a_subscription_to_the_bus_are_published_once_each() {
        subscribeTheBus("contoso", "bus", ChangeType.CREATED, ChangeType.UPDATED, ChangeType.DELETED);
        subscribeTheBus("contoso", "bus of another application", ChangeType.UPDATED);
        subscribe("contoso", "url", ChangeType.CREATED);
        subscribe("fabrikam", "url", ChangeType.CREATED);

        StreamEvent.Response answer = new TestChanges()
                .inserted(record("contoso", "call #1", 1, "g1"))
                .inserted(record("fabrikam", "call", 1, "g1"))
                .modified(record("contoso", "call #1", 1, "g1"), record("contoso", "call #1", 2, "g2"))
                .modified(record("contoso", "call #1", 2, "g2"), record("contoso", "call #1", 2, "g2"))
                .modified(record("contoso", "call #1", 2, "g2"), item("contoso", "call #1", "RECORD"))
                .removed(record("contoso", "other", 7, "g3"))
                .event()
                .sendTo(function);

        assertDone(answer);
        assertThat(published())
                .containsExactly(
                        "CallRecordCreated contoso call #1 1",
                        "CallRecordUpdated contoso call #1 1",
                        "CallRecordUpdated contoso call #1 2",
                        "CallRecordDeleted contoso call #1 2",
                        "CallRecordDeleted contoso other 7");
        assertThat(notified()).containsExactly("url created call #1", "url created call");
        assertThat(line(answer)).containsEntry("EventsPublished", 5).containsEntry("NotificationsQueued", 2);
    }

    @Test
    void event_has_ids_only_and_the_same_id_in_each_repetition() {
        subscribeTheBus("contoso", "bus", ChangeType.CREATED, ChangeType.UPDATED);
        StreamEvent event =
                new TestChanges().inserted(record("contoso", "call", 1, "g1")).event();

        event.sendTo(function);
        List<EventBusServer.Entry> first = bus.take();
        event.sendTo(function);

        assertThat(bus.take())
                .extracting(entry -> entry.detail())
                .isEqualTo(first.stream().map(EventBusServer.Entry::detail).toList());
        assertThat(first).extracting(entry -> entry.text("eventId")).doesNotHaveDuplicates();
        assertThat(first).allSatisfy(entry -> {
            assertThat(entry.detail()).containsOnlyKeys("eventId", "tenant", "callRecordId", "version");
            assertThat(entry.source()).isEqualTo("switchboard.callRecords");
            assertThat(entry.bus()).isEqualTo("SessionEvents-test");
        });
    }

    /** Time to live removes a record after its retention. */
    @Test
    void end_of_the_retention_causes_no_event() {
        subscribeTheBus("contoso", "bus", ChangeType.DELETED);
        Map<String, Object> expired = new HashMap<>(record("contoso", "expired", 1, "g1"));
        expired.put("expiresAt", Map.of("N", String.valueOf(AT)));
        Map<String, Object> deleted = new HashMap<>(record("contoso", "deleted", 1, "g1"));
        deleted.put("expiresAt", Map.of("N", String.valueOf(AT + 1)));

        assertDone(new TestChanges().removed(expired).removed(deleted).event().sendTo(function));

        assertThat(published()).containsExactly("CallRecordDeleted contoso deleted 1");
    }

    @Test
    void rejected_event_repeats_its_change() {
        subscribeTheBus("contoso", "bus", ChangeType.CREATED);
        StreamEvent event = new TestChanges()
                .inserted(record("contoso", "first", 1, "g1"))
                .inserted(record("contoso", "second", 1, "g1"))
                .event();
        bus.reject(entry -> entry.text("callRecordId").equals("second"));

        StreamEvent.Response answer = event.sendTo(function);

        assertThat(answer.failed()).containsExactly(number(1));
        assertThat(line(answer)).containsEntry("EventsPublished", 1).containsEntry("EventsFailed", 1);
        bus.down(true);
        assertThat(event.sendTo(function).failed()).containsExactly(number(0));
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

    private List<String> notified() {
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

    private static void assertDone(StreamEvent.Response answer) {
        assertThat(answer.failed()).isEmpty();
    }

    @Test
    void new_record_is_created_and_updated_once_each() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);
        subscribe("contoso", "created", ChangeType.CREATED);
        subscribe("contoso", "updated", ChangeType.UPDATED);

        assertDone(new TestChanges()
                .inserted(record("contoso", "call", 0, "g1"))
                .event()
                .sendTo(function));

        assertThat(notified())
                .containsExactly(
                        "both created call", "both updated call", "created created call", "updated updated call");
        assertThat(sweeps()).isEmpty();
    }

    @Test
    void higher_version_is_an_update_and_ends_the_earlier_generations() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(record("contoso", "call", 1, "g1"), record("contoso", "call", 2, "g2"))
                .event()
                .sendTo(function));

        assertThat(notified()).containsExactly("both updated call");
        assertThat(sweeps()).containsExactlyInAnyOrder("call g1", "call p-g1");
    }

    @Test
    void replaced_version_0_that_keeps_its_sessions_ends_only_the_other_generation() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(
                        record("contoso", "call", 0, "g1", "p1", EARLIER),
                        record("contoso", "call", 1, "g1", "p2", EARLIER))
                .event()
                .sendTo(function));

        assertThat(notified()).containsExactly("both updated call");
        assertThat(sweeps()).containsExactly("call p1");
    }

    /** Examples are a session, which does not change the version, and a PATCH. */
    @Test
    void record_of_the_same_version_is_not_notified() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .modified(record("contoso", "call", 2, "g1"), record("contoso", "call", 2, "g1"))
                .event()
                .sendTo(function));

        assertThat(notified()).isEmpty();
        assertThat(sweeps()).isEmpty();
        assertThat(queues.requests()).isEmpty();
    }

    @Test
    void removed_record_ends_its_generations_and_is_not_notified() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);

        assertDone(new TestChanges()
                .removed(record("contoso", "call", 3, "g1"))
                .removed(record("contoso", "same", 3, "g2", "g2", EARLIER))
                .event()
                .sendTo(function));

        assertThat(notified()).isEmpty();
        assertThat(sweeps()).containsExactly("call g1", "call p-g1", "same g2");
    }

    @Test
    void record_that_replaces_an_expired_one_is_new() {
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

        assertThat(notified())
                .containsExactly(
                        "both created higher", "both updated higher", "both created lower", "both updated lower");
        assertThat(sweeps()).containsExactly("higher g1", "higher p1", "lower g1", "lower p1");
    }

    /** If the request may be repeated, a deleted record leaves an item without a generation. */
    @Test
    void record_after_a_deleted_one_is_new() {
        subscribe("contoso", "both", ChangeType.CREATED, ChangeType.UPDATED);
        Map<String, Object> left = item("contoso", "call", "RECORD");

        assertDone(new TestChanges()
                .modified(record("contoso", "call", 3, "g1"), left)
                .modified(left, record("contoso", "call", 1, "g2"))
                .removed(left)
                .event()
                .sendTo(function));

        assertThat(notified()).containsExactly("both created call", "both updated call");
        assertThat(sweeps()).containsExactly("call g1", "call p-g1");
    }

    @Test
    void staged_generation_is_checked_when_its_staging_item_is_removed() {
        assertDone(new TestChanges()
                .inserted(item("contoso", "call", "STAGED#g7"))
                .modified(item("contoso", "call", "STAGED#g7"), item("contoso", "call", "STAGED#g7"))
                .removed(item("contoso", "call", "STAGED#g7"))
                .event()
                .sendTo(function));

        assertThat(sweeps()).containsExactly("call g7");
    }

    @Test
    void other_items_are_ignored() {
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
    void only_unexpired_subscriptions_of_the_tenant_are_notified() {
        subscribe("contoso", "mine", ChangeType.CREATED);
        subscribe("fabrikam", "theirs", ChangeType.CREATED);
        subscriptions.create(TestSubscriptions.of("contoso", "expired", NOW).expiring(NOW), null, NOW);

        assertDone(new TestChanges()
                .inserted(record("contoso", "call #1", 1, "g1"))
                .event()
                .sendTo(function));

        assertThat(notified()).containsExactly("mine created call #1");
    }

    @Test
    void message_contains_only_ids() {
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

    /** Returns the item of a subscription. */
    private static Map<String, Object> image(Subscription subscription) {
        Map<String, Object> image = new HashMap<>(item("contoso", "x", "SUBSCRIPTION#" + subscription.id()));
        image.put("record", Map.of("S", subscription.tenant()));
        image.put("document", Map.of("S", StoredSubscriptionDocument.write(subscription)));
        image.put("endsAt", Map.of("N", String.valueOf(subscription.expires().getEpochSecond())));
        @Nullable Instant removedAt = subscription.status().removedAt();
        if (removedAt != null) {
            image.put("removedAt", Map.of("N", String.valueOf(removedAt.getEpochSecond())));
        }
        return image;
    }

    @Test
    void each_new_expiry_starts_a_timer() {
        Subscription subscription = TestSubscriptions.of("contoso", "s1", NOW);
        Subscription renewed = subscription.expiring(NOW.plusSeconds(2_700));
        Subscription bare = TestSubscriptions.to(subscription, URL, ChangeType.CREATED);

        assertDone(new TestChanges()
                .inserted(image(subscription))
                .modified(image(subscription), image(renewed))
                .modified(image(renewed), image(renewed.notifying(URL)))
                .inserted(image(bare))
                .removed(image(renewed))
                .event()
                .sendTo(function));

        List<QueueServer.Entry> timers = ended();
        assertThat(timers)
                .extracting(entry -> entry.body())
                .containsExactly(
                        Map.of(
                                "tenant", "contoso",
                                "subscriptionId", "s1",
                                "expires", subscription.expires().toString(),
                                "next", "reauthorizationRequired"),
                        Map.of(
                                "tenant", "contoso",
                                "subscriptionId", "s1",
                                "expires", renewed.expires().toString(),
                                "next", "reauthorizationRequired"));
        assertThat(timers)
                .as("SQS delays a message for 15 minutes at most; the reminder is half an hour before the expiry")
                .extracting(QueueServer.Entry::delay)
                .containsExactly(900, 900);
        assertThat(notifications()).isEmpty();
    }

    @Test
    void removal_by_another_user_is_reported_once_and_a_deletion_is_not() {
        Subscription subscription = TestSubscriptions.of("contoso", "s1", NOW);
        Subscription removed = subscription.with(new SubscriptionStatus(null, null, NOW));
        Map<String, Object> tombstone = new HashMap<>(image(subscription));
        tombstone.remove("document");

        assertDone(new TestChanges()
                .modified(image(subscription), image(removed))
                .modified(image(removed), image(removed))
                .removed(image(removed))
                .modified(image(subscription), tombstone)
                .event()
                .sendTo(function));

        List<QueueServer.Entry> queued = notifications();
        assertThat(queued)
                .extracting(entry -> entry.text("subscriptionId") + " " + entry.text("lifecycleEvent"))
                .containsExactly("s1 subscriptionRemoved");
        assertThat(queued.getFirst().body())
                .as("only ids")
                .containsOnlyKeys("id", "tenant", "subscriptionId", "lifecycleEvent", "expires");
        assertThat(ended()).isEmpty();
    }

    @Test
    void suspended_subscription_is_not_notified() {
        subscribe("contoso", "mine", ChangeType.CREATED);
        subscriptions.change(
                "contoso",
                TestSubscriptions.APPLICATION,
                "mine",
                found -> found.with(new SubscriptionStatus(NOW, NOW, null)),
                NOW);

        assertDone(new TestChanges()
                .inserted(record("contoso", "call", 1, "g1"))
                .event()
                .sendTo(function));

        assertThat(notifications()).isEmpty();
    }

    /** SQS's fair queues deliver the messages of quiet groups before those of a group with many messages. */
    @Test
    void each_tenant_has_its_own_message_group_and_its_timers_have_another() {
        for (String tenant : List.of("contoso", "fabrikam")) {
            subscribe(tenant, "a", ChangeType.CREATED);
            subscribe(tenant, "b", ChangeType.CREATED);
            assertDone(new TestChanges()
                    .inserted(record(tenant, "call", 1, "g1"))
                    .removed(record(tenant, "gone", 1, "g2"))
                    .inserted(image(TestSubscriptions.of(tenant, "s", NOW)))
                    .event()
                    .sendTo(function));
        }

        List<String> notified =
                notifications().stream().map(QueueServer.Entry::group).toList();
        assertThat(notified).hasSize(4);
        assertThat(Set.copyOf(notified.subList(0, 2))).hasSize(1);
        assertThat(Set.copyOf(notified.subList(2, 4))).hasSize(1);
        assertThat(notified.get(0)).isNotEqualTo(notified.get(2)).matches("[0-9a-f-]{36}");
        List<String> delayed = ended().stream().map(QueueServer.Entry::group).toList();
        assertThat(delayed)
                .as("two sweeps and a timer for each tenant")
                .containsExactly(
                        notified.get(0),
                        notified.get(0),
                        delayed.get(2),
                        notified.get(2),
                        notified.get(2),
                        delayed.get(5));
        assertThat(Set.of(notified.get(0), delayed.get(2), notified.get(2), delayed.get(5)))
                .hasSize(4);
    }

    @Test
    void repetition_has_the_same_unique_id() {
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
    void ten_messages_are_sent_per_call_and_each_tenant_is_queried_once() {
        AtomicInteger queries = new AtomicInteger();
        for (int i = 0; i < 25; i++) {
            subscribe("contoso", "s" + i, ChangeType.CREATED);
        }
        TestChanges changes = new TestChanges();
        for (int i = 0; i < 4; i++) {
            changes.inserted(record("contoso", "call" + i, 1, "g1"));
            changes.inserted(record("fabrikam", "call" + i, 1, "g1"));
        }

        StreamEvent.Response answer = changes.event().sendTo(function(new InMemorySubscriptionStore() {
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
    void rejected_message_repeats_its_change() {
        for (int i = 0; i < 6; i++) {
            subscribe("contoso", "s" + i, ChangeType.CREATED);
        }
        TestChanges changes = new TestChanges();
        for (int i = 0; i < 4; i++) {
            changes.inserted(record("contoso", "call" + i, 1, "g1"));
        }
        queues.reject(entry -> entry.text("callRecordId").equals("call2"));

        StreamEvent.Response answer = changes.event().sendTo(function);

        assertThat(answer.failed()).containsExactly(number(2));
        assertThat(notifications())
                .extracting(entry -> entry.text("callRecordId"))
                .contains("call0", "call1")
                .doesNotContain("call2");
        assertThat(line(answer)).containsEntry("level", "ERROR").containsEntry("stoppedAt", number(2));
    }

    @Test
    void earlier_failure_of_two_queues_stops_the_batch() {
        subscribe("contoso", "a", ChangeType.CREATED);
        TestChanges changes = new TestChanges()
                .removed(record("contoso", "gone", 1, "g1"))
                .inserted(record("contoso", "call", 1, "g1"));

        queues.reject(entry -> entry.queue().equals("EndedGenerations"));
        assertThat(changes.event().sendTo(function).failed()).containsExactly(number(0));
        queues.reject(entry -> entry.queue().equals("Notifications"));
        assertThat(changes.event().sendTo(function).failed()).containsExactly(number(1));
        queues.reject(entry -> true);
        assertThat(changes.event().sendTo(function).failed()).containsExactly(number(0));
    }

    @Test
    void queue_fault_repeats_the_batch_from_the_first_relevant_change() {
        subscribe("contoso", "a", ChangeType.CREATED);
        StreamEvent event = new TestChanges()
                .inserted(item("contoso", "call", "g1#s#id#start#-"))
                .inserted(record("contoso", "call", 1, "g1"))
                .event();

        queues.down(true);
        assertThat(event.sendTo(function).failed()).containsExactly(number(1));
        queues.down(false);
        assertDone(event.sendTo(function));
        assertThat(notified()).containsExactly("a created call");
    }

    @Test
    void store_fault_repeats_the_change_after_the_earlier_ones_are_done() {
        subscribe("contoso", "a", ChangeType.CREATED);
        StreamEvent event = new TestChanges()
                .removed(record("contoso", "gone", 1, "g1", "g1", EARLIER))
                .inserted(record("contoso", "call", 1, "g1"))
                .inserted(record("down", "call", 1, "g1"))
                .event();

        StreamEvent.Response answer = event.sendTo(function(new InMemorySubscriptionStore() {
            @Override
            public synchronized List<Subscription> all(String tenant, Instant now) {
                if (tenant.equals("down")) {
                    throw new Unavailable(Dependency.DATABASE, true, "throttled");
                }
                return subscriptions.all(tenant, now);
            }
        }));

        assertThat(answer.failed()).containsExactly(number(2));
        assertThat(notified()).containsExactly("a created call");
        assertThat(sweeps()).containsExactly("gone g1");
    }

    @Test
    void unreadable_change_is_reported_after_the_earlier_ones_are_done() {
        subscribe("contoso", "a", ChangeType.CREATED);
        Map<String, Object> unreadable = new HashMap<>(record("contoso", "call", 1, "g1"));
        unreadable.remove("version");

        StreamEvent.Response answer = new TestChanges()
                .inserted(record("contoso", "call", 1, "g1"))
                .inserted(unreadable)
                .inserted(record("contoso", "later", 1, "g1"))
                .event()
                .sendTo(function);

        assertThat(answer.failed()).containsExactly(number(1));
        assertThat(notified()).containsExactly("a created call");
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
                .as("Lambda halves the batch until the change is alone")
                .hasMessageContaining(number(0));
    }

    @Test
    void missing_queue_variable_fails_the_start_and_is_named() {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.put("CALL_RECORDS_TABLE", "table");
        new NotifySubscribers(environment);

        for (String variable : List.of(
                "CALL_RECORDS_TABLE", "NOTIFICATIONS_QUEUE_URL", "ENDED_GENERATIONS_QUEUE_URL", "SESSION_EVENTS_BUS")) {
            Map<String, String> lacking = new HashMap<>(environment);
            lacking.remove(variable);
            assertThatThrownBy(() -> new NotifySubscribers(lacking)).hasMessageContaining(variable);
        }
    }

    private static Map<String, @Nullable Object> line(StreamEvent.Response answer) {
        assertThat(answer.log()).hasSize(1);
        return Json.readOwn(answer.log().getFirst());
    }
}
