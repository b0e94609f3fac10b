package io.switchboard.recordsource;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the records of one tenant, for one request. All queries together take at most two seconds, and faults are
 * returned as results. Not thread-safe. See {@link RecordSources#of}.
 */
@FunctionalInterface
public interface RecordSource {
    /** The record source of a tenant that has none. */
    RecordSource NONE = new RecordSource() {
        @Override
        public boolean isSetUp() {
            return false;
        }

        @Override
        public List<RecordResult> query(List<RecordQuery> queries) {
            List<RecordResult> results = new ArrayList<>();
            queries.forEach(query -> results.add(new RecordResult.NotSetUp()));
            return results;
        }
    };

    /** Returns whether a record source may be configured. The method does not read the configuration. */
    default boolean isSetUp() {
        return true;
    }

    /**
     * Sends all queries concurrently.
     *
     * @return a result for each query, in their order
     */
    List<RecordResult> query(List<RecordQuery> queries);
}
