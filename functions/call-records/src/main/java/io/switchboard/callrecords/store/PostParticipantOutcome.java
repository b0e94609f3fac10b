package io.switchboard.callrecords.store;

/** What became of a posted participant. */
public sealed interface PostParticipantOutcome {
    /** It is there as posted: made, filled up, or there already as equal. */
    record Posted(Participant participant) implements PostParticipantOutcome {}

    /**
     * One of the same id says otherwise.
     *
     * @param target the first property that differs
     */
    record Different(Participant stored, String target) implements PostParticipantOutcome {}

    /** The call record is gone since it was read. */
    record Gone() implements PostParticipantOutcome {}

    /** See {@link PostSessionOutcome.TooLarge}. */
    record TooLarge(int compressedBytes, int maximum) implements PostParticipantOutcome {}
}
