package io.switchboard.dynamodb;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A transport that sends nothing. Every call returns an empty success, or every transaction a failed condition.
 * Thread-safe.
 */
final class PrimingHttpClient implements SdkHttpClient {
    private static final String CONDITION_FAILED = """
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Priming",
            "CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"Priming","Item":{"priming":{"S":""}}},
            {"Code":"None"}]}""";

    private static final String TARGET = "X-Amz-Target";
    private static final String WRITE = ".TransactWriteItems";

    private final boolean rejectsWrites;

    private PrimingHttpClient(boolean rejectsWrites) {
        this.rejectsWrites = rejectsWrites;
    }

    /** Returns a client that accepts every write and stores nothing. */
    static PrimingHttpClient acceptingWrites() {
        return new PrimingHttpClient(false);
    }

    /** Returns a client that finds nothing and rejects every write. */
    static PrimingHttpClient rejectingWrites() {
        return new PrimingHttpClient(true);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        boolean isRejected = rejectsWrites
                && request.httpRequest()
                        .firstMatchingHeader(TARGET)
                        .filter(target -> target.endsWith(WRITE))
                        .isPresent();
        String body = isRejected ? CONDITION_FAILED : "{}";
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

    @Override
    public void close() {
        // No resource is open.
    }
}
