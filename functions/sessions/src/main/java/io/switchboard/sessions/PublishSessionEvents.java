package io.switchboard.sessions;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.eventbus.BusEvent;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.offer.OfferTimer;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.StreamFunction;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.runtime.Unavailable;
import io.switchboard.session.store.DynamoDbTabStates.TabId;
import io.switchboard.session.store.OfferDeadlines;
import io.switchboard.sessions.push.DeskMessages;
import io.switchboard.sessions.push.DeskPush;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events of sessions, notifications and desks from the stream of the Sessions table, starts the timers of
 * notifications and presences, accepts the notifications whose turn came and whose template accepts them, and removes
 * the states of tabs that have ended. Delivery is at least once; consumers detect duplicates by the event id.
 * {@code docs/reference/session-events.md} describes the events. Browsers of the users receive a message, if the stack
 * has push; a message that fails changes nothing else.
 */
public final class PublishSessionEvents extends StreamFunction {
    private final EventBridge bus;
    private final SimpleQueue timers;
    private final OfferDeadlines offers;
    private final Optional<DeskPush> push;
    private final Consumer<Set<TabId>> removal;
    private final InstantSource clock;

    /** Creates the function in the Lambda environment. */
    public PublishSessionEvents() {
        this(System.getenv());
    }

    /** Creates the function in the given environment. */
    public PublishSessionEvents(Map<String, String> environment) {
        this(
                EventBridge.of(environment),
                SimpleQueue.of(environment, "NOTIFICATION_TIMERS_QUEUE_URL"),
                new SessionEnvironment(environment).automaticAccepts(),
                DeskPush.of(environment),
                new SessionEnvironment(environment).removalOfTabStates(),
                RequestLog.level(environment),
                InstantSource.system());
    }

    PublishSessionEvents(
            EventBridge bus,
            SimpleQueue timers,
            OfferDeadlines offers,
            Optional<DeskPush> push,
            Consumer<Set<TabId>> removal,
            LogLevel logLevel,
            InstantSource clock) {
        super(logLevel, clock);
        this.bus = bus;
        this.timers = timers;
        this.offers = offers;
        this.push = push;
        this.removal = removal;
        this.clock = clock;
    }

    @Override
    protected Optional<BatchFailure> handle(List<StreamRecord> records) {
        List<BusEvent> events = new ArrayList<>();
        List<Integer> origins = new ArrayList<>();
        List<SimpleQueue.NewMessage> messages = new ArrayList<>();
        List<Integer> timerOrigins = new ArrayList<>();
        List<OfferTimer> automatic = new ArrayList<>();
        List<Integer> automaticOrigins = new ArrayList<>();
        DeskMessages messagesOfDesks = new DeskMessages();
        Set<TabId> ended = new HashSet<>();
        List<Integer> endedOrigins = new ArrayList<>();
        @Nullable BatchFailure stopped = null;
        for (int i = 0; i < records.size() && stopped == null; i++) {
            try {
                List<SessionEvent> changes = SessionEvents.of(records.get(i));
                for (SessionEvent event : changes) {
                    events.add(event.onBus());
                    origins.add(i);
                }
                if (push.isPresent()) {
                    SessionEvents.addTo(messagesOfDesks, records.get(i), changes);
                }
                if (ended.addAll(EndedTabStates.of(records.get(i)))) {
                    endedOrigins.add(i);
                }
                OfferTimers work = OfferTimers.of(records.get(i));
                for (OfferTimer timer : work.timers()) {
                    messages.add(
                            new SimpleQueue.NewMessage(timer.message(), timer.group(), timer.delay(clock.instant())));
                    timerOrigins.add(i);
                }
                Optional<PresenceTimer> presence = PresenceTimers.of(records.get(i));
                if (presence.isPresent()) {
                    PresenceTimer timer = presence.get();
                    messages.add(
                            new SimpleQueue.NewMessage(timer.message(), timer.group(), timer.delay(clock.instant())));
                    timerOrigins.add(i);
                }
                for (OfferTimer offer : work.automatic()) {
                    automatic.add(offer);
                    automaticOrigins.add(i);
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                stopped = new BatchFailure(i, true, e);
            }
        }
        Optional<DeskPush.Sending> pushing = push.map(to -> to.start(messagesOfDesks));
        // Timers come first: an event that the bus does not accept must not delay a deadline.
        SimpleQueue.@Nullable Unsent unsent =
                messages.isEmpty() ? null : timers.send(messages).failure().orElse(null);
        EventBridge.Published published = bus.publish(events);
        RequestLog log = RequestLog.current();
        log.count(Metric.EVENTS_PUBLISHED, published.taken());
        pushing.ifPresent(PublishSessionEvents::finish);
        @Nullable BatchFailure failure = stopped;
        if (published.failure().isPresent()) {
            EventBridge.RejectedEvent rejected = published.failure().get();
            log.count(Metric.EVENTS_FAILED, events.size() - published.taken());
            failure = new BatchFailure(origins.get(rejected.index()), false, rejected.fault());
        } else if (stopped != null) {
            log.count(Metric.EVENTS_FAILED);
        }
        if (unsent != null && (failure == null || timerOrigins.get(unsent.index()) <= failure.index())) {
            failure = new BatchFailure(timerOrigins.get(unsent.index()), false, unsent.fault());
        }
        if (!endedOrigins.isEmpty() && (failure == null || endedOrigins.getFirst() < failure.index())) {
            failure = unremoved(ended, endedOrigins.getFirst()).orElse(failure);
        }
        // Accepting comes last, because it may read a slow record source. Its writes are later changes.
        for (int i = 0; i < automatic.size(); i++) {
            int origin = automaticOrigins.get(i);
            if (failure != null && failure.index() <= origin) {
                break;
            }
            failure = unaccepted(automatic.get(i), origin).orElse(failure);
        }
        return Optional.ofNullable(failure);
    }

    private static void finish(DeskPush.Sending pushing) {
        DeskPush.Pushed pushed = pushing.await();
        RequestLog log = RequestLog.current();
        log.count(Metric.PUSHES_SENT, pushed.sent());
        log.count(Metric.PUSHES_FAILED, pushed.failed());
        log.put("pushFault", pushed.fault());
    }

    /** Removes the states of tabs that have ended. They have no readers, so it may be done again. */
    private Optional<BatchFailure> unremoved(Set<TabId> ended, int origin) {
        try {
            removal.accept(ended);
            return Optional.empty();
        } catch (Unavailable e) {
            return Optional.of(new BatchFailure(origin, false, e));
        }
    }

    /** Accepts an offer, unless that is not possible any more. */
    private Optional<BatchFailure> unaccepted(OfferTimer offer, int origin) {
        Instant now = clock.instant();
        try {
            // The clock of the function that wrote the change may be ahead of this one.
            offers.resolve(offer.tenant(), offer.id(), now.isBefore(offer.due()) ? offer.due() : now);
            return Optional.empty();
        } catch (Unavailable e) {
            return Optional.of(new BatchFailure(origin, false, e));
        }
    }
}
