package io.switchboard.callrecords.notifications;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.StreamFunction;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.runtime.Unavailable;
import io.switchboard.text.DerivedId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From the stream of the CallRecords table: has each subscription told of each change it is for, and ended generations swept, by
 * a message for each in the queue of whoever does it. At least once, a notification with an id by which a repetition is known.
 */
public final class NotifySubscribers extends StreamFunction {
    private final SubscriptionStore subscriptions;
    private final SimpleQueue notifications;
    private final SimpleQueue endedGenerations;
    private final InstantSource clock;

    /** The function as Lambda starts it. */
    public NotifySubscribers() {
        this(System.getenv());
    }

    /** The function in this environment. */
    public NotifySubscribers(Map<String, String> environment) {
        this(
                new DynamoDbSubscriptionStore(
                        new DynamoDb(Wiring.client(environment)), Wiring.required(environment, "CALL_RECORDS_TABLE")),
                SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL"),
                environment,
                InstantSource.system());
    }

    /** With these subscriptions and this queue, as tests give them. */
    public NotifySubscribers(
            SubscriptionStore subscriptions,
            SimpleQueue notifications,
            Map<String, String> environment,
            InstantSource clock) {
        super(RequestLog.level(environment), clock);
        this.subscriptions = subscriptions;
        this.notifications = notifications;
        this.endedGenerations = notifications.other(environment, "ENDED_GENERATIONS_QUEUE_URL");
        this.clock = clock;
    }

    @Override
    protected Optional<Stop> handle(List<StreamRecord> records) {
        MessageBatch batch = new MessageBatch();
        @Nullable Stop unread = null;
        for (int i = 0; i < records.size() && unread == null; i++) {
            try {
                batch.add(i, records.get(i));
            } catch (Unavailable e) {
                unread = new Stop(i, false, e);
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                unread = new Stop(i, true, e);
            }
        }
        SimpleQueue.Sent notified = notifications.send(batch.notifications);
        SimpleQueue.Sent ended = endedGenerations.send(batch.ended);
        RequestLog.current().count(Metric.NOTIFICATIONS_QUEUED, notified.taken());
        return first(first(stop(notified, batch.notified), stop(ended, batch.endedBy)), Optional.ofNullable(unread));
    }

    private static Optional<Stop> stop(SimpleQueue.Sent sent, List<Integer> origins) {
        return sent.failure().map(failure -> new Stop(origins.get(failure.index()), false, failure.fault()));
    }

    /** Where Lambda comes again from: all before it must be done. */
    private static Optional<Stop> first(Optional<Stop> one, Optional<Stop> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.get().index() <= other.get().index() ? one : other;
    }

    /** The messages of a batch of changes, each with the change it came from. */
    private final class MessageBatch {
        private final Instant now = clock.instant();
        private final Map<String, List<Subscription>> byTenant = new HashMap<>();
        private final List<String> notifications = new ArrayList<>();
        private final List<Integer> notified = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();
        private final List<Integer> endedBy = new ArrayList<>();

        void add(int index, StreamRecord record) {
            @Nullable CallRecordChange change = CallRecordChange.of(record).orElse(null);
            if (change == null) {
                return;
            }
            for (String generation : change.ended()) {
                ended.add(new EndedGeneration(change.record(), generation).toMessage());
                endedBy.add(index);
            }
            if (change.types().isEmpty()) {
                return;
            }
            String tenant = change.record().tenant();
            for (Subscription subscription : byTenant.computeIfAbsent(tenant, whose -> subscriptions.all(whose, now))) {
                for (ChangeType type : change.types()) {
                    if (subscription.changeTypes().contains(type)) {
                        notifications.add(
                                notification(record, change, subscription, type).toMessage());
                        notified.add(index);
                    }
                }
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
