package io.switchboard.sessions;

import io.switchboard.eventbus.BusEvent;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.session.Session;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.SessionReadStore;
import io.switchboard.text.InputLimits;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the analytics events of an agent's pages on the bus of the stack, with the ids of their session, as CIF's
 * {@code logAnalyticsEvent} logs them. Nothing is stored. Thread-safe.
 */
final class AnalyticsOperations {
    private static final int MOST_EVENTS = 20;
    /** The largest event, in bytes of UTF-8 JSON. */
    private static final int LARGEST_EVENT = 8_192;

    private static final int LONGEST_NAME = 128;
    private static final String VALUE = "value";
    private static final String EVENT_NAME = "eventName";
    private static final String KPI_EVENT_NAME = "kpiEventName";
    private static final String EVENT_TIMESTAMP = "eventTimestamp";

    private final SessionReadStore reads;
    private final Supplier<EventBridge> bus;

    /** @param bus the bus of the stack, which is requested when the first event is published */
    AnalyticsOperations(SessionReadStore reads, Supplier<EventBridge> bus) {
        this.reads = reads;
        this.bus = bus;
    }

    /** Publishes a batch. After an error, a part of it may be published; a repetition has the same event ids. */
    Response publish(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        List<Map<String, @Nullable Object>> sent = parse(request);
        // A repetition without an idempotency key has another request id, so its events are new.
        String batch = request.idempotencyKey()
                .map(key -> "key " + request.caller().provider() + ' ' + key)
                .orElse("request " + request.id());
        Session session = SessionResponses.read(reads, scope, request).session();
        List<BusEvent> events = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            events.add(SessionEvents.ofAnalytics(scope.owner(), session, batch, i + 1, sent.get(i), request.now())
                    .onBus());
        }
        EventBridge.Published published = bus.get().publish(events);
        RequestLog log = RequestLog.current();
        log.count(Metric.EVENTS_PUBLISHED, published.taken());
        if (published.failure().isPresent()) {
            log.count(Metric.EVENTS_FAILED, events.size() - published.taken());
            throw published.failure().get().fault();
        }
        return Response.ok(Map.of("published", events.size()));
    }

    /**
     * Returns the events of the body.
     *
     * @throws Refusal 400 with every violation
     */
    private static List<Map<String, @Nullable Object>> parse(Request request) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        boolean isMissing = body.any(VALUE) == null;
        List<Map<String, @Nullable Object>> events = body.objects(VALUE, MOST_EVENTS, AnalyticsOperations::event);
        if (isMissing || (events.isEmpty() && violations.isEmpty())) {
            body.violation("required", VALUE, "value must have at least one event. Send 1 to " + MOST_EVENTS + ".");
        }
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return events;
    }

    /** Returns an event as it was sent. Only its name and its time have a rule. */
    private static Map<String, @Nullable Object> event(ObjectReader reader) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        for (String name : reader.names()) {
            event.put(name, reader.any(name));
        }
        boolean isNamed = event.get(EVENT_NAME) != null || event.get(KPI_EVENT_NAME) != null;
        if (!isNamed) {
            reader.violation(
                    "required",
                    EVENT_NAME,
                    "The event has no name. Send eventName or kpiEventName, such as CallStarted.");
        }
        for (String name : List.of(EVENT_NAME, KPI_EVENT_NAME)) {
            if (event.get(name) != null) {
                reader.requiredText(name, LONGEST_NAME);
            }
        }
        @Nullable Object time = event.get(EVENT_TIMESTAMP);
        if (time != null && !isTime(time)) {
            reader.violation(
                    "invalidValue",
                    EVENT_TIMESTAMP,
                    EVENT_TIMESTAMP + " has the value " + InputLimits.excerpt(String.valueOf(time))
                            + ", which is not a date and time with an offset. Send one such as 2026-11-30T08:00:00Z.");
        }
        int size = Json.size(event);
        if (size > LARGEST_EVENT) {
            reader.violation(
                    "tooLong",
                    "",
                    "The event has " + size + " bytes; at most " + LARGEST_EVENT + " are allowed. Send less data.");
        }
        return event;
    }

    private static boolean isTime(Object value) {
        try {
            return value instanceof String text && OffsetDateTime.parse(text).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
