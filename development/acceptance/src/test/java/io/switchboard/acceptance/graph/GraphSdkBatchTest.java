package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.graph.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.core.content.BatchRequestContent;
import com.microsoft.graph.core.content.BatchResponseContent;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.graph.models.callrecords.SessionCollectionResponse;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.RequestInformation;
import com.microsoft.kiota.serialization.KiotaJsonSerialization;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests batches of Microsoft Graph's client for Java. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkBatchTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");

    private static GraphServiceClient graph;

    @BeforeAll
    static void connect(GraphApi api) {
        graph = api.client();
    }

    private static CallRecordItemRequestBuilder newRecord() {
        return graph.communications()
                .callRecords()
                .byCallRecordId(UUID.randomUUID().toString());
    }

    private static BatchResponseContent sent(BatchRequestContent batch) throws Exception {
        return graph.getBatchRequestBuilder().post(batch, Map.of());
    }

    @Test
    void each_of_twenty_requests_gets_its_own_response() throws Exception {
        CallRecordItemRequestBuilder record = newRecord();
        BatchRequestContent batch = new BatchRequestContent(graph);
        List<String> posts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            posts.add(batch.addBatchRequestStep(
                    record.sessions().toPostRequestInformation(Payloads.minimalSession("session-" + i, START))));
        }
        String list = after(batch, posts, record.sessions().toGetRequestInformation(request -> {
            request.queryParameters.select = new String[] {"id"};
            request.queryParameters.expand = new String[] {"segments"};
        }));
        String count = after(batch, posts, record.sessions().count().toGetRequestInformation());
        String missing = batch.addBatchRequestStep(
                record.sessions().bySessionId("missing").toGetRequestInformation());
        String empty = batch.addBatchRequestStep(record.sessions().toPostRequestInformation(new Session()));
        BatchResponseContent response = sent(batch);
        assertThat(response.getResponsesStatusCode())
                .hasSize(20)
                .containsEntry(list, 200)
                .containsEntry(count, 200)
                .containsEntry(missing, 404)
                .containsEntry(empty, 400);
        for (int i = 0; i < posts.size(); i++) {
            Session created = response.getResponseById(posts.get(i), Session::createFromDiscriminatorValue);
            assertThat(created.getId()).isEqualTo("session-" + i);
            assertThat(response.getResponseById(posts.get(i)).code()).isEqualTo(201);
            assertThat(response.getResponseById(posts.get(i)).header("Location"))
                    .isNotBlank();
        }
        SessionCollectionResponse listed =
                response.getResponseById(list, SessionCollectionResponse::createFromDiscriminatorValue);
        assertThat(listed.getValue())
                .hasSize(16)
                .allSatisfy(session -> assertThat(session.getSegments()).isEmpty());
        ODataError error = KiotaJsonSerialization.deserialize(
                response.getResponseStreamById(missing), ODataError::createFromDiscriminatorValue);
        assertThat(error.getError().getCode()).isEqualTo("notFound");
        assertThat(error.getError().getInnerError().getRequestId()).isNotBlank();
    }

    private static String after(BatchRequestContent batch, List<String> others, RequestInformation request) {
        String id = batch.addBatchRequestStep(request);
        others.forEach(batch.getBatchRequestSteps().get(id)::addDependsOnId);
        return id;
    }

    @Test
    void request_that_depends_on_a_failed_request_returns_424() throws Exception {
        CallRecordItemRequestBuilder record = newRecord();
        BatchRequestContent batch = new BatchRequestContent(graph);
        String failed = batch.addBatchRequestStep(record.toGetRequestInformation());
        String dependent = after(
                batch,
                List.of(failed),
                record.sessions().toPostRequestInformation(Payloads.minimalSession("never", START)));
        String furtherOn = after(batch, List.of(dependent), record.sessions().toGetRequestInformation());
        String apart = batch.addBatchRequestStep(
                record.sessions().toPostRequestInformation(Payloads.minimalSession("apart", START)));
        assertThat(sent(batch).getResponsesStatusCode())
                .containsEntry(failed, 404)
                .containsEntry(dependent, 424)
                .containsEntry(furtherOn, 424)
                .containsEntry(apart, 201);
        assertThat(record.sessions().get().getValue())
                .extracting(Session::getId)
                .containsExactly("apart");
    }
}
