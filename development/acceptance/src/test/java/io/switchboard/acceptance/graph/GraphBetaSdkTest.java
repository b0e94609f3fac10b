package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.beta.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.beta.models.callrecords.ParticipantEndpoint;
import com.microsoft.graph.beta.models.callrecords.Session;
import com.microsoft.graph.beta.models.odataerrors.ODataError;
import com.microsoft.graph.beta.serviceclient.GraphServiceClient;
import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.kiota.serialization.KiotaJsonSerialization;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the beta version of Microsoft Graph's client for Java, with {@code /beta}. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphBetaSdkTest {
    @Test
    void session_is_created_and_read_unchanged(GraphApi api) throws Exception {
        GraphServiceClient graph = new GraphServiceClient(new BaseGraphRequestAdapter(
                GraphApi.authentication(api.writerToken()),
                api.base() + "/beta",
                GraphServiceClient.getGraphClientOptions()));
        CallRecordItemRequestBuilder record = graph.communications()
                .callRecords()
                .byCallRecordId(UUID.randomUUID().toString());
        Session sent = Payloads.whole(KiotaJsonSerialization.deserialize(
                Payloads.example("peer-to-peer"), Session::createFromDiscriminatorValue));
        Session created = record.sessions().post(sent);
        Session read = record.sessions()
                .bySessionId(sent.getId())
                .get(request -> request.queryParameters.expand = new String[] {"segments"});
        assertThat(Payloads.values(created)).isEqualTo(Payloads.values(sent));
        assertThat(Payloads.values(read)).isEqualTo(Payloads.values(sent));
        assertThat(read.getCaller()).isInstanceOf(ParticipantEndpoint.class);
        ODataError missing = catchThrowableOfType(
                ODataError.class, () -> record.sessions().bySessionId("other").get());
        assertThat(missing.getResponseStatusCode()).isEqualTo(404);
        assertThat(missing.getError().getCode()).isEqualTo("notFound");
    }
}
