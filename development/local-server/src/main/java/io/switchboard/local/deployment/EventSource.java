package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What Lambda reads for a function that nobody calls. */
public sealed interface EventSource {
    /** The function, by logical id. */
    String function();

    /** The most records of one invocation. */
    int batchSize();

    /**
     * A table's stream.
     *
     * @param table by logical id
     * @param maximumRetryAttempts how often a batch that fails is tried again before it is given up
     * @param bisects whether a batch is halved when the function fails as a whole
     * @param filters one of which a record must match; none lets all through
     */
    record Stream(
            String function,
            String table,
            int batchSize,
            int maximumRetryAttempts,
            boolean bisects,
            List<EventPattern> filters)
            implements EventSource {
        public Stream {
            filters = List.copyOf(filters);
        }

        /** Whether the function is to get this record of the stream. */
        public boolean takes(JsonNode record) {
            return filters.isEmpty() || filters.stream().anyMatch(filter -> filter.matches(record));
        }
    }

    /**
     * A queue.
     *
     * @param queue by logical id
     * @param reportsFailures whether the function's answer names the messages that failed; else all are done when it answers
     * @param maximumConcurrency the most invocations at once
     */
    record Messages(String function, String queue, int batchSize, boolean reportsFailures, int maximumConcurrency)
            implements EventSource {}
}
