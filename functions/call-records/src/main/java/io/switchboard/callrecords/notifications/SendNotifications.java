package io.switchboard.callrecords.notifications;

import io.switchboard.callrecords.notifications.NotificationSender.EndpointResult;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.queue.SimpleQueue;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.QueueFunction;
import io.switchboard.runtime.QueueMessage;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.Keys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends queued notifications to subscribers' endpoints. If an endpoint does not accept a notification, it is retried
 * with growing pauses ({@link BackOff}) until the queue gives it up. Then a {@code missed} notification is queued for
 * the subscription's lifecycle endpoint. Subscriptions whose endpoint keeps failing are suspended
 * ({@link EndpointHealth}).
 */
public final class SendNotifications extends QueueFunction {
    /** The time in which an endpoint must respond, as in Graph. */
    private static final Duration LONGEST_RESPONSE = Duration.ofSeconds(3);

    private static final int ATTEMPTS = 15;
    private static final int LEAST_SUCCESS = 200;
    private static final int BEYOND_SUCCESS = 300;

    private final SubscriptionStore subscriptions;
    private final NotificationSender sender;
    private final SimpleQueue queue;
    private final EndpointHealth health;
    private final int attempts;

    /** Creates the function for Lambda. */
    public SendNotifications() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public SendNotifications(Map<String, String> environment) {
        this(
                new DynamoDbSubscriptionStore(
                        new DynamoDb(Wiring.client(environment)), Wiring.required(environment, "CALL_RECORDS_TABLE")),
                NotificationSender.of(environment),
                environment,
                InstantSource.system());
    }

    /** Creates the function with these subscriptions and this sender, for tests. */
    public SendNotifications(
            SubscriptionStore subscriptions,
            NotificationSender sender,
            Map<String, String> environment,
            InstantSource clock) {
        super(RequestLog.level(environment), clock);
        this.subscriptions = subscriptions;
        this.sender = sender;
        this.queue = SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL");
        this.health = new EndpointHealth(subscriptions, queue);
        // The number of deliveries before the queue gives up a message.
        this.attempts = Wiring.number(environment, "NOTIFICATION_ATTEMPTS", ATTEMPTS);
    }

    /** A message with its notification, and the subscription and endpoint that receive it. */
    private record Delivery(
            QueueMessage message, QueuedNotification notification, Subscription subscription, String url) {
        int attempt() {
            return message.receiveCount();
        }

        String key() {
            return Keys.join(subscription.tenant(), subscription.id());
        }
    }

    @Override
    protected List<Failure> handle(List<QueueMessage> messages, Instant now) {
        List<Failure> failures = new ArrayList<>();
        List<Delivery> due = new ArrayList<>();
        for (QueueMessage message : messages) {
            try {
                QueuedNotification notification = QueuedNotification.ofMessage(message.body());
                // Notifications of subscriptions that have ended or are suspended are dropped.
                notification.recipient(subscriptions, now).ifPresent(subscription -> {
                    @Nullable String url = notification.url(subscription);
                    if (url != null) {
                        due.add(new Delivery(message, notification, subscription, url));
                    }
                });
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                failures.add(new Failure(message, e));
            }
        }
        for (int begin = 0; begin < due.size(); begin += NotificationSender.MOST_AT_ONCE) {
            int end = Math.min(due.size(), begin + NotificationSender.MOST_AT_ONCE);
            List<Delivery> sent = due.subList(begin, end);
            List<Delivery> undelivered = send(sent);
            @Nullable Unavailable fault = note(sent, undelivered, now);
            for (Delivery each : undelivered) {
                failures.add(postponed(each, fault));
            }
        }
        return failures;
    }

    /** Sends notifications concurrently and returns those that failed. */
    private List<Delivery> send(List<Delivery> due) {
        List<NotificationSender.Post> posts = new ArrayList<>();
        List<Delivery> posted = new ArrayList<>();
        List<Delivery> undelivered = new ArrayList<>();
        for (Delivery each : due) {
            // A URL that was allowed when it was validated may no longer be.
            switch (sender.read(each.url)) {
                case NotificationUrl.ParseResult.Valid valid -> {
                    posts.add(new NotificationSender.Post(valid.url(), each.notification.payload(each.subscription)));
                    posted.add(each);
                }
                case NotificationUrl.ParseResult.Invalid invalid -> {
                    RequestLog.current().notificationFailed(NotificationSender.EndpointError.ADDRESS.text());
                    undelivered.add(each);
                }
            }
        }
        List<EndpointResult> results = sender.send(posts, time());
        for (int i = 0; i < results.size(); i++) {
            @Nullable String error = error(results.get(i));
            if (error == null) {
                RequestLog.current().count(Metric.NOTIFICATIONS_SENT);
            } else {
                RequestLog.current().notificationFailed(error);
                undelivered.add(posted.get(i));
            }
        }
        return undelivered;
    }

    /**
     * Notes which endpoints accepted notifications of changes, and queues {@code missed} for those that are given up:
     * one for each subscription.
     *
     * @return the fault, if not all could be noted. The notifications that were not delivered have it as their own. An
     *     endpoint that recovered is noted with its next notification
     */
    private @Nullable Unavailable note(List<Delivery> sent, List<Delivery> undelivered, Instant now) {
        Map<String, Delivery> accepted = new LinkedHashMap<>();
        Map<String, Delivery> rejected = new LinkedHashMap<>();
        Map<String, SimpleQueue.NewMessage> missed = new LinkedHashMap<>();
        for (Delivery each : sent) {
            if (each.notification instanceof ChangeNotification && !undelivered.contains(each)) {
                accepted.putIfAbsent(each.key(), each);
            }
        }
        for (Delivery each : undelivered) {
            if (isLast(each)) {
                RequestLog.current().count(Metric.NOTIFICATIONS_GIVEN_UP);
            }
            if (!(each.notification instanceof ChangeNotification)) {
                continue;
            }
            rejected.merge(each.key(), each, (one, other) -> one.attempt() >= other.attempt() ? one : other);
            if (isLast(each) && each.subscription.lifecycleNotificationUrl() != null) {
                missed.putIfAbsent(
                        each.key(),
                        LifecycleNotification.about(each.subscription, LifecycleEvent.MISSED, each.notification.id())
                                .newMessage());
            }
        }
        rejected.keySet().removeAll(accepted.keySet());
        try {
            queue.sendAll(List.copyOf(missed.values()));
            accepted.values().forEach(each -> health.accepted(each.subscription, now));
            rejected.values().forEach(each -> health.rejected(each.subscription, each.attempt(), now));
            return null;
        } catch (Unavailable e) {
            return e;
        }
    }

    private static Duration time() {
        Duration left = Deadline.left();
        return left.compareTo(LONGEST_RESPONSE) < 0 ? left : LONGEST_RESPONSE;
    }

    private static @Nullable String error(EndpointResult result) {
        return switch (result) {
            case EndpointResult.Responded responded ->
                responded.status() >= LEAST_SUCCESS && responded.status() < BEYOND_SUCCESS
                        ? null
                        : Integer.toString(responded.status());
            case EndpointResult.Failed failed -> failed.error().text();
        };
    }

    private boolean isLast(Delivery due) {
        return due.attempt() >= attempts;
    }

    /**
     * Postpones the next delivery. A notification that is given up goes to the dead-letter queue without a pause.
     *
     * @param fault a fault of this service while the failure was noted
     */
    private Failure postponed(Delivery due, @Nullable Unavailable fault) {
        Duration pause = isLast(due)
                ? Duration.ZERO
                : BackOff.after(due.attempt(), ThreadLocalRandom.current().nextDouble());
        return new Failure(
                due.message, queue.postpone(due.message.receiptHandle(), pause).orElse(fault));
    }
}
