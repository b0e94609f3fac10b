package io.switchboard.dynamodb;

import io.switchboard.runtime.RequestLog;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Counts the requests that are sent to DynamoDB, including retries. Thread-safe. */
final class RoundTrips implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        RequestLog.current().roundTrip();
    }
}
