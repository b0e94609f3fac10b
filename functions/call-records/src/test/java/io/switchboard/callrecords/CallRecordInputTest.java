package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import io.switchboard.storage.PageToken;
import io.switchboard.text.InputLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends invalid and adversarial input to the deployed functions. */
final class CallRecordInputTest {
    private static final List<String> POSITIONS = List.of(
            "x",
            ".",
            ".x",
            "abc.x",
            "-5.x",
            "5.x",
            "5.",
            "99999999999999999999.x",
            "0.1",
            ".-1",
            ".01",
            ".99999999999",
            ". ",
            ".a b",
            ".%",
            ".%zz",
            ".é",
            ".2026-03-04#",
            ".2026-02-30\u007F",
            ".2026-03-04T09:15:00#a b",
            ".#",
            ".#a#b c",
            "." + "x".repeat(701) + "%",
            "\u0000",
            ".\uFFFF",
            ".1\n",
            "1..1",
            "+1.1");

    private final CallRecordFixture fixture = new CallRecordFixture();

    private static FunctionResponse small(FunctionResponse answer) {
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(InputLimits.ERROR_BYTES);
        assertThat(answer.body()).doesNotContain("aaaa".repeat(26), "xxxx".repeat(26));
        answer.isErrorBody();
        return answer;
    }

    @Test
    void long_filter_returns_400() {
        small(fixture.get(RECORDS, "$filter", "participants_v2/any(p:p/id eq '" + "a".repeat(1_700) + "')"))
                .isInvalid("invalidValue $filter");
        small(fixture.get(RECORDS, "$filter", "participants_v2/any(p:p/id eq '" + "''".repeat(4_000) + "')"))
                .isInvalid("invalidValue $filter");
        small(fixture.get(RECORDS, "$filter", "(".repeat(9_000))).isInvalid("invalidValue $filter");
        small(fixture.get(RECORDS, "$filter", "x and ".repeat(1_500))).is(400);
        small(fixture.get(RECORDS, "$select", "x,".repeat(4_500))).is(400);
        small(fixture.get(RECORDS + "/1", "$expand", "sessions(".repeat(1_000))).is(400);
    }

    @Test
    void unknown_query_options_are_counted_and_supported_ones_are_listed_once() {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < 1_800; i++) {
            options.add("o" + i);
            options.add("");
        }
        FunctionResponse answer = small(fixture.get(RECORDS, options.toArray(String[]::new)));

        assertThat(answer.detailCodes()).hasSize(101).endsWith("tooMany");
        assertThat(answer.body()).containsOnlyOnce("$skiptoken");
    }

    @Test
    void batch_executes_the_parts_around_a_long_filter() {
        Map<String, Object> post = Map.of(
                "id",
                "1",
                "method",
                "POST",
                "url",
                "/communications/callRecords/4711/sessions",
                "headers",
                Map.of("Content-Type", "application/json"),
                "body",
                session("one"));
        List<Map<String, Object>> requests = List.of(
                post,
                part(
                        "2",
                        "/communications/callRecords?$filter=participants_v2/any(p:p/id eq '" + "a".repeat(8_000)
                                + "')"),
                part("3", "/communications/callRecords?$filter=" + "(".repeat(8_000)),
                part("4", "/communications/callRecords/4711"));

        FunctionResponse answer = fixture.send("POST", "/v1.0/$batch", Map.of("requests", requests))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(201, 400, 400, 200);
        assertThat(answer.body()).hasSizeLessThan(10_000);
    }

    private static Map<String, Object> part(String id, String url) {
        return Map.of("id", id, "method", "GET", "url", url);
    }

    /** Returns a forged token of this list. */
    private String token(String path, String position, Map<String, String> options) {
        return PageToken.of(fixture.tenant + " " + path + " " + options, position);
    }

    private void assertRejectsForgedPositions(String path) {
        for (String position : POSITIONS) {
            FunctionResponse answer = fixture.get(path, "$skiptoken", token(path, position, Map.of()));
            assertThat(answer.status()).as("%s at %s", path, position).isEqualTo(400);
            answer.isInvalid("invalidPageToken $skiptoken");
        }
        for (String position : List.of("x", ".1", "0.1", "-1.1", "6.1", "01.1", "5")) {
            fixture.get(path, "$top", "5", "$skiptoken", token(path, position, Map.of("$top", "5")))
                    .isInvalid("invalidPageToken $skiptoken");
        }
    }

    @Test
    void every_list_rejects_forged_positions() {
        fixture.send("POST", RECORDS + "/4711/sessions", session("one")).is(201);

        assertRejectsForgedPositions(RECORDS + "/4711/sessions/one/segments");
        for (String position :
                List.of(".x", ".1", ".2026-03-04", ".2026-03-04T09:15:00", ".2026-03-04T09:15:00.10#a")) {
            fixture.get(RECORDS, "$skiptoken", token(RECORDS, position, Map.of()))
                    .isInvalid("invalidPageToken $skiptoken");
        }
        for (String list : List.of(RECORDS + "/4711/sessions", RECORDS + "/4711/participants_v2")) {
            for (String position : List.of(
                    "x", "abc.x", "-5.x", "5.x", ".a b", ".%", ".%zz", ".é", ".\u0000", "." + "x".repeat(708))) {
                fixture.get(list, "$skiptoken", token(list, position, Map.of()))
                        .isInvalid("invalidPageToken $skiptoken");
            }
        }
        for (String position : List.of("x", "", "é", "#", "\u0000", "3f2504e0-4f89-41d3-9a0c-0305e82c330")) {
            String path = "/v1.0/subscriptions";
            fixture.get(path, "$skiptoken", PageToken.of(fixture.tenant + " client-1 " + path + " {}", position))
                    .isInvalid("invalidPageToken $skiptoken");
        }
    }

    @Test
    void every_list_accepts_positions_that_it_issues() {
        fixture.send("POST", RECORDS + "/4711/sessions", session("one")).is(201);

        for (String position :
                List.of(".2026-03-04\u007F", ".2026-03-04T09:15:02.441#4711", ".0000-01-01T00:00:00#a")) {
            fixture.get(RECORDS, "$skiptoken", token(RECORDS, position, Map.of()))
                    .is(200);
        }
        String segments = RECORDS + "/4711/sessions/one/segments";
        for (String position : List.of(".1", ".7", ".2147483647")) {
            fixture.get(segments, "$skiptoken", token(segments, position, Map.of()))
                    .is(200);
        }
        String sessions = RECORDS + "/4711/sessions";
        for (String position : List.of(".x", ".one#2026#-", "." + "x".repeat(700))) {
            fixture.get(sessions, "$skiptoken", token(sessions, position, Map.of()))
                    .is(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e99999999999",
                "-1e99999999999",
                "1e-99999999999",
                "0e9999999999999",
                "1e2147483648",
                "1E+10000"
            })
    void number_with_a_long_exponent_is_rejected_everywhere(String number) {
        for (String body : List.of(
                "{\"version\":" + number + "}",
                "{\"id\":\"1\",\"version\":" + number + "}",
                "[" + number + "]",
                number)) {
            for (String path : List.of(RECORDS, RECORDS + "/1/sessions", "/v1.0/subscriptions", "/v1.0/$batch")) {
                FunctionResponse answer = fixture.send(
                        fixture.event("POST", path)
                                .header("Content-Type", "application/json")
                                .text(body),
                        "POST",
                        path);
                assertThat(small(answer).detailCodes()).containsExactly("malformedJson");
            }
        }
    }

    @Test
    void every_route_returns_a_small_error_for_the_largest_invalid_body() {
        StringBuilder members = new StringBuilder("{");
        StringBuilder elements = new StringBuilder("{\"segments\":[");
        for (int i = 0; members.length() < 1_000_000; i++) {
            members.append("\"k").append(i).append("\":[],");
            elements.append("1,");
        }
        String manyMembers = members.append("\"k\":1}").toString();
        String manyElements = elements.append("1]}").toString();
        String longName = "{\"" + "x".repeat(1_000_000) + "\":1}";
        String longValue = "{\"id\":\"" + "x".repeat(1_000_000) + "\",\"version\":\"" + "x".repeat(1_000) + "\"}";
        fixture.send("POST", RECORDS + "/4711/sessions", bare("one")).is(201);
        for (String body : List.of(manyMembers, manyElements, longName, longValue)) {
            for (String[] route : new String[][] {
                {"POST", RECORDS},
                {"PATCH", RECORDS + "/4711"},
                {"POST", RECORDS + "/4711/sessions"},
                {"PATCH", RECORDS + "/4711/sessions/one"},
                {"POST", RECORDS + "/4711/sessions/one/segments"},
                {"POST", RECORDS + "/4711/participants_v2"},
                {"POST", "/v1.0/subscriptions"},
                {"POST", "/v1.0/$batch"}
            }) {
                small(fixture.send(
                        fixture.event(route[0], route[1])
                                .header("Content-Type", "application/json")
                                .header("Prefer", "handling=strict")
                                .text(body),
                        route[0],
                        route[1]));
            }
        }
    }

    @Test
    void long_id_in_a_path_is_not_repeated() {
        for (String path : List.of(
                RECORDS + "/" + "x".repeat(9_000),
                RECORDS + "/" + "x".repeat(700),
                RECORDS + "/4711/sessions/" + "x".repeat(700),
                RECORDS + "/4711/participants_v2/" + "x".repeat(700),
                "/v1.0/subscriptions/" + "x".repeat(9_000),
                "/v1.0/nowhere/" + "x".repeat(9_000))) {
            small(fixture.send("GET", path));
        }
        fixture.send("POST", RECORDS + "/4711/sessions", session("one")).is(201);
        small(fixture.send("GET", RECORDS + "/4711/sessions/" + "x".repeat(700)));
        small(fixture.send("GET", RECORDS + "/4711/sessions/one/segments/" + "x".repeat(700)));
        small(fixture.send("GET", RECORDS + "/4711/participants_v2/" + "x".repeat(700)));
        Map<String, Object> unequal = new LinkedHashMap<>(bare("one"));
        unequal.put("id", "x".repeat(300));
        fixture.send("POST", RECORDS + "/4711/sessions", unequal).is(201);
        small(fixture.send(
                "POST", RECORDS + "/4711/sessions", CallRecordFixture.with(unequal, "modalities", List.of("video"))));
    }
}
