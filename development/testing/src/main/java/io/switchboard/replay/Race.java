package io.switchboard.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Concurrent requests of several callers. */
public final class Race {
    private static final int UNAVAILABLE = 503;
    private static final int ATTEMPTS = 5;

    private Race() {}

    /**
     * Sends all requests at the same time, each in a separate thread, and returns the responses in the order of the
     * callers. A caller repeats its request after a 503, as the API documents, so that a busy machine does not decide a
     * race.
     *
     * @param request sends the request of a caller, the first of which has the number 0
     */
    public static List<FunctionResponse> of(int callers, IntFunction<FunctionResponse> request) {
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<FunctionResponse>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int caller = i;
                futures.add(threads.submit(() -> {
                    start.await();
                    FunctionResponse response = request.apply(caller);
                    for (int more = 1; more < ATTEMPTS && response.status() == UNAVAILABLE; more++) {
                        response = request.apply(caller);
                    }
                    return response;
                }));
            }
            start.countDown();
            List<FunctionResponse> responses = new ArrayList<>();
            for (Future<FunctionResponse> future : futures) {
                responses.add(future.get());
            }
            return responses;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
