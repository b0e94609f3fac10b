package io.switchboard.callrecords.store;

import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.runtime.Unavailable;
import java.util.function.Supplier;

/** What became of a change of a call record, a session or a participant that was read before. */
public sealed interface RecordChangeOutcome<T> {
    /** An outcome that another attempt would not change. */
    sealed interface Settled<T> extends RecordChangeOutcome<T> {}

    /** It is as it was wanted. */
    record Done<T>(T now) implements Settled<T> {}

    /** It is not there, or not any more. */
    record Gone<T>() implements Settled<T> {}

    /** The change would give it the key of another one. */
    record Taken<T>() implements Settled<T> {}

    /** It cannot be stored whole any more. */
    record TooLarge<T>(int compressedBytes, int maximum) implements Settled<T> {}

    /** Another request changed it since it was read: read it again and decide again; {@link #settle} does. */
    record Overtaken<T>() implements RecordChangeOutcome<T> {}

    /**
     * Repeats an attempt until no other request comes between what it reads and what it writes.
     *
     * @param contention for the log: what kept changing
     * @param attempt reads, decides and changes; an exception ends it
     * @throws Unavailable if the request has no time left for another attempt
     */
    static <T> Settled<T> settle(String contention, Supplier<RecordChangeOutcome<T>> attempt) {
        return WriteLoop.until(contention, () -> switch (attempt.get()) {
            case Settled<T> settled -> settled;
            case Overtaken<T> overtaken -> null;
        });
    }
}
