package io.switchboard.replay;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The Lambda context of one invocation, with {@link #TIME} left. It records the log. */
public class TestContext implements Context {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    /**
     * The default remaining time. It is longer than a function's time-out, so that a test can run on a busy machine.
     */
    public static final Duration TIME = Duration.ofSeconds(60);

    private final String functionName;
    private final Duration time;

    /** Creates the context of an invocation of this function. */
    public TestContext(String functionName) {
        this(functionName, TIME);
    }

    /** Creates the context of an invocation with this remaining time. */
    public TestContext(String functionName, Duration time) {
        this.functionName = functionName;
        this.time = time;
    }

    /** Returns the lines that the function has logged. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public String getAwsRequestId() {
        return "invocation-1";
    }

    @Override
    public String getLogGroupName() {
        return "";
    }

    @Override
    public String getLogStreamName() {
        return "";
    }

    @Override
    public String getFunctionName() {
        return functionName;
    }

    @Override
    public String getFunctionVersion() {
        return "";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "";
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return Math.toIntExact(time.toMillis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return 512;
    }

    @Override
    public LambdaLogger getLogger() {
        return new LambdaLogger() {
            @Override
            public void log(String message) {
                lines.add(message);
            }

            @Override
            public void log(byte[] message) {
                lines.add(new String(message, StandardCharsets.UTF_8));
            }
        };
    }
}
