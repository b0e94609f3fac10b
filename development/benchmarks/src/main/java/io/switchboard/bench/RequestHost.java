package io.switchboard.bench;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.management.ThreadMXBean;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Main class of a child JVM that serves events with a function's handler and measures each of them: processor time and
 * allocated bytes of the thread that serves it. It measures neither the compiler and collector threads nor the runtime
 * client.
 *
 * <p>It reads the length and the bytes of an event, and writes the length and the bytes of the response, the
 * nanoseconds and the allocated bytes. It ends with its input.
 */
final class RequestHost {
    private RequestHost() {}

    /**
     * Serves events until the input ends.
     *
     * @param arguments the class of the handler
     */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        var out = new DataOutputStream(new BufferedOutputStream(System.out));
        // The lines of the log must not be between the responses.
        System.setOut(new PrintStream(System.err, true));
        RequestStreamHandler handler = Class.forName(arguments[0])
                .asSubclass(RequestStreamHandler.class)
                .getConstructor()
                .newInstance();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        var in = new DataInputStream(System.in);
        while (true) {
            byte[] event;
            try {
                event = in.readNBytes(in.readInt());
            } catch (EOFException e) {
                return;
            }
            var response = new ByteArrayOutputStream();
            long allocated = threads.getThreadAllocatedBytes(thread);
            long processor = threads.getCurrentThreadCpuTime();
            handler.handleRequest(new ByteArrayInputStream(event), response, new Invocation());
            processor = threads.getCurrentThreadCpuTime() - processor;
            allocated = threads.getThreadAllocatedBytes(thread) - allocated;
            out.writeInt(response.size());
            response.writeTo(out);
            out.writeLong(processor);
            out.writeLong(allocated);
            out.flush();
        }
    }

    /** The context of one invocation, with a logger that discards the lines. */
    private static final class Invocation implements Context, LambdaLogger {
        @Override
        public String getAwsRequestId() {
            return "8f3c5a1e-0000-4000-8000-000000000000";
        }

        @Override
        public String getLogGroupName() {
            return "bench";
        }

        @Override
        public String getLogStreamName() {
            return "bench";
        }

        @Override
        public String getFunctionName() {
            return "bench";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn:aws:lambda:us-east-1:123456789012:function:bench";
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
            return 30_000;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1_769;
        }

        @Override
        public LambdaLogger getLogger() {
            return this;
        }

        @Override
        public void log(String line) {
            // Discarded: the runtime client would write it to a pipe.
        }

        @Override
        public void log(byte[] line) {
            // Discarded: the runtime client would write it to a pipe.
        }
    }
}
