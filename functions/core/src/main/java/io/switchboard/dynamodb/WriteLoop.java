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
 * The one loop of conditional writes: read, decide, write, and again if another request was faster. The writes are
 * conditioned on what was read, so a decision always holds for the state that it replaces. Thread-safe.
 */
public final class WriteLoop {
    private final DynamoDb dynamoDb;

    /** A loop whose writes go to this database. */
    public WriteLoop(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Decides until a decision is written, or needs no write.
     *
     * @param contention for the log: what kept changing
     * @param now the time of the request, the same for all attempts
     * @throws Unavailable if the request has no time left for another attempt
     */
    public <O> O decide(String contention, Instant now, Decision<O> decision) {
        Attempts<O> attempts = new Attempts<>(now);
        return until(contention, () -> {
            attempts.writeId = DynamoDb.newWriteId();
            Step<O> step = decision.step(attempts);
            return step.writes().isEmpty() || attempts.isWritten(dynamoDb, step) ? step.outcome() : null;
        });
    }

    /**
     * Repeats an attempt until it has an outcome.
     *
     * @param contention for the log: what kept changing
     * @param attempt one try; null if another request was faster
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
     * Repeats an attempt until it has an outcome. Each attempt starts from what the one before it found.
     *
     * @param contention for the log: what kept changing
     * @param seen what the first attempt starts from
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
     * @param otherwise for the log: what took all of the time
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
         * @param found what the next attempt starts from
         */
        record Overtaken<S, O>(S found) implements Attempt<S, O> {}
    }

    /** Reads a state and decides what becomes of a request in it. It runs once for each attempt. */
    @FunctionalInterface
    public interface Decision<O> {
        /** The outcome, and the writes that make it true. */
        Step<O> step(Attempts<O> attempts);
    }

    /**
     * An outcome and the writes that make it true.
     *
     * @param writes one transaction; empty if the outcome holds already
     */
    public record Step<O>(O outcome, List<Write> writes) {
        /** An outcome that holds without a write. */
        public static <O> Step<O> none(O outcome) {
            return new Step<>(outcome, List.of());
        }
    }

    /** The attempts of one loop. Not thread-safe. */
    public static final class Attempts<O> {
        private final Instant now;
        private final Map<String, O> written = new HashMap<>();
        private String writeId = "";
        private WriteOutcome.@Nullable Refused refused;

        private Attempts(Instant now) {
            this.now = now;
        }

        /** The time of the request. */
        public Instant now() {
            return now;
        }

        /** The id of this attempt's transaction, unique to it. Each item that it writes carries the id. */
        public String writeId() {
            return writeId;
        }

        /** The refusal of the attempt before this one; null for the first attempt. */
        public WriteOutcome.@Nullable Refused refused() {
            return refused;
        }

        /**
         * Returns the outcome of an earlier attempt whose write arrived after its retry was rejected: the item carries its id. Only
         * a write whose conditions can hold again needs this, for example on a free slot or a free name. A write that is conditioned
         * on the id or the version of what was read never arrives once it is rejected.
         *
         * @param writeId the id of the write that stored the item; null if the item is missing
         * @return null if no attempt wrote the item
         */
        public @Nullable O landed(@Nullable String writeId) {
            return written.get(writeId);
        }

        private boolean isWritten(DynamoDb dynamoDb, Step<O> step) {
            written.put(writeId, step.outcome());
            if (dynamoDb.write(writeId, step.writes()) instanceof WriteOutcome.Refused refusal) {
                refused = refusal;
                return false;
            }
            return true;
        }
    }
}
