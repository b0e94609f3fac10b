package io.switchboard.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The measured requests, and the data of one tenant that they need. */
final class Workload {
    static final String CREATE_SESSION = "CreateSession";
    static final String MANAGE_SESSIONS = "ManageSessions";
    static final String MANAGE_TEMPLATES = "ManageTemplates";
    static final String CREATE_CALL_RECORD_SESSION = "CreateCallRecordSession";
    static final String MANAGE_CALL_RECORDS = "ManageCallRecords";

    /** The request that has a separate budget. */
    static final String DESK = "`GET /desk`, ten open sessions";

    private static final int OPEN_SESSIONS = 10;
    private static final int TEMPLATES = 100;
    private static final int SESSIONS_OF_A_RECORD = 60;
    private static final int FEW_SEGMENTS = 20;
    private static final int SEGMENTS_OF_100_KB = 43;
    /** Segments without media, in a session of 3 MB. */
    private static final int MOST_SEGMENTS = 7_000;

    private static final String DESK_USER = "desk";
    private static final String RECORD = "60550076-c6a5-5486-8499-833cab29737e";
    private static final String SESSIONS_PERMISSION = "Sessions.ReadWrite";
    private static final String TEMPLATES_PERMISSION = "Templates.ReadWrite";

    private final ApiEvents events;
    private final String sessionBody;
    private final Map<String, Object> callRecordSession;

    /** @param root folder of the checkout, which has the example events */
    Workload(Path root, String tenant) {
        Path create = root.resolve(Path.of("events", CREATE_SESSION, "201.cif-example.json"));
        events = ApiEvents.like(create, tenant);
        sessionBody = ApiEvents.body(create);
        try {
            callRecordSession = JSON.std.mapFrom(ApiEvents.body(
                    root.resolve(Path.of("events", CREATE_CALL_RECORD_SESSION, "201.peer-to-peer.json"))));
        } catch (IOException e) {
            throw new BenchException("The body of an example event is not JSON: " + e.getMessage(), e);
        }
    }

    /**
     * Stores the data that the requests read.
     *
     * @param start starts the function with this logical id
     */
    void store(Function<String, RequestProcess> start) {
        try (var function = start.apply(CREATE_SESSION)) {
            for (int i = 0; i < OPEN_SESSIONS; i++) {
                function.serve(createSession(DESK_USER), ExpectedResponse.SESSION);
            }
        }
        try (var function = start.apply(MANAGE_TEMPLATES)) {
            for (int i = 0; i < TEMPLATES; i++) {
                function.serve(createTemplate("bench_" + i), ExpectedResponse.of(201, "uniqueName", 1));
            }
        }
        try (var function = start.apply(CREATE_CALL_RECORD_SESSION)) {
            for (int i = 0; i < SESSIONS_OF_A_RECORD; i++) {
                function.serve(postCallRecordSession(RECORD, 1), ExpectedResponse.of(201, "id", 1));
            }
        }
    }

    /** Returns the measured requests. The first one of a function is also the one that starts it. */
    List<MeasuredRequest> requests() {
        return List.of(
                new MeasuredRequest(
                        "`POST /sessions`",
                        CREATE_SESSION,
                        () -> createSession(UUID.randomUUID().toString()),
                        ExpectedResponse.SESSION),
                new MeasuredRequest(
                        DESK,
                        MANAGE_SESSIONS,
                        () -> events.ofUser(DESK_USER, SESSIONS_PERMISSION, "GET", "/desk", Map.of(), null),
                        ExpectedResponse.of(200, "sessionId", OPEN_SESSIONS)),
                new MeasuredRequest(
                        "`GET /sessionTemplates`, 100 templates",
                        MANAGE_TEMPLATES,
                        () -> events.ofUser(
                                "administrator",
                                TEMPLATES_PERMISSION,
                                "GET",
                                "/sessionTemplates",
                                Map.of("$top", Integer.toString(TEMPLATES)),
                                null),
                        ExpectedResponse.of(200, "uniqueName", TEMPLATES)),
                new MeasuredRequest(
                        "call-record session of one segment, 3.4 KB",
                        CREATE_CALL_RECORD_SESSION,
                        () -> postCallRecordSession(UUID.randomUUID().toString(), 1),
                        ExpectedResponse.of(201, "id", 1)),
                new MeasuredRequest(
                        "call-record session of 20 segments",
                        CREATE_CALL_RECORD_SESSION,
                        () -> postCallRecordSession(UUID.randomUUID().toString(), FEW_SEGMENTS),
                        ExpectedResponse.of(201, "id", 1)),
                new MeasuredRequest(
                        "call-record session of 100 KB",
                        CREATE_CALL_RECORD_SESSION,
                        () -> postCallRecordSession(UUID.randomUUID().toString(), SEGMENTS_OF_100_KB),
                        ExpectedResponse.of(201, "id", 1)),
                new MeasuredRequest(
                        "call-record session of 7,000 segments",
                        CREATE_CALL_RECORD_SESSION,
                        () -> postCallRecordSession(UUID.randomUUID().toString(), MOST_SEGMENTS),
                        ExpectedResponse.of(201, "id", 1),
                        30),
                new MeasuredRequest(
                        "60 sessions of a call record",
                        MANAGE_CALL_RECORDS,
                        () -> events.ofProgram("GET", sessions(RECORD), Map.of(), null),
                        ExpectedResponse.of(200, "modalities", SESSIONS_OF_A_RECORD)),
                new MeasuredRequest(
                        "60 sessions of a call record, with segments",
                        MANAGE_CALL_RECORDS,
                        () -> events.ofProgram("GET", sessions(RECORD), Map.of("$expand", "segments"), null),
                        ExpectedResponse.of(200, "segments", SESSIONS_OF_A_RECORD)));
    }

    private byte[] createSession(String user) {
        return events.ofUser(user, SESSIONS_PERMISSION, "POST", "/sessions", Map.of(), sessionBody);
    }

    private byte[] createTemplate(String uniqueName) {
        return events.ofUser(
                "administrator", TEMPLATES_PERMISSION, "POST", "/sessionTemplates", Map.of(), """
                {"uniqueName":"%s","name":"Call","type":"generic","title":"{customer}","communicationPanelMode":"docked",
                "anchorTab":"msdyn_omnichannel_kbsearch","fallbackTitles":["Call"],"additionalTabs":["msdyn_entityrecord"],
                "parameterDefinitions":[{"name":"customer","type":"string"}]}""".formatted(
                                uniqueName));
    }

    private byte[] postCallRecordSession(String record, int segments) {
        Map<String, Object> session = new LinkedHashMap<>(callRecordSession);
        session.put("id", UUID.randomUUID().toString());
        if (segments > 1) {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < segments; i++) {
                Map<String, Object> segment = new LinkedHashMap<>(segment());
                if (segments == MOST_SEGMENTS) {
                    segment.remove("media");
                    segment.put("caller", caller());
                }
                segment.put("id", UUID.randomUUID().toString());
                all.add(segment);
            }
            session.put("segments", all);
        }
        try {
            return events.ofProgram("POST", sessions(record), Map.of(), JSON.std.asString(session));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> segment() {
        if (callRecordSession.get("segments") instanceof List<?> segments
                && segments.getFirst() instanceof Map<?, ?> segment) {
            return (Map<String, Object>) segment;
        }
        throw new BenchException("The example event of a call-record session has no segment.");
    }

    /** Returns the caller of the example with its user agent only. */
    private Map<String, Object> caller() {
        if (callRecordSession.get("caller") instanceof Map<?, ?> caller) {
            return Map.of("@odata.type", caller.get("@odata.type"), "userAgent", caller.get("userAgent"));
        }
        throw new BenchException("The example event of a call-record session has no caller.");
    }

    private static String sessions(String record) {
        return "/communications/callRecords/" + record + "/sessions";
    }
}
