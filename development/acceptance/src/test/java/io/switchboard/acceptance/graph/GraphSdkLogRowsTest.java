package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.graph.communications.callrecords.microsoftgraphcallrecordsgetpstncallswithfromdatetimewithtodatetime.GetPstnCallsWithFromDateTimeWithToDateTimeGetResponse;
import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.graph.models.callrecords.DirectRoutingLogRow;
import com.microsoft.graph.models.callrecords.PstnCallDurationSource;
import com.microsoft.graph.models.callrecords.PstnCallLogRow;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import io.switchboard.json.Json;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that Microsoft Graph's clients for Java, released and beta, read rows of logs that were posted. */
@ExtendWith(GraphApiExtension.class)
@SuppressWarnings("NullAway") // any value of the client may be null, which fails the test
class GraphSdkLogRowsTest {
    private static final OffsetDateTime FROM = OffsetDateTime.parse("2026-11-01T00:00:00Z");
    private static final OffsetDateTime TO = OffsetDateTime.parse("2026-11-30T00:00:00+01:00");

    private final GraphApi api;
    private final String tenant = UUID.randomUUID().toString();

    GraphSdkLogRowsTest(GraphApi api) {
        this.api = api;
    }

    private void post(String log, List<? extends Map<String, ?>> rows) {
        HttpResponse<String> stored =
                api.send(HttpRequest.newBuilder(api.base().resolve("/v1.0/communications/callRecords/" + log))
                        .header("Authorization", "Bearer " + token("CallRecords.ReadWrite.All"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("value", rows)))));
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        assertThat(stored.body()).isEqualTo("{\"created\":" + rows.size() + ",\"replaced\":0,\"unchanged\":0}");
    }

    private String token(String permission) {
        return api.token("tenant=" + tenant + "&scope=" + permission);
    }

    private GraphServiceClient reader() {
        return api.client(token("CallRecord-PstnCalls.Read.All"));
    }

    @Test
    void client_reads_all_pages_of_pstn_calls() {
        for (int page = 0; page < 2; page++) {
            int first = page * 1_000;
            post(
                    "pstnCalls",
                    IntStream.range(first, first + (page == 0 ? 1_000 : 100))
                            .mapToObj(i -> Map.of(
                                    "id",
                                    "row-" + i,
                                    "startDateTime",
                                    FROM.plusMinutes(i).toString().replace("Z", ":00.1234567Z"),
                                    "charge",
                                    new BigDecimal("0.050"),
                                    "duration",
                                    i,
                                    "callDurationSource",
                                    "operator"))
                            .toList());
        }
        var function = reader().communications()
                .callRecords()
                .microsoftGraphCallRecordsGetPstnCallsWithFromDateTimeWithToDateTime(FROM, TO);
        GetPstnCallsWithFromDateTimeWithToDateTimeGetResponse page = function.get();

        assertThat(page.getOdataCount()).isEqualTo(1_000);
        List<PstnCallLogRow> rows = new ArrayList<>(page.getValue());
        while (page.getOdataNextLink() != null) {
            page = function.withUrl(page.getOdataNextLink()).get();
            rows.addAll(page.getValue());
        }
        assertThat(rows).hasSize(1_100);
        assertThat(rows).extracting(PstnCallLogRow::getDuration).isSorted();
        PstnCallLogRow last = rows.getLast();
        assertThat(last.getCharge()).isEqualByComparingTo("0.05");
        assertThat(last.getStartDateTime()).isEqualTo(FROM.plusMinutes(1_099).plusNanos(123_456_700));
        assertThat(last.getCallDurationSource()).isEqualTo(PstnCallDurationSource.Operator);
        assertThat(last.getAdditionalData()).isEmpty();
    }

    @Test
    void client_reads_direct_routing_calls() {
        post(
                "directRoutingCalls",
                List.of(Map.of("id", "failed", "inviteDateTime", "2026-11-02T10:00:00Z", "finalSipCode", 404)));

        List<DirectRoutingLogRow> rows = reader().communications()
                .callRecords()
                .microsoftGraphCallRecordsGetDirectRoutingCallsWithFromDateTimeWithToDateTime(FROM, TO)
                .get()
                .getValue();
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().getFinalSipCode()).isEqualTo(404);
        assertThat(rows.getFirst().getAdditionalData()).isEmpty();
    }

    @Test
    void beta_client_reads_the_logs_of_beta() {
        post("smsLog", List.of(Map.of("smsId", "s", "sentDateTime", "2026-11-02T10:00:00Z", "callCharge", 0.01)));
        post(
                "pstnBlockedUsersLog",
                List.of(Map.of("userId", "nora", "blockDateTime", "2026-11-02T10:00:00Z", "userBlockMode", "blocked")));
        post("pstnOnlineMeetingDialoutReport", List.of(Map.of("userId", "nora", "totalCalls", 3)));
        var records = new com.microsoft.graph.beta.serviceclient.GraphServiceClient(new BaseGraphRequestAdapter(
                        GraphApi.authentication(token("CallRecords.Read.All")),
                        api.base() + "/beta",
                        com.microsoft.graph.beta.serviceclient.GraphServiceClient.getGraphClientOptions()))
                .communications()
                .callRecords();

        assertThat(records.microsoftGraphCallRecordsGetSmsLogWithFromDateTimeWithToDateTime(FROM, TO)
                        .get()
                        .getValue())
                .singleElement()
                .satisfies(row -> assertThat(row.getCallCharge()).isEqualByComparingTo("0.01"));
        assertThat(records.microsoftGraphCallRecordsGetPstnBlockedUsersLogWithFromDateTimeWithToDateTime(FROM, TO)
                        .get()
                        .getValue())
                .singleElement()
                .satisfies(row -> assertThat(row.getUserId()).isEqualTo("nora"));
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        assertThat(records.microsoftGraphCallRecordsGetPstnOnlineMeetingDialoutReportWithFromDateTimeWithToDateTime(
                                now.minusHours(1), now.plusHours(1))
                        .get()
                        .getValue())
                .singleElement()
                .satisfies(row -> assertThat(row.getTotalCalls()).isEqualTo(3));
    }
}
