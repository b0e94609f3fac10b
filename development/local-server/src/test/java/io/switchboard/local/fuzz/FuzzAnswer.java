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
 * What came of one invocation.
 *
 * @param text what the function wrote
 * @param thrown what left the handler, if anything did
 * @param processorMillis the processor time of the handler's thread
 * @param log what the function logged
 */
record FuzzAnswer(String text, @Nullable Throwable thrown, long processorMillis, List<String> log) {
    /**
     * Half of what the JVM gives the main thread of a function on x86. A recursion that depends on the input overflows it with half of
     * the input, and a request that needs more than half of the stack is one change of the compiler away from an overflow.
     */
    private static final long STACK = 512 * 1_024L;

    private static final int PATIENCE_SECONDS = 60;

    /** Sends events to functions, one at a time, in a thread with a small stack. */
    static final class Sender implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task ->
                Thread.ofPlatform().name("fuzz").stackSize(STACK).daemon().unstarted(task));

        FuzzAnswer send(RequestStreamHandler handler, byte[] event) throws InterruptedException {
            Future<FuzzAnswer> answer = thread.submit(() -> invoke(handler, event));
            try {
                return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("No answer in " + PATIENCE_SECONDS + " seconds", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private static FuzzAnswer invoke(RequestStreamHandler handler, byte[] event) {
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
            return new FuzzAnswer(
                    output.toString(StandardCharsets.UTF_8), thrown, millis, List.copyOf(context.lines()));
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
