package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.communications.callrecords.item.CallRecordItemRequestBuilder;
import com.microsoft.graph.models.callrecords.Endpoint;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.graph.models.odataerrors.ErrorDetails;
import com.microsoft.graph.models.odataerrors.MainError;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.ApiException;
import com.microsoft.kiota.http.middleware.options.HeadersInspectionOption;
import io.switchboard.runtime.Await;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Microsoft Graph's client for Java makes of our errors. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // all that the client gives may be null: then the test fails, as it should
class GraphSdkErrorsTest {
    private static final Duration EXPIRED = Duration.ofMinutes(1);
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:00:00Z");

    private static GraphServiceClient graph;

    @BeforeAll
    static void connect(GraphApi api) {
        graph = api.client();
    }

    private static CallRecordItemRequestBuilder newRecord() {
        return newRecord(graph);
    }

    private static CallRecordItemRequestBuilder newRecord(GraphServiceClient client) {
        return client.communications()
                .callRecords()
                .byCallRecordId(UUID.randomUUID().toString());
    }

    /** An error of the status and code, whose parts are where the client looks for them. */
    private static MainError error(int status, String code, ThrowingCallable call) {
        ODataError thrown = catchThrowableOfType(ODataError.class, call);
        assertThat(thrown.getResponseStatusCode()).isEqualTo(status);
        MainError error = thrown.getError();
        assertThat(error.getCode()).isEqualTo(code);
        assertThat(error.getMessage()).isEqualTo(thrown.getMessage()).isNotBlank();
        assertThat(error.getInnerError().getDate())
                .isBetween(
                        OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(1),
                        OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(1));
        assertThat(thrown.getResponseHeaders().get("request-id"))
                .containsExactly(error.getInnerError().getRequestId())
                .doesNotContain("");
        assertThat(thrown.getResponseHeaders().get("client-request-id"))
                .containsExactly(error.getInnerError().getClientRequestId())
                .allSatisfy(id -> assertThat(UUID.fromString(id)).isNotNull());
        assertThat(Payloads.leftOver(error)).isEmpty();
        return error;
    }

    @Test
    void a_malformed_session_is_a_400_that_names_each_property() {
        Session sent = Payloads.brief("s", START);
        Endpoint nameless = new Endpoint();
        nameless.getAdditionalData().put("colour", "blue");
        sent.setCaller(nameless);
        sent.setModalities(List.of(Modality.UnknownFutureValue));
        MainError error =
                error(400, "invalidRequest", () -> newRecord().sessions().post(sent));
        assertThat(error.getDetails())
                .extracting(ErrorDetails::getTarget)
                .containsExactlyInAnyOrder("caller.colour", "modalities[0]");
        assertThat(error.getDetails()).allSatisfy(detail -> {
            assertThat(detail.getCode()).isNotBlank();
            assertThat(detail.getMessage()).isNotBlank();
        });
    }

    /** The client writes what has changed since it wrote or read a model; so a second post of one has nothing in it. */
    @Test
    void an_object_that_was_posted_before_is_sent_empty_and_the_error_says_why() {
        Session sent = Payloads.brief("s", START);
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(sent);
        MainError error = error(400, "invalidRequest", () -> record.sessions().post(sent));
        assertThat(error.getMessage()).contains("setIsInitializationCompleted(false)");
        record.sessions().post(Payloads.whole(sent));
        assertThat(record.sessions().count().get()).isEqualTo(1);
    }

    @Test
    void what_is_not_there_is_a_404() {
        error(404, "notFound", () -> newRecord().get());
        error(404, "notFound", () -> newRecord().delete());
        error(404, "notFound", () -> newRecord().sessions().get());
        error(404, "notFound", () -> newRecord().sessions().count().get());
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(Payloads.brief("s", START));
        error(404, "notFound", () -> record.sessions().bySessionId("other").get());
        error(
                404,
                "notFound",
                () -> record.sessions()
                        .bySessionId("s")
                        .segments()
                        .bySegmentId("other")
                        .get());
        error(
                404,
                "notFound",
                () -> record.participantsV2().byParticipantId("other").get());
    }

    @Test
    void logs_of_telephone_calls_are_not_offered_and_the_404_says_so() {
        MainError error = error(
                404,
                "notFound",
                () -> graph.communications()
                        .callRecords()
                        .microsoftGraphCallRecordsGetPstnCallsWithFromDateTimeWithToDateTime(START, START.plusDays(1))
                        .get());
        assertThat(error.getMessage()).contains("getPstnCalls is not offered");
        error(
                404,
                "notFound",
                () -> graph.communications()
                        .callRecords()
                        .microsoftGraphCallRecordsGetDirectRoutingCallsWithFromDateTimeWithToDateTime(
                                START, START.plusDays(1))
                        .get());
    }

    @Test
    void a_session_of_the_same_key_that_says_otherwise_is_a_409() {
        CallRecordItemRequestBuilder record = newRecord();
        Session sent = Payloads.brief("s", START);
        sent.setIsTest(false);
        record.sessions().post(sent);
        Session other = Payloads.brief("s", START);
        other.setIsTest(true);
        MainError error =
                error(409, "nameAlreadyExists", () -> record.sessions().post(other));
        assertThat(error.getTarget()).isEqualTo("isTest");
    }

    @Test
    void a_change_of_what_was_changed_since_is_a_412() {
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(Payloads.brief("s", START));
        HeadersInspectionOption headers = new HeadersInspectionOption(false, true);
        record.sessions().bySessionId("s").get(request -> request.options.add(headers));
        String tag = headers.getResponseHeaders().get("ETag").iterator().next();
        record.sessions().bySessionId("s").patch(tested(), request -> request.headers.add("If-Match", tag));
        error(
                412,
                "preconditionFailed",
                () -> record.sessions()
                        .bySessionId("s")
                        .patch(tested(), request -> request.headers.add("If-Match", tag)));
        error(
                412,
                "preconditionFailed",
                () -> record.sessions().bySessionId("s").delete(request -> request.headers.add("If-Match", tag)));
        record.sessions().bySessionId("s").delete(request -> request.headers.add("If-Match", "*"));
    }

    private static Session tested() {
        Session session = new Session();
        session.setIsTest(true);
        return session;
    }

    @Test
    void an_option_that_is_not_honoured_is_a_400() {
        CallRecordItemRequestBuilder record = newRecord();
        MainError error = error(
                400,
                "invalidRequest",
                () -> record.sessions().get(request -> request.queryParameters.orderby = new String[] {"id"}));
        assertThat(error.getMessage()).contains("$orderby");
        error(
                400,
                "invalidRequest",
                () -> record.get(request -> request.queryParameters.expand = new String[] {"nothing"}));
    }

    @Test
    void a_missing_permission_is_a_403(GraphApi api) {
        String tenant = "tenant=" + UUID.randomUUID();
        GraphServiceClient reader = api.client(api.token(tenant + "&scope=CallRecords.Read.All"));
        error(403, "permissionRequired", () -> newRecord(reader).sessions().post(Payloads.brief("s", START)));
        error(404, "notFound", () -> newRecord(reader).get());
        GraphServiceClient stranger = api.client(api.token(tenant + "&scope=Sessions.ReadWrite.All"));
        error(403, "permissionRequired", () -> newRecord(stranger).get());
    }

    /**
     * The one error that is not ours but API Gateway's: {@code {"message":"Unauthorized"}}. The client has the status; asked for a message, or to
     * be printed, it looks for one where Graph has it, and throws. Callers ask for the status first.
     */
    @Test
    void an_expired_token_and_a_forged_one_are_a_401_with_the_gateways_own_body(GraphApi api) {
        for (String token : List.of(api.token("scope=CallRecords.ReadWrite.All&expires_in=-1"), "no-token-at-all")) {
            CallRecordItemRequestBuilder record = newRecord(api.client(token));
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    record::get, () -> record.sessions().post(Payloads.brief("s", START)))) {
                ODataError error = unauthorized(call);
                assertThat(error.getError()).isNull();
                assertThat(error.getAdditionalData().get("message")).hasToString("Unauthorized");
                assertThat(error.getResponseHeaders().get("www-authenticate"))
                        .singleElement()
                        .asString()
                        .contains("invalid_token");
                assertThat(catchThrowable(error::getMessage)).isInstanceOf(NullPointerException.class);
                assertThat(catchThrowable(error::toString)).isInstanceOf(NullPointerException.class);
            }
        }
    }

    @Test
    void a_token_that_expires_while_it_is_used_is_a_401(GraphApi api) {
        CallRecordItemRequestBuilder record =
                newRecord(api.client(api.token("scope=CallRecords.ReadWrite.All&expires_in=10")));
        record.sessions().post(Payloads.brief("s", START));
        Await.until(EXPIRED, "the end of the token", () -> catchThrowable(record::get) != null);
        unauthorized(() -> record.sessions().post(Payloads.brief("t", START)));
    }

    private static ODataError unauthorized(ThrowingCallable call) {
        ApiException thrown = (ApiException) catchThrowable(call);
        assertThat(thrown.getResponseStatusCode()).isEqualTo(401);
        return (ODataError) thrown;
    }
}
