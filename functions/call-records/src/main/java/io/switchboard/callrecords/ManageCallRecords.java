package io.switchboard.callrecords;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.http.ApiFunction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Everything about call records but posting sessions one by one: records, sessions, segments, participants, batches, subscriptions. */
public final class ManageCallRecords extends ApiFunction {
    private final CallRecordReader records;

    /** The function as Lambda starts it. */
    public ManageCallRecords() {
        this(System.getenv());
    }

    /** The function in this environment. */
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

    /** Reads a call record that is not there. */
    @Override
    protected void prime() {
        records.read(new CallRecordKey("rehearsal", "rehearsal"), Instant.EPOCH);
    }
}
