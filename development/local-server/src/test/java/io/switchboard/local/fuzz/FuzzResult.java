package io.switchboard.local.fuzz;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.replay.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The result of one invocation.
 *
 * @param text the function's output
 * @param thrown the exception thrown by the handler, or null
 * @param processorMillis the processor time of the handler's thread
 * @param log the function's log lines
 */
record FuzzResult(String text, @Nullable Throwable thrown, long processorMillis, List<String> log) {
    /**
     * Half of the stack that the JVM gives a function's main thread on x86. A recursion that depends on the input
     * overflows it with half of the input. A request that needs more than half of the stack may overflow after a
     * compiler change.
     */
    private static final long STACK = 512 * 1_024L;

    private static final int TIMEOUT_SECONDS = 60;

    /** Sends events to functions sequentially in a thread with a small stack. */
    static final class Sender implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task ->
                Thread.ofPlatform().name("fuzz").stackSize(STACK).daemon().unstarted(task));

        FuzzResult send(RequestStreamHandler handler, byte[] event) throws InterruptedException {
            Future<FuzzResult> response = thread.submit(() -> invoke(handler, event));
            try {
                return response.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("No response within " + TIMEOUT_SECONDS + " seconds", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private static FuzzResult invoke(RequestStreamHandler handler, byte[] event) {
            var threads = ManagementFactory.getThreadMXBean();
            TestContext context = new TestContext(handler.getClass().getSimpleName());
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            @Nullable Throwable thrown = null;
            long begun = threads.getCurrentThreadCpuTime();
            try {
                handler.handleRequest(new ByteArrayInputStream(event), output, context);
            } catch (Throwable e) {
                thrown = e;
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(threads.getCurrentThreadCpuTime() - begun);
            return new FuzzResult(
                    output.toString(StandardCharsets.UTF_8), thrown, millis, List.copyOf(context.lines()));
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
