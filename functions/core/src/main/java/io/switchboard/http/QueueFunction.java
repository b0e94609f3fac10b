package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda function that a queue invokes: reads the batch, has its messages handled, each for itself, and answers with those that
 * are to come again ({@code ReportBatchItemFailures}); the others are deleted. Thread-safe as long as {@link #handle} is.
 */
public abstract class QueueFunction implements RequestStreamHandler {
    private final ApiSettings settings;
    private final InstantSource clock;
    /** Of this environment, since it was started or restored; nothing is served before a snapshot. */
    private final AtomicBoolean hasServed = new AtomicBoolean();

    /** A function with these settings, of which it takes the level of its log. */
    protected QueueFunction(ApiSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A message that is to come again.
     *
     * @param fault what went wrong with us, for the log; null where it is nobody's fault of ours
     */
    public record Failure(QueueMessage message, @Nullable RuntimeException fault) {}

    /**
     * Handles the messages of a batch.
     *
     * @return those that are not done; where it throws, none is
     */
    protected abstract List<Failure> handle(List<QueueMessage> messages, Instant now);

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        RequestLog log = RequestLog.of(context, !hasServed.getAndSet(true));
        List<QueueMessage> messages = QueueMessage.all(Json.readObject(input));
        Instant now = clock.instant();
        log.put("operation", "queue");
        log.put("messages", messages.size());
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Deadline.RESERVE);
        List<Failure> failures = Deadline.in(left).during(() -> log.during(() -> failures(messages, now)));
        @Nullable
        RuntimeException fault = failures.stream()
                .map(Failure::fault)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (fault != null) {
            log.failed(fault);
        }
        if (!failures.isEmpty()) {
            log.put("failedMessages", failures.size());
        }
        log.write(level(failures, fault), now, settings.logLevel(), context.getLogger()::log);
        List<Map<String, String>> failed = new ArrayList<>();
        for (Failure failure : failures) {
            failed.add(Map.of("itemIdentifier", failure.message.id()));
        }
        output.write(Json.write(Map.of("batchItemFailures", failed)).getBytes(StandardCharsets.UTF_8));
    }

    private List<Failure> failures(List<QueueMessage> messages, Instant now) {
        try {
            return handle(messages, now);
        } catch (RuntimeException fault) {
            // Thrown further, Lambda would log it as it is, and what was read may be personal.
            return messages.stream().map(message -> new Failure(message, fault)).toList();
        }
    }

    private static LogLevel level(List<Failure> failures, @Nullable RuntimeException fault) {
        if (fault != null) {
            return LogLevel.ERROR;
        }
        return failures.isEmpty() ? LogLevel.INFO : LogLevel.WARN;
    }
}
