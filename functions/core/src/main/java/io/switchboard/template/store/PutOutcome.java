package io.switchboard.template.store;

import io.switchboard.template.ReferenceViolation;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import java.util.List;

/** The outcome of creating or replacing a template. */
public sealed interface PutOutcome {
    /** The template is stored as the request has it. */
    sealed interface Placed extends PutOutcome {
        /** The template as it is stored. */
        Stored<Template> stored();
    }

    /** Nothing is stored, and the caller must change the request. */
    sealed interface Refused extends PutOutcome {}

    /** It is stored as a new template. */
    record Created(Stored<Template> stored) implements Placed {}

    /** It is stored as the next version. */
    record Replaced(Stored<Template> stored) implements Placed {}

    /** It was stored already with this content; only for an import. */
    record Unchanged(Stored<Template> stored) implements Placed {}

    /** The same request created it before; this is how it is now. */
    record Replayed(Stored<Template> stored) implements PutOutcome {}

    /** The import ended before its turn: time ran out, or another template was refused. */
    record Pending() implements PutOutcome {}

    /** The same request created it before, and it was deleted since. */
    record ReplayedDeleted() implements Refused {}

    /** The key was used for another request. */
    record KeyReused() implements Refused {}

    /** The name is taken, perhaps in another case. */
    record NameTaken(String uniqueName) implements Refused {}

    /** There is nothing to replace. */
    record NotFound() implements Refused {}

    /** It has another version than the one the caller knows. */
    record VersionMismatch(long version) implements Refused {}

    /** Another app profile is the tenant's default. */
    record DefaultTaken(String appProfile) implements Refused {}

    /** A session template that app profiles refer to keeps its type and entity. */
    record InUse(TemplateUsers users) implements Refused {}

    /** It refers to templates that exist and do not fit. */
    record ReferencesUnfit(List<ReferenceViolation> violations) implements Refused {
        public ReferencesUnfit {
            violations = List.copyOf(violations);
        }
    }

    /** It refers to templates that do not exist. */
    record ReferencesMissing(List<String> uniqueNames) implements Refused {
        public ReferencesMissing {
            uniqueNames = List.copyOf(uniqueNames);
        }
    }
}
