package io.switchboard.template.store;

/** What became of deleting a template. */
public sealed interface DeleteOutcome {
    /** It is gone. */
    record Deleted() implements DeleteOutcome {}

    /** There is nothing to delete. */
    record NotFound() implements DeleteOutcome {}

    /** It has another version than the one the caller knows. */
    record VersionMismatch(long version) implements DeleteOutcome {}

    /** Others refer to it. */
    record InUse(TemplateUsers users) implements DeleteOutcome {}
}
