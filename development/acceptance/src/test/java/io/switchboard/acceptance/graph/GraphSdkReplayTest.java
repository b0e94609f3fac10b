package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.graph.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.communications.callrecords.item.sessions.item.SessionItemRequestBuilder;
import com.microsoft.graph.models.callrecords.CallRecord;
import com.microsoft.graph.models.callrecords.CallType;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.callrecords.ParticipantEndpoint;
import com.microsoft.graph.models.callrecords.ServiceEndpoint;
import com.microsoft.graph.models.callrecords.ServiceRole;
import com.microsoft.graph.models.callrecords.ServiceUserAgent;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.graph.models.callrecords.SessionCollectionResponse;
import com.microsoft.graph.models.odataerrors.ErrorDetails;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.http.middleware.options.HeadersInspectionOption;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests a backend that gets a notification of Microsoft Graph, reads the call record page by page and posts each
 * session to this API, with the same client for both. Another tenant of the API substitutes for Graph; its responses
 * have Graph's form.
 */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkReplayTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00.1234567+02:00");
    private static final int SESSIONS = 70;
    private static final List<String> EXAMPLES = List.of("peer-to-peer", "group-call", "pstn");

    private final String id = UUID.randomUUID().toString();

    /** The source of the record. */
    private GraphServiceClient graph;

    /** The target of the record. */
    private GraphServiceClient own;

    @BeforeEach
    void connect(GraphApi api) {
        graph = api.client();
        own = api.client();
    }

    private CallRecordItemRequestBuilder record(GraphServiceClient client) {
        return client.communications().callRecords().byCallRecordId(id);
    }

    private void postToGraph(List<Session> sessions) {
        CallRecord record = new CallRecord();
        record.setId(id);
        record.setVersion(3L);
        record.setType(CallType.GroupCall);
        record.setModalities(List.of(Modality.Audio, Modality.Video));
        record.setStartDateTime(START);
        record.setEndDateTime(START.plusHours(1));
        record.setSessions(sessions);
        graph.communications().callRecords().post(record);
    }

    /** Returns copies of the examples, each with its own id, and one id that several services share. */
    private static List<Session> sessions() {
        List<Session> sessions = new ArrayList<>(transferred());
        while (sessions.size() < SESSIONS) {
            Session session = Payloads.exampleSession(EXAMPLES.get(sessions.size() % EXAMPLES.size()));
            session.setId("session-%02d".formatted(sessions.size()));
            session.setStartDateTime(START.plusSeconds(sessions.size()));
            sessions.add(session);
        }
        return sessions;
    }

    /** Returns sessions with one id, one for each service of a transferred call, each with its own times (§1.2). */
    private static List<Session> transferred() {
        List<Session> sessions = new ArrayList<>();
        ServiceRole[] roles = {
            ServiceRole.SkypeForBusinessAutoAttendant,
            ServiceRole.SkypeForBusinessCallQueues,
            ServiceRole.MediationServer
        };
        for (int i = 0; i < roles.length; i++) {
            Session session = Payloads.minimalSession("transferred", START.plusMinutes(i));
            ServiceUserAgent agent = new ServiceUserAgent();
            agent.setRole(roles[i]);
            ServiceEndpoint callee = new ServiceEndpoint();
            callee.setUserAgent(agent);
            session.setCallee(callee);
            sessions.add(session);
        }
        return sessions;
    }

    /** Returns all sessions of a record with their segments, including those of linked pages. */
    private static List<Session> read(CallRecordItemRequestBuilder from) {
        CallRecord record =
                from.get(request -> request.queryParameters.expand = new String[] {"sessions($expand=segments)"});
        List<Session> sessions = new ArrayList<>(record.getSessions());
        @Nullable Object link = record.getAdditionalData().get("sessions@odata.nextLink");
        while (link != null) {
            SessionCollectionResponse page =
                    from.sessions().withUrl(link.toString()).get();
            sessions.addAll(page.getValue());
            link = page.getOdataNextLink();
        }
        return sessions;
    }

    private static List<JsonNode> values(List<Session> sessions) {
        return sessions.stream().map(Payloads::values).toList();
    }

    @Test
    void record_replayed_twice_is_stored_once_and_completely() {
        postToGraph(sessions());
        List<JsonNode> expected = values(read(record(graph)));
        assertThat(expected).hasSize(SESSIONS);
        for (int time = 0; time < 2; time++) {
            for (Session session : read(record(graph))) {
                record(own).sessions().post(Payloads.whole(session));
            }
            assertThat(record(own).sessions().count().get()).isEqualTo(SESSIONS);
            assertThat(values(read(record(own)))).isEqualTo(expected);
            assertThat(tag("session-50")).as("the unchanged session's ETag").isEqualTo("W/\"1\"");
        }
        assertThat(record(own).get().getVersion()).isZero();
        own.communications().callRecords().post(Payloads.whole(record(graph).get()));
        assertThat(Payloads.values(record(own).get()))
                .isEqualTo(Payloads.values(record(graph).get()));
        assertThat(values(read(record(own)))).isEqualTo(expected);
    }

    private String tag(String session) {
        HeadersInspectionOption headers = new HeadersInspectionOption(false, true);
        record(own).sessions().bySessionId(session).get(request -> request.options.add(headers));
        return headers.getResponseHeaders().get("ETag").iterator().next();
    }

    @Test
    void record_read_with_its_sessions_can_be_posted() {
        postToGraph(sessions().subList(0, 10));
        own.communications()
                .callRecords()
                .post(Payloads.whole(record(graph)
                        .get(request -> request.queryParameters.expand =
                                new String[] {"sessions($expand=segments)", "participants_v2"})));
        assertThat(values(read(record(own)))).isEqualTo(values(read(record(graph))));
    }

    @Test
    void single_read_session_posted_unchanged_is_empty_and_rejected_with_the_reason() {
        postToGraph(transferred());
        Session read = record(graph).sessions().bySessionId("transferred").get();
        ODataError error = catchThrowableOfType(
                ODataError.class, () -> record(own).sessions().post(read));
        assertThat(error.getResponseStatusCode()).isEqualTo(400);
        assertThat(error.getMessage()).contains("setIsInitializationCompleted(false)");
        record(own).sessions().post(Payloads.whole(read));
        assertThat(record(own).sessions().count().get()).isEqualTo(1);
    }

    /**
     * The client sends a session of a page or a record completely except for its ids. The ids are derived from the
     * content, so they are the same again.
     */
    @Test
    void page_sessions_posted_unchanged_have_no_ids_and_are_stored_once() {
        postToGraph(List.of(Payloads.exampleSession("group-call"), Payloads.exampleSession("pstn")));
        for (int time = 0; time < 2; time++) {
            read(record(graph)).forEach(record(own).sessions()::post);
            record(graph)
                    .sessions()
                    .get(request -> request.queryParameters.expand = new String[] {"segments"})
                    .getValue()
                    .forEach(record(own).sessions()::post);
        }
        List<Session> kept = read(record(own));
        assertThat(kept).hasSize(2);
        assertThat(kept).extracting(Session::getId).doesNotContain("c0f4b5b2-3a5e-4a0e-8a8e-70f9d3d2a922");
        assertThat(withoutIds(kept)).containsExactlyInAnyOrderElementsOf(withoutIds(read(record(graph))));
    }

    private static List<JsonNode> withoutIds(List<Session> sessions) {
        return values(sessions).stream()
                .map(session -> {
                    ((ObjectNode) session).remove("id");
                    session.get("segments").forEach(segment -> ((ObjectNode) segment).remove("id"));
                    return session;
                })
                .toList();
    }

    /**
     * The client omits the types of nested objects and their unchanged members. The sent members are stored, and their
     * types are inferred (§E.5).
     */
    @Test
    void session_copied_by_property_keeps_the_sent_members() {
        postToGraph(List.of(Payloads.exampleSession("peer-to-peer")));
        Session read = record(graph)
                .sessions()
                .bySessionId("3f6c1c52-7a0e-4c59-9b1e-2f1f7b0a4d11")
                .get();
        Session copy = Payloads.minimalSession(read.getId(), read.getStartDateTime());
        copy.setCaller(read.getCaller());
        copy.setCallee(read.getCallee());
        Session created = record(own).sessions().post(copy);
        assertThat(created.getCaller())
                .isInstanceOfSatisfying(
                        ParticipantEndpoint.class,
                        caller -> assertThat(caller.getName()).isEqualTo("LAPTOP-NORA"));
    }

    @Test
    void sessions_with_one_id_are_stored_separately_and_addressed_by_location() {
        List<String> locations = new ArrayList<>();
        for (Session session : transferred()) {
            HeadersInspectionOption headers = new HeadersInspectionOption(false, true);
            record(own).sessions().post(session, request -> request.options.add(headers));
            locations.add(
                    headers.getResponseHeaders().get("Location").iterator().next());
        }
        assertThat(locations).doesNotHaveDuplicates();
        SessionItemRequestBuilder shared = record(own).sessions().bySessionId("transferred");
        assertThat(shared.get().getStartDateTime()).as("the earliest").isEqualTo(START);

        Session change = new Session();
        change.setIsTest(true);
        ODataError ambiguous = catchThrowableOfType(ODataError.class, () -> shared.patch(change));
        assertThat(ambiguous.getResponseStatusCode()).isEqualTo(409);
        assertThat(ambiguous.getError().getCode()).isEqualTo("ambiguousSessionId");
        assertThat(ambiguous.getError().getDetails())
                .extracting(ErrorDetails::getTarget)
                .containsExactlyElementsOf(locations);
        assertThat(catchThrowableOfType(ODataError.class, shared::delete).getResponseStatusCode())
                .isEqualTo(409);

        // A builder drops its own URL after the first request, so each request needs a new builder.
        assertThat(shared.withUrl(locations.get(1))
                        .patch(Payloads.whole(change))
                        .getIsTest())
                .isTrue();
        assertThat(shared.withUrl(locations.get(1)).get().getStartDateTime()).isEqualTo(START.plusMinutes(1));
        String key = locations.get(1).substring(locations.get(1).lastIndexOf('/') + 1);
        assertThat(record(own).sessions().bySessionId(key).get().getIsTest()).isTrue();
        shared.withUrl(locations.get(0)).delete();
        assertThat(read(record(own)))
                .extracting(Session::getStartDateTime)
                .containsExactly(START.plusMinutes(1), START.plusMinutes(2));
    }
}
