package io.switchboard.template.store;

/** What became of assigning a user to an app profile. */
public sealed interface AssignOutcome {
    /** The user had no profile of its own. */
    record Assigned(ProfileAssignment assignment) implements AssignOutcome {}

    /** The user had another profile, or this one already, which changes nothing. */
    record Moved(ProfileAssignment assignment) implements AssignOutcome {}

    /** There is no such profile. */
    record ProfileNotFound() implements AssignOutcome {}
}
