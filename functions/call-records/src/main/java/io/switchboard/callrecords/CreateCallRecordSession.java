package io.switchboard.callrecords;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.ReadContext;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallRecordReader;
import io.switchboard.callrecords.store.CallSessionPoster;
import io.switchboard.http.ApiFunction;
import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves {@code POST /communications/callRecords/{callRecordId}/sessions}, below each of Graph's service roots. */
public final class CreateCallRecordSession extends ApiFunction {
    /** Enough iterations to compile the code that reads a body, not only to load its classes. */
    private static final int PRIMING_ROUNDS = 20;

    private static final String SESSION = """
            {"id":"priming","modalities":["audio"],"startDateTime":"2026-03-04T09:15:02.441Z",
            "endDateTime":"2026-03-04T09:21:47.093+01:00","caller":{"userAgent":{"platform":"windows","productFamily":"teams"},
            "associatedIdentity":{"@odata.type":"#microsoft.graph.callRecords.userIdentity","id":"priming"}},
            "callee":{"@odata.type":"#microsoft.graph.callRecords.serviceEndpoint","userAgent":{"role":"mediaController"}},
            "segments":[{"startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z",
            "media":[{"label":"main-audio","streams":[{"averageJitter":"PT0.006S","streamDirection":"callerToCallee"}]}]}]}""";

    private final CallRecordReader records;

    /** Creates the function for Lambda. */
    public CreateCallRecordSession() {
        this(System.getenv());
    }

    /** Creates the function with these environment variables. */
    public CreateCallRecordSession(Map<String, String> environment) {
        this(new CallRecordEnvironment(environment));
        registerForSnapshots();
    }

    private CreateCallRecordSession(CallRecordEnvironment environment) {
        this(environment.callRecordStore(), environment);
    }

    private <S extends CallSessionPoster & CallRecordReader> CreateCallRecordSession(
            S store, CallRecordEnvironment environment) {
        super(CallRecordRoutes.posting(store), environment.apiSettings(), InstantSource.system());
        this.records = store;
    }

    /** Reads a typical body, and a call record that does not exist. */
    @Override
    protected void prime() {
        for (int i = 0; i < PRIMING_ROUNDS; i++) {
            Violations violations = new Violations();
            Map<String, @Nullable Object> read = CallRecordTypes.session()
                    .read(Json.readOwn(SESSION), new ReadContext(Purpose.CREATE, "", violations));
            SessionBody.of(new CallRecordKey("priming", "priming"), read, "", null);
        }
        records.read(new CallRecordKey("priming", "priming"), Instant.EPOCH);
    }
}
