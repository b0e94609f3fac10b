package io.switchboard.callrecords.store;

/** What became of a posted session. */
public sealed interface PostSessionOutcome {
    /** It is there as posted: made, filled up, or there already as equal. With its segments inline. */
    record Posted(CallSession session) implements PostSessionOutcome {}

    /** The same {@code Idempotency-Key} and body came before; the session as it is now. */
    record Replayed(CallSession session) implements PostSessionOutcome {}

    /** The key came before, and what it made was deleted since. */
    record Deleted() implements PostSessionOutcome {}

    /** The {@code Idempotency-Key} came before with another body. */
    record KeyReused() implements PostSessionOutcome {}

    /**
     * A session of the same key says otherwise.
     *
     * @param target the first property that differs
     */
    record Different(CallSession stored, String target) implements PostSessionOutcome {}

    /** There is no such call record, and a setting demands one. */
    record NoRecord() implements PostSessionOutcome {}

    /**
     * It cannot be stored whole.
     *
     * @param compressedBytes what its segments come to
     * @param maximum what they may come to
     */
    record TooLarge(int compressedBytes, int maximum) implements PostSessionOutcome {}
}
