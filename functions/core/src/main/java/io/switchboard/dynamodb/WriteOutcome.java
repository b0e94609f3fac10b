package io.switchboard.dynamodb;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What became of a conditional write. */
public sealed interface WriteOutcome {
    /** It is stored, by this attempt or by an earlier one whose answer was lost. */
    record Written() implements WriteOutcome {}

    /**
     * A condition did not hold; nothing was written.
     *
     * @param parts for each part of the write, in order, what stood in its way
     */
    record Refused(List<Part> parts) implements WriteOutcome {
        public Refused {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One part of a refused write.
     *
     * @param failed whether this part's condition failed
     * @param found the item that is there instead; empty where none is, or where the condition held
     */
    record Part(boolean failed, Map<String, AttributeValue> found) {}
}
