package io.switchboard.dynamodb;

import io.switchboard.runtime.RequestLog;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Counts what really goes over the wire, the SDK's own retries included. Thread-safe. */
final class RoundTrips implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        RequestLog.current().roundTrip();
    }
}
