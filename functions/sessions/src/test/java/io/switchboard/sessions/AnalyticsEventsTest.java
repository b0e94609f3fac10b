package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.testing.EventBusServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Analytics events on the bus (row X06 of the feature table). */
class AnalyticsEventsTest {
    private static final Map<String, Object> ANSWERED = Map.of(
            "eventName",
            "CallAnswered",
            "kpiEventName",
            "callAnswered",
            "eventTimestamp",
            "2026-11-30T09:00:00+01:00",
            "customData",
            List.of(Map.of("attribute", "queue", "value", "gold")));

    private final EventBusServer bus = new EventBusServer();
    private final SessionFixture fixture = new SessionFixture(bus, "SESSION_LIMIT", "10");

    @AfterEach
    void close() {
        bus.close();
    }

    private ApiEvent log(String session, List<?> events) {
        return fixture.event("POST", "/sessions/" + session + "/analyticsEvents")
                .body(Map.of("value", events));
    }

    private static List<String> ids(List<EventBusServer.Entry> events) {
        return events.stream().map(event -> event.text("eventId")).toList();
    }

    @Test
    void events_reach_the_bus_as_they_were_sent_with_the_ids_of_the_session() {
        String session = fixture.session();
        fixture.patch("/sessions/" + session, Map.of("conversationId", "c-1")).is(200);

        FunctionResponse response = log(session, List.of(ANSWERED, Map.of("kpiEventName", "callEnded")))
                .header("x-correlation-id", "call-7")
                .sendTo(fixture.manage)
                .is(200);

        assertThat(response.json()).isEqualTo(Map.of("published", 2));
        List<EventBusServer.Entry> events = bus.take();
        assertThat(events).extracting(EventBusServer.Entry::type).containsOnly("AnalyticsEventLogged");
        assertThat(events).extracting(EventBusServer.Entry::source).containsOnly("switchboard.sessions");
        assertThat(events.getFirst().detail())
                .containsEntry("sessionId", session)
                .containsEntry("tenant", fixture.tenant)
                .containsEntry("userId", fixture.user)
                .containsEntry("provider", "desk")
                .containsEntry("templateName", "CallSessionTemplate")
                .containsEntry("conversationId", "c-1")
                .containsEntry("correlationId", "call-7")
                .containsEntry("requestId", response.header("request-id"))
                .containsEntry("sequence", 1)
                .containsEntry("event", ANSWERED);
        assertThat(events.getLast().detail())
                .containsEntry("sequence", 2)
                .containsEntry("event", Map.of("kpiEventName", "callEnded"));
    }

    @Test
    void repetition_with_an_idempotency_key_has_the_same_ids_and_another_request_has_others() {
        String session = fixture.session();
        List<List<String>> ids = new ArrayList<>();
        for (String key : List.of("k-1", "k-1", "k-2")) {
            log(session, List.of(ANSWERED, ANSWERED))
                    .header("Idempotency-Key", key)
                    .sendTo(fixture.manage)
                    .is(200);
            ids.add(ids(bus.take()));
        }
        log(session, List.of(ANSWERED)).sendTo(fixture.manage).is(200);
        ids.add(ids(bus.take()));

        assertThat(ids.get(0)).isEqualTo(ids.get(1)).doesNotHaveDuplicates();
        assertThat(ids.get(2)).doesNotContainAnyElementsOf(ids.get(0));
        assertThat(ids.get(3)).hasSize(1).doesNotContainAnyElementsOf(ids.get(0));
    }

    @Test
    void largest_batch_is_published_and_a_larger_one_is_not() {
        String session = fixture.session();
        String padding = "x".repeat(8_192 - "{\"eventName\":\"a\",\"data\":\"\"}".length());
        Map<String, Object> largest = Map.of("eventName", "a", "data", padding);
        List<Map<String, Object>> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(largest);
        }
        assertThat(log(session, batch).sendTo(fixture.manage).is(200).at("published"))
                .isEqualTo(20);
        assertThat(bus.take()).hasSize(20);

        assertThat(log(session, List.of(Map.of("eventName", "a", "data", padding + "x"), ANSWERED))
                        .sendTo(fixture.manage)
                        .isError(400, "invalidRequest")
                        .detailTargets())
                .containsExactly("value[0]");
        batch.add(largest);
        log(session, batch).sendTo(fixture.manage).isError(400, "invalidRequest");
        assertThat(bus.take()).isEmpty();
    }

    @Test
    void every_violation_is_reported_and_nothing_is_published() {
        String session = fixture.session();
        FunctionResponse response = log(
                        session,
                        List.of(
                                Map.of("kpiEventReason", "none"),
                                Map.of("eventName", " "),
                                Map.of("eventName", 7),
                                ANSWERED,
                                "CallAnswered",
                                Map.of("eventName", "a", "eventTimestamp", "yesterday")))
                .sendTo(fixture.manage)
                .isError(400, "invalidRequest");
        assertThat(response.detailTargets())
                .containsExactlyInAnyOrder(
                        "value[0].eventName",
                        "value[1].eventName",
                        "value[2].eventName",
                        "value[4]",
                        "value[5].eventTimestamp");
        log(session, List.of()).sendTo(fixture.manage).isError(400, "invalidRequest");
        fixture.act("/sessions/" + session + "/analyticsEvents", Map.of("events", List.of(ANSWERED)))
                .isError(400, "invalidRequest");
        assertThat(bus.take()).isEmpty();
    }

    @Test
    void closed_sessions_have_late_events_and_foreign_ones_none() {
        String session = fixture.session();
        fixture.close(session).is(200);
        log(session, List.of(ANSWERED)).sendTo(fixture.manage).is(200);
        assertThat(bus.take()).hasSize(1);

        log(session, List.of(ANSWERED))
                .user("someone else")
                .sendTo(fixture.manage)
                .isError(404, "notFound");
        log("home", List.of(ANSWERED)).sendTo(fixture.manage).isError(409, "homeSession");
        fixture.delete("/sessions/" + session).is(204);
        log(session, List.of(ANSWERED)).sendTo(fixture.manage).isError(404, "notFound");
        assertThat(bus.take()).isEmpty();
    }

    @Test
    void bus_that_rejects_an_event_makes_the_request_repeatable() {
        String session = fixture.session();
        bus.reject(event -> Integer.valueOf(2).equals(event.detail().get("sequence")));
        FunctionResponse failed = log(session, List.of(ANSWERED, ANSWERED))
                .header("Idempotency-Key", "k")
                .sendTo(fixture.manage)
                .isError(503, "serviceUnavailable");
        assertThat(failed.header("Retry-After")).isNotNull();
        List<String> first = ids(bus.take());
        assertThat(first).hasSize(1);
        bus.reject(event -> false);
        log(session, List.of(ANSWERED, ANSWERED))
                .header("Idempotency-Key", "k")
                .sendTo(fixture.manage)
                .is(200);
        assertThat(ids(bus.take())).containsAll(first).hasSize(2);
    }
}
