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

/** Runs callers that start at the same time, each on a separate virtual thread. */
public final class Race {
    /** The number of callers in {@code docs/explanation/architecture.md}, "Budgets". */
    public static final int CALLERS = 64;

    /** Longer than the default, because all callers share the processors and one DynamoDB. */
    private static final Duration TIME = Duration.ofMinutes(5);

    private Race() {}

    /** Returns the result of each caller, by its number. A fault of a caller is thrown. */
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
