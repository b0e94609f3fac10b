package io.switchboard.callrecords.notifications;

import static io.switchboard.callrecords.notifications.EndpointServer.response;
import static io.switchboard.callrecords.notifications.EndpointServer.write;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.callrecords.QueueServer;
import io.switchboard.json.Json;
import io.switchboard.replay.QueueEvent;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the handling of queued notifications; the queue and the endpoints are real servers. */
final class SendNotificationsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final QueueServer queues = new QueueServer();
    private final EndpointServer endpoint = EndpointServer.plain();
    private final InMemorySubscriptionStore subscriptions = new InMemorySubscriptionStore();
    private final SendNotifications function = function(subscriptions, Map.of("PRIVATE_NOTIFICATION_URLS", "true"));

    @AfterEach
    void close() {
        queues.close();
        endpoint.close();
    }

    private SendNotifications function(InMemorySubscriptionStore store, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.putAll(settings);
        return new SendNotifications(store, NotificationSender.of(environment), environment, InstantSource.fixed(NOW));
    }

    private void subscribe(String id, String url, @Nullable String lifecycleUrl) {
        Subscription some = TestSubscriptions.of("contoso", id, NOW);
        Subscription subscription = new Subscription(
                "contoso",
                id,
                some.application(),
                some.creator(),
                some.resource(),
                some.changeTypes(),
                url,
                lifecycleUrl,
                some.clientState(),
                null,
                some.expires());
        subscriptions.create(subscription, null, NOW);
    }

    private static String message(String subscription) {
        return new ChangeNotification("n-1", "contoso", subscription, ChangeType.UPDATED, "call #1").toMessage();
    }

    private static Map<String, @Nullable Object> line(QueueEvent.Response answer) {
        assertThat(answer.log()).hasSize(1);
        return Json.readOwn(answer.log().getFirst());
    }

    private static Map<?, ?> only(EndpointServer.Received received) {
        List<?> value = (List<?>) requireNonNull(Json.readOwn(received.body()).get("value"));
        assertThat(value).hasSize(1);
        return (Map<?, ?>) requireNonNull(value.getFirst());
    }

    @Test
    void endpoint_receives_graphs_payload() {
        subscribe("s1", endpoint.url("/notify"), null);

        QueueEvent.Response answer = QueueEvent.of(message("s1")).sendTo(function);

        assertThat(answer.failed()).isEmpty();
        assertThat(endpoint.received()).hasSize(1);
        assertThat(endpoint.received().getFirst().target()).isEqualTo("/notify");
        assertThat(only(endpoint.received().getFirst()))
                .isEqualTo(Map.of(
                        "id", "n-1",
                        "subscriptionId", "s1",
                        "clientState", "state #%é😀",
                        "changeType", "updated",
                        "resource", "communications/callRecords/call%20%231",
                        "subscriptionExpirationDateTime", "2026-11-21T11:00:00Z",
                        "tenantId", "contoso",
                        "resourceData",
                                Map.of(
                                        "@odata.type", "#Microsoft.Graph.callrecord",
                                        "@odata.id", "communications/callRecords/call%20%231",
                                        "id", "call #1")));
        assertThat(queues.requests()).isEmpty();
        assertThat(line(answer)).containsEntry("NotificationsSent", 1).containsEntry("level", "INFO");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void any_2xx_status_completes_the_notification(int status) {
        subscribe("s1", endpoint.url("/"), null);
        endpoint.behave((request, output) -> write(output, response(status, "", "")));

        assertThat(QueueEvent.of(message("s1")).sendTo(function).failed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 410, 429, 500, 503})
    void every_other_status_is_retried(int status) {
        subscribe("s1", endpoint.url("/"), endpoint.url("/lifecycle"));
        endpoint.behave((request, output) -> write(output, response(status, "", "")));

        QueueEvent.Response answer = QueueEvent.of(message("s1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(endpoint.received()).hasSize(1);
        assertThat(line(answer))
                .containsEntry("level", "WARN")
                .containsEntry("NotificationsFailed", 1)
                .containsEntry("notificationFaults", List.of(String.valueOf(status)))
                .doesNotContainKeys("NotificationsSent", "NotificationsGivenUp", "fault");
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 12", "2, 16, 24", "5, 128, 192", "9, 1440, 1800", "14, 1440, 1800"})
    void retries_have_growing_pauses(int receiveCount, int least, int most) {
        subscribe("s1", endpoint.url("/"), null);
        endpoint.behave((request, output) -> write(output, response(500, "", "")));

        QueueEvent.again(receiveCount, message("s1")).sendTo(function);

        assertThat(queues.postponed()).hasSize(1);
        QueueServer.Postponed postponed = queues.postponed().getFirst();
        assertThat(postponed.queue()).isEqualTo("Notifications");
        assertThat(postponed.receiptHandle()).isEqualTo("receipt-0");
        assertThat(postponed.seconds()).isBetween(least, most);
        assertThat(queues.requests())
                .containsExactly("AmazonSQS.ChangeMessageVisibility application/x-amz-json-1.0 AWS4-HMAC-SHA256");
    }

    @Test
    void notification_of_an_ended_subscription_is_dropped() {
        subscribe("s1", endpoint.url("/"), null);
        subscriptions.delete("contoso", TestSubscriptions.APPLICATION, "s1", NOW);
        subscriptions.create(
                TestSubscriptions.of("contoso", "s2", NOW).expiring(NOW).notifying(endpoint.url("/")), null, NOW);

        assertThat(QueueEvent.of(message("s1"), message("s2"), message("never"))
                        .sendTo(function)
                        .failed())
                .isEmpty();
        assertThat(endpoint.received()).isEmpty();
    }

    /** Returns the lifecycle notifications that were queued. */
    private List<String> queued() {
        return queues.take("Notifications").stream()
                .map(entry -> entry.text("subscriptionId") + " " + entry.text("lifecycleEvent"))
                .toList();
    }

    private static String lifecycle(String subscription, LifecycleEvent event, Instant expires) {
        return new LifecycleNotification("l-1", "contoso", subscription, event, expires).toMessage();
    }

    @Test
    void failed_last_attempt_queues_missed_for_the_lifecycle_endpoint() {
        subscribe("s1", endpoint.url("/notify"), endpoint.url("/lifecycle"));
        endpoint.behave((request, output) ->
                write(output, response(request.target().equals("/lifecycle") ? 202 : 500, "", "")));

        QueueEvent.again(14, message("s1")).sendTo(function);
        assertThat(queued()).isEmpty();
        QueueEvent.Response answer = QueueEvent.again(15, message("s1")).sendTo(function);

        assertThat(answer.failed()).as("it goes to the dead-letter queue").containsExactly("0");
        assertThat(queues.postponed().getLast().seconds()).isZero();
        assertThat(line(answer)).containsEntry("NotificationsGivenUp", 1).containsEntry("NotificationsFailed", 1);
        List<QueueServer.Entry> missed = queues.take("Notifications");
        assertThat(missed).hasSize(1);
        QueueEvent.again(15, message("s1")).sendTo(function);
        assertThat(queues.take("Notifications").getFirst().text("id"))
                .as("a repetition has the same id")
                .isEqualTo(missed.getFirst().text("id"));

        QueueEvent.of(Json.write(missed.getFirst().body())).sendTo(function);

        assertThat(endpoint.received().getLast().target()).isEqualTo("/lifecycle");
        assertThat(only(endpoint.received().getLast()))
                .isEqualTo(Map.of(
                        "id", missed.getFirst().text("id"),
                        "subscriptionId", "s1",
                        "clientState", "state #%é😀",
                        "subscriptionExpirationDateTime", "2026-11-21T11:00:00Z",
                        "tenantId", "contoso",
                        "lifecycleEvent", "missed"));
    }

    @Test
    void attempts_are_configurable_and_several_misses_cause_one_lifecycle_notification() {
        subscribe("s1", endpoint.url("/notify"), endpoint.url("/lifecycle"));
        subscribe("s2", endpoint.url("/notify"), null);
        endpoint.behave((request, output) -> write(output, response(500, "", "")));
        SendNotifications three =
                function(subscriptions, Map.of("PRIVATE_NOTIFICATION_URLS", "true", "NOTIFICATION_ATTEMPTS", "3"));

        QueueEvent.Response answer = new QueueEvent(List.of(
                        new QueueEvent.Message("a", 3, message("s1")),
                        new QueueEvent.Message("b", 4, message("s1")),
                        new QueueEvent.Message("c", 3, message("s2")),
                        new QueueEvent.Message("d", 2, message("s1"))))
                .sendTo(three);

        assertThat(answer.failed()).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(queued()).containsExactly("s1 missed");
        assertThat(line(answer)).containsEntry("NotificationsGivenUp", 3).containsEntry("NotificationsFailed", 4);
    }

    @Test
    void lifecycle_notification_is_retried_like_others_and_its_end_is_not_reported() {
        subscribe("s1", endpoint.url("/notify"), endpoint.url("/lifecycle"));
        endpoint.behave((request, output) -> write(output, response(500, "", "")));
        String missed = lifecycle("s1", LifecycleEvent.MISSED, NOW);

        assertThat(QueueEvent.again(3, missed).sendTo(function).failed()).containsExactly("0");
        assertThat(queues.postponed().getLast().seconds()).isBetween(32, 48);
        assertThat(QueueEvent.again(15, missed).sendTo(function).failed()).containsExactly("0");

        assertThat(endpoint.received())
                .extracting(EndpointServer.Received::target)
                .containsExactly("/lifecycle", "/lifecycle");
        assertThat(queued()).isEmpty();
        assertThat(subscriptions.read("contoso", "s1", NOW).orElseThrow().status())
                .as("only the endpoint for changes can be suspended")
                .isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void reminder_goes_out_unless_the_subscription_was_renewed_or_has_ended() {
        subscribe("s1", endpoint.url("/notify"), endpoint.url("/lifecycle"));
        subscribe("bare", endpoint.url("/notify"), null);
        Instant expires = NOW.plus(Duration.ofHours(1));

        assertThat(QueueEvent.of(
                                lifecycle("s1", LifecycleEvent.REAUTHORIZATION_REQUIRED, expires.minusSeconds(1)),
                                lifecycle("never", LifecycleEvent.REAUTHORIZATION_REQUIRED, expires),
                                lifecycle("bare", LifecycleEvent.REAUTHORIZATION_REQUIRED, expires))
                        .sendTo(function)
                        .failed())
                .isEmpty();
        assertThat(endpoint.received()).isEmpty();

        QueueEvent.of(lifecycle("s1", LifecycleEvent.REAUTHORIZATION_REQUIRED, expires))
                .sendTo(function);
        assertThat(only(endpoint.received().getFirst()))
                .isEqualTo(Map.of(
                        "id", "l-1",
                        "subscriptionId", "s1",
                        "clientState", "state #%é😀",
                        "subscriptionExpirationDateTime", "2026-11-21T11:00:00Z",
                        "tenantId", "contoso",
                        "lifecycleEvent", "reauthorizationRequired"));
    }

    @Test
    void expired_and_removed_subscriptions_are_reported_and_deleted_ones_are_not() {
        for (String id : List.of("expired", "removed", "deleted")) {
            subscribe(id, endpoint.url("/notify"), endpoint.url("/" + id));
        }
        subscriptions.change("contoso", TestSubscriptions.APPLICATION, "expired", found -> found.expiring(NOW), NOW);
        subscriptions.change(
                "contoso",
                TestSubscriptions.APPLICATION,
                "removed",
                found -> found.with(new SubscriptionStatus(null, null, NOW)),
                NOW);
        subscriptions.delete("contoso", TestSubscriptions.APPLICATION, "deleted", NOW);

        for (String id : List.of("expired", "removed", "deleted")) {
            QueueEvent.of(lifecycle(id, LifecycleEvent.SUBSCRIPTION_REMOVED, NOW))
                    .sendTo(function);
        }

        assertThat(endpoint.received())
                .extracting(EndpointServer.Received::target)
                .containsExactly("/expired", "/removed");
    }

    private SubscriptionStatus status() {
        return subscriptions.read("contoso", "s1", NOW).orElseThrow().status();
    }

    private void failing(Instant since) {
        subscriptions.change(
                "contoso",
                TestSubscriptions.APPLICATION,
                "s1",
                found -> found.with(new SubscriptionStatus(since, null, null)),
                NOW);
    }

    @Test
    void endpoint_that_fails_for_four_hours_is_suspended_and_reported_once() {
        subscribe("s1", endpoint.url("/notify"), endpoint.url("/lifecycle"));
        endpoint.behave((request, output) -> write(output, response(500, "", "")));
        Instant since = NOW.minus(Duration.ofHours(4));

        QueueEvent.of(message("s1")).sendTo(function);
        assertThat(status()).as("a first failure is not stored").isEqualTo(SubscriptionStatus.ACTIVE);
        QueueEvent.again(2, message("s1")).sendTo(function);
        assertThat(status()).isEqualTo(new SubscriptionStatus(NOW, null, null));
        failing(since.plusSeconds(1));
        QueueEvent.again(15, message("s1")).sendTo(function);
        assertThat(status().suspendedAt()).isNull();
        assertThat(queued()).as("the notification that was given up").containsExactly("s1 missed");

        failing(since);
        QueueEvent.Response answer = QueueEvent.again(3, message("s1")).sendTo(function);

        assertThat(status()).isEqualTo(new SubscriptionStatus(since, NOW, null));
        assertThat(line(answer)).containsEntry("SubscriptionsSuspended", 1);
        List<QueueServer.Entry> queued = queues.take("Notifications");
        assertThat(queued).extracting(entry -> entry.text("lifecycleEvent")).containsExactly("missed");
        int before = endpoint.received().size();
        assertThat(QueueEvent.again(4, message("s1")).sendTo(function).failed())
                .as("its waiting notifications are dropped")
                .isEmpty();
        assertThat(endpoint.received()).hasSize(before);
        QueueEvent.of(Json.write(queued.getFirst().body())).sendTo(function);
        assertThat(only(endpoint.received().getLast()).get("@switchboard.suspendedDateTime"))
                .isEqualTo("2026-11-21T10:00:00Z");
    }

    @Test
    void endpoint_that_accepts_a_notification_has_recovered() {
        subscribe("s1", endpoint.url("/notify"), null);
        failing(NOW.minus(Duration.ofDays(1)));
        endpoint.behave((request, output) ->
                write(output, response(request.body().contains("\"n-2\"") ? 202 : 500, "", "")));

        new QueueEvent(List.of(
                        new QueueEvent.Message("a", 5, message("s1")),
                        new QueueEvent.Message("b", 1, message("s1").replace("n-1", "n-2"))))
                .sendTo(function);

        assertThat(status()).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void subscription_is_not_suspended_before_its_lifecycle_notification_is_queued() {
        subscribe("s1", endpoint.url("/notify"), endpoint.url("/lifecycle"));
        endpoint.behave((request, output) -> write(output, response(500, "", "")));
        failing(NOW.minus(Duration.ofHours(5)));
        queues.down(true);

        QueueEvent.Response answer = QueueEvent.again(3, message("s1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(line(answer)).containsEntry("level", "ERROR").containsKey("fault");
        assertThat(status().suspendedAt()).isNull();
    }

    @Test
    void batch_is_sent_concurrently_and_each_message_succeeds_or_fails_alone() {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            subscribe("s" + i, endpoint.url("/" + i), null);
            messages.add(message("s" + i));
        }
        CountDownLatch all = new CountDownLatch(10);
        endpoint.behave((request, output) -> {
            all.countDown();
            all.await();
            write(output, response(request.target().equals("/3") ? 503 : 202, "", ""));
        });

        QueueEvent.Response answer =
                QueueEvent.of(messages.toArray(String[]::new)).sendTo(function);

        assertThat(answer.failed()).containsExactly("3");
        assertThat(queues.postponed())
                .extracting(QueueServer.Postponed::receiptHandle)
                .containsExactly("receipt-3");
        assertThat(line(answer)).containsEntry("NotificationsSent", 9).containsEntry("NotificationsFailed", 1);
    }

    @Test
    void batch_larger_than_the_concurrency_limit_is_sent() {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            subscribe("s" + i, endpoint.url("/" + i), null);
            messages.add(message("s" + i));
        }

        assertThat(QueueEvent.of(messages.toArray(String[]::new))
                        .sendTo(function)
                        .failed())
                .isEmpty();
        assertThat(endpoint.received()).hasSize(25);
    }

    @Test
    void endpoint_slower_than_three_seconds_is_retried_and_logged() {
        CountDownLatch end = new CountDownLatch(1);
        subscribe("s1", endpoint.url("/"), null);
        endpoint.behave((request, output) -> end.await());
        long began = System.nanoTime();

        QueueEvent.Response answer = QueueEvent.of(message("s1")).sendTo(function, Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(answer.failed()).containsExactly("0");
        assertThat(line(answer)).containsEntry("notificationFaults", List.of("timeOut"));
        end.countDown();
    }

    /** The URL was stored while a setting allowed it, or its host name has resolved to it since then. */
    @Test
    void private_address_is_rejected_at_each_attempt() {
        subscribe("plain", endpoint.url("/"), null);
        subscribe("literal", "https://127.0.0.1:" + endpoint.port() + "/", null);
        subscribe("name", "https://localhost:" + endpoint.port() + "/", null);

        QueueEvent.Response answer = QueueEvent.of(message("plain"), message("literal"), message("name"))
                .sendTo(function(subscriptions, Map.of()));

        assertThat(answer.failed()).containsExactlyInAnyOrder("0", "1", "2");
        assertThat(endpoint.received()).isEmpty();
        assertThat(queues.postponed()).hasSize(3);
        assertThat(line(answer)).containsEntry("notificationFaults", List.of("address", "address", "address"));
    }

    @Test
    void unreadable_message_fails_alone() {
        subscribe("s1", endpoint.url("/"), null);

        QueueEvent.Response answer = QueueEvent.of(
                        "no json",
                        message("s1"),
                        "{}",
                        message("s1").replace("updated", "moved"),
                        message("s1").replace("\"tenant\"", "\"tenants\""))
                .sendTo(function);

        assertThat(answer.failed()).containsExactly("0", "2", "3", "4");
        assertThat(endpoint.received()).hasSize(1);
        assertThat(line(answer)).containsEntry("level", "ERROR").containsKey("fault");
        assertThat(answer.log().getFirst()).doesNotContain("no json");
    }

    @Test
    void store_fault_retries_the_messages() {
        subscribe("s1", endpoint.url("/"), null);
        SendNotifications throttled = function(
                new InMemorySubscriptionStore() {
                    @Override
                    public synchronized Optional<Subscription> read(String tenant, String id, Instant now) {
                        if (id.equals("down")) {
                            throw new Unavailable(Dependency.DATABASE, true, "throttled");
                        }
                        return subscriptions.read(tenant, id, now);
                    }
                },
                Map.of("PRIVATE_NOTIFICATION_URLS", "true"));

        QueueEvent.Response answer =
                QueueEvent.of(message("down"), message("s1")).sendTo(throttled);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(endpoint.received()).hasSize(1);
        assertThat(line(answer)).containsEntry("level", "ERROR");
    }

    @Test
    void failed_postponement_returns_the_message_to_the_queue() {
        subscribe("s1", endpoint.url("/"), null);
        endpoint.behave((request, output) -> write(output, response(500, "", "")));
        queues.down(true);

        QueueEvent.Response answer = QueueEvent.of(message("s1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(line(answer)).containsEntry("level", "ERROR").containsKey("fault");
    }

    @Test
    void log_contains_no_urls_or_payloads() {
        subscribe("s1", endpoint.url("/secret-path"), endpoint.url("/secret-lifecycle"));
        endpoint.behave((request, output) -> write(output, response(500, "text/plain", "secret-answer")));

        QueueEvent.Response answer = QueueEvent.again(15, message("s1")).sendTo(function);

        assertThat(answer.log().getFirst()).doesNotContain("secret", "127.0.0.1", "state", "call #1");
    }

    @Test
    void missing_environment_variable_fails_the_start_and_is_named() {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.put("CALL_RECORDS_TABLE", "table");
        new SendNotifications(environment);

        for (String variable : List.of("CALL_RECORDS_TABLE", "NOTIFICATIONS_QUEUE_URL")) {
            Map<String, String> lacking = new HashMap<>(environment);
            lacking.remove(variable);
            assertThatThrownBy(() -> new SendNotifications(lacking)).hasMessageContaining(variable);
        }
    }
}
