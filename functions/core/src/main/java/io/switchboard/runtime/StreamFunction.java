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
 * A Lambda function that a table's stream invokes: reads the batch, has it handled in order, and answers with the record from
 * which Lambda must come again ({@code ReportBatchItemFailures}). Thread-safe as long as {@link #handle} is.
 *
 * <p>A record that no retry will mend is to end in the dead-letter queue alone. So where it is the first of several, the function
 * fails as a whole: Lambda then halves the batch ({@code BisectBatchOnFunctionError}) until the record is by itself. Reported instead,
 * it would take those behind it along when its retries are used up.
 */
public abstract class StreamFunction implements RequestStreamHandler {
    private final LogLevel logLevel;
    private final InstantSource clock;
    private final Ticker ticker;
    /** Of this environment, since it was started or restored; nothing is served before a snapshot. */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** A function that logs no line below this level. */
    protected StreamFunction(LogLevel logLevel, InstantSource clock) {
        this(logLevel, clock, Ticker.system());
    }

    /** The same, with another ticker for its deadline and its log. */
    protected StreamFunction(LogLevel logLevel, InstantSource clock, Ticker ticker) {
        this.logLevel = logLevel;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Where a batch stopped.
     *
     * @param index of the first record that is not done; all before it are
     * @param isLasting whether no retry will mend it
     * @param fault what went wrong, for the log
     */
    public record Stop(int index, boolean isLasting, Throwable fault) {}

    /**
     * Handles records in their order until one fails; nothing where all are done.
     *
     * <p>If it throws for several records, they are handled again one by one, so that the one that throws is known.
     */
    protected abstract Optional<Stop> handle(List<StreamRecord> records);

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        RequestLog log = RequestLog.of(context, !hasServed.getAndSet(true), ticker);
        List<?> records = StreamRecord.all(Json.readObject(input));
        log.put("operation", "stream");
        log.put("records", records.size());
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Deadline.RESERVE);
        Optional<Stop> stop = Deadline.in(left, ticker).during(() -> log.during(() -> stop(records)));
        stop.ifPresent(at -> {
            log.put("stoppedAt", StreamRecord.sequenceNumber(records.get(at.index)));
            log.failed(at.fault);
        });
        log.write(
                stop.isPresent() ? LogLevel.ERROR : LogLevel.INFO, clock.instant(), logLevel, context.getLogger()::log);
        if (stop.isPresent() && stop.get().isLasting && stop.get().index == 0 && records.size() > 1) {
            throw new UnreadableRecord(StreamRecord.sequenceNumber(records.getFirst()));
        }
        List<Map<String, String>> failures = stop.map(
                        at -> List.of(Map.of("itemIdentifier", StreamRecord.sequenceNumber(records.get(at.index)))))
                .orElse(List.of());
        output.write(Json.write(Map.of("batchItemFailures", failures)).getBytes(StandardCharsets.UTF_8));
    }

    /** Where the batch stops: at a record that is not handled, or at one that cannot be read. */
    private Optional<Stop> stop(List<?> trees) {
        List<StreamRecord> records = new ArrayList<>();
        @Nullable Stop unreadable = null;
        for (int i = 0; i < trees.size() && unreadable == null; i++) {
            try {
                records.add(StreamRecord.of(trees.get(i)));
            } catch (RuntimeException e) {
                unreadable = new Stop(i, true, e);
            }
        }
        Optional<Stop> stop = guarded(records);
        return stop.isPresent() ? stop : Optional.ofNullable(unreadable);
    }

    private Optional<Stop> guarded(List<StreamRecord> records) {
        try {
            return handle(records);
        } catch (OutOfMemoryError e) {
            // Nothing works in this environment any more.
            throw e;
        } catch (Throwable fault) {
            // Thrown further, Lambda would log it as it is, and what was read may be personal.
            if (records.size() == 1) {
                return Optional.of(new Stop(0, true, fault));
            }
        }
        for (int i = 0; i < records.size(); i++) {
            @Nullable Stop stop = guarded(List.of(records.get(i))).orElse(null);
            if (stop != null) {
                return Optional.of(new Stop(i, stop.isLasting, stop.fault));
            }
        }
        return Optional.empty();
    }

    /** Has Lambda halve the batch. Without cause: what was read may be personal, and Lambda logs whatever is thrown. */
    private static final class UnreadableRecord extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableRecord(String sequenceNumber) {
            super(
                    "The first record of the batch (sequence number " + sequenceNumber
                            + ") cannot be read: the batch is to be halved until it is alone",
                    null,
                    false,
                    false);
        }
    }
}
