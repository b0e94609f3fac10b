package io.switchboard.callrecords.notifications;

import io.switchboard.callrecords.notifications.NotificationSender.EndpointResult;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.QueueFunction;
import io.switchboard.runtime.QueueMessage;
import io.switchboard.runtime.RequestLog;
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
 * with growing pauses ({@link BackOff}) until the queue gives it up. Then the subscription's lifecycle endpoint
 * receives a {@code missed} notification.
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
        // The number of deliveries before the queue gives up a message.
        this.attempts = Wiring.number(environment, "NOTIFICATION_ATTEMPTS", ATTEMPTS);
    }

    /** A message with its notification and subscription. */
    private record Delivery(QueueMessage message, ChangeNotification notification, Subscription subscription) {}

    @Override
    protected List<Failure> handle(List<QueueMessage> messages, Instant now) {
        List<Failure> failures = new ArrayList<>();
        List<Delivery> due = new ArrayList<>();
        for (QueueMessage message : messages) {
            try {
                ChangeNotification notification = ChangeNotification.ofMessage(message.body());
                // Notifications of subscriptions that no longer exist are dropped.
                subscriptions
                        .read(notification.tenant(), notification.subscriptionId(), now)
                        .ifPresent(subscription -> due.add(new Delivery(message, notification, subscription)));
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                failures.add(new Failure(message, e));
            }
        }
        for (int begin = 0; begin < due.size(); begin += NotificationSender.MOST_AT_ONCE) {
            int end = Math.min(due.size(), begin + NotificationSender.MOST_AT_ONCE);
            for (Delivery undelivered : send(due.subList(begin, end))) {
                failures.add(postponed(undelivered));
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
            switch (sender.read(each.subscription.notificationUrl())) {
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
        sendMissed(undelivered);
        return undelivered;
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

    /** Sends one lifecycle notification per subscription. It is not retried. */
    private void sendMissed(List<Delivery> undelivered) {
        Map<String, NotificationSender.Post> posts = new LinkedHashMap<>();
        for (Delivery each : undelivered) {
            if (!isLast(each)) {
                continue;
            }
            RequestLog.current().count(Metric.NOTIFICATIONS_GIVEN_UP);
            @Nullable String url = each.subscription.lifecycleNotificationUrl();
            if (url != null && sender.read(url) instanceof NotificationUrl.ParseResult.Valid valid) {
                posts.put(
                        each.subscription.id(),
                        new NotificationSender.Post(valid.url(), ChangeNotification.missed(each.subscription)));
            }
        }
        sender.send(List.copyOf(posts.values()), time());
    }

    private boolean isLast(Delivery due) {
        return due.message.receiveCount() >= attempts;
    }

    /** Postpones the next delivery. A notification that is given up goes to the dead-letter queue without a pause. */
    private Failure postponed(Delivery due) {
        int attempt = due.message.receiveCount();
        Duration pause = isLast(due)
                ? Duration.ZERO
                : BackOff.after(attempt, ThreadLocalRandom.current().nextDouble());
        return new Failure(
                due.message, queue.postpone(due.message.receiptHandle(), pause).orElse(null));
    }
}
