package io.switchboard.callrecords.store;

/** What became of a change of something that was read before. */
public sealed interface ChangeOutcome<T> {
    /** It is as it was wanted. */
    record Done<T>(T now) implements ChangeOutcome<T> {}

    /** It is not there, or not any more. */
    record Gone<T>() implements ChangeOutcome<T> {}

    /** Somebody changed it since it was read: read it again and decide anew. */
    record Overtaken<T>() implements ChangeOutcome<T> {}

    /** The change would give it the key of another one. */
    record Taken<T>() implements ChangeOutcome<T> {}

    /** It cannot be stored whole any more. */
    record TooLarge<T>(int compressedBytes, int maximum) implements ChangeOutcome<T> {}
}
