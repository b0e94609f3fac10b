package io.switchboard.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The outcome of an update without a transaction. */
public sealed interface UpdateOutcome {
    /**
     * The update is stored.
     *
     * @param before the previous item; empty if it did not exist. If a response was lost and the update was retried, it
     *     is the item that the first attempt stored
     */
    record Updated(Map<String, AttributeValue> before) implements UpdateOutcome {}

    /**
     * The condition failed; nothing was written.
     *
     * @param found the existing item; empty if it does not exist
     */
    record Rejected(Map<String, AttributeValue> found) implements UpdateOutcome {}
}
