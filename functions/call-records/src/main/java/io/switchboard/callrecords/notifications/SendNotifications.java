package io.switchboard.callrecords.notifications;

import io.switchboard.callrecords.notifications.NotificationSender.Answer;
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
 * Tells subscribers' endpoints of changes, from the queue of notifications. One that an endpoint does not take comes again after
 * a pause that grows ({@link BackOff}), until the queue gives it up; then the subscription's lifecycle endpoint is told that
 * something was missed.
 */
public final class SendNotifications extends QueueFunction {
    /** Within which an endpoint must have answered, as with Graph. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);

    private static final int ATTEMPTS = 15;
    private static final int LEAST_SUCCESS = 200;
    private static final int BEYOND_SUCCESS = 300;

    private final SubscriptionStore subscriptions;
    private final NotificationSender sender;
    private final SimpleQueue queue;
    private final int attempts;

    /** The function as Lambda starts it. */
    public SendNotifications() {
        this(System.getenv());
    }

    /** The function in this environment. */
    public SendNotifications(Map<String, String> environment) {
        this(
                new DynamoDbSubscriptionStore(
                        new DynamoDb(Wiring.client(environment)), Wiring.required(environment, "CALL_RECORDS_TABLE")),
                NotificationSender.of(environment),
                environment,
                InstantSource.system());
    }

    /** With these subscriptions and this sender, as tests give them. */
    public SendNotifications(
            SubscriptionStore subscriptions,
            NotificationSender sender,
            Map<String, String> environment,
            InstantSource clock) {
        super(RequestLog.level(environment), clock);
        this.subscriptions = subscriptions;
        this.sender = sender;
        this.queue = SimpleQueue.of(environment, "NOTIFICATIONS_QUEUE_URL");
        // As many as the queue delivers a message before it gives it up.
        this.attempts = Wiring.number(environment, "NOTIFICATION_ATTEMPTS", ATTEMPTS);
    }

    /** A message, what it is about, and whom it is for. */
    private record Delivery(QueueMessage message, ChangeNotification notification, Subscription subscription) {}

    @Override
    protected List<Failure> handle(List<QueueMessage> messages, Instant now) {
        List<Failure> failures = new ArrayList<>();
        List<Delivery> due = new ArrayList<>();
        for (QueueMessage message : messages) {
            try {
                ChangeNotification notification = ChangeNotification.ofMessage(message.body());
                // Who is not subscribed any more is not told.
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
            for (Delivery untold : tell(due.subList(begin, end))) {
                failures.add(postponed(untold));
            }
        }
        return failures;
    }

    /** Tells them side by side; those that were not taken are left. */
    private List<Delivery> tell(List<Delivery> due) {
        List<NotificationSender.Post> posts = new ArrayList<>();
        List<Delivery> posted = new ArrayList<>();
        List<Delivery> untold = new ArrayList<>();
        for (Delivery each : due) {
            // What was allowed when it was asked for may not be any more.
            switch (sender.read(each.subscription.notificationUrl())) {
                case NotificationUrl.ParseResult.Valid valid -> {
                    posts.add(new NotificationSender.Post(valid.url(), each.notification.payload(each.subscription)));
                    posted.add(each);
                }
                case NotificationUrl.ParseResult.Invalid invalid -> {
                    RequestLog.current().notificationFailed(NotificationSender.Trouble.ADDRESS.text());
                    untold.add(each);
                }
            }
        }
        List<Answer> answers = sender.tell(posts, time());
        for (int i = 0; i < answers.size(); i++) {
            @Nullable String trouble = trouble(answers.get(i));
            if (trouble == null) {
                RequestLog.current().count(Metric.NOTIFICATIONS_SENT);
            } else {
                RequestLog.current().notificationFailed(trouble);
                untold.add(posted.get(i));
            }
        }
        tellMissed(untold);
        return untold;
    }

    private static Duration time() {
        Duration left = Deadline.left();
        return left.compareTo(LONGEST_ANSWER) < 0 ? left : LONGEST_ANSWER;
    }

    private static @Nullable String trouble(Answer answer) {
        return switch (answer) {
            case Answer.Answered answered ->
                answered.status() >= LEAST_SUCCESS && answered.status() < BEYOND_SUCCESS
                        ? null
                        : Integer.toString(answered.status());
            case Answer.Unanswered unanswered -> unanswered.trouble().text();
        };
    }

    /** Each subscription once, whatever becomes of it: nobody tells whom a lifecycle notification did not reach. */
    private void tellMissed(List<Delivery> untold) {
        Map<String, NotificationSender.Post> posts = new LinkedHashMap<>();
        for (Delivery each : untold) {
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
        sender.tell(List.copyOf(posts.values()), time());
    }

    private boolean isLast(Delivery due) {
        return due.message.receiveCount() >= attempts;
    }

    /** Has it come again when it may; what is given up goes where somebody sees it, and need not wait for that. */
    private Failure postponed(Delivery due) {
        int tries = due.message.receiveCount();
        Duration pause = isLast(due)
                ? Duration.ZERO
                : BackOff.after(tries, ThreadLocalRandom.current().nextDouble());
        return new Failure(
                due.message, queue.postpone(due.message.receiptHandle(), pause).orElse(null));
    }
}
