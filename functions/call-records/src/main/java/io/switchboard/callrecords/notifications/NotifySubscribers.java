package io.switchboard.callrecords.notifications;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.eventbus.BusEvent;
import io.switchboard.eventbus.EventBridge;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.StreamFunction;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.runtime.Unavailable;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of the CallRecords table. It queues a notification for each subscription that covers a change, a
 * message for each ended generation that is to be swept, and a timer for each new expiry of a subscription. It
 * publishes the changes that subscriptions to the event bus cover. Messages and events are sent at least once;
 * repetitions have the same id.
 */
public final class NotifySubscribers extends StreamFunction {
    private final SubscriptionStore subscriptions;
    private final SimpleQueue notifications;
    private final SimpleQueue endedGenerations;
    private final EventBridge bus;
    private final InstantSource clock;

    /** Creates the function for Lambda. */
    public NotifySubscribers() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public NotifySubscribers(Map<String, String> environment) {
        this(
                new DynamoDbSubscriptionStore(
                        new DynamoDb(Wiring.client(environment)), Wiring.required(environment, "CALL_RECORDS_TABLE")),
                SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL"),
                environment,
                InstantSource.system());
    }

    /** Creates the function with these subscriptions and this queue, for tests. */
    public NotifySubscribers(
            SubscriptionStore subscriptions,
            SimpleQueue notifications,
            Map<String, String> environment,
            InstantSource clock) {
        super(RequestLog.level(environment), clock);
        this.subscriptions = subscriptions;
        this.notifications = notifications;
        this.endedGenerations = notifications.other(environment, "ENDED_GENERATIONS_QUEUE_URL");
        this.bus = EventBridge.of(environment);
        this.clock = clock;
    }

    @Override
    protected Optional<BatchFailure> handle(List<StreamRecord> records) {
        MessageBatch batch = new MessageBatch();
        @Nullable BatchFailure unread = null;
        for (int i = 0; i < records.size() && unread == null; i++) {
            try {
                batch.add(i, records.get(i));
            } catch (Unavailable e) {
                unread = new BatchFailure(i, false, e);
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                unread = new BatchFailure(i, true, e);
            }
        }
        SimpleQueue.Sent notified = notifications.send(batch.notifications);
        SimpleQueue.Sent delayed = endedGenerations.send(batch.delayed);
        EventBridge.Published published = bus.publish(batch.events);
        RequestLog.current().count(Metric.NOTIFICATIONS_QUEUED, notified.accepted());
        RequestLog.current().count(Metric.EVENTS_PUBLISHED, published.taken());
        RequestLog.current().count(Metric.EVENTS_FAILED, batch.events.size() - published.taken());
        return first(
                first(stop(notified, batch.notified), stop(delayed, batch.delayedBy)),
                first(stop(published, batch.publishedFor), Optional.ofNullable(unread)));
    }

    private static Optional<BatchFailure> stop(EventBridge.Published published, List<Integer> origins) {
        return published
                .failure()
                .map(failure -> new BatchFailure(origins.get(failure.index()), false, failure.fault()));
    }

    private static Optional<BatchFailure> stop(SimpleQueue.Sent sent, List<Integer> origins) {
        return sent.failure().map(failure -> new BatchFailure(origins.get(failure.index()), false, failure.fault()));
    }

    /** Returns the earlier stop: Lambda retries from there, so everything before it must be done. */
    private static Optional<BatchFailure> first(Optional<BatchFailure> one, Optional<BatchFailure> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.get().index() <= other.get().index() ? one : other;
    }

    /** The messages for a batch of changes, each with the change that caused it. */
    private final class MessageBatch {
        private final Instant now = clock.instant();
        private final Map<String, List<Subscription>> byTenant = new HashMap<>();
        private final List<SimpleQueue.NewMessage> notifications = new ArrayList<>();
        private final List<Integer> notified = new ArrayList<>();
        private final List<BusEvent> events = new ArrayList<>();
        private final List<Integer> publishedFor = new ArrayList<>();
        private final List<SimpleQueue.NewMessage> delayed = new ArrayList<>();
        private final List<Integer> delayedBy = new ArrayList<>();

        void add(int index, StreamRecord record) {
            SubscriptionChange.of(record).ifPresent(change -> add(index, change));
            CallRecordChange.of(record).ifPresent(change -> add(index, record, change));
        }

        private void add(int index, SubscriptionChange change) {
            Subscription subscription = change.subscription();
            if (subscription.lifecycleNotificationUrl() == null) {
                return;
            }
            if (change.hasNewExpiry()) {
                delayed.add(SubscriptionTimer.start(subscription).newMessage(now));
                delayedBy.add(index);
            }
            if (change.isRemoved()) {
                String occasion = String.valueOf(subscription.status().removedAt());
                notifications.add(
                        LifecycleNotification.about(subscription, LifecycleEvent.SUBSCRIPTION_REMOVED, occasion)
                                .newMessage());
                notified.add(index);
            }
        }

        private void add(int index, StreamRecord record, CallRecordChange change) {
            for (String generation : change.ended()) {
                delayed.add(new EndedGeneration(change.record(), generation).newMessage());
                delayedBy.add(index);
            }
            if (change.types().isEmpty()) {
                return;
            }
            String tenant = change.record().tenant();
            Set<ChangeType> published = EnumSet.noneOf(ChangeType.class);
            for (Subscription subscription : byTenant.computeIfAbsent(tenant, whose -> subscriptions.all(whose, now))) {
                for (ChangeType type : change.types()) {
                    boolean isSuspended = subscription.status().suspendedAt() != null;
                    if (!subscription.changeTypes().contains(type) || isSuspended) {
                        continue;
                    }
                    if (subscription.isForEventBus()) {
                        published.add(type);
                    } else {
                        notifications.add(
                                notification(record, change, subscription, type).newMessage());
                        notified.add(index);
                    }
                }
            }
            for (ChangeType type : published) {
                events.add(CallRecordEvent.of(change, type, record.sequenceNumber(), record.at()));
                publishedFor.add(index);
            }
        }

        private static ChangeNotification notification(
                StreamRecord record, CallRecordChange change, Subscription subscription, ChangeType type) {
            String id = DerivedId.of(
                    change.record().tenant(),
                    change.record().id(),
                    record.sequenceNumber(),
                    subscription.id(),
                    type.text());
            return new ChangeNotification(
                    id,
                    change.record().tenant(),
                    subscription.id(),
                    type,
                    change.record().id());
        }
    }
}
