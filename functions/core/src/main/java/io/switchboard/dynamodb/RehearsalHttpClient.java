package io.switchboard.dynamodb;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Answers every call itself and sends nothing: with an empty success, or writes with a transaction whose condition failed. Thread-safe. */
final class RehearsalHttpClient implements SdkHttpClient {
    private static final String REFUSED = """
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Rehearsal",
            "CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"Rehearsal","Item":{"rehearsal":{"S":""}}},
            {"Code":"None"}]}""";

    private static final String TARGET = "X-Amz-Target";
    private static final String WRITE = ".TransactWriteItems";

    private final boolean refusesWrites;

    private RehearsalHttpClient(boolean refusesWrites) {
        this.refusesWrites = refusesWrites;
    }

    /** One that takes everything and keeps nothing. */
    static RehearsalHttpClient taking() {
        return new RehearsalHttpClient(false);
    }

    /** One that finds nothing and refuses every write. */
    static RehearsalHttpClient refusing() {
        return new RehearsalHttpClient(true);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        boolean isRefused = refusesWrites
                && request.httpRequest()
                        .firstMatchingHeader(TARGET)
                        .filter(target -> target.endsWith(WRITE))
                        .isPresent();
        String body = isRefused ? REFUSED : "{}";
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() {
                return HttpExecuteResponse.builder()
                        .response(SdkHttpResponse.builder()
                                .statusCode(isRefused ? 400 : 200)
                                .putHeader("Content-Type", "application/x-amz-json-1.0")
                                .build())
                        .responseBody(AbortableInputStream.create(
                                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                        .build();
            }

            @Override
            public void abort() {
                // Nothing is under way.
            }
        };
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
