package io.switchboard.session.store;

import io.switchboard.session.SessionOnDesk;

/** What became of a change of one session. */
public sealed interface ChangeOutcome {
    /** It is as the change wanted it, by this request or before it. */
    record Done(SessionOnDesk session) implements ChangeOutcome {}

    /**
     * The session is on the desk of another user.
     *
     * @param session as it came to that desk
     * @param isUserKnown whether that user had a desk before
     */
    record HandedOver(SessionOnDesk session, boolean isUserKnown) implements ChangeOutcome {}

    /** The user who was to take the session never had a desk, and the request is strict. Nothing was written. */
    record UnknownUser() implements ChangeOutcome {}

    /** There is no such session in the caller's scope. */
    record NotFound() implements ChangeOutcome {}

    /** It has another version than the one the caller knows. */
    record VersionMismatch(long version) implements ChangeOutcome {}

    /** It is closed, or was idle for so long that it reads as closed. */
    record AlreadyClosed() implements ChangeOutcome {}

    /** It may not be closed. */
    record NotClosable() implements ChangeOutcome {}

    /** The desk that is to take it is full. */
    record LimitReached(int limit) implements ChangeOutcome {}

    /** The other user has a session of this id: made again by a repeat of the first one's request, a day after it was handed over. */
    record IdTaken() implements ChangeOutcome {}
}
