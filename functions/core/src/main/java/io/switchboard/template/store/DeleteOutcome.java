package io.switchboard.template.store;

/** The outcome of deleting a template. */
public sealed interface DeleteOutcome {
    /** The template is deleted. */
    record Deleted() implements DeleteOutcome {}

    /** The template does not exist. */
    record NotFound() implements DeleteOutcome {}

    /** The template does not have the required version. */
    record VersionMismatch(long version) implements DeleteOutcome {}

    /** Other templates or users refer to the template. */
    record InUse(TemplateUsers users) implements DeleteOutcome {}
}
