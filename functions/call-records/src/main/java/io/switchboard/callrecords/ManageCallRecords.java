package io.switchboard.callrecords;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.http.ApiFunction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Serves call records, sessions, segments, participants, batches and subscriptions. {@link CreateCallRecordSession}
 * posts single sessions.
 */
public final class ManageCallRecords extends ApiFunction {
    private final CallRecordReader records;

    /** Creates the function for Lambda. */
    public ManageCallRecords() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public ManageCallRecords(Map<String, String> environment) {
        this(new CallRecordEnvironment(environment));
        registerForSnapshots();
    }

    private ManageCallRecords(CallRecordEnvironment environment) {
        this(environment.callRecordStore(), environment);
    }

    private ManageCallRecords(DynamoDbCallRecordStore store, CallRecordEnvironment environment) {
        super(
                CallRecordRoutes.managing(store, environment.subscriptionOperations()),
                environment.apiSettings(),
                InstantSource.system());
        this.records = store;
    }

    /** Reads a call record that does not exist. */
    @Override
    protected void prime() {
        records.read(new CallRecordKey("priming", "priming"), Instant.EPOCH);
    }
}
