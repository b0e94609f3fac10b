package io.switchboard.callrecords;

import io.switchboard.callrecords.notifications.EndedGeneration;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.callrecords.notifications.SubscriptionTimer;
import io.switchboard.callrecords.notifications.SubscriptionTimers;
import io.switchboard.callrecords.store.EndedGenerations;
import io.switchboard.offer.OfferTimer;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.QueueFunction;
import io.switchboard.runtime.QueueMessage;
import io.switchboard.runtime.RequestLog;
import io.switchboard.session.Owner;
import io.switchboard.session.store.OfferDeadlines;
import io.switchboard.session.store.PresenceDeadlines;
import io.switchboard.session.store.WrapUpDeadlines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the items of ended generations of call records. It reads the queue of ended generations, which delays each
 * message for longer than any request takes. If the time does not suffice, the next delivery continues the deletion.
 *
 * <p>The same queue delays the timers of subscriptions, whose lifecycle notifications it queues when they are due, and
 * the timers of offers to users, which it resolves, of their presences, which it ends, and of sessions in wrap-up,
 * which it closes.
 */
public final class SweepCallRecords extends QueueFunction {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final EndedGenerations generations;
    private final SimpleQueue queue;
    private final SubscriptionTimers timers;
    private final OfferDeadlines offers;
    private final PresenceDeadlines presences;
    private final WrapUpDeadlines wrapUps;

    /** Creates the function for Lambda. */
    public SweepCallRecords() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public SweepCallRecords(Map<String, String> environment) {
        this(new CallRecordEnvironment(environment), environment);
    }

    private SweepCallRecords(CallRecordEnvironment parts, Map<String, String> environment) {
        this(
                parts.callRecordStore(),
                parts.subscriptionStore(),
                parts.offerDeadlines(),
                parts.presenceDeadlines(),
                parts.wrapUpDeadlines(),
                environment,
                InstantSource.system());
    }

    SweepCallRecords(
            EndedGenerations generations,
            SubscriptionStore subscriptions,
            OfferDeadlines offers,
            PresenceDeadlines presences,
            WrapUpDeadlines wrapUps,
            Map<String, String> environment,
            InstantSource clock) {
        super(RequestLog.level(environment), clock);
        this.generations = generations;
        this.queue = SimpleQueue.of(environment, "ENDED_GENERATIONS_QUEUE_URL");
        this.offers = offers;
        this.presences = presences;
        this.wrapUps = wrapUps;
        this.timers = new SubscriptionTimers(subscriptions, queue, environment);
    }

    @Override
    protected List<Failure> handle(List<QueueMessage> messages, Instant now) {
        List<Failure> failures = new ArrayList<>();
        for (QueueMessage message : messages) {
            try {
                if (SubscriptionTimer.isMessage(message.body())) {
                    timers.handle(SubscriptionTimer.ofMessage(message.body()), now);
                    continue;
                }
                if (OfferTimer.isMessage(message.body())) {
                    handle(OfferTimer.ofMessage(message.body()), now);
                    continue;
                }
                if (PresenceTimer.isMessage(message.body())) {
                    handle(PresenceTimer.ofMessage(message.body()), now);
                    continue;
                }
                EndedGeneration ended = EndedGeneration.ofMessage(message.body());
                if (generations.sweep(ended.record(), ended.generation(), now)) {
                    RequestLog.current().count(Metric.GENERATIONS_SWEPT);
                } else {
                    failures.add(new Failure(
                            message,
                            queue.postpone(message.receiptHandle(), PAUSE).orElse(null)));
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                failures.add(new Failure(message, e));
            }
        }
        return failures;
    }

    private void handle(PresenceTimer timer, Instant now) {
        (timer.isDue(now) ? presences.expire(timer, now) : Optional.of(timer))
                .ifPresent(next -> queue.sendAll(
                        List.of(new SimpleQueue.NewMessage(next.message(), next.group(), next.delay(now)))));
    }

    private void handle(OfferTimer timer, Instant now) {
        @Nullable String user = timer.userId();
        if (timer.isDue(now) && user == null) {
            offers.resolve(timer.tenant(), timer.id(), now);
        } else if (timer.isDue(now) && user != null) {
            wrapUps.close(new Owner(timer.tenant(), user), timer.id(), now);
        } else {
            queue.sendAll(List.of(new SimpleQueue.NewMessage(timer.message(), timer.group(), timer.delay(now))));
        }
    }
}
