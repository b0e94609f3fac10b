package io.switchboard.dynamodb;

import io.switchboard.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final String PREFIX = "com.amazonaws.dynamodb.v20120810#";

    /** What becomes of one request. */
    public enum Fault {
        /** Nothing: it goes through. */
        NONE,
        /** DynamoDB refuses it for load. */
        THROTTLED,
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
        /** It takes {@link #SLOWNESS_MILLIS} longer. */
        SLOW
    }

    /** How much longer a slow request takes. */
    public static final long SLOWNESS_MILLIS = 40;

    private final SdkHttpClient delegate;
    private final List<String> operations = new ArrayList<>();
    private IntFunction<Fault> plan = call -> Fault.NONE;

    /** Sends what gets through over this client. */
    public FaultyHttpClient(SdkHttpClient delegate) {
        this.delegate = delegate;
    }

    /** Begins to count anew, and spoils the requests, counted from 0, as the plan says. */
    public synchronized void plan(IntFunction<Fault> next) {
        operations.clear();
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
                return switch (next(operation)) {
                    case NONE -> real.call();
                    case THROTTLED ->
                        error(400, "ProvisionedThroughputExceededException", Map.of("message", "Slow down."));
                    case SERVER_ERROR -> error(500, "InternalServerError", Map.of("message", "Internal error."));
                    case CONFLICT -> conflict(operation, request, "None");
                    case MIXED_CONFLICT -> conflict(operation, request, "ConditionalCheckFailed");
                    case BROKEN_CONNECTION -> throw new IOException("Connection refused");
                    case LOST_ANSWER -> {
                        HttpExecuteResponse answer = real.call();
                        try (InputStream body = answer.responseBody().orElse(null)) {
                            if (body != null) {
                                body.readAllBytes();
                            }
                        }
                        throw new IOException("Connection reset");
                    }
                    case SLOW -> {
                        try {
                            Thread.sleep(SLOWNESS_MILLIS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IOException(e);
                        }
                        yield real.call();
                    }
                };
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
        if (!operation.equals("TransactWriteItems")) {
            return operation.endsWith("Item") && !operation.startsWith("Get") && !operation.startsWith("Batch")
                    ? error(400, "TransactionConflictException", Map.of("message", "Transaction is ongoing."))
                    : error(500, "InternalServerError", Map.of("message", "Internal error."));
        }
        List<Map<String, Object>> reasons = new ArrayList<>();
        int parts = parts(request);
        for (int i = 0; i < parts; i++) {
            String code = i == 0 ? "TransactionConflict" : others;
            reasons.add(code.equals("None") ? Map.of("Code", code) : Map.of("Code", code, "Message", "No."));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("Message", "Transaction cancelled, please refer cancellation reasons for specific reasons");
        members.put("CancellationReasons", reasons);
        return error(400, "TransactionCanceledException", members);
    }

    private static int parts(HttpExecuteRequest request) throws IOException {
        @Nullable
        ContentStreamProvider content = request.contentStreamProvider().orElse(null);
        if (content == null) {
            return 0;
        }
        try (InputStream body = content.newStream()) {
            Object items = Json.readOwn(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    .get("TransactItems");
            return items instanceof List<?> list ? list.size() : 0;
        }
    }

    private static HttpExecuteResponse error(int status, String type, Map<String, Object> members) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("__type", PREFIX + type);
        body.putAll(members);
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader("Content-Type", JSON)
                        .build())
                .responseBody(AbortableInputStream.create(
                        new ByteArrayInputStream(Json.write(body).getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
