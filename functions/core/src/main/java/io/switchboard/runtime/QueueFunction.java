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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda function that a queue invokes. It reads the batch, handles its messages, and returns the failed messages
 * ({@code ReportBatchItemFailures}), which are delivered again. The others are deleted. Thread-safe if {@link #handle}
 * is.
 */
public abstract class QueueFunction implements RequestStreamHandler {
    private final LogLevel logLevel;
    private final InstantSource clock;
    private final Ticker ticker;
    /**
     * Set when this environment has served an invocation since it was started or restored. None is served before a
     * snapshot.
     */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** Creates a function that logs no line below this level. */
    protected QueueFunction(LogLevel logLevel, InstantSource clock) {
        this(logLevel, clock, Ticker.system());
    }

    /** Creates a function with another ticker for its deadline and its log. */
    protected QueueFunction(LogLevel logLevel, InstantSource clock, Ticker ticker) {
        this.logLevel = logLevel;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * A message that must be delivered again.
     *
     * @param fault the fault of this service, for the log; null if the cause is elsewhere
     */
    public record Failure(QueueMessage message, @Nullable Throwable fault) {}

    /**
     * Handles the messages of a batch.
     *
     * <p>If it throws for several messages, each message is handled again separately, so that only the messages that
     * cause an exception are delivered again.
     *
     * @return the messages that were not handled
     */
    protected abstract List<Failure> handle(List<QueueMessage> messages, Instant now);

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        RequestLog log = RequestLog.of(context, !hasServed.getAndSet(true), ticker);
        Map<String, Object> event = Json.readObject(input);
        Instant now = clock.instant();
        List<QueueMessage> messages = new ArrayList<>();
        List<Map<String, String>> failed = new ArrayList<>();
        @Nullable Throwable fault = null;
        for (Object tree : QueueMessage.all(event)) {
            try {
                messages.add(QueueMessage.of(tree));
            } catch (RuntimeException e) {
                // The message stays in the queue; the others are handled.
                failed.add(identifier(QueueMessage.id(tree)));
                fault = e;
            }
        }
        log.put("operation", "queue");
        log.put("messages", messages.size() + failed.size());
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Deadline.RESERVE);
        for (Failure failure : Deadline.in(left, ticker).during(() -> log.during(() -> failures(messages, now)))) {
            failed.add(identifier(failure.message.id()));
            fault = fault == null ? failure.fault : fault;
        }
        if (fault != null) {
            log.failed(fault);
        }
        if (!failed.isEmpty()) {
            log.put("failedMessages", failed.size());
        }
        log.write(level(failed.isEmpty(), fault), now, logLevel, context.getLogger()::log);
        output.write(Json.write(Map.of("batchItemFailures", failed)).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> identifier(String id) {
        return Map.of("itemIdentifier", id);
    }

    private List<Failure> failures(List<QueueMessage> messages, Instant now) {
        try {
            return handle(messages, now);
        } catch (OutOfMemoryError e) {
            // The environment is unusable.
            throw e;
        } catch (Throwable fault) {
            // If it were rethrown, Lambda would log its message, which may contain personal data.
            if (messages.size() == 1) {
                return List.of(new Failure(messages.getFirst(), fault));
            }
        }
        // If all were reported as failed, the handled messages would be delivered again too.
        List<Failure> failures = new ArrayList<>();
        for (QueueMessage message : messages) {
            failures.addAll(failures(List.of(message), now));
        }
        return failures;
    }

    private static LogLevel level(boolean isDone, @Nullable Throwable fault) {
        if (fault != null) {
            return LogLevel.ERROR;
        }
        return isDone ? LogLevel.INFO : LogLevel.WARN;
    }
}
