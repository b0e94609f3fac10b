package io.switchboard.callrecords.store;

import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.runtime.Unavailable;
import java.util.function.Supplier;

/** The outcome of changing a call record, a session or a participant that was read before. */
public sealed interface RecordChangeOutcome<T> {
    /** An outcome that another attempt would not change. */
    sealed interface Settled<T> extends RecordChangeOutcome<T> {}

    /** The change was made. */
    record Done<T>(T now) implements Settled<T> {}

    /** The resource does not exist or was deleted. */
    record Gone<T>() implements Settled<T> {}

    /** The change would give the resource the key of another one. */
    record Taken<T>() implements Settled<T> {}

    /** The changed resource is too large to be stored. */
    record TooLarge<T>(Oversize oversize) implements Settled<T> {}

    /** Another request changed the resource since it was read. Read it again and retry; {@link #settle} does both. */
    record Overtaken<T>() implements RecordChangeOutcome<T> {}

    /**
     * Repeats an attempt until no other request changes the resource between its read and its write.
     *
     * @param contention the text for the log: the resource that kept changing
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
