package io.switchboard.recordsource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record source whose answers a test has laid down; it keeps what it was asked, round by round. */
public final class KnownRecords implements RecordSource {
    private final Map<RecordQuestion, RecordAnswer> answers = new HashMap<>();
    private final Map<String, Map<String, @Nullable Object>> records = new HashMap<>();
    private final List<List<RecordQuestion>> rounds = new ArrayList<>();
    private @Nullable RecordAnswer always;

    /** Holds this record. */
    public KnownRecords record(String entity, String id, Map<String, ? extends @Nullable Object> members) {
        records.put(entity + ' ' + id, new HashMap<>(members));
        return this;
    }

    /** Finds this record by this query, as it is sent. */
    public KnownRecords found(String entity, String options, Map<String, ? extends @Nullable Object> members) {
        answers.put(new RecordQuestion.FirstRow(entity, options), new RecordAnswer.Found(new HashMap<>(members)));
        return this;
    }

    /** Gives this answer to everything. */
    public KnownRecords always(@Nullable RecordAnswer answer) {
        always = answer;
        return this;
    }

    public List<List<RecordQuestion>> rounds() {
        return rounds;
    }

    /** The options of all queries so far, as they are sent. */
    public List<String> options() {
        List<String> options = new ArrayList<>();
        for (List<RecordQuestion> round : rounds) {
            for (RecordQuestion question : round) {
                if (question instanceof RecordQuestion.FirstRow query) {
                    options.add(query.options());
                }
            }
        }
        return options;
    }

    @Override
    public List<RecordAnswer> ask(List<RecordQuestion> questions) {
        rounds.add(questions);
        List<RecordAnswer> found = new ArrayList<>();
        for (RecordQuestion question : questions) {
            found.add(always != null ? always : answer(question));
        }
        return found;
    }

    private RecordAnswer answer(RecordQuestion question) {
        if (question instanceof RecordQuestion.Columns columns) {
            @Nullable Map<String, @Nullable Object> members = records.get(columns.entity() + ' ' + columns.id());
            return members == null ? new RecordAnswer.Nothing() : new RecordAnswer.Found(members);
        }
        return answers.getOrDefault(question, new RecordAnswer.Nothing());
    }
}
