package io.switchboard.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What became of an update without a transaction. */
public sealed interface UpdateOutcome {
    /**
     * It is stored.
     *
     * @param before the item as it was; empty where there was none. Where an answer was lost and the update was sent again,
     *     it is what the first attempt made of it
     */
    record Updated(Map<String, AttributeValue> before) implements UpdateOutcome {}

    /**
     * The condition did not hold; nothing was written.
     *
     * @param found the item that is there; empty where none is
     */
    record Refused(Map<String, AttributeValue> found) implements UpdateOutcome {}
}
