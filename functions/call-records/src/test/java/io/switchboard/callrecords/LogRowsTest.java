package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.json.Json;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of logs over HTTP: posted singly and in pages, read by Graph's functions. */
final class LogRowsTest {
    private static final String PSTN = RECORDS + "/pstnCalls";
    private static final String NAMESPACE = "microsoft.graph.callRecords.";
    private static final String NOVEMBER = "fromDateTime=2026-11-01,toDateTime=2026-11-30";

    private final CallRecordFixture fixture = new CallRecordFixture();

    private static String call(LogRowKind kind, String range) {
        return RECORDS + "/" + kind.function() + "(" + range + ")";
    }

    private FunctionResponse pstn(String range, String... options) {
        return fixture.get(call(LogRowKind.PSTN_CALLS, range), options);
    }

    private FunctionResponse post(String path, List<?> rows) {
        return fixture.send("POST", path, Map.of("value", rows));
    }

    private static Map<String, Object> row(String id, String start) {
        return Map.of("id", id, "startDateTime", start);
    }

    private static Map<String, Object> counts(int created, int replaced, int unchanged) {
        return Map.of("created", created, "replaced", replaced, "unchanged", unchanged);
    }

    /** Returns a row of each kind as Graph's documentation has it, with its time in November. */
    private static Map<String, Object> sample(LogRowKind kind) {
        return new LinkedHashMap<>(Json.readOwn(
                switch (kind) {
                    case PSTN_CALLS -> """
                        {"id":"9c4984c7-6c3c-427d-a30c-bd0b2eacee90","callId":"1835317186_112562680@61.221.3.176",
                         "userId":"db03c14b-06eb-4189-939b-7cbf3a20ba27","userPrincipalName":"richard.malk@contoso.com",
                         "userDisplayName":"Richard Malk","startDateTime":"2026-11-11T00:00:08.2589935Z",
                         "endDateTime":"2026-11-11T00:03:47.2589935Z","duration":219,"charge":0.00,"callType":"user_in",
                         "currency":"USD","calleeNumber":"+1234567890","usageCountryCode":"US","tenantCountryCode":"US",
                         "connectionCharge":0.00,"callerNumber":"+0123456789","destinationContext":null,
                         "destinationName":"United States","conferenceId":null,"licenseCapability":"MCOPSTNU",
                         "inventoryType":"Subscriber","operator":"Microsoft","callDurationSource":"microsoft"}""";
                    case DIRECT_ROUTING_CALLS -> """
                        {"id":"9e8bba57-dc14-533a-a7dd-f0da6575eed1","correlationId":"c98e1515-a937-4b81-b8a8-3992afde64e0",
                         "userId":"db03c14b-06eb-4189-939b-7cbf3a20ba27","userPrincipalName":"richard.malk@contoso.com",
                         "userDisplayName":"Richard Malk","startDateTime":"2026-11-11T00:00:25.105Z",
                         "inviteDateTime":"2026-11-11T00:00:21.949Z","failureDateTime":"0001-01-01T00:00:00Z",
                         "endDateTime":"2026-11-11T00:00:30.105Z","duration":5,"callType":"ByotIn","successfulCall":true,
                         "callerNumber":"+12345678***","calleeNumber":"+01234567***","mediaPathLocation":"USWE",
                         "signalingLocation":"EUNO","finalSipCode":0,"callEndSubReason":540000,"finalSipCodePhrase":"BYE",
                         "trunkFullyQualifiedDomainName":"tll-audiocodes01.adatum.biz","mediaBypassEnabled":false}""";
                    case SMS_LOG -> """
                        {"smsId":"ef36b3e8-9922-4763-90e2-f4345c04a5d6","userId":"19b900af-fe99-48d6-a9a4-b79c995afc33",
                         "userPrincipalName":"ruwini.perera@contoso.com","userDisplayName":"Ruwini Perera","userCountryCode":"US",
                         "tenantCountryCode":"US","sourceNumber":"+12818602122","destinationNumber":"+12673173004",
                         "sentDateTime":"2026-11-06T11:15:48.6113555Z","callCharge":0.00,"currency":"USD","smsType":"sms_in",
                         "destinationContext":"Domestic","destinationName":"United States","otherPartyCountryCode":"US",
                         "licenseCapability":"MCOSMS1","smsUnits":1}""";
                    case PSTN_BLOCKED_USERS_LOG -> """
                        {"userId":"76efb13c-64ba-4305-9149-4e8f854004a9","userPrincipalName":"andre.lawson@contoso.com",
                         "userDisplayName":"Andre Lawson","blockDateTime":"2026-11-23T13:51:09.796Z",
                         "userTelephoneNumber":"+37212345678","userBlockMode":"blocked","blockReason":"High Overall Usage",
                         "remediationId":"c98e1515-a937-4b81-b8a8-3992afde64e0"}""";
                    case PSTN_ONLINE_MEETING_DIALOUT_REPORT -> """
                        {"userId":"03de33bb-51df-40de-889a-61949faae24f","userPrincipalName":"ruwini.perera@contoso.com",
                         "userDisplayName":"Ruwini Perera","usageLocation":"US","destinationContext":"International",
                         "currency":"USD","totalCalls":12,"totalCallCharge":12.83,"totalCallSeconds":723}""";
                }));
    }

    /** Returns a range that has the sample: the rows of a report have the time when they were stored. */
    private static String range(LogRowKind kind) {
        if (kind != LogRowKind.PSTN_ONLINE_MEETING_DIALOUT_REPORT) {
            return NOVEMBER;
        }
        Instant now = Instant.now();
        return "fromDateTime=" + now.minus(1, ChronoUnit.HOURS) + ",toDateTime=" + now.plus(1, ChronoUnit.HOURS);
    }

    @ParameterizedTest
    @EnumSource
    void rows_of_each_kind_are_created_once_and_returned_as_they_were_sent(LogRowKind kind) {
        Map<String, Object> sample = sample(kind);
        String path = RECORDS + "/" + kind.collection();
        assertThat(post(path, List.of(sample)).is(200).json()).isEqualTo(counts(1, 0, 0));
        assertThat(fixture.send("POST", path, sample).is(200).json()).isEqualTo(counts(0, 0, 1));

        FunctionResponse page = fixture.get(call(kind, range(kind))).is(200);
        assertThat(page.text("@odata.context"))
                .endsWith("/v1.0/$metadata#Collection(" + kind.type().qualifiedName() + ")");
        assertThat(page.at("@odata.count")).isEqualTo(1);
        assertThat(page.json()).doesNotContainKey("@odata.nextLink");
        Map<?, ?> shown = (Map<?, ?>) Objects.requireNonNull(page.at("value[0]"));
        sample.forEach((name, value) -> assertThat(shown.get(name)).as(name).isEqualTo(value));
        assertThat(fixture.get(RECORDS + "/" + NAMESPACE + kind.function() + "(" + range(kind) + ")")
                        .is(200)
                        .at("value"))
                .isEqualTo(page.at("value"));
    }

    @Test
    void case_of_the_paths_does_not_matter_and_functions_work_in_a_batch() {
        fixture.send("POST", "/beta/communications/callrecords/PSTNCALLS", row("a", "2026-11-02T10:00:00Z"))
                .is(200);
        assertThat(fixture.get("/v1.0/Communications/callrecords/GETpstncalls(" + NOVEMBER + ")")
                        .is(200)
                        .each("value", "id"))
                .containsExactly("a");

        FunctionResponse batch = fixture.send(
                        "POST",
                        "/v1.0/$batch",
                        Map.of(
                                "requests",
                                List.of(
                                        Map.of(
                                                "id",
                                                "1",
                                                "method",
                                                "POST",
                                                "url",
                                                "/communications/callRecords/pstnCalls",
                                                "headers",
                                                Map.of("Content-Type", "application/json"),
                                                "body",
                                                row("b", "2026-11-03T10:00:00Z")),
                                        read("2", "getPstnCalls(" + NOVEMBER + ")"),
                                        read(
                                                "3",
                                                NAMESPACE
                                                        + "getPstnCalls(fromDateTime=%272026-11-01%27,toDateTime=2026-11-30)"),
                                        read("4", "getPstnCalls()"))))
                .is(200);
        assertThat(batch.each("responses", "status")).containsExactly(200, 200, 200, 404);
        assertThat(batch.each("responses[1].body.value", "id")).containsExactly("a", "b");
        assertThat(batch.each("responses[2].body.value", "id")).containsExactly("a", "b");
    }

    private static Map<String, Object> read(String id, String call) {
        return Map.of("id", id, "method", "GET", "url", "/communications/callRecords/" + call);
    }

    @Test
    void unknown_members_are_kept_with_warnings_unless_the_request_is_strict() {
        Map<String, Object> later = Map.of(
                "@odata.type",
                "#microsoft.graph.callRecords.pstnCallLogRow",
                "id",
                "a",
                "startDateTime",
                "2026-11-02T10:00:00Z",
                "callDurationSource",
                "satellite",
                "quality",
                Map.of("score", 0.50));

        FunctionResponse strict = fixture.event("POST", PSTN)
                .header("prefer", "handling=strict")
                .body(Map.of("value", List.of(later)))
                .sendTo(fixture.manage);
        strict.isInvalid("invalidEnumMember value[0].callDurationSource", "unknownProperty value[0].quality");
        FunctionResponse kept = post(PSTN, List.of(later)).is(200);
        assertThat(kept.json().get("@switchboard.warnings"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .extracting(warning -> warning.get("target"))
                .containsExactlyInAnyOrder("value[0].callDurationSource", "value[0].quality");
        assertThat(kept.at("created")).isEqualTo(1);
        FunctionResponse page = pstn(NOVEMBER).is(200);
        assertThat(page.at("value[0].callDurationSource")).isEqualTo("satellite");
        assertThat(page.at("value[0].quality")).hasToString("{score=0.5}");

        assertThat(post(PSTN, (List<?>) Objects.requireNonNull(page.at("value")))
                        .is(200)
                        .at("unchanged"))
                .isEqualTo(1);
    }

    @Test
    void response_has_the_requested_form() {
        FunctionResponse stored = fixture.event("POST", PSTN)
                .header("content-type", "application/json;IEEE754Compatible=true")
                .header("accept", "application/json;odata.metadata=none")
                .body(Map.of(
                        "value",
                        List.of(Map.of(
                                "id", "a", "startDateTime", "2026-11-02T10:00:00Z", "charge", "12.340", "later", 1))))
                .sendTo(fixture.manage);
        assertThat(stored.is(200).json()).isEqualTo(counts(1, 0, 0));
        fixture.send("POST", PSTN, Map.of("id", "b", "charge", "12.340")).isInvalid("wrongType charge");

        FunctionResponse full = accepting("application/json;odata.metadata=full");
        assertThat(full.at("value[0].charge")).hasToString("12.340");
        Map<?, ?> row = (Map<?, ?>) Objects.requireNonNull(full.at("value[0]"));
        assertThat(row.get("@odata.type")).isEqualTo("#microsoft.graph.callRecords.pstnCallLogRow");
        assertThat(row.get("charge@odata.type")).isEqualTo("#Decimal");
        assertThat(row.get("startDateTime@odata.type")).isEqualTo("#DateTimeOffset");
        FunctionResponse strings = accepting("application/json;IEEE754Compatible=true");
        assertThat(strings.at("value[0].charge")).isEqualTo("12.340");
        assertThat(strings.at("@odata.count")).isEqualTo("1");
        FunctionResponse none = accepting("application/json;odata.metadata=none");
        assertThat(none.json()).containsOnlyKeys("@odata.count", "value");
        accepting("application/xml").isError(406, "notAcceptable");
    }

    private FunctionResponse accepting(String type) {
        return fixture.event("GET", call(LogRowKind.PSTN_CALLS, NOVEMBER))
                .header("accept", type)
                .sendTo(fixture.manage);
    }

    @Test
    void top_of_zero_returns_no_rows() {
        post(PSTN, List.of(row("a", "2026-11-02T00:00:00Z"))).is(200);

        FunctionResponse none = pstn(NOVEMBER, "$top", "0", "$count", "true").is(200);
        assertThat(none.at("value")).isEqualTo(List.of());
        assertThat(none.at("@odata.count")).isEqualTo(1);
        assertThat(none.json()).doesNotContainKey("@odata.nextLink");
    }

    @Test
    void row_shows_null_for_properties_without_a_value_but_omits_those_of_beta() {
        post(PSTN, List.of(row("a", "2026-11-02T10:00:00Z"))).is(200);

        FunctionResponse page = pstn(NOVEMBER).is(200);
        assertThat(page.at("value[0].charge")).isNull();
        assertThat(((Map<?, ?>) Objects.requireNonNull(page.at("value[0]")))
                        .keySet().stream().map(String::valueOf))
                .hasSize(23)
                .contains("charge", "callDurationSource")
                .doesNotContain("administrativeUnitInfos", "clientLocalIpV4Address");
        FunctionResponse omitted = fixture.send(
                fixture.event("GET", call(LogRowKind.PSTN_CALLS, NOVEMBER)).header("prefer", "omit-values=nulls"),
                "GET",
                "");
        assertThat(omitted.at("value[0]")).isEqualTo(row("a", "2026-11-02T10:00:00Z"));
    }

    @Test
    void equal_row_changes_nothing_and_a_different_one_replaces() {
        post(PSTN, List.of(row("a", "2026-11-02T10:00:00Z"), row("b", "2026-11-02T11:00:00Z")))
                .is(200);
        Map<String, Object> moved = Map.of("id", "a", "startDateTime", "2026-11-20T10:00:00Z", "charge", 1);

        assertThat(post(PSTN, List.of(moved, row("b", "2026-11-02T13:00:00+02:00")))
                        .is(200)
                        .json())
                .isEqualTo(counts(0, 1, 1));
        FunctionResponse page = pstn(NOVEMBER);
        assertThat(page.each("value", "id")).containsExactly("b", "a");
        assertThat(page.each("value", "startDateTime")).containsExactly("2026-11-02T11:00:00Z", "2026-11-20T10:00:00Z");
    }

    @Test
    void rows_with_one_id_in_a_request_count_in_their_order_and_the_last_one_is_stored() {
        Map<String, Object> first = row("a", "2026-11-02T10:00:00Z");
        Map<String, Object> last = row("a", "2026-11-03T10:00:00Z");

        assertThat(post(PSTN, List.of(first, first, last)).is(200).json()).isEqualTo(counts(1, 1, 1));
        assertThat(pstn(NOVEMBER).each("value", "startDateTime")).containsExactly("2026-11-03T10:00:00Z");
    }

    @Test
    void row_without_an_id_gets_one_from_its_content() {
        Map<String, Object> row = Map.of("startDateTime", "2026-11-02T10:00:00Z", "charge", 2);
        post(PSTN, List.of(row)).is(200);
        FunctionResponse page = pstn(NOVEMBER);
        String id = page.text("value[0].id");

        assertThat(post(PSTN, List.of(Map.of("startDateTime", "2026-11-02T11:00:00+01:00", "charge", 2.0)))
                        .json())
                .isEqualTo(counts(0, 0, 1));
        assertThat(post(PSTN, (List<?>) Objects.requireNonNull(page.at("value")))
                        .json())
                .isEqualTo(counts(0, 0, 1));
        assertThat(post(PSTN, List.of(Map.of("startDateTime", "2026-11-02T11:00:00Z", "charge", 2)))
                        .json())
                .isEqualTo(counts(1, 0, 0));
        assertThat(pstn(NOVEMBER).each("value", "id")).hasSize(2).contains(id);
    }

    @Test
    void page_of_graph_is_accepted_with_its_annotations() {
        assertThat(fixture.send(
                                "POST",
                                PSTN,
                                Map.of(
                                        "@odata.context",
                                        "https://graph.microsoft.com/v1.0/$metadata#Collection(x)",
                                        "@odata.count",
                                        1,
                                        "value",
                                        List.of(row("a", "2026-11-02T10:00:00Z")),
                                        "@odata.nextLink",
                                        "https://graph.microsoft.com/v1.0/x?$skip=1000"))
                        .is(200)
                        .json())
                .isEqualTo(counts(1, 0, 0));
        assertThat(post(PSTN, List.of()).is(200).json()).isEqualTo(counts(0, 0, 0));
    }

    @Test
    void every_violation_of_every_row_is_reported_and_nothing_is_stored() {
        FunctionResponse refused = post(
                PSTN,
                List.of(
                        row("a", "2026-11-02T10:00:00Z"),
                        Map.of("id", " ", "charge", "1.5"),
                        Map.of("id", "x".repeat(701), "startDateTime", "yesterday"),
                        Map.of(),
                        7,
                        Map.of("id", "large", "operator", "x".repeat(65_536))));

        refused.isInvalid(
                "wrongType value[1].charge",
                "invalidValue value[1].id",
                "invalidValue value[2].startDateTime",
                "tooLong value[2].id",
                "required value[3]",
                "wrongType value[4]",
                "tooLong value[5]");
        assertThat(pstn(NOVEMBER).at("value")).isEqualTo(List.of());
    }

    @Test
    void violations_of_many_rows_are_counted() {
        FunctionResponse refused = post(
                PSTN,
                IntStream.range(0, 1_000)
                        .mapToObj(i -> Map.of("duration", "long"))
                        .toList());
        refused.isError(400, "invalidRequest");
        assertThat(refused.detailCodes()).hasSize(101).endsWith("tooMany");
    }

    @Test
    void page_has_at_most_a_thousand_rows_and_nothing_else() {
        List<Object> rows = new ArrayList<>();
        IntStream.range(0, 1_001).forEach(i -> rows.add(row("r" + i, "2026-11-02T10:00:00Z")));
        post(PSTN, rows).isInvalid("tooMany value");
        fixture.send("POST", PSTN, Map.of("value", "x")).isInvalid("wrongType value");
        fixture.send("POST", PSTN, Map.of("value", List.of(), "rows", 1)).isInvalid("unknownProperty rows");
    }

    @ParameterizedTest
    @EnumSource
    void range_includes_its_begin_and_its_end_unless_graph_excludes_it(LogRowKind kind) {
        if (kind == LogRowKind.PSTN_ONLINE_MEETING_DIALOUT_REPORT) {
            // Its rows have no time that a test can choose.
            return;
        }
        String time = Objects.requireNonNull(kind.time());
        String property = kind.type().properties().contains("id") ? "id" : "remediationId";
        List<Map<String, String>> rows = Stream.of(
                        "2026-11-01T23:59:59.9999999Z",
                        "2026-11-02T00:00:00Z",
                        "2026-11-02T00:00:00.0000001Z",
                        "2026-11-03T01:00:00+01:00",
                        "2026-11-03T00:00:00.0000001Z")
                .map(each -> Map.of(property, each, time, each))
                .toList();
        post(RECORDS + "/" + kind.collection(), rows).is(200);

        List<Object> found = fixture.get(call(kind, "fromDateTime=2026-11-02,toDateTime=2026-11-03"))
                .is(200)
                .each("value", property);
        assertThat(found)
                .startsWith("2026-11-02T00:00:00Z", "2026-11-02T00:00:00.0000001Z")
                .hasSize(kind == LogRowKind.DIRECT_ROUTING_CALLS ? 2 : 3);
    }

    @Test
    void direct_routing_row_without_a_start_counts_by_its_invitation() {
        post(
                        RECORDS + "/directRoutingCalls",
                        List.of(
                                Map.of("id", "never", "inviteDateTime", "2026-11-02T10:00:00Z"),
                                Map.of(
                                        "id",
                                        "none",
                                        "startDateTime",
                                        "0001-01-01T00:00:00Z",
                                        "inviteDateTime",
                                        "2026-11-02T11:00:00Z"),
                                Map.of(
                                        "id",
                                        "started",
                                        "startDateTime",
                                        "2026-11-02T09:00:00Z",
                                        "inviteDateTime",
                                        "2026-11-02T12:00:00Z")))
                .is(200);
        assertThat(fixture.get(call(LogRowKind.DIRECT_ROUTING_CALLS, "fromDateTime=2026-11-02,toDateTime=2026-11-03"))
                        .each("value", "id"))
                .containsExactly("started", "never", "none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fromDateTime=2026-11-02,toDateTime=2026-11-03",
                "fromDateTime='2026-11-02',toDateTime='2026-11-03'",
                "toDateTime=2026-11-03T00:00:00Z, fromDateTime=2026-11-02T00:00:00.0000000Z",
                "fromDateTime='2026-11-02T01:00:00+01:00',toDateTime=2026-11-02T20:00:00-05:00"
            })
    void dates_and_times_are_read_with_and_without_quotation_marks(String range) {
        post(PSTN, List.of(row("a", "2026-11-02T00:00:00Z"))).is(200);
        assertThat(pstn(range).is(200).each("value", "id")).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fromDateTime=2026-11-02|required toDateTime",
                "toDateTime=2026-11-02|required fromDateTime",
                "fromDateTime=2026-02-30,toDateTime=x|invalidValue fromDateTime, invalidValue toDateTime",
                "fromDateTime=2026-11-02,toDateTime=2026-11-03,top=5|invalidValue top",
                "from=2026-11-02,to=2026-11-03|invalidValue from, invalidValue to",
                "fromDateTime=2026-11-02,fromDateTime=2026-11-03|duplicateValue fromDateTime",
                "fromDateTime=2026-11-03,toDateTime=2026-11-02|invalidValue toDateTime",
                "fromDateTime=2026-01-01,toDateTime=2026-04-01T00:00:00.001Z|invalidValue toDateTime",
                "fromDateTime=2026-01-01,toDateTime=2026-05-01|invalidValue toDateTime"
            })
    void range_that_graph_does_not_allow_is_rejected(String range, String violations) {
        pstn(range).isInvalid(violations.split(", ", -1));
    }

    @Test
    void range_has_at_most_ninety_days() {
        pstn("fromDateTime=2026-01-01,toDateTime=2026-04-01").is(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$filter", "$orderby", "$skip", "$search", "$expand", "$format", "x"})
    void option_that_is_not_honoured_is_rejected(String option) {
        pstn(NOVEMBER, option, "1").isInvalid("unknownQueryOption " + option);
    }

    @Test
    void options_are_honoured() {
        post(PSTN, List.of(row("a", "2026-11-02T00:00:00Z"), row("b", "2026-11-03T00:00:00Z")))
                .is(200);

        FunctionResponse page = pstn(NOVEMBER, "$select", "id,charge", "$top", "1", "$count", "true")
                .is(200);
        assertThat(page.json()).doesNotContainKey("@odata.nextLink").containsEntry("@odata.count", 2);
        assertThat(page.json().get("value")).isEqualTo(List.of(withNull("id", "a", "charge")));
        assertThat(pstn(NOVEMBER, "$count", "false").is(200).json()).doesNotContainKey("@odata.count");
        pstn(NOVEMBER, "$select", "sessions").isInvalid("invalidValue $select");
    }

    private static Map<String, @Nullable Object> withNull(String name, String value, String absent) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put(name, value);
        row.put(absent, null);
        return row;
    }

    @Test
    void pages_follow_each_other_in_the_order_of_time() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            rows.add(row(
                    "r" + i,
                    Instant.parse("2026-11-02T00:00:00Z")
                            .plusSeconds(i * 7_919L % 1_000)
                            .toString()));
        }
        post(PSTN, rows).is(200);

        List<Object> ids = new ArrayList<>();
        List<Object> times = new ArrayList<>();
        FunctionResponse page = fixture.send(
                        fixture.event("GET", call(LogRowKind.PSTN_CALLS, NOVEMBER))
                                .header("prefer", "odata.maxpagesize=100"),
                        "GET",
                        "")
                .is(200);
        List<Integer> sizes = new ArrayList<>();
        while (true) {
            sizes.add((Integer) Objects.requireNonNull(page.at("@odata.count")));
            ids.addAll(page.each("value", "id"));
            times.addAll(page.each("value", "startDateTime"));
            if (!(page.json().get("@odata.nextLink") instanceof String link)) {
                break;
            }
            page = fixture.follow(link).is(200);
        }
        assertThat(ids).hasSize(250).doesNotHaveDuplicates();
        assertThat(times).isSortedAccordingTo((one, other) -> one.toString().compareTo(other.toString()));
        assertThat(sizes).containsExactly(100, 150);
    }

    @Test
    void page_ends_before_it_is_larger_than_a_response() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(Map.of(
                    "id", "r" + i, "startDateTime", "2026-11-02T00:00:00Z", "operator", "\"".repeat(60_000 / 2)));
        }
        post(PSTN, rows).is(200);
        post(
                        PSTN,
                        rows.stream()
                                .map(row -> CallRecordFixture.with(row, "id", "more" + row.get("id")))
                                .toList())
                .is(200);

        FunctionResponse page = pstn(NOVEMBER).is(200);
        assertThat(Json.escapedSize(page.body())).isLessThan(InputLimits.RESPONSE_BYTES);
        assertThat(page.each("value", "id").size()).isBetween(20, 60);
        List<Object> ids = new ArrayList<>(page.each("value", "id"));
        while (page.json().get("@odata.nextLink") instanceof String link) {
            page = fixture.follow(link).is(200);
            ids.addAll(page.each("value", "id"));
        }
        assertThat(ids).hasSize(120).doesNotHaveDuplicates();
    }

    @Test
    void minimal_return_has_no_body() {
        FunctionResponse stored = fixture.send(
                fixture.event("POST", PSTN).header("prefer", "return=minimal").body(row("a", "2026-11-02T00:00:00Z")),
                "POST",
                PSTN);
        assertThat(stored.is(204).body()).isEmpty();
        assertThat(pstn(NOVEMBER).each("value", "id")).containsExactly("a");
    }

    @Test
    void page_token_of_another_range_is_rejected() {
        post(PSTN, List.of(row("a", "2026-11-02T00:00:00Z"), row("b", "2026-11-03T00:00:00Z")))
                .is(200);
        String link = fixture.send(
                        fixture.event("GET", call(LogRowKind.PSTN_CALLS, NOVEMBER))
                                .header("prefer", "odata.maxpagesize=1"),
                        "GET",
                        "")
                .text("@odata.nextLink");
        assertThat(fixture.follow(link).is(200).each("value", "id")).containsExactly("b");
        String token = link.substring(link.indexOf("$skiptoken=") + "$skiptoken=".length());
        pstn("fromDateTime=2026-11-01,toDateTime=2026-11-29", "$skiptoken", token)
                .isInvalid("invalidPageToken $skiptoken");
    }

    @Test
    void kinds_and_tenants_are_separate() {
        post(PSTN, List.of(row("a", "2026-11-02T00:00:00Z"))).is(200);
        assertThat(fixture.get(call(LogRowKind.DIRECT_ROUTING_CALLS, NOVEMBER)).at("value"))
                .isEqualTo(List.of());
        assertThat(new CallRecordFixture()
                        .get(call(LogRowKind.PSTN_CALLS, NOVEMBER))
                        .at("value"))
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @MethodSource
    void call_record_with_the_name_of_a_log_has_another_path(String name) {
        FunctionResponse created =
                fixture.send("POST", RECORDS, CallRecordFixture.record(name, 1)).is(201);
        String path = CallRecordFixture.path(created.header("Location"));

        assertThat(path).startsWith(RECORDS + "/~");
        assertThat(fixture.get(path).is(200).text("id")).isEqualTo(name);
        assertThat(fixture.get(RECORDS + "('" + name + "')").is(200).text("id")).isEqualTo(name);
        for (String method : List.of("GET", "DELETE")) {
            FunctionResponse refused = fixture.send(method, RECORDS + "/" + name);
            if (name.startsWith("get") || name.startsWith(NAMESPACE)) {
                assertThat(refused.isError(404, "notFound").text("error.message"))
                        .contains(" is not supported at this path. Use GET /communications/callRecords/get");
            } else {
                refused.isError(405, "methodNotAllowed");
                assertThat(refused.header("Allow")).isEqualTo("POST");
            }
        }
        fixture.send("DELETE", path).is(204);
    }

    static Stream<String> call_record_with_the_name_of_a_log_has_another_path() {
        return Stream.of(LogRowKind.values())
                .flatMap(kind -> Stream.of(
                        kind.collection(), kind.function(), NAMESPACE + kind.function(), kind.function() + "("));
    }
}
