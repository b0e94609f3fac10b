package io.switchboard.dynamodb;

import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Injects faults below the SDK: counts the requests to DynamoDB and injects a fault into requests of a plan. So tests
 * include the retries of the SDK. Thread-safe.
 */
public final class FaultyHttpClient implements SdkHttpClient {
    private static final String JSON = "application/x-amz-json-1.0";

    /** The fault of one request. */
    public enum Fault {
        /** No fault: the request is sent. */
        NONE,
        /** DynamoDB throttles the request. */
        THROTTLED,
        /**
         * DynamoDB throttles a part of a transaction because of the load on the account; otherwise the same as
         * throttled.
         */
        THROTTLED_PART,
        /**
         * DynamoDB throttles a part of a transaction because the capacity of its table is exhausted; otherwise as
         * throttled.
         */
        EXHAUSTED_PART,
        /** One part of a transaction has a conflict, and the others are throttled; otherwise the same as throttled. */
        MIXED_THROTTLING,
        /** No part of a batch is processed because of the load; otherwise the same as throttled. */
        UNPROCESSED,
        /** DynamoDB fails before it processes the request. */
        SERVER_ERROR,
        /** A conflict; for a transaction, as the reasons of its cancellation. */
        CONFLICT,
        /** A transaction has both a conflict and a failed condition; otherwise the same as a conflict. */
        MIXED_CONFLICT,
        /** The connection breaks before DynamoDB receives the request. */
        BROKEN_CONNECTION,
        /** DynamoDB processes the request, and its response is lost. */
        LOST_RESPONSE,
        /** The connection breaks, and DynamoDB receives the request when {@link #deliver} is called. */
        LATE,
        /** The request takes longer, by {@link #slowness}. */
        SLOW
    }

    private final SdkHttpClient delegate;
    private final List<String> operations = new ArrayList<>();
    private final Queue<ExecutableHttpRequest> late = new ConcurrentLinkedQueue<>();
    private IntFunction<Fault> plan = call -> Fault.NONE;
    private @Nullable ErrorResponse error;
    private volatile boolean isCutOff;
    private volatile Duration slowness = Duration.ofMillis(40);

    /** Sends requests without a fault with this client. */
    public FaultyHttpClient(SdkHttpClient delegate) {
        this.delegate = delegate;
    }

    /** Resets the count, and injects the faults of the plan. Requests are counted from 0. */
    public synchronized void plan(IntFunction<Fault> next) {
        operations.clear();
        isCutOff = false;
        plan = next;
    }

    /** Resets the count, and injects a fault into this request only, counted from 0. */
    public void inject(int request, Fault fault) {
        plan(call -> call == request ? fault : Fault.NONE);
    }

    /** Resets the count, and injects no fault. */
    public void clearFaults() {
        plan(call -> Fault.NONE);
    }

    /** Returns the operations of the requests since the last plan, such as {@code PutItem}, including retries. */
    public synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    /** Returns whether a request since the last plan was abandoned after it was sent, or while it was being sent. */
    public boolean isCutOff() {
        return isCutOff;
    }

    /** Delivers late requests to DynamoDB; their responses are discarded. */
    public void deliver() {
        for (ExecutableHttpRequest request = late.poll(); request != null; request = late.poll()) {
            try {
                request.call();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns this error for every request, until it is null. */
    public synchronized void answerAll(@Nullable ErrorResponse always) {
        error = always;
    }

    /** Sets the additional time of a slow request, by default 40 milliseconds. */
    public void slowness(Duration time) {
        slowness = time;
    }

    private synchronized @Nullable ErrorResponse error() {
        return error;
    }

    private synchronized Fault next(String operation) {
        operations.add(operation);
        return plan.apply(operations.size() - 1);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        String target =
                request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse(".");
        String operation = target.substring(target.indexOf('.') + 1);
        ExecutableHttpRequest real = delegate.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                Fault fault = next(operation);
                @Nullable ErrorResponse always = error();
                if (always != null) {
                    return answer(always);
                }
                return switch (fault) {
                    case NONE -> send();
                    case THROTTLED -> answer(ErrorResponse.throttled());
                    case THROTTLED_PART -> cancelled(operation, request, "ThrottlingError", "None");
                    case EXHAUSTED_PART -> cancelled(operation, request, "None", "ProvisionedThroughputExceeded");
                    case MIXED_THROTTLING ->
                        cancelled(
                                operation, request, "TransactionConflict", "ThrottlingError", "ConditionalCheckFailed");
                    case UNPROCESSED -> unprocessed(operation, request);
                    case SERVER_ERROR -> answer(ErrorResponse.serverError());
                    case CONFLICT -> conflict(operation, request, "None");
                    case MIXED_CONFLICT -> conflict(operation, request, "ConditionalCheckFailed");
                    case BROKEN_CONNECTION -> throw new IOException("Connection refused");
                    case LATE -> {
                        late.add(real);
                        throw new IOException("Connection reset");
                    }
                    case LOST_RESPONSE -> {
                        HttpExecuteResponse response = send();
                        try (InputStream body = response.responseBody().orElse(null)) {
                            if (body != null) {
                                body.readAllBytes();
                            }
                        }
                        throw new IOException("Connection reset");
                    }
                    case SLOW -> {
                        try {
                            // The pause must be real, because the SDK's timer does not use a ticker.
                            Thread.sleep(slowness);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IOException(e);
                        }
                        yield send();
                    }
                };
            }

            private HttpExecuteResponse send() throws IOException {
                try {
                    return real.call();
                } catch (IOException | RuntimeException e) {
                    isCutOff = true;
                    throw e;
                }
            }

            @Override
            public void abort() {
                real.abort();
            }
        };
    }

    /**
     * Returns a conflict as DynamoDB reports it: reasons for a transaction, an exception for a single write, no
     * conflict for a read.
     */
    private static HttpExecuteResponse conflict(String operation, HttpExecuteRequest request, String others)
            throws IOException {
        if (operation.equals("TransactWriteItems")) {
            return answer(ErrorResponse.conflict(body(request), others));
        }
        return answer(
                operation.endsWith("Item") && !operation.startsWith("Get") && !operation.startsWith("Batch")
                        ? ErrorResponse.conflict()
                        : ErrorResponse.serverError());
    }

    private static HttpExecuteResponse cancelled(String operation, HttpExecuteRequest request, String... codes)
            throws IOException {
        return answer(
                operation.equals("TransactWriteItems")
                        ? ErrorResponse.cancelled(body(request), codes)
                        : ErrorResponse.throttled());
    }

    private static HttpExecuteResponse unprocessed(String operation, HttpExecuteRequest request) throws IOException {
        if (!operation.startsWith("Batch")) {
            return answer(ErrorResponse.throttled());
        }
        String rest = operation.equals("BatchGetItem") ? "UnprocessedKeys" : "UnprocessedItems";
        return answer(
                200,
                Json.write(Map.of(
                        rest, Objects.requireNonNull(Json.readOwn(body(request)).get("RequestItems")))));
    }

    private static String body(HttpExecuteRequest request) throws IOException {
        @Nullable
        ContentStreamProvider content = request.contentStreamProvider().orElse(null);
        if (content == null) {
            return "{}";
        }
        try (InputStream body = content.newStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpExecuteResponse answer(ErrorResponse error) {
        return answer(error.status(), error.body());
    }

    private static HttpExecuteResponse answer(int status, String body) {
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader("Content-Type", JSON)
                        .build())
                .responseBody(
                        AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
