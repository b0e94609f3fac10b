package io.switchboard.callrecords.notifications;

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
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A queue of Amazon SQS. Thread-safe. */
public final class SimpleQueue {
    /** Of one call, as SQS allows. */
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
     * A queue of this environment, at {@code AWS_ENDPOINT_URL_SQS} where that is set and not blank.
     *
     * @param variable names the environment variable that has the queue's URL
     * @throws IllegalArgumentException where there is none
     */
    public static SimpleQueue of(Map<String, String> environment, String variable) {
        String url = Wiring.required(environment, variable);
        SqsClientBuilder builder = SqsClient.builder().httpClient(Wiring.httpClient(SOCKET_TIMEOUT));
        return new SimpleQueue(
                Wiring.configure(builder, environment, "AWS_ENDPOINT_URL_SQS").build(), url);
    }

    /** Another queue, by the same client. */
    public SimpleQueue other(Map<String, String> environment, String variable) {
        return new SimpleQueue(client, Wiring.required(environment, variable));
    }

    /**
     * What became of messages.
     *
     * @param taken how many the queue took
     * @param failure the first it did not take; nothing where it took all
     */
    public record Sent(int taken, Optional<Failure> failure) {}

    /** A message that the queue did not take. */
    public record Failure(int index, Unavailable fault) {}

    /** Sends messages. What follows one that the queue does not take may have been sent or not. */
    public Sent send(List<String> bodies) {
        int taken = 0;
        for (int begin = 0; begin < bodies.size(); begin += MOST_ENTRIES) {
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
            for (int i = begin; i < Math.min(bodies.size(), begin + MOST_ENTRIES); i++) {
                entries.add(SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .messageBody(bodies.get(i))
                        .build());
            }
            List<BatchResultErrorEntry> failed;
            Set<Integer> missing = new TreeSet<>();
            try {
                var answer = client.sendMessageBatch(SendMessageBatchRequest.builder()
                        .queueUrl(url)
                        .entries(entries)
                        .overrideConfiguration(timeLeft())
                        .build());
                failed = answer.failed();
                for (int i = begin; i < begin + entries.size(); i++) {
                    missing.add(i);
                }
                answer.successful().forEach(entry -> missing.remove(Integer.valueOf(entry.id())));
            } catch (SdkException e) {
                return new Sent(
                        taken,
                        Optional.of(
                                new Failure(begin, new Unavailable(Dependency.QUEUE, false, "SQS did not answer", e))));
            }
            taken += entries.size() - missing.size();
            if (!missing.isEmpty()) {
                String code = failed.isEmpty() ? "no result" : failed.getFirst().code();
                Unavailable fault = new Unavailable(Dependency.QUEUE, false, "SQS refused a message: " + code);
                return new Sent(
                        taken, Optional.of(new Failure(missing.iterator().next(), fault)));
            }
        }
        return new Sent(taken, Optional.empty());
    }

    /**
     * Has a delivered message come again after a pause, counted from now and in whole seconds. Where that does not succeed, it
     * comes again when its time in the queue's own settings is over.
     *
     * @return what went wrong, if anything did
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
