package io.switchboard.dynamodb;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The outcome of a conditional write. */
public sealed interface WriteOutcome {
    /** The write is stored, by this attempt or by an earlier one whose response was lost. */
    record Written() implements WriteOutcome {}

    /**
     * A condition failed; nothing was written.
     *
     * @param parts the result of each part of the write, in order
     */
    record Rejected(List<Part> parts) implements WriteOutcome {
        public Rejected {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A part of a rejected write.
     *
     * @param failed whether the condition of this part failed
     * @param found the existing item; empty if it does not exist or the condition did not fail
     */
    record Part(boolean failed, Map<String, AttributeValue> found) {}
}
