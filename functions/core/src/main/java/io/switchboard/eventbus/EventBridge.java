package io.switchboard.eventbus;

import io.switchboard.dynamodb.Wiring;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClientBuilder;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** Publishes events to an EventBridge bus. Thread-safe. */
public final class EventBridge {
    /** EventBridge's limit of entries per call. */
    private static final int MAXIMUM_ENTRIES = 10;

    /** The lowest limit that EventBridge has had for the bytes of one call. */
    private static final int MAXIMUM_BYTES = 256 * 1024;

    /** The bytes that EventBridge counts for an entry's time. */
    private static final int TIME_BYTES = 14;

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(8);

    private final EventBridgeClient client;
    private final String bus;

    private EventBridge(EventBridgeClient client, String bus) {
        this.client = client;
        this.bus = bus;
    }

    /**
     * Returns the bus of an environment, {@code SESSION_EVENTS_BUS}. {@code AWS_ENDPOINT_URL_EVENTBRIDGE} overrides the
     * endpoint if it is not blank.
     *
     * @throws IllegalArgumentException if the variable of the bus is missing
     */
    public static EventBridge of(Map<String, String> environment) {
        EventBridgeClientBuilder builder = EventBridgeClient.builder().httpClient(Wiring.httpClient(SOCKET_TIMEOUT));
        return new EventBridge(
                Wiring.configure(builder, environment, "AWS_ENDPOINT_URL_EVENTBRIDGE")
                        .build(),
                Wiring.required(environment, "SESSION_EVENTS_BUS"));
    }

    /**
     * The result of publishing events.
     *
     * @param taken the number of accepted events
     * @param failure the first event that was not accepted; empty if all were accepted
     */
    public record Published(int taken, Optional<RejectedEvent> failure) {}

    /** An event that the bus did not accept. */
    public record RejectedEvent(int index, Unavailable fault) {}

    /** Publishes events in order. Events after the first failed one may or may not have been published. */
    public Published publish(List<BusEvent> events) {
        int taken = 0;
        int next = 0;
        while (next < events.size()) {
            List<PutEventsRequestEntry> entries = new ArrayList<>();
            int bytes = 0;
            for (int i = next; i < events.size() && entries.size() < MAXIMUM_ENTRIES; i++) {
                PutEventsRequestEntry entry = entry(events.get(i));
                bytes += size(entry);
                if (bytes > MAXIMUM_BYTES && !entries.isEmpty()) {
                    break;
                }
                entries.add(entry);
            }
            List<PutEventsResultEntry> results;
            try {
                results = put(entries);
            } catch (SdkException e) {
                return new Published(
                        taken,
                        Optional.of(new RejectedEvent(
                                next, new Unavailable(Dependency.EVENT_BUS, false, "EventBridge did not respond", e))));
            }
            taken += (int)
                    results.stream().filter(result -> result.eventId() != null).count();
            for (int i = 0; i < entries.size(); i++) {
                if (i >= results.size() || results.get(i).eventId() == null) {
                    String code = i < results.size() ? results.get(i).errorCode() : "no result";
                    return new Published(
                            taken,
                            Optional.of(new RejectedEvent(
                                    next + i,
                                    new Unavailable(
                                            Dependency.EVENT_BUS, false, "EventBridge rejected an event: " + code))));
                }
            }
            next += entries.size();
        }
        return new Published(taken, Optional.empty());
    }

    private List<PutEventsResultEntry> put(List<PutEventsRequestEntry> entries) {
        Duration left = Deadline.left();
        if (left.isZero()) {
            throw SdkException.create("No time is left for EventBridge", null);
        }
        return client.putEvents(PutEventsRequest.builder()
                        .entries(entries)
                        .overrideConfiguration(AwsRequestOverrideConfiguration.builder()
                                .apiCallTimeout(left.compareTo(LONGEST_CALL) < 0 ? left : LONGEST_CALL)
                                .build())
                        .build())
                .entries();
    }

    private PutEventsRequestEntry entry(BusEvent event) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source(event.source())
                .detailType(event.type())
                .detail(event.detail())
                .time(event.time())
                .build();
    }

    private static int size(PutEventsRequestEntry entry) {
        return TIME_BYTES + bytes(entry.source()) + bytes(entry.detailType()) + bytes(entry.detail());
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
