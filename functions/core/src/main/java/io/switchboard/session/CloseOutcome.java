package io.switchboard.session;

/** What became of a close. */
public sealed interface CloseOutcome {
    /** It is closed, by this request or before it. */
    record Closed(SessionOnDesk session) implements CloseOutcome {}

    /** There is no such session in the caller's scope. */
    record NotFound() implements CloseOutcome {}

    /** It may not be closed. */
    record NotClosable() implements CloseOutcome {}

    /** It has another version than the one the caller knows. */
    record VersionMismatch(long version) implements CloseOutcome {}
}
