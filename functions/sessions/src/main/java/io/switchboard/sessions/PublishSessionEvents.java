package io.switchboard.sessions;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.eventbus.BusEvent;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.StreamFunction;
import io.switchboard.runtime.StreamRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events of sessions and desks from the stream of the Sessions table. Delivery is at least once; consumers
 * detect duplicates by the event id. {@code docs/reference/session-events.md} describes the events.
 */
public final class PublishSessionEvents extends StreamFunction {
    private final EventBridge bus;

    /** Creates the function in the Lambda environment. */
    public PublishSessionEvents() {
        this(System.getenv());
    }

    /** Creates the function in the given environment. */
    public PublishSessionEvents(Map<String, String> environment) {
        this(EventBridge.of(environment), RequestLog.level(environment), InstantSource.system());
    }

    PublishSessionEvents(EventBridge bus, LogLevel logLevel, InstantSource clock) {
        super(logLevel, clock);
        this.bus = bus;
    }

    @Override
    protected Optional<BatchFailure> handle(List<StreamRecord> records) {
        List<BusEvent> events = new ArrayList<>();
        List<Integer> origins = new ArrayList<>();
        @Nullable BatchFailure unreadable = null;
        for (int i = 0; i < records.size() && unreadable == null; i++) {
            try {
                for (SessionEvent event : SessionEvents.of(records.get(i))) {
                    events.add(event.onBus());
                    origins.add(i);
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                unreadable = new BatchFailure(i, true, e);
            }
        }
        EventBridge.Published published = bus.publish(events);
        RequestLog log = RequestLog.current();
        log.count(Metric.EVENTS_PUBLISHED, published.taken());
        if (published.failure().isPresent()) {
            EventBridge.RejectedEvent failure = published.failure().get();
            log.count(Metric.EVENTS_FAILED, events.size() - published.taken());
            return Optional.of(new BatchFailure(origins.get(failure.index()), false, failure.fault()));
        }
        if (unreadable != null) {
            log.count(Metric.EVENTS_FAILED);
        }
        return Optional.ofNullable(unreadable);
    }
}
