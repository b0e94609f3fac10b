package io.switchboard.recordsource;

import java.util.List;

/** A query to a record source. All its values are escaped already. */
public sealed interface RecordQuery {
    /** Returns the logical name of the entity. */
    String entity();

    /**
     * Reads columns of one record.
     *
     * @param id the record id, a GUID
     * @param columns the column names, which are identifiers
     */
    record Columns(String entity, String id, List<String> columns) implements RecordQuery {
        public Columns {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Reads the first record that matches.
     *
     * @param options the OData query options, percent-encoded, without the question mark
     */
    record FirstRow(String entity, String options) implements RecordQuery {}
}
