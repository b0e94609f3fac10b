package io.switchboard.queue;

import io.switchboard.dynamodb.Wiring;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** An Amazon SQS queue. Thread-safe. */
public final class SimpleQueue {
    /** The most entries of one call to SQS. */
    private static final int MOST_ENTRIES = 10;

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(8);

    private final SqsClient client;
    private final String url;

    private SimpleQueue(SqsClient client, String url) {
        this.client = client;
        this.url = url;
    }

    /**
     * Creates a queue of this environment, at {@code AWS_ENDPOINT_URL_SQS} if that is set and not blank.
     *
     * @param variable the name of the environment variable with the queue's URL
     * @throws IllegalArgumentException if it is missing
     */
    public static SimpleQueue of(Map<String, String> environment, String variable) {
        String url = Wiring.required(environment, variable);
        SqsClientBuilder builder = SqsClient.builder().httpClient(Wiring.httpClient(SOCKET_TIMEOUT));
        return new SimpleQueue(
                Wiring.configure(builder, environment, "AWS_ENDPOINT_URL_SQS").build(), url);
    }

    /** Returns another queue with the same client. */
    public SimpleQueue other(Map<String, String> environment, String variable) {
        return new SimpleQueue(client, Wiring.required(environment, variable));
    }

    /**
     * A message to send.
     *
     * @param group the message group: SQS delivers the messages of quiet groups before those of groups with many
     *     messages in flight, so that no group delays another (fair queues)
     * @param delay the time until its first delivery, in whole seconds; null for the delay of the queue
     */
    public record NewMessage(
            String body, String group, @Nullable Duration delay) {
        /** Returns the same message with another delay. */
        public NewMessage after(Duration pause) {
            return new NewMessage(body, group, pause);
        }
    }

    /**
     * The result of sending messages.
     *
     * @param accepted how many the queue accepted
     * @param failure the first that it did not accept; empty if it accepted all
     */
    public record Sent(int accepted, Optional<Unsent> failure) {}

    /** A message that the queue did not accept. */
    public record Unsent(int index, Unavailable fault) {}

    /** Sends messages. Those after one that the queue does not accept may or may not have been sent. */
    public Sent send(List<NewMessage> messages) {
        int accepted = 0;
        for (int begin = 0; begin < messages.size(); begin += MOST_ENTRIES) {
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
            for (int i = begin; i < Math.min(messages.size(), begin + MOST_ENTRIES); i++) {
                NewMessage message = messages.get(i);
                entries.add(SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .messageBody(message.body)
                        .messageGroupId(message.group)
                        .delaySeconds(message.delay == null ? null : (int) message.delay.toSeconds())
                        .build());
            }
            List<BatchResultErrorEntry> failed;
            Set<Integer> missing = new TreeSet<>();
            try {
                var response = client.sendMessageBatch(SendMessageBatchRequest.builder()
                        .queueUrl(url)
                        .entries(entries)
                        .overrideConfiguration(timeLeft())
                        .build());
                failed = response.failed();
                for (int i = begin; i < begin + entries.size(); i++) {
                    missing.add(i);
                }
                response.successful().forEach(entry -> missing.remove(Integer.valueOf(entry.id())));
            } catch (SdkException e) {
                return new Sent(
                        accepted,
                        Optional.of(
                                new Unsent(begin, new Unavailable(Dependency.QUEUE, false, "SQS did not respond", e))));
            }
            accepted += entries.size() - missing.size();
            if (!missing.isEmpty()) {
                String code = failed.isEmpty() ? "no result" : failed.getFirst().code();
                Unavailable fault = new Unavailable(Dependency.QUEUE, false, "SQS rejected a message: " + code);
                return new Sent(
                        accepted, Optional.of(new Unsent(missing.iterator().next(), fault)));
            }
        }
        return new Sent(accepted, Optional.empty());
    }

    /**
     * Sends messages.
     *
     * @throws Unavailable if the queue does not accept all of them
     */
    public void sendAll(List<NewMessage> messages) {
        send(messages).failure().ifPresent(failure -> {
            throw failure.fault;
        });
    }

    /**
     * Sets when a delivered message is delivered again: after this pause, in whole seconds from now. If the call fails,
     * the visibility timeout of the queue applies.
     *
     * @return the error, if the call failed
     */
    public Optional<Unavailable> postpone(String receiptHandle, Duration pause) {
        try {
            client.changeMessageVisibility(ChangeMessageVisibilityRequest.builder()
                    .queueUrl(url)
                    .receiptHandle(receiptHandle)
                    .visibilityTimeout((int) pause.toSeconds())
                    .overrideConfiguration(timeLeft())
                    .build());
            return Optional.empty();
        } catch (SdkException e) {
            return Optional.of(new Unavailable(Dependency.QUEUE, false, "SQS did not postpone a message", e));
        }
    }

    private static AwsRequestOverrideConfiguration timeLeft() {
        Duration left = Deadline.left();
        if (left.isZero()) {
            throw SdkException.create("No time is left for SQS", null);
        }
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(left.compareTo(LONGEST_CALL) < 0 ? left : LONGEST_CALL)
                .build();
    }
}
