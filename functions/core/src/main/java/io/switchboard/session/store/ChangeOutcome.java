package io.switchboard.session.store;

import io.switchboard.session.SessionOnDesk;
import java.util.List;

/** The outcome of changing a session. */
public sealed interface ChangeOutcome {
    /** The session is as requested, because of this request or an earlier one. */
    record Done(SessionOnDesk session) implements ChangeOutcome {}

    /**
     * The session was moved to the desk of another user.
     *
     * @param session the session as it arrived at that desk
     * @param isUserKnown whether that user already had a desk
     */
    record HandedOver(SessionOnDesk session, boolean isUserKnown) implements ChangeOutcome {}

    /**
     * The session is offered to another user, because of this request or an earlier one.
     *
     * @param session the session, which stays on its desk
     * @param isUserKnown whether that user already had a desk
     * @param isUserUnavailable whether that user is offline or away
     * @param isPending false if the offer ended at once, because the queue of the other desk is full
     */
    record HandOverOffered(SessionOnDesk session, boolean isUserKnown, boolean isUserUnavailable, boolean isPending)
            implements ChangeOutcome {}

    /** The session is offered to yet another user, who has not answered. */
    record HandOverPending() implements ChangeOutcome {}

    /** The target user never had a desk, and the request is strict. Nothing was written. */
    record UnknownUser() implements ChangeOutcome {}

    /** The session does not exist in the caller's scope. */
    record NotFound() implements ChangeOutcome {}

    /** The session does not have the required version. */
    record VersionMismatch(long version) implements ChangeOutcome {}

    /** The session is closed, by a close or by idleness. */
    record AlreadyClosed() implements ChangeOutcome {}

    /** The session must not be closed. */
    record NotClosable() implements ChangeOutcome {}

    /** Tabs of the session have unsaved changes, which the caller did not discard. */
    record UnsavedChanges(List<String> tabIds) implements ChangeOutcome {
        public UnsavedChanges {
            tabIds = List.copyOf(tabIds);
        }
    }

    /** The session must be completed with one of these dispositions. */
    record DispositionRequired(List<String> dispositions) implements ChangeOutcome {
        public DispositionRequired {
            dispositions = List.copyOf(dispositions);
        }
    }

    /** The session can only be completed with one of these dispositions. */
    record DispositionNotAllowed(List<String> dispositions) implements ChangeOutcome {
        public DispositionNotAllowed {
            dispositions = List.copyOf(dispositions);
        }
    }

    /** The target desk is full. */
    record LimitReached(int limit) implements ChangeOutcome {}

    /** The target user already has a session of this id, created by a retry of its request a day after a hand-over. */
    record IdTaken() implements ChangeOutcome {}
}
