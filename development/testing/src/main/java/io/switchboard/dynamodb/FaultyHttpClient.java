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
 * Faults below the SDK: counts the requests that go to DynamoDB and spoils those a plan names. So the SDK's own retries are
 * part of what is tested. Thread-safe.
 */
public final class FaultyHttpClient implements SdkHttpClient {
    private static final String JSON = "application/x-amz-json-1.0";

    /** What becomes of one request. */
    public enum Fault {
        /** Nothing: it goes through. */
        NONE,
        /** DynamoDB refuses it for load. */
        THROTTLED,
        /** DynamoDB refuses a part of a transaction for load on the account; elsewhere the same as throttled. */
        THROTTLED_PART,
        /** DynamoDB refuses a part of a transaction because the capacity of its table is used up; elsewhere as throttled. */
        EXHAUSTED_PART,
        /** A part of a transaction meets a conflict, and the others are refused for load; elsewhere the same as throttled. */
        MIXED_THROTTLING,
        /** Nothing of a batch is processed, for load; elsewhere the same as throttled. */
        UNPROCESSED,
        /** DynamoDB fails before it does anything. */
        SERVER_ERROR,
        /** A conflict; for a transaction, as the reasons of its cancellation. */
        CONFLICT,
        /** A transaction is told of a conflict and of a failed condition at once; elsewhere the same as a conflict. */
        MIXED_CONFLICT,
        /** The connection breaks before DynamoDB sees it. */
        BROKEN_CONNECTION,
        /** DynamoDB does it, and its answer is lost. */
        LOST_ANSWER,
        /** The connection breaks, and DynamoDB sees it all the same, when {@link #deliver} is called. */
        LATE,
        /** It takes longer, by {@link #slowness}. */
        SLOW
    }

    private final SdkHttpClient delegate;
    private final List<String> operations = new ArrayList<>();
    private final Queue<ExecutableHttpRequest> late = new ConcurrentLinkedQueue<>();
    private IntFunction<Fault> plan = call -> Fault.NONE;
    private @Nullable ErrorAnswer error;
    private volatile boolean isCutOff;
    private volatile Duration slowness = Duration.ofMillis(40);

    /** Sends what gets through over this client. */
    public FaultyHttpClient(SdkHttpClient delegate) {
        this.delegate = delegate;
    }

    /** Begins to count anew, and spoils the requests, counted from 0, as the plan says. */
    public synchronized void plan(IntFunction<Fault> next) {
        operations.clear();
        isCutOff = false;
        plan = next;
    }

    /** Begins to count anew, and spoils this request only, counted from 0. */
    public void spoil(int request, Fault fault) {
        plan(call -> call == request ? fault : Fault.NONE);
    }

    /** Begins to count anew, and lets everything through. */
    public void letThrough() {
        plan(call -> Fault.NONE);
    }

    /** The operations of the requests since the last plan, such as {@code PutItem}; retries count. */
    public synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    /** Whether a request since the last plan was given up while DynamoDB had it, or was about to have it. */
    public boolean isCutOff() {
        return isCutOff;
    }

    /** What was late reaches DynamoDB now; nobody waits for its answer. */
    public void deliver() {
        for (ExecutableHttpRequest request = late.poll(); request != null; request = late.poll()) {
            try {
                request.call();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers every request with this error, until it is null. */
    public synchronized void answerAll(@Nullable ErrorAnswer always) {
        error = always;
    }

    /** How much longer a slow request takes: 40 milliseconds, unless this says otherwise. */
    public void slowness(Duration time) {
        slowness = time;
    }

    private synchronized @Nullable ErrorAnswer error() {
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
                @Nullable ErrorAnswer always = error();
                if (always != null) {
                    return answer(always);
                }
                return switch (fault) {
                    case NONE -> send();
                    case THROTTLED -> answer(ErrorAnswer.throttled());
                    case THROTTLED_PART -> cancelled(operation, request, "ThrottlingError", "None");
                    case EXHAUSTED_PART -> cancelled(operation, request, "None", "ProvisionedThroughputExceeded");
                    case MIXED_THROTTLING ->
                        cancelled(
                                operation, request, "TransactionConflict", "ThrottlingError", "ConditionalCheckFailed");
                    case UNPROCESSED -> unprocessed(operation, request);
                    case SERVER_ERROR -> answer(ErrorAnswer.serverError());
                    case CONFLICT -> conflict(operation, request, "None");
                    case MIXED_CONFLICT -> conflict(operation, request, "ConditionalCheckFailed");
                    case BROKEN_CONNECTION -> throw new IOException("Connection refused");
                    case LATE -> {
                        late.add(real);
                        throw new IOException("Connection reset");
                    }
                    case LOST_ANSWER -> {
                        HttpExecuteResponse answer = send();
                        try (InputStream body = answer.responseBody().orElse(null)) {
                            if (body != null) {
                                body.readAllBytes();
                            }
                        }
                        throw new IOException("Connection reset");
                    }
                    case SLOW -> {
                        try {
                            // The fault itself, which the SDK's own timer must meet: no ticker moves that.
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

    /** As DynamoDB tells it: reasons for a transaction, its own exception for a plain write, nothing for a read. */
    private static HttpExecuteResponse conflict(String operation, HttpExecuteRequest request, String others)
            throws IOException {
        if (operation.equals("TransactWriteItems")) {
            return answer(ErrorAnswer.conflict(body(request), others));
        }
        return answer(
                operation.endsWith("Item") && !operation.startsWith("Get") && !operation.startsWith("Batch")
                        ? ErrorAnswer.conflict()
                        : ErrorAnswer.serverError());
    }

    private static HttpExecuteResponse cancelled(String operation, HttpExecuteRequest request, String... codes)
            throws IOException {
        return answer(
                operation.equals("TransactWriteItems")
                        ? ErrorAnswer.cancelled(body(request), codes)
                        : ErrorAnswer.throttled());
    }

    private static HttpExecuteResponse unprocessed(String operation, HttpExecuteRequest request) throws IOException {
        if (!operation.startsWith("Batch")) {
            return answer(ErrorAnswer.throttled());
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

    private static HttpExecuteResponse answer(ErrorAnswer error) {
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
