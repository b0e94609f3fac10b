package io.switchboard.sessions;

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

/** The bus that events of sessions go to. Thread-safe. */
final class EventBridge {
    /** Of one call, as EventBridge allows. */
    private static final int MOST_ENTRIES = 10;

    /** Of one call, in bytes: what EventBridge has always allowed. */
    private static final int MOST_BYTES = 256 * 1024;

    /** What EventBridge counts for an entry's time, in bytes. */
    private static final int TIME_BYTES = 14;

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(8);

    private final EventBridgeClient client;
    private final String bus;

    EventBridge(EventBridgeClient client, String bus) {
        this.client = client;
        this.bus = bus;
    }

    /** The bus of this environment, at {@code AWS_ENDPOINT_URL_EVENTBRIDGE} where that is set and not blank. */
    static EventBridge of(Map<String, String> environment) {
        EventBridgeClientBuilder builder = EventBridgeClient.builder().httpClient(Wiring.httpClient(SOCKET_TIMEOUT));
        return new EventBridge(
                Wiring.configure(builder, environment, "AWS_ENDPOINT_URL_EVENTBRIDGE")
                        .build(),
                Wiring.required(environment, "SESSION_EVENTS_BUS"));
    }

    /**
     * What became of events.
     *
     * @param taken how many the bus took
     * @param failure the first it did not take; nothing where it took all
     */
    record Published(int taken, Optional<Failure> failure) {}

    /** An event that the bus did not take. */
    record Failure(int index, Unavailable fault) {}

    /** Publishes events in their order. What follows one that the bus does not take may have been published or not. */
    Published publish(List<SessionEvent> events) {
        int taken = 0;
        int next = 0;
        while (next < events.size()) {
            List<PutEventsRequestEntry> entries = new ArrayList<>();
            int bytes = 0;
            for (int i = next; i < events.size() && entries.size() < MOST_ENTRIES; i++) {
                PutEventsRequestEntry entry = entry(events.get(i));
                bytes += size(entry);
                if (bytes > MOST_BYTES && !entries.isEmpty()) {
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
                        Optional.of(new Failure(
                                next, new Unavailable(Dependency.EVENT_BUS, false, "EventBridge did not answer", e))));
            }
            taken += (int)
                    results.stream().filter(result -> result.eventId() != null).count();
            for (int i = 0; i < entries.size(); i++) {
                if (i >= results.size() || results.get(i).eventId() == null) {
                    String code = i < results.size() ? results.get(i).errorCode() : "no result";
                    return new Published(
                            taken,
                            Optional.of(new Failure(
                                    next + i,
                                    new Unavailable(
                                            Dependency.EVENT_BUS, false, "EventBridge refused an event: " + code))));
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

    private PutEventsRequestEntry entry(SessionEvent event) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source(SessionEvent.SOURCE)
                .detailType(event.type())
                .detail(event.detailText())
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
