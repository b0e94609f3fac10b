package io.switchboard.recordsource;

import java.util.ArrayList;
import java.util.List;

/**
 * The records of one tenant, for one request: whatever is asked, it all takes two seconds at most, and faults are answers. Not
 * thread-safe. See {@link RecordSources#of}.
 */
@FunctionalInterface
public interface RecordSource {
    /** Where no record source is set up. */
    RecordSource NONE = new RecordSource() {
        @Override
        public boolean isSetUp() {
            return false;
        }

        @Override
        public List<RecordAnswer> ask(List<RecordQuestion> questions) {
            List<RecordAnswer> answers = new ArrayList<>();
            questions.forEach(question -> answers.add(new RecordAnswer.NotSetUp()));
            return answers;
        }
    };

    /** Whether there is anything to ask, as far as can be told without asking. */
    default boolean isSetUp() {
        return true;
    }

    /**
     * Asks everything side by side.
     *
     * @return an answer to each question, in their order
     */
    List<RecordAnswer> ask(List<RecordQuestion> questions);
}
