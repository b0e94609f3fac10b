package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** An event source from which Lambda invokes a function. */
public sealed interface EventSource {
    /** Returns the function's logical id. */
    String function();

    /** Returns the maximum number of records per invocation. */
    int batchSize();

    /**
     * A table's stream.
     *
     * @param table the table's logical id
     * @param maximumRetryAttempts the number of retries of a failed batch before it is dropped
     * @param bisects whether a batch is halved when the function fails as a whole
     * @param filters the filters, of which a record must match at least one; empty accepts every record
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

        /** Returns whether this stream record invokes the function. */
        public boolean accepts(JsonNode record) {
            return filters.isEmpty() || filters.stream().anyMatch(filter -> filter.matches(record));
        }
    }

    /**
     * A queue.
     *
     * @param queue the queue's logical id
     * @param reportsFailures whether the function's response lists the failed messages; otherwise any response
     *     completes all messages
     * @param maximumConcurrency the maximum number of concurrent invocations
     */
    record Messages(String function, String queue, int batchSize, boolean reportsFailures, int maximumConcurrency)
            implements EventSource {}
}
