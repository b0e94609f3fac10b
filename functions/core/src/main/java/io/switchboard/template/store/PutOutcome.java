package io.switchboard.template.store;

import io.switchboard.template.ReferenceViolation;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import java.util.List;

/** The outcome of creating or replacing a template. */
public sealed interface PutOutcome {
    /** The template is stored as requested. */
    sealed interface Placed extends PutOutcome {
        /** Returns the stored template. */
        Stored<Template> stored();
    }

    /** Nothing was stored; the caller must change the request. */
    sealed interface Rejected extends PutOutcome {}

    /** A new template was stored. */
    record Created(Stored<Template> stored) implements Placed {}

    /** The next version was stored. */
    record Replaced(Stored<Template> stored) implements Placed {}

    /** The template already has this content; only for imports. */
    record Unchanged(Stored<Template> stored) implements Placed {}

    /** The same request created the template before; this is its current version. */
    record Replayed(Stored<Template> stored) implements PutOutcome {}

    /** The import ended before this template, because the time was over or another template was rejected. */
    record Pending() implements PutOutcome {}

    /** The same request created the template before, and it has been deleted since. */
    record ReplayedDeleted() implements Rejected {}

    /** The idempotency key was used for a different request. */
    record KeyReused() implements Rejected {}

    /** The name exists, without regard to case. */
    record NameTaken(String uniqueName) implements Rejected {}

    /** The template does not exist. */
    record NotFound() implements Rejected {}

    /** The template does not have the required version. */
    record VersionMismatch(long version) implements Rejected {}

    /** Another app profile is already the tenant's default. */
    record DefaultTaken(String appProfile) implements Rejected {}

    /** The type and entity of the session template cannot change, because app profiles refer to it. */
    record InUse(TemplateUsers users) implements Rejected {}

    /** The template refers to existing templates that are not allowed. */
    record ReferencesInvalid(List<ReferenceViolation> violations) implements Rejected {
        public ReferencesInvalid {
            violations = List.copyOf(violations);
        }
    }

    /** The template refers to templates that do not exist. */
    record ReferencesMissing(List<String> uniqueNames) implements Rejected {
        public ReferencesMissing {
            uniqueNames = List.copyOf(uniqueNames);
        }
    }
}
