package io.switchboard.callrecords.store;

/** The outcome of posting a participant. */
public sealed interface PostParticipantOutcome {
    /** The participant is stored as posted: created, filled, or equal to the stored one. */
    record Posted(Participant participant) implements PostParticipantOutcome {}

    /**
     * A participant with this id exists with different content.
     *
     * @param target the first property that differs
     */
    record Different(Participant stored, String target) implements PostParticipantOutcome {}

    /** The call record was deleted or replaced since it was read. */
    record Gone() implements PostParticipantOutcome {}

    /** See {@link PostSessionOutcome.TooLarge}. */
    record TooLarge(Oversize oversize) implements PostParticipantOutcome {}
}
