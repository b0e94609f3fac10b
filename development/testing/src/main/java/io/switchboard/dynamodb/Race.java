package io.switchboard.dynamodb;

import io.switchboard.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Callers that start at the same moment, each on a virtual thread of its own. */
public final class Race {
    /** As many as {@code DESIGN.md} §7 asks for. */
    public static final int CALLERS = 64;

    /** Longer than the default, because all callers share the processors and one DynamoDB. */
    private static final Duration TIME = Duration.ofMinutes(5);

    private Race() {}

    /** What each of them got, by its number. A fault of one of them is thrown. */
    public static <T> List<T> run(int callers, IntFunction<T> call) {
        CountDownLatch ready = new CountDownLatch(callers);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int number = i;
                futures.add(executor.submit(() -> {
                    ready.countDown();
                    go.await();
                    return Deadline.in(TIME).during(() -> call.apply(number));
                }));
            }
            ready.await();
            go.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The race was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A caller of the race failed: " + e.getCause(), e);
        }
    }
}
