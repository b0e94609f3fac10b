package io.switchboard.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda function that the stream of a table invokes. It reads the batch, handles it in order, and returns the record
 * from which Lambda must retry ({@code ReportBatchItemFailures}). Thread-safe if {@link #handle} is.
 *
 * <p>A record that no retry can process must be the only one that goes to the dead-letter queue. If it is the first of
 * several, the function fails as a whole: Lambda then halves the batch ({@code BisectBatchOnFunctionError}) until the
 * record is alone. If it were reported instead, the records after it would go to the queue too when its retries are
 * used up.
 */
public abstract class StreamFunction implements RequestStreamHandler {
    private final LogLevel logLevel;
    private final InstantSource clock;
    private final Ticker ticker;
    /**
     * Set when this environment has served an invocation since it was started or restored. None is served before a
     * snapshot.
     */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** Creates a function that logs no line below this level. */
    protected StreamFunction(LogLevel logLevel, InstantSource clock) {
        this(logLevel, clock, Ticker.system());
    }

    /** Creates a function with another ticker for its deadline and its log. */
    protected StreamFunction(LogLevel logLevel, InstantSource clock, Ticker ticker) {
        this.logLevel = logLevel;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * The record at which a batch stopped.
     *
     * @param index the index of the first record that was not handled; all records before it were
     * @param isLasting whether no retry can succeed
     * @param fault the fault, for the log
     */
    public record BatchFailure(int index, boolean isLasting, Throwable fault) {}

    /**
     * Handles records in their order until one fails. Returns empty if all were handled.
     *
     * <p>If it throws for several records, they are handled again one by one, to find the record that causes the
     * exception.
     */
    protected abstract Optional<BatchFailure> handle(List<StreamRecord> records);

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        RequestLog log = RequestLog.of(context, !hasServed.getAndSet(true), ticker);
        List<?> records = StreamRecord.all(Json.readObject(input));
        log.put("operation", "stream");
        log.put("records", records.size());
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Deadline.RESERVE);
        Optional<BatchFailure> failure =
                Deadline.in(left, ticker).during(() -> log.during(() -> firstFailure(records)));
        failure.ifPresent(at -> {
            log.put("stoppedAt", StreamRecord.sequenceNumber(records.get(at.index)));
            log.failed(at.fault);
        });
        log.write(
                failure.isPresent() ? LogLevel.ERROR : LogLevel.INFO,
                clock.instant(),
                logLevel,
                context.getLogger()::log);
        if (failure.isPresent() && failure.get().isLasting && failure.get().index == 0 && records.size() > 1) {
            throw new UnreadableRecord(StreamRecord.sequenceNumber(records.getFirst()));
        }
        List<Map<String, String>> failures = failure.map(
                        at -> List.of(Map.of("itemIdentifier", StreamRecord.sequenceNumber(records.get(at.index)))))
                .orElse(List.of());
        output.write(Json.write(Map.of("batchItemFailures", failures)).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the record at which the batch stops: it was not handled, or cannot be read. */
    private Optional<BatchFailure> firstFailure(List<?> trees) {
        List<StreamRecord> records = new ArrayList<>();
        @Nullable BatchFailure unreadable = null;
        for (int i = 0; i < trees.size() && unreadable == null; i++) {
            try {
                records.add(StreamRecord.of(trees.get(i)));
            } catch (RuntimeException e) {
                unreadable = new BatchFailure(i, true, e);
            }
        }
        Optional<BatchFailure> failure = guarded(records);
        return failure.isPresent() ? failure : Optional.ofNullable(unreadable);
    }

    private Optional<BatchFailure> guarded(List<StreamRecord> records) {
        try {
            return handle(records);
        } catch (OutOfMemoryError e) {
            // The environment is unusable.
            throw e;
        } catch (Throwable fault) {
            // If it were rethrown, Lambda would log its message, which may contain personal data.
            if (records.size() == 1) {
                return Optional.of(new BatchFailure(0, true, fault));
            }
        }
        for (int i = 0; i < records.size(); i++) {
            @Nullable BatchFailure failure = guarded(List.of(records.get(i))).orElse(null);
            if (failure != null) {
                return Optional.of(new BatchFailure(i, failure.isLasting, failure.fault));
            }
        }
        return Optional.empty();
    }

    /**
     * Makes Lambda halve the batch. It has no cause, because Lambda logs the exception, and the cause may contain
     * personal data.
     */
    private static final class UnreadableRecord extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableRecord(String sequenceNumber) {
            super(
                    "The first record of the batch (sequence number " + sequenceNumber
                            + ") cannot be read. Lambda halves the batch until the record is alone",
                    null,
                    false,
                    false);
        }
    }
}
