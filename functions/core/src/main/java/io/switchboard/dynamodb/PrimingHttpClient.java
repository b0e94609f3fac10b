package io.switchboard.dynamodb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A transport that sends nothing. Writes are accepted and reads return what was written ({@link PrimingItems}), or
 * every transaction returns a failed condition. Thread-safe.
 */
final class PrimingHttpClient implements SdkHttpClient {
    private static final String CONDITION_FAILED = """
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Priming",
            "CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"Priming","Item":{"priming":{"S":""}}},
            {"Code":"None"}]}""";

    private static final String TARGET = "X-Amz-Target";
    private static final String WRITE = "TransactWriteItems";

    private final boolean rejectsWrites;
    private final PrimingItems items = new PrimingItems();

    private PrimingHttpClient(boolean rejectsWrites) {
        this.rejectsWrites = rejectsWrites;
    }

    /** Returns a client that accepts every write and remembers it in memory only. */
    static PrimingHttpClient acceptingWrites() {
        return new PrimingHttpClient(false);
    }

    /** Returns a client that finds nothing and rejects every write. */
    static PrimingHttpClient rejectingWrites() {
        return new PrimingHttpClient(true);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        String operation = request.httpRequest()
                .firstMatchingHeader(TARGET)
                .map(target -> target.substring(target.indexOf('.') + 1))
                .orElse("");
        boolean isRejected = rejectsWrites && operation.equals(WRITE);
        String body = isRejected ? CONDITION_FAILED : items.perform(operation, body(request));
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() {
                return HttpExecuteResponse.builder()
                        .response(SdkHttpResponse.builder()
                                .statusCode(isRejected ? 400 : 200)
                                .putHeader("Content-Type", "application/x-amz-json-1.0")
                                .build())
                        .responseBody(AbortableInputStream.create(
                                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                        .build();
            }

            @Override
            public void abort() {
                // No call is in progress.
            }
        };
    }

    private static String body(HttpExecuteRequest request) {
        try (InputStream body = request.contentStreamProvider()
                .map(ContentStreamProvider::newStream)
                .orElse(InputStream.nullInputStream())) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // No resource is open.
    }
}
