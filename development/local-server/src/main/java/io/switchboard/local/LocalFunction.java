package io.switchboard.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.local.deployment.LambdaFunction;
import io.switchboard.runtime.Ticker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A function of the template and its handler. One handler instance serves all requests concurrently. Thread-safe if the
 * handler is.
 */
final class LocalFunction {
    /** Largest event and response of a synchronous invocation, in bytes (Lambda quotas: 6 MB plus the envelope). */
    static final int PAYLOAD_LIMIT = 6_291_556;

    private final LambdaFunction function;
    private final RequestStreamHandler handler;
    private final ExecutorService invocations;
    private final Runnable afterwards;
    private final Ticker ticker;
    private final PrintStream log;

    /** The outcome of an invocation. */
    sealed interface Outcome {}

    record Succeeded(Bytes payload) implements Outcome {}

    /**
     * The handler threw, or ran longer than the function's timeout.
     *
     * @param errorType Lambda's name for the error
     */
    record Failed(String errorType, String message) implements Outcome {}

    /** The handler ran longer than API Gateway waits. */
    record TimedOut() implements Outcome {}

    /** @param afterwards runs at the end of each invocation, whatever its outcome */
    LocalFunction(
            LambdaFunction function,
            RequestStreamHandler handler,
            ExecutorService invocations,
            Runnable afterwards,
            Ticker ticker,
            PrintStream log) {
        this.function = function;
        this.handler = handler;
        this.invocations = invocations;
        this.afterwards = afterwards;
        this.ticker = ticker;
        this.log = log;
    }

    Outcome invoke(byte[] event, String traceId, Duration integrationTimeout) {
        var context = new LocalContext(function, UUID.randomUUID().toString(), traceId, ticker, log);
        var timeout = Duration.ofSeconds(function.timeoutSeconds());
        boolean ownTimeoutFirst = timeout.compareTo(integrationTimeout) < 0;
        var invocation = invocations.submit(() -> {
            var response = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), response, context);
            return Bytes.of(response.toByteArray());
        });
        try {
            return new Succeeded(
                    invocation.get((ownTimeoutFirst ? timeout : integrationTimeout).toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            Throwable failure = e.getCause() == null ? e : e.getCause();
            context.getLogger().log("failed: " + trace(failure));
            return new Failed(failure.getClass().getName(), String.valueOf(failure.getMessage()));
        } catch (TimeoutException e) {
            invocation.cancel(true);
            context.getLogger()
                    .log("timed out after " + (ownTimeoutFirst ? timeout : integrationTimeout).toMillis() + " ms");
            return ownTimeoutFirst
                    ? new Failed(
                            "Sandbox.Timedout",
                            "RequestId: %s Error: Task timed out after %d.00 seconds"
                                    .formatted(context.getAwsRequestId(), timeout.toSeconds()))
                    : new TimedOut();
        } catch (InterruptedException e) {
            invocation.cancel(true);
            Thread.currentThread().interrupt();
            return new TimedOut();
        } finally {
            afterwards.run();
        }
    }

    /** Returns the top of the stack trace, so that a developer sees the location. The logger writes it as one line. */
    private static String trace(Throwable failure) {
        var trace = new StringBuilder(failure.toString());
        StackTraceElement[] frames = failure.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 8); i++) {
            trace.append("\n at ").append(frames[i]);
        }
        return trace.toString();
    }
}
