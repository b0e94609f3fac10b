package io.switchboard.template.store;

import io.switchboard.template.Misfit;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
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

    /** It is there already as it is wanted; only an import asks. */
    record Unchanged(Stored<Template> stored) implements PutOutcome {}

    /** The import ended before its turn: time ran out, or another template was refused. */
    record Pending() implements PutOutcome {}

    /** Another app profile is the tenant's default. */
    record DefaultTaken(String appProfile) implements PutOutcome {}

    /** A session template that app profiles refer to keeps its type and entity. */
    record InUse(TemplateUsers users) implements PutOutcome {}

    /** It refers to templates that are there and do not fit. */
    record ReferencesUnfit(List<Misfit> misfits) implements PutOutcome {
        public ReferencesUnfit {
            misfits = List.copyOf(misfits);
        }
    }

    /** It refers to templates that are not there. */
    record ReferencesMissing(List<String> uniqueNames) implements PutOutcome {
        public ReferencesMissing {
            uniqueNames = List.copyOf(uniqueNames);
        }
    }
}
