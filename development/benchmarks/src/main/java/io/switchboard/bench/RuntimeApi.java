package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Runtime API (version 2018-06-01) for one function process, on a free port of 127.0.0.1. It sends the events
 * of {@link #invoke} one at a time and receives the responses. Times are {@link System#nanoTime} at the arrival of a
 * request. Supports one caller at a time.
 */
final class RuntimeApi implements AutoCloseable {
    private static final String VERSION = "/2018-06-01/runtime";
    private static final Duration FUNCTION_LIMIT = Duration.ofSeconds(30);
    /** The time that Lambda allows before a snapshot. */
    private static final Duration SNAPSHOT_LIMIT = Duration.ofSeconds(130);

    private static final int STOPPING = 503;

    private final HttpServer server;
    private final ExecutorService exchanges;
    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> firstNext = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> snapshotReady = new LinkedBlockingQueue<>();
    private final CountDownLatch restore = new CountDownLatch(1);
    private final String functionArn;
    private boolean hasRequestedNext;

    /** A response or error of the function, and the time of its arrival. */
    private record Answer(String path, String body, long nanoTime) {}

    RuntimeApi(String functionName) {
        functionArn = "arn:aws:lambda:us-east-1:123456789012:function:" + functionName;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new BenchException("No port of 127.0.0.1 is free for the Runtime API. Close other programs.", e);
        }
        exchanges = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("runtime-api-", 0).factory());
        server.setExecutor(exchanges);
        server.createContext(VERSION, this::serve);
        server.start();
    }

    /** Returns the value of {@code AWS_LAMBDA_RUNTIME_API} for the process. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Waits until the function requests its first event, which is the end of its start, and returns the time.
     *
     * @throws BenchException if the function does not do so within 30 seconds, or reports an error
     */
    long awaitStart() {
        return await(firstNext, FUNCTION_LIMIT, "did not request an event");
    }

    /**
     * Waits until a function with SnapStart has run its hooks and waits for the restore, and returns the time.
     *
     * @throws BenchException if the function does not do so within 130 seconds, or reports an error
     */
    long awaitSnapshot() {
        return await(snapshotReady, SNAPSHOT_LIMIT, "did not request a restore");
    }

    /** Restores a function with SnapStart. */
    void restore() {
        restore.countDown();
    }

    /** Queues an event before the function requests it, so that the function does not wait. */
    void offer(byte[] event) {
        events.add(event);
    }

    /**
     * Waits for the response to the queued event.
     *
     * @return the time of its arrival
     * @throws BenchException if no response arrives within 30 seconds, or it is not the {@code expected} one
     */
    long awaitAnswer(ExpectedResponse expected) {
        Answer answer = poll(answers);
        if (answer == null) {
            throw new BenchException("The function did not respond within " + FUNCTION_LIMIT.toSeconds()
                    + " seconds. See the log of the process.");
        }
        if (!answer.path().endsWith("/response")) {
            throw failed(answer);
        }
        expected.check(answer.body());
        return answer.nanoTime();
    }

    /** Returns the nanoseconds between an event and its response. */
    long invoke(byte[] event, ExpectedResponse expected) {
        long start = System.nanoTime();
        offer(event);
        return awaitAnswer(expected) - start;
    }

    /** Reports the end of the function's process to the waiting caller. */
    void ended(int exitValue) {
        String report = "The process exited with " + exitValue + ". See the log of the process.";
        answers.add(new Answer(VERSION + "/exit", report, System.nanoTime()));
    }

    /** Stops the server. A function that still waits for an event receives an error and ends. */
    @Override
    public void close() {
        exchanges.shutdownNow();
        server.stop(0);
    }

    private long await(BlockingQueue<Long> moment, Duration limit, String omission) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                Long nanoTime = moment.poll(5, TimeUnit.MILLISECONDS);
                if (nanoTime != null) {
                    return nanoTime;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            Answer answer = answers.peek();
            if (answer != null && !answer.path().endsWith("/response")) {
                throw failed(answer);
            }
        }
        throw new BenchException(
                "The function " + omission + " within " + limit.toSeconds() + " seconds. See the log of the process.");
    }

    private static BenchException failed(Answer answer) {
        String reported = answer.body().lines().findFirst().orElse("nothing");
        return new BenchException(
                "The function failed (" + answer.path().substring(VERSION.length()) + "): " + reported);
    }

    private static <T> @Nullable T poll(BlockingQueue<T> queue) {
        try {
            return queue.poll(FUNCTION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            switch (path.substring(VERSION.length())) {
                case "/invocation/next" -> next(exchange, now);
                case "/restore/next" -> restoreNext(exchange, now);
                default -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    long arrived = System.nanoTime();
                    answers.add(new Answer(path, new String(body, UTF_8), arrived));
                    exchange.sendResponseHeaders(202, -1);
                }
            }
        }
    }

    private void next(HttpExchange exchange, long now) throws IOException {
        if (!hasRequestedNext) {
            hasRequestedNext = true;
            firstNext.add(now);
        }
        byte[] event;
        try {
            event = events.take();
        } catch (InterruptedException e) {
            exchange.sendResponseHeaders(STOPPING, -1);
            return;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
        headers.set(
                "Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + FUNCTION_LIMIT.toMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", functionArn);
        headers.set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    private void restoreNext(HttpExchange exchange, long now) throws IOException {
        snapshotReady.add(now);
        try {
            restore.await();
        } catch (InterruptedException e) {
            exchange.sendResponseHeaders(STOPPING, -1);
            return;
        }
        exchange.sendResponseHeaders(200, -1);
    }
}
