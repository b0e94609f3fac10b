package io.switchboard.recordsource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record source with the results that a test defines. It records the queries of each round. */
public final class KnownRecords implements RecordSource {
    private final Map<RecordQuery, RecordResult> answers = new HashMap<>();
    private final Map<String, Map<String, @Nullable Object>> records = new HashMap<>();
    private final List<List<RecordQuery>> rounds = new ArrayList<>();
    private @Nullable RecordResult always;

    /** Adds a record. */
    public KnownRecords record(String entity, String id, Map<String, ? extends @Nullable Object> members) {
        records.put(entity + ' ' + id, new HashMap<>(members));
        return this;
    }

    /** Sets the record that a query finds, with the query as it is sent. */
    public KnownRecords found(String entity, String options, Map<String, ? extends @Nullable Object> members) {
        answers.put(new RecordQuery.FirstRow(entity, options), new RecordResult.Found(new HashMap<>(members)));
        return this;
    }

    /** Returns this result for every query. */
    public KnownRecords always(@Nullable RecordResult answer) {
        always = answer;
        return this;
    }

    public List<List<RecordQuery>> rounds() {
        return rounds;
    }

    /** Returns the options of all queries so far, as they are sent. */
    public List<String> options() {
        List<String> options = new ArrayList<>();
        for (List<RecordQuery> round : rounds) {
            for (RecordQuery query : round) {
                if (query instanceof RecordQuery.FirstRow row) {
                    options.add(row.options());
                }
            }
        }
        return options;
    }

    @Override
    public List<RecordResult> query(List<RecordQuery> queries) {
        rounds.add(queries);
        List<RecordResult> found = new ArrayList<>();
        for (RecordQuery query : queries) {
            found.add(always != null ? always : answer(query));
        }
        return found;
    }

    private RecordResult answer(RecordQuery query) {
        if (query instanceof RecordQuery.Columns columns) {
            @Nullable Map<String, @Nullable Object> members = records.get(columns.entity() + ' ' + columns.id());
            return members == null ? new RecordResult.NotFound() : new RecordResult.Found(members);
        }
        return answers.getOrDefault(query, new RecordResult.NotFound());
    }
}
