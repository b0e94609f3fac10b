package io.switchboard.callrecords;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.notifications.ChangeType;
import io.switchboard.callrecords.notifications.DynamoDbSubscriptionStore;
import io.switchboard.callrecords.notifications.EndpointServer;
import io.switchboard.callrecords.notifications.TestSubscriptions;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.http.Route;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests the permission matrix ({@code docs/reference/permissions.md}): every route of call records and subscriptions,
 * below each service root, for every kind of caller, on resources of its own tenant and of others.
 */
final class CallRecordPermissionsTest {
    private enum Owner {
        /** The caller's tenant and, for subscriptions, its application. */
        OWN,
        /** The caller's tenant, another application; for subscriptions only. */
        OTHER_APPLICATION,
        OTHER_TENANT
    }

    /** The permissions of a token. */
    private enum Token {
        READ("CallRecords.Read.All", false),
        READ_WRITE("CallRecords.ReadWrite.All", false),
        BOTH("CallRecords.Read.All CallRecords.ReadWrite.All", false),
        /** Delegated permission, which applies too. */
        USER_READ("CallRecords.Read.All", true),
        USER_READ_WRITE("CallRecords.ReadWrite.All", true),
        PSTN("CallRecord-PstnCalls.Read.All", false),
        SESSIONS("Sessions.ReadWrite.All Templates.ReadWrite", false),
        NONE("openid", true),
        ANONYMOUS("", false);

        private final String permissions;
        private final boolean hasUser;

        Token(String permissions, boolean hasUser) {
            this.permissions = permissions;
            this.hasUser = hasUser;
        }

        private boolean writes() {
            return permissions.contains("CallRecords.ReadWrite.All");
        }

        private boolean reads() {
            return permissions.contains("CallRecords.");
        }

        private boolean readsLogs() {
            return reads() || permissions.contains("CallRecord-PstnCalls.Read.All");
        }
    }

    private enum Need {
        READ,
        READ_LOGS,
        WRITE
    }

    /**
     * A row: the properties of a route.
     *
     * @param success the status for callers with the permission
     * @param body the request body; empty for none
     * @param isOfOne whether the path names an existing resource
     */
    private record Row(Need need, int success, String body, boolean isOfOne) {}

    private static final String RECORDS = "/communications/callRecords";
    private static final String ONE = RECORDS + "/{callRecordId}";
    private static final String SESSIONS = ONE + "/sessions";
    private static final String SESSION = SESSIONS + "/{sessionId}";
    private static final String SEGMENTS = SESSION + "/segments";
    private static final String SEGMENT = SEGMENTS + "/{segmentId}";
    private static final String PARTICIPANTS = ONE + "/participants_v2";
    private static final String PARTICIPANT = PARTICIPANTS + "/{participantId}";
    private static final String ORGANIZER = ONE + "/organizer_v2";
    private static final String SUBSCRIPTION = "/subscriptions/{subscriptionId}";
    private static final String COUNT = "/$count";

    private static final String TIMES = """
            "startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z\"""";
    private static final String A_SESSION = "{\"modalities\":[\"audio\"]," + TIMES + "}";
    private static final String A_RECORD =
            "{\"version\":1,\"type\":\"groupCall\",\"modalities\":[\"audio\"]," + TIMES + "}";
    private static final String A_ROW = "{\"userId\":\"nora\"}";
    private static final String WHOLE = """
            {"id":"%s","version":1,"type":"groupCall","modalities":["audio"],TIMES,
             "organizer_v2":{"id":"ines"},"participants_v2":[{"id":"p"}],
             "sessions":[{"id":"s","modalities":["audio"],TIMES,"segments":[{"id":"g",TIMES}]}]}""".replace("TIMES", TIMES);

    /** The rows apply below each service root. */
    private static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        for (String list : List.of(SESSIONS, SEGMENTS, PARTICIPANTS)) {
            rows.put("GET " + list, new Row(Need.READ, 200, "", true));
            rows.put("GET " + list + COUNT, new Row(Need.READ, 200, "", true));
        }
        for (String one : List.of(ONE, ORGANIZER, PARTICIPANT, SESSION, SEGMENT)) {
            rows.put("GET " + one, new Row(Need.READ, 200, "", true));
            rows.put("DELETE " + one, new Row(Need.WRITE, 204, "", true));
        }
        rows.put("PATCH " + ONE, new Row(Need.WRITE, 200, "{\"type\":\"peerToPeer\"}", true));
        rows.put("PATCH " + ORGANIZER, new Row(Need.WRITE, 200, "{\"administrativeUnitInfos\":[]}", true));
        rows.put("PATCH " + PARTICIPANT, new Row(Need.WRITE, 200, "{\"administrativeUnitInfos\":[]}", true));
        rows.put("PATCH " + SESSION, new Row(Need.WRITE, 200, "{\"isTest\":true}", true));
        rows.put("PATCH " + SEGMENT, new Row(Need.WRITE, 200, "{\"media\":[]}", true));
        rows.put("POST " + PARTICIPANTS, new Row(Need.WRITE, 201, "{\"id\":\"q\"}", true));
        rows.put("POST " + SEGMENTS, new Row(Need.WRITE, 201, "{" + TIMES + "}", true));
        rows.put("POST " + SESSIONS, new Row(Need.WRITE, 201, A_SESSION, false));
        rows.put("GET " + RECORDS, new Row(Need.READ, 200, "", false));
        rows.put("GET " + RECORDS + COUNT, new Row(Need.READ, 200, "", false));
        rows.put("GET " + RECORDS + "/delta", new Row(Need.READ, 200, "", false));
        rows.put("POST " + RECORDS, new Row(Need.WRITE, 201, A_RECORD, false));
        for (LogRowKind kind : LogRowKind.values()) {
            rows.put("POST " + RECORDS + "/" + kind.collection(), new Row(Need.WRITE, 200, A_ROW, false));
            rows.put("GET " + RECORDS + "/" + kind.function() + "({range})", new Row(Need.READ_LOGS, 200, "", false));
        }
        rows.put("POST /$batch", new Row(Need.READ_LOGS, 200, BATCH, false));
        rows.put("GET /subscriptions", new Row(Need.READ, 200, "", false));
        rows.put("POST /subscriptions", new Row(Need.WRITE, 201, A_SUBSCRIPTION, false));
        rows.put("GET " + SUBSCRIPTION, new Row(Need.READ, 200, "", true));
        rows.put(
                "PATCH " + SUBSCRIPTION, new Row(Need.WRITE, 200, "{\"expirationDateTime\":\"" + soon() + "\"}", true));
        rows.put("DELETE " + SUBSCRIPTION, new Row(Need.WRITE, 204, "", true));
        rows.put("POST " + SUBSCRIPTION + "/reauthorize", new Row(Need.WRITE, 204, "", true));
        return rows;
    }

    private static final EndpointServer ENDPOINT = EndpointServer.plain();

    private static final String A_SUBSCRIPTION = Json.write(Map.of(
            "changeType",
            "created",
            "resource",
            RECORDS,
            "notificationUrl",
            ENDPOINT.url("/"),
            "expirationDateTime",
            soon()));
    /** A part requires the same permission as alone: callers that may only read get the error inside the batch. */
    private static final String BATCH =
            "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"" + RECORDS + "/$count\"}]}";

    private final Tables tables = new Tables();
    private final Map<String, String> environment = tables.environment("PRIVATE_NOTIFICATION_URLS", "true");
    private final CreateCallRecordSession posting = new CreateCallRecordSession(environment);
    private final ManageCallRecords managing = new ManageCallRecords(environment);
    /** Each cell that changes something starts with its own tenant. */
    private String tenant = "";

    @AfterAll
    static void close() {
        ENDPOINT.close();
    }

    @TestFactory
    Stream<DynamicTest> every_route_handles_every_caller_as_the_matrix_states() {
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, Row> rows = rows();
        Map<String, Route> routes = routes();
        routes.forEach((key, route) -> tests.add(DynamicTest.dynamicTest(key, () -> {
            Row row = rows.get(bare(key));
            assertThat(row).as("a row for %s", key).isNotNull();
            check(route, requireNonNull(row));
        })));
        tests.add(DynamicTest.dynamicTest("no row without its routes", () -> {
            for (String row : rows.keySet()) {
                for (String base : row.endsWith("/$batch") ? List.of("/v1.0", "/beta") : GraphRequest.BASES) {
                    assertThat(routes).containsKey(row.replace(" /", " " + base + "/"));
                }
            }
        }));
        return tests.stream();
    }

    private static String bare(String route) {
        return route.replace(" /v1.0/", " /").replace(" /beta/", " /");
    }

    /** Returns the routes of both functions. */
    private Map<String, Route> routes() {
        Map<String, Route> routes = new LinkedHashMap<>();
        for (var function : List.of(posting, managing)) {
            for (Route route : function.routes().routes()) {
                if (route.operation() != null) {
                    boolean isDocument = route.pattern().matches("/(v1[.]0|beta)/([$]metadata|communications)");
                    assertThat(route.isOpen())
                            .as("%s requires a token", route.pattern())
                            .isEqualTo(isDocument);
                    if (!isDocument) {
                        routes.put(route.method() + " " + route.pattern(), route);
                    }
                }
            }
        }
        return routes;
    }

    private void check(Route route, Row row) {
        boolean isOfASubscription = route.pattern().contains("{subscriptionId}");
        for (Owner owner : Owner.values()) {
            if (owner == Owner.OTHER_APPLICATION && !isOfASubscription) {
                // Call records are the tenant's.
                continue;
            }
            String subscription = begin(owner);
            for (Token token : Token.values()) {
                ApiEvent event = event(token, route.method(), path(route, subscription));
                if (!row.body.isEmpty()) {
                    event.text(row.body);
                }
                boolean isPosting = bare("POST " + route.pattern()).equals("POST " + SESSIONS)
                        && route.method().equals("POST");
                var answer = event.sendTo(isPosting ? posting : managing);
                int expected = expected(token, owner, row);
                assertThat(answer.status())
                        .as("%s %s as %s on %s: %s", route.method(), route.pattern(), token, owner, answer.body())
                        .isEqualTo(expected);
                if (!row.isOfOne && expected == 200 && route.pattern().endsWith(RECORDS)) {
                    assertThat(answer.body().contains("\"id\":\"own\""))
                            .as("%s lists the resources of %s", route.pattern(), owner)
                            .isEqualTo(owner != Owner.OTHER_TENANT);
                }
                if (row.need == Need.WRITE && expected < 300) {
                    subscription = begin(owner);
                }
            }
        }
    }

    private static int expected(Token token, Owner owner, Row row) {
        if (token == Token.ANONYMOUS) {
            return 401;
        }
        boolean isAllowed =
                switch (row.need) {
                    case READ -> token.reads();
                    case READ_LOGS -> token.readsLogs();
                    case WRITE -> token.writes();
                };
        if (!isAllowed) {
            return 403;
        }
        return !row.isOfOne || owner == Owner.OWN ? row.success : 404;
    }

    /**
     * Creates a call record with all kinds of children, and a subscription, for that owner. The caller has its own
     * tenant.
     */
    private String begin(Owner owner) {
        tenant = "tenant-" + UUID.randomUUID();
        String whose = owner == Owner.OTHER_TENANT ? "other-" + tenant : tenant;
        ApiEvent.of("POST", RECORDS)
                .backend("CallRecords.ReadWrite.All")
                .claim("tid", whose)
                .text(WHOLE.formatted("own"))
                .sendTo(managing)
                .is(201);
        String id = UUID.randomUUID().toString();
        String application = owner == Owner.OTHER_APPLICATION ? "another" : "connector";
        new DynamoDbSubscriptionStore(
                        new DynamoDb(tables.client()), requireNonNull(environment.get("CALL_RECORDS_TABLE")))
                .create(
                        TestSubscriptions.to(
                                TestSubscriptions.of(whose, id, application, Instant.now()),
                                ENDPOINT.url("/"),
                                ChangeType.CREATED),
                        null,
                        Instant.now());
        return id;
    }

    private static String path(Route route, String subscription) {
        return route.pattern()
                .replace("{callRecordId}", "own")
                .replace("{sessionId}", "s")
                .replace("{segmentId}", "g")
                .replace("{participantId}", "p")
                .replace("{range}", "fromDateTime=2026-11-01,toDateTime=2026-11-30")
                .replace("{subscriptionId}", subscription);
    }

    private ApiEvent event(Token token, String method, String path) {
        ApiEvent event = ApiEvent.of(method, path);
        if (token == Token.ANONYMOUS) {
            return event.withoutClaims();
        }
        return (token.hasUser ? event.permissions(token.permissions) : event.backend(token.permissions))
                .claim("azp", "connector")
                .claim("tid", tenant);
    }

    private static String soon() {
        return Instant.now().plus(Duration.ofHours(2)).toString();
    }
}
