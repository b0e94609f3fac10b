package io.switchboard.dynamodb;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Answers every call itself and sends nothing: with an empty success, or with a transaction whose condition failed. Thread-safe. */
final class RehearsalHttpClient implements SdkHttpClient {
    private static final String REFUSED = """
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Rehearsal",
            "CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"Rehearsal","Item":{"rehearsal":{"S":""}}},
            {"Code":"None"}]}""";

    private final int status;
    private final String body;

    private RehearsalHttpClient(int status, String body) {
        this.status = status;
        this.body = body;
    }

    /** One that takes everything and keeps nothing. */
    static RehearsalHttpClient taking() {
        return new RehearsalHttpClient(200, "{}");
    }

    /** One that refuses everything. */
    static RehearsalHttpClient refusing() {
        return new RehearsalHttpClient(400, REFUSED);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() {
                return HttpExecuteResponse.builder()
                        .response(SdkHttpResponse.builder()
                                .statusCode(status)
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
