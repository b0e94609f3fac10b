package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.json.Json;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.replay.EventSchema;
import io.switchboard.replay.StreamEvent;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbPresenceStore;
import io.switchboard.session.store.PresenceDeadlines;
import io.switchboard.session.store.PresenceStore;
import io.switchboard.template.BasicState;
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

/** The events and timers that changes of presences cause, from the stream of a real table. */
final class PresenceEventsTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final Owner ANN = new Owner("contoso", "ann");
    private static final PresenceContent AVAILABLE =
            new PresenceContent(BasicState.AVAILABLE, "contoso_ready", "Hello");
    private static final PresenceContent BUSY = new PresenceContent(BasicState.BUSY, null, null);
    private static final EventSchema SCHEMA = new EventSchema("session-events");

    private final SessionStream stream = SessionStream.withTenPlaces();
    private final EventBusServer bus = new EventBusServer();
    private final PresenceStore store = new DynamoDbPresenceStore(
            new DynamoDb(stream.client()),
            stream.table,
            new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
    private final PresenceDeadlines deadlines =
            DynamoDbPresenceStore.deadlines(new DynamoDb(stream.client()), stream.table);
    private final PublishSessionEvents publish = new PublishSessionEvents(
            EventBridge.of(bus.environment()),
            SimpleQueue.of(bus.environment(), "NOTIFICATION_TIMERS_QUEUE_URL"),
            (tenant, id, now) -> {},
            Optional.empty(),
            ended -> {},
            LogLevel.INFO,
            () -> NOW);

    @AfterEach
    void close() {
        stream.close();
        bus.close();
    }

    private void set(PresenceContent content, int at) {
        set(content, 120, at);
    }

    private void set(PresenceContent content, int seconds, int at) {
        store.setPresence(ANN, content, Duration.ofSeconds(seconds), () -> {}, NOW.plusSeconds(at));
    }

    private List<EventBusServer.Entry> published() {
        return published(stream.take());
    }

    private List<EventBusServer.Entry> published(StreamEvent changes) {
        assertThat(changes.sendTo(publish).failed()).isEmpty();
        List<EventBusServer.Entry> events = new ArrayList<>(bus.take());
        for (EventBusServer.Entry event : events) {
            String text = Json.write(Map.of(
                    "version", "0",
                    "id", UUID.randomUUID().toString(),
                    "detail-type", event.type(),
                    "source", event.source(),
                    "account", "123456789012",
                    "time", NOW.toString(),
                    "region", "eu-central-1",
                    "resources", List.of(),
                    "detail", event.detail()));
            assertThat(SCHEMA.problemsOf(text)).as(event.type()).isEmpty();
        }
        return events;
    }

    private List<String> summaries() {
        return published().stream()
                .map(event -> event.text("previousBasicState") + ">" + event.text("basicState") + " "
                        + event.detail().get("sequence") + " "
                        + Duration.between(NOW, Instant.parse(event.text("sinceDateTime")))
                                .toSeconds()
                        + (Boolean.TRUE.equals(event.detail().get("hasExpired")) ? " expired" : ""))
                .toList();
    }

    private List<PresenceTimer> timers() {
        return bus.takeMessages().stream().map(PresenceTimer::ofMessage).toList();
    }

    @Test
    void change_has_an_event_and_a_renewal_has_none() {
        set(AVAILABLE, 0);
        assertThat(summaries()).containsExactly("offline>available 1 0");
        set(AVAILABLE, 60);
        assertThat(summaries()).isEmpty();
        set(AVAILABLE, 30, 61);
        assertThat(summaries()).as("shorter").isEmpty();
        set(BUSY, 62);
        assertThat(summaries()).containsExactly("available>busy 2 62");
        set(PresenceContent.OFFLINE, 63);
        assertThat(summaries()).containsExactly("busy>offline 3 63");
    }

    @Test
    void event_names_the_states_and_not_the_text() {
        set(AVAILABLE, 0);
        published();
        set(BUSY, 1);

        assertThat(published())
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("previousState", "contoso_ready")
                        .doesNotContainKeys("state", "requestId")
                        .doesNotContainValue("Hello"));
    }

    @Test
    void change_of_the_text_has_an_event() {
        set(BUSY, 0);
        published();
        set(new PresenceContent(BasicState.BUSY, null, "Back at one"), 1);

        assertThat(summaries()).containsExactly("busy>busy 2 1");
    }

    @Test
    void expiry_is_reported_by_its_timer() {
        set(AVAILABLE, 0);
        published();
        PresenceTimer timer = timers().getFirst();
        assertThat(timer).isEqualTo(new PresenceTimer("contoso", "ann", 1, NOW.plusSeconds(120)));

        deadlines.expire(timer, NOW.plusSeconds(125));
        assertThat(summaries()).containsExactly("available>offline 2 120 expired");
        deadlines.expire(timer, NOW.plusSeconds(126));
        assertThat(published()).as("doubled").isEmpty();
        set(AVAILABLE, 200);
        assertThat(summaries()).containsExactly("offline>available 3 200");
    }

    /** The timer is late or lost. */
    @Test
    void expiry_is_reported_by_the_change_that_follows_with_the_same_event() {
        set(AVAILABLE, 0);
        published();
        set(BUSY, 200);
        StreamEvent changes = stream.take();

        List<EventBusServer.Entry> events = published(changes);

        assertThat(events).extracting(event -> event.text("basicState")).containsExactly("offline", "busy");
        assertThat(events).extracting(event -> event.detail().get("sequence")).containsExactly(2, 3);
        assertThat(events.getFirst().text("sinceDateTime"))
                .isEqualTo(NOW.plusSeconds(120).toString());
        assertThat(published(changes))
                .as("delivered again")
                .extracting(EventBusServer.Entry::detail)
                .containsExactlyElementsOf(
                        events.stream().map(EventBusServer.Entry::detail).toList());
    }

    @Test
    void timer_starts_when_a_presence_begins_or_becomes_shorter() {
        set(AVAILABLE, 0);
        published();
        assertThat(timers()).hasSize(1);
        set(AVAILABLE, 60);
        set(BUSY, 61);
        set(BUSY, 120);
        published();
        assertThat(timers()).as("renewed and changed").isEmpty();
        set(BUSY, 30, 121);
        published();
        assertThat(timers()).containsExactly(new PresenceTimer("contoso", "ann", 2, NOW.plusSeconds(151)));
        set(PresenceContent.OFFLINE, 122);
        published();
        assertThat(timers()).isEmpty();
        set(BUSY, 130);
        published();
        assertThat(timers()).containsExactly(new PresenceTimer("contoso", "ann", 3, NOW.plusSeconds(250)));
    }
}
