package io.switchboard.local.deployment;

import java.time.Duration;
import java.util.Optional;

/**
 * An SQS queue.
 *
 * @param logicalId its name in the template
 * @param delay the time that a sent message stays invisible
 * @param visibilityTimeout the time that a received message stays invisible
 * @param redrive the policy for messages that are received too often; empty retries them without limit
 */
public record MessageQueue(
        String logicalId, Duration delay, Duration visibilityTimeout, Optional<RedrivePolicy> redrive) {
    /**
     * The dead-letter queue for messages that were received too often.
     *
     * @param deadLetterQueue the queue's logical id
     * @param maxReceiveCount the number of times a message is received before it is moved
     */
    public record RedrivePolicy(String deadLetterQueue, int maxReceiveCount) {}
}
