package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.local.deployment.LambdaFunction;
import io.switchboard.runtime.Ticker;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Lambda context of one request: a request id, and a remaining time that starts at the function's timeout. */
final class LocalContext implements Context {
    private final LambdaFunction function;
    private final String requestId;
    private final String traceId;
    private final Ticker ticker;
    private final long deadlineNanos;
    private final LambdaLogger logger;

    LocalContext(LambdaFunction function, String requestId, String traceId, Ticker ticker, PrintStream log) {
        this.function = function;
        this.ticker = ticker;
        this.requestId = requestId;
        this.traceId = traceId;
        this.deadlineNanos =
                ticker.read() + Duration.ofSeconds(function.timeoutSeconds()).toNanos();
        this.logger = new LineLogger(function.logicalId(), requestId, log);
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + function.logicalId();
    }

    @Override
    public String getLogStreamName() {
        return "local";
    }

    @Override
    public String getFunctionName() {
        return function.logicalId();
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:%s:%s:function:%s"
                .formatted(LocalFunctions.REGION, ProxyEvent.ACCOUNT, function.logicalId());
    }

    /** Returns null: an HTTP API passes no Cognito identity. */
    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    /** Returns null: only the mobile SDK sends a client context. */
    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) Math.max(0, Duration.ofNanos(deadlineNanos - ticker.read()).toMillis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return function.memoryMegabytes();
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }

    @Override
    public String getXrayTraceId() {
        return traceId;
    }

    /** Writes one line per call, so that the lines of concurrent requests do not interleave. */
    private record LineLogger(String function, String requestId, PrintStream log) implements LambdaLogger {
        @Override
        public void log(String message) {
            log.println(function + ' ' + requestId + ' ' + message.strip().replaceAll("\\R\\s*", " | "));
        }

        @Override
        public void log(byte[] message) {
            log(new String(message, UTF_8));
        }

        @Override
        public void log(byte[] message, LogLevel level) {
            // Only metrics are logged without a level, and the local server has no CloudWatch to send them to.
            if (level != LogLevel.UNDEFINED) {
                log.println(new String(message, UTF_8).strip());
            }
        }
    }
}
