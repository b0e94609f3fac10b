package io.switchboard.local.deployment;

import java.time.Duration;
import java.util.Optional;

/**
 * A queue of SQS.
 *
 * @param logicalId its name in the template
 * @param delay how long a message stays unseen that was just sent
 * @param visibilityTimeout how long one stays unseen that was just received
 * @param redrive what becomes of messages that are received again and again; empty: nothing
 */
public record MessageQueue(String logicalId, Duration delay, Duration visibilityTimeout, Optional<Redrive> redrive) {
    /**
     * Where a message goes that was received too often.
     *
     * @param deadLetterQueue by logical id
     * @param maxReceiveCount how often it is received before
     */
    public record Redrive(String deadLetterQueue, int maxReceiveCount) {}
}
