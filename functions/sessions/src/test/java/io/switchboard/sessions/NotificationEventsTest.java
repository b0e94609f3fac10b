package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.json.Json;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferTimer;
import io.switchboard.offer.SenderId;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.replay.EventSchema;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.session.WrapUp;
import io.switchboard.session.store.DynamoDbOfferStore;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.session.store.NewOffer;
import io.switchboard.session.store.NewSession;
import io.switchboard.session.store.OfferStore;
import io.switchboard.session.store.OfferedSession;
import io.switchboard.session.store.TestOffers;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.EventBusServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The events and timers that changes of notifications cause, from the stream of a real table. */
final class NotificationEventsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final OfferedSession SESSION =
            (offer, owner) -> TestSessions.newSession(UUID.randomUUID().toString(), NOW);

    private static final EventSchema SCHEMA = new EventSchema("session-events");

    private final SessionStream stream = SessionStream.withTenPlaces();
    private final EventBusServer bus = new EventBusServer();
    private Instant clock = NOW;
    private boolean isUnavailable;
    private final OfferStore store = new DynamoDbOfferStore(
            new DynamoDb(stream.client()),
            stream.table,
            new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));

    private final PublishSessionEvents publish = new PublishSessionEvents(
            EventBridge.of(bus.environment()),
            SimpleQueue.of(bus.environment(), "NOTIFICATION_TIMERS_QUEUE_URL"),
            this::accept,
            Optional.empty(),
            ended -> {},
            LogLevel.INFO,
            () -> clock);

    private void accept(String tenant, String id, Instant now) {
        if (isUnavailable) {
            throw new Unavailable(Dependency.DATABASE, true, "throttled");
        }
        store.resolve(tenant, id, SESSION, now);
    }

    private List<OfferTimer> timers() {
        return bus.takeMessages().stream().map(OfferTimer::ofMessage).toList();
    }

    @AfterEach
    void close() {
        stream.close();
        bus.close();
    }

    private static SessionScope agent(String user) {
        return SessionScope.all(new Owner("contoso", user));
    }

    private String offered(Instant now, int timeout, String... users) {
        Offer offer = TestOffers.offer(
                UUID.randomUUID().toString(),
                now,
                TestOffers.content(timeout, false),
                new OfferStep(List.of(users), 60),
                List.of(new OfferStep(List.of("eve"), 30)));
        store.create("contoso", new NewOffer(offer, null, true), SESSION, now);
        return offer.id();
    }

    /** Returns an event as a rule's target receives it. */
    private static String onBus(EventBusServer.Entry event) {
        return Json.write(Map.of(
                "version", "0",
                "id", UUID.randomUUID().toString(),
                "detail-type", event.type(),
                "source", event.source(),
                "account", "123456789012",
                "time", NOW.toString(),
                "region", "eu-central-1",
                "resources", List.of(),
                "detail", event.detail()));
    }

    /** Publishes the changes since the last call, and returns the events of notifications. */
    private List<EventBusServer.Entry> published() {
        assertThat(stream.take().sendTo(publish).failed()).isEmpty();
        List<EventBusServer.Entry> events = new ArrayList<>(bus.take());
        for (EventBusServer.Entry event : events) {
            assertThat(SCHEMA.problemsOf(onBus(event))).as(event.type()).isEmpty();
        }
        events.removeIf(event -> !event.type().startsWith("Notification"));
        return events;
    }

    private List<String> summaries() {
        List<String> summaries = new ArrayList<>();
        for (EventBusServer.Entry event : published()) {
            summaries.add(event.type().substring("Notification".length()) + " " + event.text("userId")
                    + (event.detail().containsKey("state") ? " " + event.text("state") : ""));
        }
        summaries.sort(null);
        return summaries;
    }

    @Test
    void events_follow_a_notification_from_its_display_to_its_end() {
        String first = offered(NOW, 20, "ann", "bob");
        assertThat(summaries()).containsExactly("Displayed ann", "Displayed bob");
        String second = offered(NOW, 20, "ann");
        assertThat(summaries()).containsExactly("Queued ann");

        store.accept(agent("ann"), first, SESSION, NOW.plusSeconds(5));
        List<EventBusServer.Entry> accepted = published();
        assertThat(accepted.stream().map(EventBusServer.Entry::type))
                .containsExactlyInAnyOrder("NotificationDisplayed", "NotificationResolved", "NotificationResolved");
        for (EventBusServer.Entry event : accepted) {
            if (event.type().equals("NotificationDisplayed")) {
                assertThat(event.text("notificationId")).isEqualTo(second);
                assertThat(event.text("displayedDateTime"))
                        .isEqualTo(NOW.plusSeconds(5).toString());
            } else {
                assertThat(event.text("notificationId")).isEqualTo(first);
                assertThat(event.detail().get("isFinal")).isEqualTo(true);
                boolean isWinner = event.text("userId").equals("ann");
                assertThat(event.text("state")).isEqualTo(isWinner ? "accepted" : "cancelled");
                assertThat(event.detail().containsKey("sessionId")).isEqualTo(isWinner);
            }
        }

        store.reject(agent("ann"), second, null, NOW.plusSeconds(6));
        assertThat(summaries()).containsExactly("Resolved ann rejected");
    }

    @Test
    void time_out_is_reported_for_each_user_and_the_next_one_sees_the_notification() {
        String id = offered(NOW, 20, "ann");
        summaries();

        store.resolve("contoso", id, SESSION, NOW.plusSeconds(20));

        List<EventBusServer.Entry> events = published();
        assertThat(events.stream().map(event -> event.type() + " " + event.text("userId")))
                .containsExactlyInAnyOrder("NotificationResolved ann", "NotificationDisplayed eve");
        EventBusServer.Entry resolved = events.stream()
                .filter(event -> event.type().equals("NotificationResolved"))
                .findFirst()
                .orElseThrow();
        assertThat(resolved.text("responseReason")).isEqualTo("DisplayTimeout");
        assertThat(resolved.detail().get("isFinal")).isEqualTo(false);
    }

    @Test
    void repeated_change_has_the_same_event_ids() {
        offered(NOW, 20, "ann");
        var batch = stream.take();

        batch.sendTo(publish);
        List<String> ids =
                bus.take().stream().map(event -> event.text("eventId")).toList();
        batch.sendTo(publish);

        assertThat(bus.take().stream().map(event -> event.text("eventId"))).containsExactlyElementsOf(ids);
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void timers_are_started_for_the_end_of_the_displayed_and_the_deadlines_of_the_others() {
        String first = offered(NOW, 20, "ann");
        String second = offered(NOW, 0, "ann");
        published();
        assertThat(timers()).containsExactlyInAnyOrder(timer(first, 20), timer(second, 60));

        store.reject(agent("ann"), first, null, NOW.plusSeconds(1));
        published();

        // The next attempt of the first one must reach its desk; the second one is displayed, with the same end.
        assertThat(timers()).containsExactly(timer(first, 1));
    }

    @Test
    void timer_is_started_for_the_deadline_of_a_wrap_up_and_again_on_another_desk() {
        DynamoDbSessionStore sessions = new DynamoDbSessionStore(
                new DynamoDb(stream.client()),
                stream.table,
                new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
        String id = UUID.randomUUID().toString();
        Session session = TestSessions.session(id, NOW)
                .withWrapUp(WrapUp.of(new WrapUp.Rules(false, 60, List.of("solved"), null)));
        sessions.create(new Owner("contoso", "ann"), new NewSession(session, true, null), NOW);
        published();
        assertThat(timers()).isEmpty();

        sessions.close(agent("ann"), id, Precondition.NONE, NOW);
        published();
        assertThat(timers()).containsExactly(new OfferTimer("contoso", "ann", id, NOW.plusSeconds(60)));

        sessions.change(
                agent("ann"), id, Precondition.NONE, before -> before.session().next(NOW), NOW);
        published();
        assertThat(timers()).isEmpty();

        sessions.handOver(agent("ann"), id, "bob", true, Precondition.NONE, NOW);
        published();
        assertThat(timers()).containsExactly(new OfferTimer("contoso", "bob", id, NOW.plusSeconds(60)));

        sessions.close(new Owner("contoso", "bob"), id, NOW.plusSeconds(60));
        published();
        assertThat(timers()).isEmpty();
    }

    @Test
    void timer_is_started_when_another_user_accepts_and_the_next_one_is_displayed() {
        String first = offered(NOW, 50, "ann", "bob");
        String second = offered(NOW, 10, "bob");
        published();
        timers();

        store.accept(agent("ann"), first, SESSION, NOW.plusSeconds(5));
        published();

        assertThat(timers()).containsExactly(timer(second, 15));
    }

    @Test
    void change_is_repeated_if_its_timers_were_not_sent() {
        offered(NOW, 20, "ann");
        String second = offered(NOW, 20, "ann");
        var batch = stream.take();

        bus.refuseMessages(true);
        assertThat(batch.sendTo(publish).failed()).hasSize(1);
        assertThat(timers()).isEmpty();
        bus.refuseMessages(false);
        assertThat(batch.sendTo(publish).failed()).isEmpty();
        assertThat(timers()).hasSize(2).contains(timer(second, 60));
    }

    private static OfferTimer timer(String id, int seconds) {
        return new OfferTimer("contoso", id, NOW.plusSeconds(seconds));
    }

    private String offeredAutomatically(String... users) {
        Offer offer = TestOffers.offer(
                UUID.randomUUID().toString(),
                NOW,
                TestOffers.content(0, true),
                new OfferStep(List.of(users), 60),
                List.of());
        store.create("contoso", new NewOffer(offer, null, true), SESSION, NOW);
        return offer.id();
    }

    @Test
    void queued_offer_is_accepted_automatically_when_its_turn_comes() {
        String first = offered(NOW, 20, "ann");
        String second = offeredAutomatically("ann");
        assertThat(summaries()).containsExactly("Displayed ann", "Queued ann");

        // The clock of this function may be behind the one of the request.
        store.reject(agent("ann"), first, null, NOW.plusSeconds(1));
        assertThat(summaries()).containsExactly("Displayed ann", "Resolved ann rejected");

        List<EventBusServer.Entry> accepted = published();
        assertThat(accepted.stream().map(EventBusServer.Entry::type)).containsExactly("NotificationResolved");
        assertThat(accepted.getFirst().text("notificationId")).isEqualTo(second);
        assertThat(accepted.getFirst().text("actionName")).isEqualTo("AutoAccept");
        assertThat(stream.store.desk(agent("ann").owner(), NOW.plusSeconds(1)).open())
                .hasSize(1);
    }

    @Test
    void queued_offer_is_accepted_automatically_after_a_time_out_and_after_another_user_accepted() {
        String first = offered(NOW, 20, "ann");
        String other = offered(NOW, 50, "bob", "carl");
        String second = offeredAutomatically("ann", "bob");
        String third = offeredAutomatically("bob");
        published();

        clock = NOW.plusSeconds(20);
        store.resolve("contoso", first, SESSION, clock);
        published();
        assertThat(state(second)).isEqualTo("accepted");
        assertThat(state(third)).isEqualTo("queued");

        store.accept(agent("carl"), other, SESSION, clock);
        published();
        assertThat(state(third)).isEqualTo("accepted");
    }

    private String state(String id) {
        return store.readAll("contoso", id, clock).orElseThrow().state().text();
    }

    @Test
    void change_is_repeated_if_its_offer_cannot_be_accepted_now() {
        String first = offered(NOW, 20, "ann");
        String second = offeredAutomatically("ann");
        published();
        store.reject(agent("ann"), first, null, NOW);
        var batch = stream.take();

        isUnavailable = true;
        assertThat(batch.sendTo(publish).failed()).hasSize(1);
        assertThat(state(second)).isEqualTo("displayed");
        isUnavailable = false;
        assertThat(batch.sendTo(publish).failed()).isEmpty();
        assertThat(state(second)).isEqualTo("accepted");
    }

    @Test
    void lists_of_senders_cause_no_events() {
        store.create(
                "contoso",
                new NewOffer(TestOffers.offer(UUID.randomUUID().toString(), NOW, 60, List.of("ann")), null, true),
                SESSION,
                NOW);
        store.cancelAll("contoso", new SenderId("router", null), "t-1", NOW);

        assertThat(summaries()).containsExactly("Displayed ann", "Resolved ann cancelled");
    }
}
