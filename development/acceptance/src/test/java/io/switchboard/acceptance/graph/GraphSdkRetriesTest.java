package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.microsoft.graph.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.models.callrecords.CallRecord;
import com.microsoft.graph.models.callrecords.CallType;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.callrecords.Segment;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.ApiException;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests automatic POST retries of Microsoft Graph's client for Java: nothing is stored twice, whatever the outcome of
 * the first attempt.
 */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkRetriesTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");

    private FaultyProxy proxy;

    private CallRecordItemRequestBuilder record;

    private GraphServiceClient graph;

    @BeforeEach
    void start(GraphApi api) throws Exception {
        proxy = new FaultyProxy(api.base());
        graph = GraphApi.client(api.writerToken(), proxy.base());
        record = graph.communications()
                .callRecords()
                .byCallRecordId(UUID.randomUUID().toString());
        // Opens the connection that the following requests reuse.
        record.sessions().post(Payloads.minimalSession("first", START));
        proxy.requests();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    static Stream<FaultyProxy.Fault> faults() {
        return Stream.of(
                new FaultyProxy.Rejected(429),
                new FaultyProxy.Rejected(503),
                new FaultyProxy.Rejected(504),
                new FaultyProxy.ResponseLost(503),
                new FaultyProxy.ResponseLost(504),
                new FaultyProxy.ConnectionBroken());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void session_with_an_id_is_stored_once(FaultyProxy.Fault fault) {
        Session sent = Payloads.exampleSession("pstn");
        proxy.next(fault);
        Session created = record.sessions().post(sent);
        assertThat(attempts()).hasSize(2);
        assertThat(Payloads.values(created)).isEqualTo(Payloads.values(sent));
        assertThat(sessionIds()).containsExactlyInAnyOrder("first", created.getId());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void session_without_an_id_is_stored_once(FaultyProxy.Fault fault) {
        Session sent = Payloads.whole(
                Payloads.session(Payloads.example("group-call").replaceFirst("\"id\": *\"[^\"]*\",", "")));
        assertThat(sent.getId()).isNull();
        proxy.next(fault);
        Session created = record.sessions().post(sent);
        assertThat(attempts()).hasSize(2);
        assertThat(sessionIds()).containsExactlyInAnyOrder("first", created.getId());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void segment_without_an_id_is_stored_once(FaultyProxy.Fault fault) {
        Segment sent = new Segment();
        sent.setStartDateTime(START);
        sent.setEndDateTime(START.plusMinutes(1));
        proxy.next(fault);
        Segment created = record.sessions().bySessionId("first").segments().post(sent);
        assertThat(attempts()).hasSize(2);
        assertThat(record.sessions().bySessionId("first").segments().get().getValue())
                .singleElement()
                .extracting(Segment::getId)
                .isEqualTo(created.getId());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void record_with_its_sessions_is_stored_once(FaultyProxy.Fault fault) {
        CallRecord sent = new CallRecord();
        sent.setVersion(1L);
        sent.setType(CallType.GroupCall);
        sent.setModalities(List.of(Modality.Audio));
        sent.setStartDateTime(START);
        sent.setEndDateTime(START.plusHours(1));
        sent.setSessions(List.of(Payloads.minimalSession("one", START)));
        proxy.next(fault);
        CallRecord created = graph.communications().callRecords().post(sent);
        assertThat(attempts()).hasSize(2);
        assertThat(graph.communications().callRecords().get().getValue())
                .extracting(CallRecord::getId)
                .hasSize(2)
                .contains(created.getId());
        assertThat(created.getSessions())
                .singleElement()
                .extracting(Session::getId)
                .isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void repeated_patch_has_the_effect_of_a_single_one(FaultyProxy.Fault fault) {
        Session change = new Session();
        change.setIsTest(true);
        proxy.next(fault);
        assertThat(record.sessions().bySessionId("first").patch(change).getIsTest())
                .isTrue();
        assertThat(attempts()).hasSize(2);
    }

    @Test
    void client_gives_up_after_three_retries() {
        FaultyProxy.Fault lost = new FaultyProxy.ResponseLost(504);
        proxy.next(lost, lost, lost, lost);
        Throwable thrown = catchThrowable(() -> record.sessions().post(Payloads.minimalSession("second", START)));
        assertThat(((ApiException) thrown).getResponseStatusCode()).isEqualTo(504);
        assertThat(attempts()).containsExactly("", "1", "1", "1");
        assertThat(sessionIds()).containsExactly("first", "second");
    }

    /** If an open connection breaks, the client silently opens another one, once. */
    @Test
    void manual_retry_after_two_broken_connections_creates_no_duplicate() {
        Session sent = Payloads.minimalSession("second", START);
        proxy.next(new FaultyProxy.ConnectionBroken(), new FaultyProxy.ConnectionBroken());
        assertThat(catchThrowable(() -> record.sessions().post(sent))).hasRootCauseInstanceOf(IOException.class);
        assertThat(attempts()).containsExactly("", "");
        record.sessions().post(Payloads.whole(sent));
        assertThat(sessionIds()).containsExactly("first", "second");
    }

    private List<String> attempts() {
        return proxy.requests().stream()
                .map(FaultyProxy.ForwardedRequest::attempt)
                .toList();
    }

    private List<String> sessionIds() {
        return record.sessions().get().getValue().stream().map(Session::getId).toList();
    }
}
