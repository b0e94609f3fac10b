package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.ODataFormat;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.CallSessionPoster;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.PrimingRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Serves {@code POST /communications/callRecords/{callRecordId}/sessions}, below each of Graph's service roots. */
public final class CreateCallRecordSession extends ApiFunction {
    private static final int SESSIONS_OF_A_RECORD = 20;

    private final CallRecordReader records;
    private final CallRecordEnvironment environment;

    /** Creates the function for Lambda. */
    public CreateCallRecordSession() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public CreateCallRecordSession(Map<String, String> environment) {
        this(new CallRecordEnvironment(environment));
        registerForSnapshots(environment);
    }

    CreateCallRecordSession(CallRecordEnvironment environment) {
        this(environment.callRecordStore(), environment);
    }

    private <S extends CallSessionPoster & CallRecordReader> CreateCallRecordSession(
            S store, CallRecordEnvironment environment) {
        super(CallRecordRoutes.posting(store), environment.apiSettings(), InstantSource.system());
        this.records = store;
        this.environment = environment;
    }

    /** Returns the request that posts a typical session to a record that has fewer than twenty. */
    static PrimingRequest post(int round) {
        return PrimingRequest.ofProgram("POST", record(round) + "/sessions", """
            {"id":"%s","modalities":["audio"],"startDateTime":"2026-03-04T09:15:02.441Z",
            "endDateTime":"2026-03-04T09:21:47.093+01:00","caller":{"userAgent":{"platform":"windows","productFamily":"teams"},
            "associatedIdentity":{"@odata.type":"#microsoft.graph.callRecords.userIdentity","id":"priming"}},
            "callee":{"@odata.type":"#microsoft.graph.callRecords.serviceEndpoint","userAgent":{"role":"mediaController"}},
            "segments":[{"startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z",
            "media":[{"label":"main-audio","streams":[{"averageJitter":"PT0.006S","averageRatioOfConcealedSamples":0.02,"streamDirection":"callerToCallee"}]}]}]}""".formatted("priming-" + round));
    }

    /** Returns the path of the record of {@link #post}. */
    static String record(int round) {
        return GraphRequest.CALL_RECORDS + "/priming-" + round / SESSIONS_OF_A_RECORD;
    }

    @Override
    protected Map<String, String> commonHeaders() {
        return ODataFormat.VERSION_HEADER;
    }

    /**
     * Loads and compiles the code that posts a session, which is not stored. A read of the real table opens the
     * connection.
     */
    @Override
    protected void prime() {
        CreateCallRecordSession notStored = new CreateCallRecordSession(environment.priming());
        for (int round = 0; round < PRIMING_ROUNDS; round++) {
            prime(notStored, post(round));
        }
        records.read(new CallRecordKey("priming", "priming"), Instant.EPOCH);
    }
}
