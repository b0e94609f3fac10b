package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.communications.callrecords.item.sessions.item.SessionItemRequestBuilder;
import com.microsoft.graph.communications.callrecords.item.sessions.item.segments.SegmentsRequestBuilder;
import com.microsoft.graph.core.tasks.PageIterator;
import com.microsoft.graph.models.callrecords.CallRecord;
import com.microsoft.graph.models.callrecords.ClientPlatform;
import com.microsoft.graph.models.callrecords.ClientUserAgent;
import com.microsoft.graph.models.callrecords.FailureInfo;
import com.microsoft.graph.models.callrecords.FailureStage;
import com.microsoft.graph.models.callrecords.Media;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.callrecords.ParticipantEndpoint;
import com.microsoft.graph.models.callrecords.ProductFamily;
import com.microsoft.graph.models.callrecords.Segment;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.graph.models.callrecords.SessionCollectionResponse;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.http.middleware.options.HeadersInspectionOption;
import com.microsoft.kiota.serialization.KiotaJsonSerialization;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that Microsoft Graph's unmodified client for Java can write and read sessions and segments. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");
    private static final int SESSIONS = 130;

    private static GraphServiceClient graph;

    /** Has {@value #SESSIONS} sessions, each with a segment. */
    private static CallRecordItemRequestBuilder large;

    @BeforeAll
    static void fill(GraphApi api) {
        graph = api.client();
        large = newRecord();
        for (int i = 0; i < SESSIONS; i++) {
            Session session = Payloads.minimalSession("session-%03d".formatted(i), START.plusMinutes(i));
            Segment segment = new Segment();
            segment.setId("segment-" + i);
            segment.setStartDateTime(session.getStartDateTime());
            segment.setEndDateTime(session.getEndDateTime());
            session.setSegments(List.of(segment));
            large.sessions().post(session);
        }
    }

    private static CallRecordItemRequestBuilder newRecord() {
        return graph.communications()
                .callRecords()
                .byCallRecordId(UUID.randomUUID().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"peer-to-peer", "group-call", "pstn"})
    void examples_are_created_and_read_unchanged(String example) {
        Session sent = Payloads.exampleSession(example);
        CallRecordItemRequestBuilder record = newRecord();
        Session created = record.sessions().post(sent);
        assertThat(Payloads.values(created)).isEqualTo(Payloads.values(sent));
        assertThat(Payloads.leftOver(created)).isEmpty();
        Session read = withSegments(record.sessions().bySessionId(sent.getId()));
        assertThat(Payloads.values(read)).isEqualTo(Payloads.values(sent));
        assertThat(Payloads.leftOver(read)).isEmpty();
    }

    private static Session withSegments(SessionItemRequestBuilder session) {
        return session.get(request -> request.queryParameters.expand = new String[] {"segments"});
    }

    @Test
    void session_built_by_the_client_is_created_with_an_id() {
        CallRecordItemRequestBuilder record = newRecord();
        Session created = record.sessions().post(Payloads.minimalSession(null, START));
        assertThat(created.getId()).isNotBlank();
        assertThat(record.sessions().bySessionId(created.getId()).get().getStartDateTime())
                .isEqualTo(START);
    }

    /** The client can send the member without opting in, but reads it only if it opts in (§A.3). */
    @Test
    void unknown_future_member_is_stored_and_returned_on_request() {
        ClientUserAgent agent = new ClientUserAgent();
        agent.setPlatform(ClientPlatform.Web);
        agent.setProductFamily(ProductFamily.AzureCommunicationServices);
        ParticipantEndpoint caller = new ParticipantEndpoint();
        caller.setUserAgent(agent);
        Session sent = Payloads.minimalSession("s", START);
        sent.setCaller(caller);
        CallRecordItemRequestBuilder record = newRecord();
        assertThat(productFamily(record.sessions().post(sent))).isEqualTo(ProductFamily.UnknownFutureValue);
        assertThat(productFamily(record.sessions()
                        .bySessionId("s")
                        .get(request -> request.headers.add("Prefer", "include-unknown-enum-members"))))
                .isEqualTo(ProductFamily.AzureCommunicationServices);
    }

    private static ProductFamily productFamily(Session session) {
        return ((ClientUserAgent) session.getCaller().getUserAgent()).getProductFamily();
    }

    @Test
    void return_minimal_returns_only_the_location() {
        CallRecordItemRequestBuilder record = newRecord();
        HeadersInspectionOption headers = new HeadersInspectionOption(false, true);
        @Nullable
        Session created = record.sessions().post(Payloads.minimalSession(null, START), request -> {
            request.headers.add("Prefer", "return=minimal");
            request.options.add(headers);
        });
        assertThat(created).isNull();
        assertThat(headers.getResponseHeaders().get("Preference-Applied")).containsExactly("return=minimal");
        String location =
                headers.getResponseHeaders().get("Location").iterator().next();
        assertThat(headers.getResponseHeaders().get("OData-EntityId")).containsExactly(location);
        assertThat(record.sessions().bySessionId("any").withUrl(location).get().getStartDateTime())
                .isEqualTo(START);
    }

    @Test
    void pages_of_sessions_reach_the_last_session() throws Exception {
        SessionCollectionResponse first = large.sessions().get();
        assertThat(first.getValue()).hasSize(60);
        Set<String> ids = new LinkedHashSet<>();
        new PageIterator.Builder<Session, SessionCollectionResponse>()
                .client(graph)
                .collectionPage(first)
                .collectionPageFactory(SessionCollectionResponse::createFromDiscriminatorValue)
                .processPageItemCallback(session -> ids.add(session.getId()))
                .build()
                .iterate();
        assertThat(ids).hasSize(SESSIONS).first().isEqualTo("session-000");
    }

    @Test
    void sessions_are_counted_separately_and_with_a_page() {
        assertThat(large.sessions().count().get()).isEqualTo(SESSIONS);
        SessionCollectionResponse page = large.sessions().get(request -> {
            request.queryParameters.count = true;
            request.queryParameters.top = 5;
        });
        assertThat(page.getOdataCount()).isEqualTo(SESSIONS);
        assertThat(page.getValue()).hasSize(5);
        assertThat(page.getOdataNextLink()).as("$top limits the total").isNull();
    }

    @Test
    void selected_and_expanded_properties_are_returned_in_the_requested_page_size() {
        SessionCollectionResponse page = large.sessions().get(request -> {
            request.queryParameters.select = new String[] {"id", "startDateTime"};
            request.queryParameters.expand = new String[] {"segments"};
            request.headers.add("Prefer", "odata.maxpagesize=50");
        });
        List<Integer> sizes = new ArrayList<>();
        while (true) {
            sizes.add(page.getValue().size());
            assertThat(page.getValue())
                    .allSatisfy(session -> assertThat(session.getBackingStore().enumerate())
                            .containsKeys("id", "startDateTime", "segments")
                            .doesNotContainKeys("modalities", "endDateTime"))
                    .allSatisfy(session -> assertThat(session.getSegments()).hasSize(1));
            if (page.getOdataNextLink() == null) {
                break;
            }
            page = large.sessions()
                    .withUrl(page.getOdataNextLink())
                    .get(request -> request.headers.add("Prefer", "odata.maxpagesize=50"));
        }
        assertThat(sizes).containsExactly(50, 50, 30);
    }

    @Test
    void sessions_expanded_in_their_record_have_a_next_link_in_the_additional_data() {
        CallRecord record =
                large.get(request -> request.queryParameters.expand = new String[] {"sessions($expand=segments)"});
        List<Session> sessions = new ArrayList<>(record.getSessions());
        assertThat(sessions).hasSize(60);
        @Nullable Object link = record.getAdditionalData().get("sessions@odata.nextLink");
        while (link != null) {
            SessionCollectionResponse page =
                    large.sessions().withUrl(link.toString()).get();
            sessions.addAll(page.getValue());
            link = page.getOdataNextLink();
        }
        assertThat(sessions).extracting(Session::getId).doesNotHaveDuplicates().hasSize(SESSIONS);
        assertThat(sessions)
                .allSatisfy(session -> assertThat(session.getSegments()).hasSize(1));
        assertThat(record.getModalities()).containsExactly(Modality.Audio);
        assertThat(record.getStartDateTime()).isEqualTo(START);
        assertThat(record.getEndDateTime()).isEqualTo(START.plusMinutes(SESSIONS - 1 + 5));
    }

    @Test
    void patch_after_a_get_sends_and_changes_only_the_set_members() throws Exception {
        CallRecordItemRequestBuilder record = newRecord();
        Session sent = Payloads.exampleSession("group-call");
        record.sessions().post(sent);
        SessionItemRequestBuilder item = record.sessions().bySessionId(sent.getId());
        Session patched = item.patch(testWithoutFailure(item.get()));
        assertThat(KiotaJsonSerialization.serializeAsString(testWithoutFailure(item.get())))
                .as("the sent members, because a written model has no pending changes")
                .isEqualTo("{\"failureInfo\":null,\"isTest\":true}");
        assertThat(patched.getIsTest()).isTrue();
        assertThat(patched.getFailureInfo()).isNull();
        assertThat(Payloads.values(withSegments(item)))
                .isEqualTo(Payloads.values(testWithoutFailure(Payloads.exampleSession("group-call"))));
    }

    private static Session testWithoutFailure(Session session) {
        session.setIsTest(true);
        session.setFailureInfo(null);
        return session;
    }

    @Test
    void patch_of_a_nested_member_keeps_its_siblings() {
        CallRecordItemRequestBuilder record = newRecord();
        Session sent = Payloads.exampleSession("peer-to-peer");
        record.sessions().post(sent);
        SessionItemRequestBuilder item = record.sessions().bySessionId(sent.getId());
        Session change = new Session();
        FailureInfo failure = new FailureInfo();
        failure.setStage(FailureStage.Midcall);
        change.setFailureInfo(failure);
        item.patch(change);
        Session again = new Session();
        FailureInfo reason = new FailureInfo();
        reason.setReason("The battery was empty.");
        again.setFailureInfo(reason);
        Session patched = item.patch(again);
        assertThat(patched.getFailureInfo().getStage()).isEqualTo(FailureStage.Midcall);
        assertThat(patched.getFailureInfo().getReason()).isEqualTo("The battery was empty.");
    }

    @Test
    void deleted_session_is_removed_and_its_record_remains() {
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(Payloads.minimalSession("one", START));
        record.sessions().post(Payloads.minimalSession("other", START));
        record.sessions().bySessionId("one").delete();
        ODataError gone = catchThrowableOfType(
                ODataError.class, () -> record.sessions().bySessionId("one").get());
        assertThat(gone.getResponseStatusCode()).isEqualTo(404);
        assertThat(record.sessions().get().getValue())
                .extracting(Session::getId)
                .containsExactly("other");
    }

    @Test
    void segments_are_created_listed_counted_patched_and_deleted() {
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(Payloads.exampleSession("pstn"));
        SegmentsRequestBuilder segments = record.sessions()
                .bySessionId("e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b33")
                .segments();
        Segment third = new Segment();
        third.setStartDateTime(START);
        third.setEndDateTime(START.plusMinutes(1));
        Segment created = segments.post(third);
        assertThat(created.getId()).isNotBlank();
        assertThat(segments.get().getValue())
                .extracting(Segment::getId)
                .containsExactly(
                        "e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b33",
                        "e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b34",
                        created.getId());
        assertThat(segments.count().get()).isEqualTo(3);
        Segment read = segments.bySegmentId(created.getId()).get();
        assertThat(Payloads.leftOver(read)).isEmpty();
        Media media = new Media();
        media.setLabel("main-audio");
        read.setMedia(List.of(media));
        Segment patched = segments.bySegmentId(created.getId()).patch(read);
        assertThat(patched.getMedia())
                .singleElement()
                .extracting(Media::getLabel)
                .isEqualTo("main-audio");
        assertThat(patched.getStartDateTime()).isEqualTo(START);
        segments.bySegmentId(created.getId()).delete();
        assertThat(segments.count().get()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b/c'é+", "~tilde", "..", "100%", "a#b?c=d&e", "日本"})
    void ids_with_any_characters_are_found_by_the_client_or_by_location(String id) {
        CallRecordItemRequestBuilder record = newRecord();
        HeadersInspectionOption headers = new HeadersInspectionOption(false, true);
        record.sessions().post(Payloads.minimalSession(id, START), request -> request.options.add(headers));
        String location =
                headers.getResponseHeaders().get("Location").iterator().next();
        assertThat(record.sessions().bySessionId("any").withUrl(location).get().getId())
                .isEqualTo(id);
        assertThat(record.sessions().get().getValue())
                .extracting(Session::getId)
                .containsExactly(id);
        if (!id.contains("/") && !id.startsWith("~") && !id.equals("..")) {
            assertThat(record.sessions().bySessionId(id).get().getId()).isEqualTo(id);
        }
    }
}
