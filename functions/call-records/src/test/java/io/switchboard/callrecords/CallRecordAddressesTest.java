package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the forms of addresses: keys in parentheses, fixed segments in any case, operations that are not supported. */
class CallRecordAddressesTest {
    private final CallRecordFixture fixture = new CallRecordFixture();

    @ParameterizedTest
    @ValueSource(strings = {"", "/v1.0", "/beta"})
    void key_in_parentheses_is_the_same_resource_for_every_method(String base) {
        String records = base + "/communications/callRecords";
        String id = "O'Brien (a/b) $ref";
        String record = records + "('O''Brien (a/b) $ref')";
        fixture.send("POST", record + "/sessions", session("delta")).is(201);
        fixture.send("POST", record + "/participants_v2", Map.of("identity", Map.of("user", Map.of("id", "p/1"))))
                .is(201);

        assertThat(fixture.get(record).is(200).at("id")).isEqualTo(id);
        assertThat(fixture.get(record + "/sessions(id='delta')", "$expand", "segments")
                        .is(200)
                        .at("segments[0].id"))
                .isEqualTo("delta");
        assertThat(fixture.get(record + "/sessions('delta')/segments('delta')")
                        .is(200)
                        .at("id"))
                .isEqualTo("delta");
        assertThat(fixture.get(record + "/sessions/$count").is(200).body()).isEqualTo("1");
        assertThat(fixture.get(record + "/participants_v2('p/1')").is(200).at("id"))
                .isEqualTo("p/1");
        fixture.send("PATCH", record, Map.of("joinWebUrl", "https://x.example/"))
                .is(200);
        fixture.send("PATCH", record + "/sessions('delta')", Map.of("isTest", true))
                .is(200);
        fixture.send("DELETE", record + "/sessions('delta')/segments('delta')").is(204);
        fixture.send("DELETE", record + "/participants_v2('p/1')").is(204);
        fixture.send("DELETE", record + "/sessions('delta')").is(204);
        fixture.send("DELETE", record).is(204);
        fixture.get(record).is(404);
    }

    @Test
    void location_of_an_id_that_looks_like_a_key_works() {
        FunctionResponse created = fixture.send("POST", RECORDS, CallRecordFixture.record("sessions('x')", 1))
                .is(201);

        assertThat(fixture.follow(String.valueOf(created.header("Location")))
                        .is(200)
                        .at("id"))
                .isEqualTo("sessions('x')");
    }

    @Test
    void links_of_a_list_below_a_key_in_parentheses_work() {
        for (int i = 0; i < 3; i++) {
            fixture.send("POST", RECORDS + "('a''b/c')/sessions", session("s" + i))
                    .is(201);
        }

        FunctionResponse first = fixture.send(
                        fixture.event("GET", RECORDS + "('a''b/c')/sessions").header("prefer", "odata.maxpagesize=2"),
                        "GET",
                        "")
                .is(200);

        assertThat(fixture.follow(first.text("@odata.nextLink")).is(200).each("value", "id"))
                .containsExactly("s2");
    }

    @Test
    void case_of_fixed_segments_does_not_matter_and_that_of_ids_does() {
        fixture.send("POST", "/v1.0/communications/callrecords/Ab/Sessions", session("Cd"))
                .is(201);

        fixture.get("/v1.0/Communications/CALLRECORDS/Ab/SESSIONS('Cd')/Segments")
                .is(200);
        fixture.get("/v1.0/communications/callrecords/ab").is(404);
        fixture.get("/v1.0/communications/callRecords/Ab/sessions/cd").is(404);
        assertThat(fixture.get("/v1.0/communications/callrecords/$COUNT")
                        .is(200)
                        .body())
                .isEqualTo("1");
    }

    @Test
    void operation_that_is_not_supported_is_named_for_every_method() {
        for (String path : List.of(
                RECORDS + "/x/sessions/$ref",
                RECORDS + "('x')/participants_v2/$ref",
                RECORDS + "/x/sessions/delta",
                RECORDS + "/x/joinWebUrl/$value",
                RECORDS + "/microsoft.graph.callRecords.callRecord")) {
            for (String method : List.of("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD")) {
                FunctionResponse refused = fixture.send(method, path).is(404);
                if (!method.equals("HEAD")) {
                    assertThat(refused.text("error.message")).contains(" is not supported at this path");
                }
            }
        }
    }

    @Test
    void key_in_parentheses_works_in_a_batch() {
        FunctionResponse answer = fixture.send(
                        "POST",
                        "/v1.0/$batch",
                        Map.of(
                                "requests",
                                List.of(
                                        part("1", "POST", "communications/callRecords('a%2Fb')/sessions", session("s")),
                                        part("2", "GET", "/v1.0/communications/callRecords('a%2Fb')/sessions('s')"),
                                        part("3", "GET", "/communications/callRecords(%27a/b%27)/sessions/$count"),
                                        part("4", "HEAD", "/communications/callRecords('a/b')"),
                                        part("5", "GET", "/subscriptions('missing')"))))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(201, 200, 200, 200, 404);
        assertThat(answer.at("responses[1].body.id")).isEqualTo("s");
        assertThat(answer.text("responses[3].headers.ETag")).startsWith("W/");
        assertThat(String.valueOf(answer.at("responses[3]"))).doesNotContain("body=");
    }

    private static Map<String, Object> part(String id, String method, String url) {
        return Map.of("id", id, "method", method, "url", url);
    }

    private static Map<String, Object> part(String id, String method, String url, Map<String, Object> body) {
        return Map.of(
                "id",
                id,
                "method",
                method,
                "url",
                url,
                "body",
                body,
                "headers",
                Map.of("Content-Type", "application/json"));
    }

    @Test
    void top_of_zero_returns_no_items_and_the_count() {
        fixture.send("POST", RECORDS + "/x/sessions", session("s")).is(201);
        fixture.send("POST", RECORDS + "/x/participants_v2", Map.of("id", "p")).is(201);
        for (String list : List.of(
                RECORDS, RECORDS + "/x/sessions", RECORDS + "/x/participants_v2", RECORDS + "/x/sessions/s/segments")) {
            FunctionResponse none =
                    fixture.get(list, "$top", "0", "$count", "true").is(200);

            assertThat(none.at("value")).as(list).isEqualTo(List.of());
            assertThat(none.at("@odata.count")).as(list).isEqualTo(1);
            assertThat(none.json()).as(list).doesNotContainKey("@odata.nextLink");
            fixture.get(list, "$top", "-1").isInvalid("invalidValue $top");
        }
    }

    @Test
    void subscription_has_a_key_in_parentheses() {
        ApiEvent event = fixture.event("GET", "/subscriptions('7f6e9ef0-0000-0000-0000-000000000000')");

        assertThat(event.sendTo(fixture.manage).is(404).text("error.message"))
                .contains("7f6e9ef0-0000-0000-0000-000000000000 does not exist");
    }
}
