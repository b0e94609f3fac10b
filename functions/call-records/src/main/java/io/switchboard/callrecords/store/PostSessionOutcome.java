package io.switchboard.callrecords.store;

/** The outcome of posting a session. */
public sealed interface PostSessionOutcome {
    /** The session is stored as posted: created, filled, or equal to the stored one. Its segments are inline. */
    record Posted(CallSession session) implements PostSessionOutcome {}

    /** The same {@code Idempotency-Key} and body were sent before; this is the current session. */
    record Replayed(CallSession session) implements PostSessionOutcome {}

    /** The key was used before, and the session that it created was deleted since. */
    record Deleted() implements PostSessionOutcome {}

    /** The {@code Idempotency-Key} was used before with a different body. */
    record KeyReused() implements PostSessionOutcome {}

    /**
     * A session with this key exists with different content.
     *
     * @param target the first property that differs
     */
    record Different(CallSession stored, String target) implements PostSessionOutcome {}

    /** The call record does not exist, and a setting requires it. */
    record NoRecord() implements PostSessionOutcome {}

    /** The session is too large to be stored. */
    record TooLarge(Oversize oversize) implements PostSessionOutcome {}
}
