package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.callrecords.notifications.EndedGeneration;
import io.switchboard.callrecords.notifications.InMemorySubscriptionStore;
import io.switchboard.callrecords.notifications.SubscriptionStatus;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.callrecords.notifications.TestSubscriptions;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.json.Json;
import io.switchboard.offer.OfferTimer;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.replay.QueueEvent;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the handling of queued ended generations and of timers. The store's own tests cover the sweep of a table. */
final class SweepCallRecordsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final QueueServer queues = new QueueServer();
    private final List<String> swept = new ArrayList<>();
    private final List<String> resolved = new ArrayList<>();
    private final SubscriptionStore subscriptions = new InMemorySubscriptionStore();
    private final SweepCallRecords function = new SweepCallRecords(
            this::sweep,
            subscriptions,
            this::resolve,
            this::expire,
            this::closeSession,
            queues.environment(),
            InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        queues.close();
    }

    private void closeSession(Owner owner, String id, Instant now) {
        assertThat(now).isEqualTo(NOW);
        resolved.add(owner.tenant() + " " + owner.user() + " " + id);
    }

    private boolean sweep(CallRecordKey key, String generation, Instant now) {
        assertThat(now).isEqualTo(NOW);
        swept.add(key.tenant() + " " + key.id() + " " + generation);
        if (generation.equals("down")) {
            throw new Unavailable(Dependency.DATABASE, true, "throttled");
        }
        return !generation.equals("large");
    }

    private void resolve(String tenant, String id, Instant now) {
        resolved.add(tenant + " " + id);
        if (id.equals("down")) {
            throw new Unavailable(Dependency.DATABASE, true, "throttled");
        }
    }

    /** A presence that was renewed for a minute, except that of the user "gone". */
    private Optional<PresenceTimer> expire(PresenceTimer timer, Instant now) {
        resolved.add("presence of " + timer.userId());
        if (timer.userId().equals("down")) {
            throw new Unavailable(Dependency.DATABASE, true, "throttled");
        }
        return timer.userId().equals("gone") ? Optional.empty() : Optional.of(timer.dueAt(now.plusSeconds(60)));
    }

    private static String message(String generation) {
        return new EndedGeneration(new CallRecordKey("contoso", "call #1"), generation).toMessage();
    }

    private static Map<String, @Nullable Object> line(QueueEvent.Response answer) {
        assertThat(answer.log()).hasSize(1);
        return Json.readOwn(answer.log().getFirst());
    }

    @Test
    void ended_generation_is_swept() {
        QueueEvent.Response answer = QueueEvent.of(message("g1"), message("g2")).sendTo(function);

        assertThat(answer.failed()).isEmpty();
        assertThat(swept).containsExactly("contoso call #1 g1", "contoso call #1 g2");
        assertThat(queues.requests()).isEmpty();
        assertThat(line(answer)).containsEntry("GenerationsSwept", 2).containsEntry("level", "INFO");
    }

    @Test
    void unfinished_sweep_is_retried_at_once() {
        QueueEvent.Response answer =
                QueueEvent.of(message("large"), message("g1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(queues.postponed()).hasSize(1);
        assertThat(queues.postponed().getFirst().queue()).isEqualTo("EndedGenerations");
        assertThat(queues.postponed().getFirst().receiptHandle()).isEqualTo("receipt-0");
        assertThat(queues.postponed().getFirst().seconds()).isBetween(0, 5);
        assertThat(line(answer))
                .containsEntry("GenerationsSwept", 1)
                .containsEntry("level", "WARN")
                .doesNotContainKey("fault");
    }

    @Test
    void store_fault_leaves_the_retry_to_the_queue() {
        QueueEvent.Response answer =
                QueueEvent.of(message("down"), message("g1")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(swept).hasSize(2);
        assertThat(queues.postponed()).isEmpty();
        assertThat(line(answer)).containsEntry("level", "ERROR").containsKey("fault");
    }

    @Test
    void queue_fault_loses_no_message() {
        queues.down(true);

        QueueEvent.Response answer = QueueEvent.of(message("large")).sendTo(function);

        assertThat(answer.failed()).containsExactly("0");
        assertThat(line(answer)).containsEntry("level", "ERROR");
    }

    private static String timer(Instant expires, String next) {
        return Json.write(
                Map.of("tenant", "contoso", "subscriptionId", "s1", "expires", expires.toString(), "next", next));
    }

    /** Creates a subscription that ends in this many minutes, and returns its expiry. */
    private Instant expiringIn(int minutes) {
        Instant expires = NOW.plus(Duration.ofMinutes(minutes));
        subscriptions.create(TestSubscriptions.of("contoso", "s1", NOW).expiring(expires), null, NOW.minusSeconds(1));
        return expires;
    }

    private void deliver(String timer) {
        QueueEvent.Response answer = QueueEvent.of(timer).sendTo(function);
        assertThat(answer.failed()).isEmpty();
        assertThat(line(answer)).containsEntry("level", "INFO");
    }

    private List<String> lifecycleEvents() {
        return queues.take("Notifications").stream()
                .map(entry -> entry.text("subscriptionId") + " " + entry.text("lifecycleEvent"))
                .toList();
    }

    /** Returns the timers that were sent: the seconds of their delay, and their next event. */
    private List<String> timers() {
        return queues.take("EndedGenerations").stream()
                .map(entry -> entry.delay() + " " + entry.text("next"))
                .toList();
    }

    @Test
    void timer_is_sent_again_until_the_reminder_is_due() {
        Instant expires = expiringIn(120);
        deliver(timer(expires, "reauthorizationRequired"));
        assertThat(timers()).as("the longest delay of SQS").containsExactly("900 reauthorizationRequired");

        subscriptions.change(
                "contoso", TestSubscriptions.APPLICATION, "s1", found -> found.expiring(NOW.plusSeconds(1_801)), NOW);
        deliver(timer(NOW.plusSeconds(1_801), "reauthorizationRequired"));
        assertThat(timers()).containsExactly("1 reauthorizationRequired");
        assertThat(lifecycleEvents()).isEmpty();
    }

    @Test
    void reminder_is_queued_half_an_hour_before_the_expiry_and_the_timer_then_waits_for_the_expiry() {
        Instant expires = expiringIn(30);
        deliver(timer(expires, "reauthorizationRequired"));

        assertThat(lifecycleEvents()).containsExactly("s1 reauthorizationRequired");
        assertThat(timers()).containsExactly("900 subscriptionRemoved");
        deliver(timer(expires, "subscriptionRemoved"));
        assertThat(lifecycleEvents()).as("once before each expiry").isEmpty();
        assertThat(timers()).containsExactly("900 subscriptionRemoved");
    }

    @Test
    void expired_subscription_is_removed_and_its_timer_ends() {
        Instant expires = expiringIn(0);
        deliver(timer(expires, "subscriptionRemoved"));

        assertThat(lifecycleEvents()).containsExactly("s1 subscriptionRemoved");
        assertThat(timers()).isEmpty();
    }

    @Test
    void late_timer_causes_no_reminder_of_a_subscription_that_has_expired() {
        deliver(timer(expiringIn(-1), "reauthorizationRequired"));

        assertThat(lifecycleEvents()).containsExactly("s1 subscriptionRemoved");
        assertThat(timers()).isEmpty();
    }

    @Test
    void repeated_timer_queues_a_notification_with_the_same_id() {
        Instant expires = expiringIn(0);
        deliver(timer(expires, "subscriptionRemoved"));
        String first = queues.take("Notifications").getFirst().text("id");
        deliver(timer(expires, "subscriptionRemoved"));

        assertThat(queues.take("Notifications"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.text("id")).isEqualTo(first));
    }

    @Test
    void timer_of_a_renewed_deleted_or_removed_subscription_ends() {
        Instant expires = expiringIn(20);
        deliver(timer(expires.minusSeconds(1), "reauthorizationRequired"));
        subscriptions.change(
                "contoso",
                TestSubscriptions.APPLICATION,
                "s1",
                found -> found.with(new SubscriptionStatus(null, null, NOW)),
                NOW);
        deliver(timer(expires, "reauthorizationRequired"));
        deliver(timer(expires, "reauthorizationRequired").replace("s1", "deleted"));

        assertThat(lifecycleEvents()).isEmpty();
        assertThat(timers()).isEmpty();
    }

    @Test
    void timer_that_could_not_be_sent_again_is_delivered_again() {
        Instant expires = expiringIn(120);
        queues.down(true);

        assertThat(QueueEvent.of(timer(expires, "reauthorizationRequired"))
                        .sendTo(function)
                        .failed())
                .containsExactly("0");
        queues.down(false);
        assertThat(QueueEvent.of(timer(expires, "unknown")).sendTo(function).failed())
                .containsExactly("0");
    }

    @Test
    void unreadable_message_fails_alone() {
        QueueEvent.Response answer = QueueEvent.of("no json", "{\"tenant\":\"contoso\"}", message("g1"))
                .sendTo(function);

        assertThat(answer.failed()).containsExactly("0", "1");
        assertThat(swept).containsExactly("contoso call #1 g1");
    }

    @Test
    void offer_is_resolved_when_its_timer_is_due() {
        QueueEvent.Response answer = QueueEvent.of(
                        new OfferTimer("contoso", "o1", NOW).message(),
                        new OfferTimer("contoso", "down", NOW).message(),
                        new OfferTimer("contoso", "o2", NOW.minusSeconds(60)).message())
                .sendTo(function);

        assertThat(resolved).containsExactly("contoso o1", "contoso down", "contoso o2");
        assertThat(answer.failed()).containsExactly("1");
        assertThat(queues.requests()).isEmpty();
    }

    @Test
    void session_in_wrap_up_is_closed_when_its_timer_is_due_and_otherwise_waits() {
        OfferTimer later = new OfferTimer("contoso", "alice", "s2", NOW.plusSeconds(3_600));
        QueueEvent.of(new OfferTimer("contoso", "alice", "s1", NOW).message(), later.message())
                .sendTo(function);

        assertThat(resolved).containsExactly("contoso alice s1");
        assertThat(queues.take("EndedGenerations"))
                .extracting(entry -> entry.text("userId") + " " + entry.text("sessionId") + " " + entry.delay())
                .containsExactly("alice s2 900");
    }

    /** LocalStack accepts 901 seconds; AWS does not. */
    @Test
    void timer_of_an_offer_that_is_not_due_is_sent_again_for_at_most_fifteen_minutes() {
        OfferTimer soon = new OfferTimer("contoso", "o1", NOW.plusMillis(1_001));
        OfferTimer later = new OfferTimer("contoso", "o2", NOW.plusSeconds(3_600));

        QueueEvent.Response answer =
                QueueEvent.of(soon.message(), later.message()).sendTo(function);

        assertThat(answer.failed()).isEmpty();
        assertThat(resolved).isEmpty();
        assertThat(queues.take("EndedGenerations"))
                .extracting(entry -> entry.text("notificationId") + " " + entry.text("due") + " " + entry.delay())
                .containsExactly("o1 " + soon.due() + " 2", "o2 " + later.due() + " 900");
    }

    @Test
    void timer_of_a_presence_is_sent_again_while_the_presence_is_renewed() {
        QueueEvent.Response answer = QueueEvent.of(
                        new PresenceTimer("contoso", "ann", 1, NOW).message(),
                        new PresenceTimer("contoso", "gone", 2, NOW.minusSeconds(60)).message(),
                        new PresenceTimer("contoso", "down", 3, NOW).message(),
                        new PresenceTimer("contoso", "bob", 4, NOW.plusSeconds(3_600)).message())
                .sendTo(function);

        assertThat(answer.failed()).containsExactly("2");
        assertThat(resolved).containsExactly("presence of ann", "presence of gone", "presence of down");
        assertThat(queues.take("EndedGenerations"))
                .extracting(entry -> entry.text("presenceOf") + " " + entry.text("due") + " " + entry.delay())
                .containsExactly("ann " + NOW.plusSeconds(60) + " 60", "bob " + NOW.plusSeconds(3_600) + " 900");
    }

    @Test
    void missing_environment_variable_fails_the_start_and_is_named() {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.put("CALL_RECORDS_TABLE", "table");
        new SweepCallRecords(environment);

        for (String variable : List.of(
                "CALL_RECORDS_TABLE", "ENDED_GENERATIONS_QUEUE_URL", "NOTIFICATIONS_QUEUE_URL", "SESSIONS_TABLE")) {
            Map<String, String> lacking = new HashMap<>(environment);
            lacking.remove(variable);
            assertThatThrownBy(() -> new SweepCallRecords(lacking)).hasMessageContaining(variable);
        }
    }
}
