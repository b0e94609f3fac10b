package io.switchboard.callrecords;

import static io.switchboard.callrecords.notifications.EndpointServer.response;
import static io.switchboard.callrecords.notifications.EndpointServer.write;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.notifications.DynamoDbSubscriptionStore;
import io.switchboard.callrecords.notifications.EndpointServer;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.NotifySubscribers;
import io.switchboard.callrecords.notifications.SendNotifications;
import io.switchboard.callrecords.notifications.Subscription;
import io.switchboard.callrecords.notifications.SubscriptionStatus;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.callrecords.notifications.TestSubscriptions;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.replay.QueueEvent;
import io.switchboard.replay.TableStream;
import io.switchboard.storage.Keys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests the life of a subscription over days of a simulated clock: the store, the table's stream, the timers in their
 * queue, and the notifications at its lifecycle endpoint.
 */
final class SubscriptionLifecycleTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String APPLICATION = TestSubscriptions.APPLICATION;

    private final DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
    private final String table = TestTables.callRecords(client);
    private final TableStream stream = new TableStream(client, table);
    private final QueueServer queues = new QueueServer();
    private final EndpointServer endpoint = EndpointServer.plain();
    private final Map<String, String> environment = queues.environmentOf(table);
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final InstantSource time = clock::get;
    private final SubscriptionStore store = new DynamoDbSubscriptionStore(new DynamoDb(client), table);
    private final NotifySubscribers notify =
            new NotifySubscribers(store, SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL"), environment, time);
    private final SendNotifications send =
            new SendNotifications(store, NotificationSender.of(environment), environment, time);
    private final SweepCallRecords sweep = new SweepCallRecords(
            SubscriptionLifecycleTest::noSweep,
            store,
            (tenant, id, now) -> {},
            (timer, now) -> Optional.empty(),
            (owner, id, now) -> {},
            environment,
            time);
    /** The timers that wait in their queue, with the times of their delivery. */
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();

    private record Waiting(Instant until, String message) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return until.compareTo(other.until);
        }
    }

    @AfterEach
    void close() {
        stream.close();
        client.close();
        queues.close();
        endpoint.close();
    }

    private static boolean noSweep(CallRecordKey record, String generation, Instant now) {
        throw new AssertionError("No call record was stored");
    }

    private Subscription subscribe(String id, Duration life) {
        Subscription subscription = TestSubscriptions.of(
                        "contoso", id, NOW, endpoint.url("/notify"), endpoint.url("/lifecycle"))
                .expiring(clock.get().plus(life));
        store.create(subscription, null, clock.get());
        return subscription;
    }

    private void renew(String id, Instant expires) {
        store.change("contoso", APPLICATION, id, found -> found.expiring(expires), clock.get());
    }

    /** Handles the changes of the table and all messages that are due until this time. */
    private void passUntil(Instant end) {
        handleChanges();
        while (!waiting.isEmpty() && !waiting.element().until.isAfter(end)) {
            Waiting next = waiting.remove();
            clock.set(next.until);
            assertThat(QueueEvent.of(next.message).sendTo(sweep).failed()).isEmpty();
            handleChanges();
        }
        clock.set(end);
    }

    private void handleChanges() {
        assertThat(stream.take().sendTo(notify).failed()).isEmpty();
        queues.take("EndedGenerations")
                .forEach(entry -> waiting.add(
                        new Waiting(clock.get().plusSeconds(requireNonNull(entry.delay())), Json.write(entry.body()))));
        for (QueueServer.Entry entry : queues.take("Notifications")) {
            QueueEvent.of(Json.write(entry.body())).sendTo(send);
        }
    }

    /** Returns the lifecycle notifications since the last call. */
    private List<String> received() {
        List<String> texts = new ArrayList<>();
        for (EndpointServer.Received received : endpoint.received()) {
            assertThat(received.target()).isEqualTo("/lifecycle");
            Map<?, ?> value = (Map<?, ?>) requireNonNull(
                    ((List<?>) requireNonNull(Json.readOwn(received.body()).get("value"))).getFirst());
            texts.add(value.get("subscriptionId") + " " + value.get("lifecycleEvent") + " until "
                    + value.get("subscriptionExpirationDateTime"));
        }
        return texts;
    }

    @Test
    void longest_subscription_is_reminded_once_and_removed_once() {
        subscribe("s1", Subscription.LONGEST_LIFE);
        Instant expires = NOW.plus(Subscription.LONGEST_LIFE);

        passUntil(expires.minus(Duration.ofMinutes(30)).minusSeconds(1));
        assertThat(received()).isEmpty();
        passUntil(expires.minus(Duration.ofMinutes(30)));
        assertThat(received()).containsExactly("s1 reauthorizationRequired until " + expires);
        passUntil(expires.minusSeconds(1));
        assertThat(received()).hasSize(1);
        passUntil(expires.plus(Duration.ofDays(10)));

        assertThat(received())
                .containsExactly(
                        "s1 reauthorizationRequired until " + expires, "s1 subscriptionRemoved until " + expires);
        assertThat(waiting).isEmpty();
    }

    @Test
    void shortest_subscription_is_reminded_before_it_is_removed() {
        Instant expires = subscribe("s1", Subscription.SHORTEST_LIFE).expires();

        passUntil(expires);

        assertThat(received())
                .containsExactly(
                        "s1 reauthorizationRequired until " + expires, "s1 subscriptionRemoved until " + expires);
    }

    @Test
    void renewed_subscription_is_reminded_before_each_expiry_and_removed_after_the_last() {
        Instant first = subscribe("s1", Duration.ofHours(1)).expires();
        passUntil(first.minus(Duration.ofMinutes(10)));
        Instant second = clock.get().plus(Duration.ofHours(2));
        renew("s1", second);
        passUntil(clock.get().plus(Duration.ofMinutes(1)));
        Instant third = clock.get().plus(Duration.ofHours(3));
        renew("s1", third);

        passUntil(third.plus(Duration.ofDays(1)));

        assertThat(received())
                .as("it was renewed again before the second reminder")
                .containsExactly(
                        "s1 reauthorizationRequired until " + first,
                        "s1 reauthorizationRequired until " + third,
                        "s1 subscriptionRemoved until " + third);
        assertThat(waiting).isEmpty();
    }

    @Test
    void deletion_by_its_creator_is_silent_and_ends_the_timer() {
        subscribe("s1", Duration.ofHours(1));
        passUntil(NOW.plusSeconds(60));

        assertThat(store.delete("contoso", APPLICATION, "s1", clock.get())).isTrue();
        passUntil(NOW.plus(Duration.ofDays(1)));

        assertThat(received()).isEmpty();
        assertThat(waiting).isEmpty();
    }

    @Test
    void removal_by_another_user_is_reported_once() {
        Instant expires = subscribe("s1", Duration.ofHours(1)).expires();
        passUntil(NOW.plusSeconds(60));

        store.change(
                "contoso",
                APPLICATION,
                "s1",
                found -> found.with(new SubscriptionStatus(null, null, clock.get())),
                clock.get());
        passUntil(NOW.plus(Duration.ofDays(1)));

        assertThat(received()).containsExactly("s1 subscriptionRemoved until " + expires);
        assertThat(waiting).isEmpty();
    }

    /** The guide for operators has this update. */
    @Test
    void operator_removes_a_subscription_by_an_update_of_its_item() {
        Instant expires = subscribe("s1", Duration.ofHours(1)).expires();
        passUntil(NOW.plusSeconds(60));

        client.updateItem(request -> request.tableName(table)
                .key(Map.of(
                        "record", AttributeValue.fromS(Keys.join("contoso")),
                        "key", AttributeValue.fromS("SUBSCRIPTION#s1")))
                .updateExpression("SET removedAt = :now")
                .expressionAttributeValues(Map.of(":now", AttributeValue.fromN("1795255260"))));
        passUntil(NOW.plusSeconds(120));

        assertThat(received()).containsExactly("s1 subscriptionRemoved until " + expires);
        assertThat(store.read("contoso", "s1", clock.get())).isEmpty();
    }

    @Test
    void item_of_an_ended_subscription_outlives_all_attempts_for_its_last_notification() {
        Instant expires = subscribe("s1", Duration.ofHours(1)).expires();

        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(table)
                        .key(Map.of(
                                "record", AttributeValue.fromS(Keys.join("contoso")),
                                "key", AttributeValue.fromS("SUBSCRIPTION#s1"))))
                .item();
        long kept = Long.parseLong(requireNonNull(item.get("expiresAt")).n());

        assertThat(Duration.between(expires, Instant.ofEpochSecond(kept))).isGreaterThan(Duration.ofHours(5));
    }

    @Test
    void failing_endpoint_is_suspended_and_its_lifecycle_endpoint_is_notified() {
        subscribe("s1", Subscription.LONGEST_LIFE);
        handleChanges();
        endpoint.behave((request, output) ->
                write(output, response(request.target().equals("/lifecycle") ? 202 : 500, "", "")));
        String message = """
                {"id":"n-1","tenant":"contoso","subscriptionId":"s1","changeType":"updated","callRecordId":"call"}""";
        QueueEvent.again(2, message).sendTo(send);
        clock.set(NOW.plus(Duration.ofHours(4)));

        QueueEvent.again(3, message).sendTo(send);
        handleChanges();

        assertThat(store.read("contoso", "s1", clock.get()).orElseThrow().status())
                .isEqualTo(new SubscriptionStatus(NOW, clock.get(), null));
        assertThat(endpoint.received().getLast().body())
                .contains("\"lifecycleEvent\":\"missed\"", "\"@switchboard.suspendedDateTime\"");
    }
}
