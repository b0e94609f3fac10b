package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.ODataFormat;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.PrimingRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Serves call records, sessions, segments, participants, batches and subscriptions. {@link CreateCallRecordSession}
 * posts single sessions.
 */
public final class ManageCallRecords extends ApiFunction {
    private final CallRecordReader records;
    private final CallRecordEnvironment environment;

    /** Creates the function for Lambda. */
    public ManageCallRecords() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public ManageCallRecords(Map<String, String> environment) {
        this(new CallRecordEnvironment(environment), InstantSource.system());
        registerForSnapshots(environment);
    }

    /** Creates the function with another clock, for tests. */
    ManageCallRecords(Map<String, String> environment, InstantSource clock) {
        this(new CallRecordEnvironment(environment), clock);
    }

    private ManageCallRecords(CallRecordEnvironment environment, InstantSource clock) {
        this(environment.callRecordStore(), environment, clock);
    }

    private ManageCallRecords(DynamoDbCallRecordStore store, CallRecordEnvironment environment, InstantSource clock) {
        super(
                CallRecordRoutes.managing(store, environment.logRowStore(), environment.subscriptionOperations()),
                environment.apiSettings(),
                clock);
        this.records = store;
        this.environment = environment;
    }

    @Override
    protected Map<String, String> commonHeaders() {
        return ODataFormat.VERSION_HEADER;
    }

    /** The routes of the metadata have no authorizer, and match other paths too. */
    @Override
    protected boolean requiresCallerOfUnknownPaths() {
        return true;
    }

    /**
     * Loads and compiles the code of the most frequent requests, with sessions that are not stored. A read of the real
     * table opens the connection.
     */
    @Override
    protected void prime() {
        CallRecordEnvironment notStored = environment.priming();
        CreateCallRecordSession create = new CreateCallRecordSession(notStored);
        ManageCallRecords manage = new ManageCallRecords(notStored, InstantSource.system());
        for (int round = 0; round < PRIMING_ROUNDS; round++) {
            prime(create, CreateCallRecordSession.post(round));
            String record = CreateCallRecordSession.record(round);
            prime(manage, PrimingRequest.ofProgram("GET", record, ""));
            prime(manage, PrimingRequest.ofProgram("GET", record + "/sessions", ""));
            prime(manage, PrimingRequest.ofProgram("GET", record + "/sessions?$expand=segments", ""));
        }
        records.read(new CallRecordKey("priming", "priming"), Instant.EPOCH);
    }
}
