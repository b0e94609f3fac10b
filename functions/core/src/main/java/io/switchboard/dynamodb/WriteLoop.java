package io.switchboard.dynamodb;

import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop of conditional writes: read, decide, write, and repeat if another request was faster. Writes are conditional
 * on the state that was read, so a decision is valid for the state that it replaces. Thread-safe.
 */
public final class WriteLoop {
    private final DynamoDb dynamoDb;
    private final Supplier<String> writeIds;

    /** Creates a loop that writes to this database. */
    public WriteLoop(DynamoDb dynamoDb) {
        this(dynamoDb, DynamoDb::newWriteId);
    }

    private WriteLoop(DynamoDb dynamoDb, Supplier<String> writeIds) {
        this.dynamoDb = dynamoDb;
        this.writeIds = writeIds;
    }

    /** Creates a loop whose writes have the current request in their id. */
    public static WriteLoop withCause(DynamoDb dynamoDb) {
        return new WriteLoop(dynamoDb, WriteCause::newWriteId);
    }

    /**
     * Repeats the decision until it is written or needs no write.
     *
     * @param contention the log message if the state keeps changing
     * @param now the time of the request, the same for all attempts
     * @throws Unavailable if the request has no time left for another attempt
     */
    public <O> O decide(String contention, Instant now, Decision<O> decision) {
        Attempts<O> attempts = new Attempts<>(now);
        return until(contention, () -> {
            attempts.writeId = writeIds.get();
            Step<O> step = decision.step(attempts);
            return step.writes().isEmpty() || attempts.isWritten(dynamoDb, step) ? step.outcome() : null;
        });
    }

    /**
     * Repeats an attempt until it has an outcome.
     *
     * @param contention the log message if the state keeps changing
     * @param attempt one attempt; it returns null if another request was faster
     * @throws Unavailable if the request has no time left for another attempt
     */
    public static <O> O until(String contention, Supplier<@Nullable O> attempt) {
        while (true) {
            @Nullable O outcome = attempt.get();
            if (outcome != null) {
                return outcome;
            }
            requireTime(contention);
        }
    }

    /**
     * Repeats an attempt until it has an outcome. Each attempt starts from the state that the previous attempt found.
     *
     * @param contention the log message if the state keeps changing
     * @param seen the state from which the first attempt starts
     * @throws Unavailable if the request has no time left for another attempt
     */
    public static <S, O> O until(String contention, S seen, Function<S, Attempt<S, O>> attempt) {
        AtomicReference<S> state = new AtomicReference<>(seen);
        return until(contention, () -> {
            Attempt<S, O> ended = attempt.apply(state.get());
            if (ended instanceof Attempt.Overtaken<S, O> overtaken) {
                state.set(overtaken.found());
                return null;
            }
            return ((Attempt.Done<S, O>) ended).outcome();
        });
    }

    /**
     * Returns the time that the request has left.
     *
     * @param otherwise the log message if no time is left
     * @throws Unavailable if no time is left
     */
    public static Duration requireTime(String otherwise) {
        Duration left = Deadline.left();
        if (left.isZero()) {
            throw new Unavailable(Dependency.DATABASE, false, otherwise);
        }
        return left;
    }

    /** The end of one attempt. */
    public sealed interface Attempt<S, O> {
        /** The attempt has an outcome, and the loop ends. */
        record Done<S, O>(O outcome) implements Attempt<S, O> {}

        /**
         * Another request was faster.
         *
         * @param found the state from which the next attempt starts
         */
        record Overtaken<S, O>(S found) implements Attempt<S, O> {}
    }

    /** Reads the state and decides the outcome of a request. It runs once for each attempt. */
    @FunctionalInterface
    public interface Decision<O> {
        /** Returns the outcome and its writes. */
        Step<O> step(Attempts<O> attempts);
    }

    /**
     * An outcome and the writes that store it.
     *
     * @param writes one transaction; empty if the outcome needs no write
     */
    public record Step<O>(O outcome, List<Write> writes) {
        /** Returns an outcome that needs no write. */
        public static <O> Step<O> none(O outcome) {
            return new Step<>(outcome, List.of());
        }
    }

    /** The attempts of one loop. Not thread-safe. */
    public static final class Attempts<O> {
        private final Instant now;
        private final Map<String, O> written = new HashMap<>();
        private String writeId = "";
        private WriteOutcome.@Nullable Rejected rejected;

        private Attempts(Instant now) {
            this.now = now;
        }

        /** Returns the time of the request. */
        public Instant now() {
            return now;
        }

        /** Returns the unique id of the transaction of this attempt. Each item that it writes has the id. */
        public String writeId() {
            return writeId;
        }

        /** Returns the failed conditions of the previous attempt; null for the first attempt. */
        public WriteOutcome.@Nullable Rejected rejected() {
            return rejected;
        }

        /**
         * Returns the outcome of an earlier attempt whose write arrived after its retry was rejected: the item carries
         * its id. Only a write whose conditions can hold again needs this, for example on a free slot or a free name. A
         * write that is conditioned on the id or the version of what was read never arrives once it is rejected.
         *
         * @param writeId the id of the write that stored the item; null if the item is missing
         * @return null if no attempt wrote the item
         */
        public @Nullable O landed(@Nullable String writeId) {
            return written.get(writeId);
        }

        private boolean isWritten(DynamoDb dynamoDb, Step<O> step) {
            written.put(writeId, step.outcome());
            if (dynamoDb.write(writeId, step.writes()) instanceof WriteOutcome.Rejected outcome) {
                rejected = outcome;
                return false;
            }
            return true;
        }
    }
}
