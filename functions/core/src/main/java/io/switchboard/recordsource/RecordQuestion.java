package io.switchboard.recordsource;

import java.util.List;

/** What a record source is asked. Nothing in it needs escaping any more. */
public sealed interface RecordQuestion {
    /** The logical name of the entity whose records are asked for. */
    String entity();

    /**
     * Columns of one record.
     *
     * @param id a GUID
     * @param columns identifiers
     */
    record Columns(String entity, String id, List<String> columns) implements RecordQuestion {
        public Columns {
            columns = List.copyOf(columns);
        }
    }

    /**
     * The first record that a query finds.
     *
     * @param options OData's query options, percent-encoded, without the question mark
     */
    record FirstRow(String entity, String options) implements RecordQuestion {}
}
