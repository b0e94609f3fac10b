package io.switchboard.template.store;

/** The outcome of assigning a user to an app profile. */
public sealed interface AssignOutcome {
    /** The user did not have an assigned profile before. */
    record Assigned(ProfileAssignment assignment) implements AssignOutcome {}

    /** The user had another profile, or already this one, in which case nothing changes. */
    record Moved(ProfileAssignment assignment) implements AssignOutcome {}

    /** The profile does not exist. */
    record ProfileNotFound() implements AssignOutcome {}
}
