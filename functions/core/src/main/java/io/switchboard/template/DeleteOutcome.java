package io.switchboard.template;

import java.util.List;

/** What became of deleting a template. */
public sealed interface DeleteOutcome {
    /** It is gone. */
    record Deleted() implements DeleteOutcome {}

    /** There is nothing to delete. */
    record NotFound() implements DeleteOutcome {}

    /** It has another version than the one the caller knows. */
    record VersionMismatch(long version) implements DeleteOutcome {}

    /** Others refer to it; some of them by unique name. */
    record InUse(List<String> users) implements DeleteOutcome {
        public InUse {
            users = List.copyOf(users);
        }
    }
}
