package io.switchboard.template;

import java.util.List;

/** What became of creating or replacing a template. */
public sealed interface PutOutcome {
    /** It is stored as a new template. */
    record Created(Stored<Template> stored) implements PutOutcome {}

    /** The same request created it before; this is how it is now. */
    record Replayed(Stored<Template> stored) implements PutOutcome {}

    /** The same request created it before, and it was deleted since. */
    record ReplayedDeleted() implements PutOutcome {}

    /** The key was used for another request. */
    record KeyReused() implements PutOutcome {}

    /** It is stored as the next version. */
    record Replaced(Stored<Template> stored) implements PutOutcome {}

    /** The name is taken, perhaps in another case. */
    record NameTaken(String uniqueName) implements PutOutcome {}

    /** There is nothing to replace. */
    record NotFound() implements PutOutcome {}

    /** It has another version than the one the caller knows. */
    record VersionMismatch(long version) implements PutOutcome {}

    /** It refers to application tab templates that are not there. */
    record ReferencesMissing(List<String> uniqueNames) implements PutOutcome {
        public ReferencesMissing {
            uniqueNames = List.copyOf(uniqueNames);
        }
    }
}
