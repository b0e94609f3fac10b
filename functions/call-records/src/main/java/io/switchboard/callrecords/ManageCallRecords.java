package io.switchboard.callrecords;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordStore;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Everything about call records but posting sessions one by one: records, sessions, segments, participants, batches, subscriptions. */
public final class ManageCallRecords extends ApiFunction {
    private final CallRecordStore store;

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
        this(
                environment.callRecordStore(),
                environment.subscriptionOperations(),
                environment.apiSettings(),
                InstantSource.system());
    }

    ManageCallRecords(
            CallRecordStore store, SubscriptionOperations subscriptions, ApiSettings settings, InstantSource clock) {
        super(CallRecordRoutes.managing(store, subscriptions), settings, clock);
        this.store = store;
    }

    /** Reads a call record that is not there. */
    @Override
    protected void prime() {
        store.read(new CallRecordKey("rehearsal", "rehearsal"), Instant.EPOCH);
    }
}
