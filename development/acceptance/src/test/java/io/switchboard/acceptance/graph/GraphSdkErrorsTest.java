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

/** Tests how Microsoft Graph's client for Java handles the errors of this API. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
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

    /** Checks the status and the code, and that the client finds all parts of the error. */
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
    void malformed_session_returns_400_with_each_property_if_the_request_is_strict() {
        Session sent = Payloads.minimalSession("s", START);
        Endpoint nameless = new Endpoint();
        nameless.getAdditionalData().put("colour", "blue");
        sent.setCaller(nameless);
        sent.getAdditionalData().put("quality", 4);
        sent.setModalities(List.of(Modality.UnknownFutureValue));
        MainError error = error(
                400,
                "invalidRequest",
                () -> newRecord().sessions().post(sent, request -> request.headers.add("Prefer", "handling=strict")));
        assertThat(error.getDetails())
                .extracting(ErrorDetails::getTarget)
                .containsExactlyInAnyOrder("caller.colour", "quality");
        assertThat(error.getDetails()).allSatisfy(detail -> {
            assertThat(detail.getCode()).isNotBlank();
            assertThat(detail.getMessage()).isNotBlank();
        });
    }

    /** The client sends only changes since it wrote or read a model, so a second post of a model is empty. */
    @Test
    void second_post_of_a_model_is_empty_and_the_error_explains_it() {
        Session sent = Payloads.minimalSession("s", START);
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(sent);
        MainError error = error(400, "invalidRequest", () -> record.sessions().post(sent));
        assertThat(error.getMessage()).contains("setIsInitializationCompleted(false)");
        record.sessions().post(Payloads.whole(sent));
        assertThat(record.sessions().count().get()).isEqualTo(1);
    }

    @Test
    void missing_resource_returns_404() {
        error(404, "notFound", () -> newRecord().get());
        error(404, "notFound", () -> newRecord().delete());
        error(404, "notFound", () -> newRecord().sessions().get());
        error(404, "notFound", () -> newRecord().sessions().count().get());
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(Payloads.minimalSession("s", START));
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
    void range_of_a_log_that_is_too_long_is_an_error_of_the_request() {
        MainError error = error(
                400,
                "invalidRequest",
                () -> graph.communications()
                        .callRecords()
                        .microsoftGraphCallRecordsGetPstnCallsWithFromDateTimeWithToDateTime(START, START.plusDays(91))
                        .get());
        assertThat(error.getMessage()).contains("90 days");
    }

    @Test
    void conflicting_session_with_the_same_key_returns_409() {
        CallRecordItemRequestBuilder record = newRecord();
        Session sent = Payloads.minimalSession("s", START);
        sent.setIsTest(false);
        record.sessions().post(sent);
        Session other = Payloads.minimalSession("s", START);
        other.setIsTest(true);
        MainError error =
                error(409, "nameAlreadyExists", () -> record.sessions().post(other));
        assertThat(error.getTarget()).isEqualTo("isTest");
    }

    @Test
    void change_of_an_outdated_session_returns_412() {
        CallRecordItemRequestBuilder record = newRecord();
        record.sessions().post(Payloads.minimalSession("s", START));
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
    void unsupported_option_returns_400() {
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
    void missing_permission_returns_403(GraphApi api) {
        String tenant = "tenant=" + UUID.randomUUID();
        GraphServiceClient reader = api.client(api.token(tenant + "&scope=CallRecords.Read.All"));
        error(403, "permissionRequired", () -> newRecord(reader).sessions().post(Payloads.minimalSession("s", START)));
        error(404, "notFound", () -> newRecord(reader).get());
        GraphServiceClient withoutRecords = api.client(api.token(tenant + "&scope=Sessions.ReadWrite.All"));
        error(403, "permissionRequired", () -> newRecord(withoutRecords).get());
    }

    /**
     * The only error of API Gateway instead of this API: {@code {"message":"Unauthorized"}}. The client has the status.
     * Its message and its text representation throw, because the client expects Graph's format. Callers must check the
     * status first.
     */
    @Test
    void expired_and_forged_tokens_return_401_with_the_gateways_body(GraphApi api) {
        for (String token : List.of(api.token("scope=CallRecords.ReadWrite.All&expires_in=-1"), "no-token-at-all")) {
            CallRecordItemRequestBuilder record = newRecord(api.client(token));
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    record::get, () -> record.sessions().post(Payloads.minimalSession("s", START)))) {
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
    void token_that_expires_during_use_returns_401(GraphApi api) {
        CallRecordItemRequestBuilder record =
                newRecord(api.client(api.token("scope=CallRecords.ReadWrite.All&expires_in=10")));
        record.sessions().post(Payloads.minimalSession("s", START));
        Await.until(EXPIRED, "the token to expire", () -> catchThrowable(record::get) != null);
        unauthorized(() -> record.sessions().post(Payloads.minimalSession("t", START)));
    }

    private static ODataError unauthorized(ThrowingCallable call) {
        ApiException thrown = (ApiException) catchThrowable(call);
        assertThat(thrown.getResponseStatusCode()).isEqualTo(401);
        return (ODataError) thrown;
    }
}
