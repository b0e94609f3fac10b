package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.session;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the forms of requests and responses: control information, 64-bit numbers, names of options, selections. */
class CallRecordFormatsTest {
    private static final String FULL = "application/json;odata.metadata=full";
    private static final String NONE = "application/json;odata.metadata=none";
    private static final String STRINGS = "application/json;IEEE754Compatible=true";

    private final CallRecordFixture fixture = new CallRecordFixture();

    private FunctionResponse accepting(String accept, String path, String... options) {
        var event = fixture.event("GET", path).header("accept", accept);
        for (int i = 0; i < options.length; i += 2) {
            event.query(options[i], options[i + 1]);
        }
        return event.sendTo(fixture.manage);
    }

    private static List<String> annotations(@Nullable Object value) {
        List<String> names = new ArrayList<>();
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, member) -> {
                if (String.valueOf(name).contains("@")) {
                    names.add(String.valueOf(name));
                }
                names.addAll(annotations(member));
            });
        } else if (value instanceof List<?> elements) {
            elements.forEach(element -> names.addAll(annotations(element)));
        }
        return names;
    }

    private Map<String, Object> record() {
        Map<String, Object> record = CallRecordFixture.record("r", 7);
        record.put("sessions", List.of(session("s1"), session("s2")));
        record.put("participants_v2", List.of(Map.of("id", "p", "identity", Map.of("user", Map.of("id", "p")))));
        record.put("organizer_v2", Map.of("id", "o", "identity", Map.of("user", Map.of("id", "o"))));
        return record;
    }

    @Test
    void response_without_metadata_has_only_links_and_counts() {
        fixture.send("POST", RECORDS, record()).is(201);

        FunctionResponse list = accepting(NONE, RECORDS + "/r/sessions", "$count", "true", "$expand", "segments");
        FunctionResponse one =
                accepting(NONE, RECORDS + "/r", "$expand", "sessions($top=1;$count=true),participants_v2");
        FunctionResponse paged = fixture.event("GET", RECORDS + "/r/sessions")
                .header("accept", NONE)
                .header("prefer", "odata.maxpagesize=1")
                .sendTo(fixture.manage);

        assertThat(annotations(list.json())).containsExactly("@odata.count");
        assertThat(annotations(one.json())).containsExactly("sessions@odata.count");
        assertThat(annotations(paged.json())).containsExactly("@odata.nextLink");
        assertThat(list.header("Content-Type"))
                .isEqualTo(
                        "application/json;odata.metadata=none;odata.streaming=true;IEEE754Compatible=false;charset=utf-8");
    }

    @Test
    void response_with_full_metadata_has_types_and_addresses_that_work() {
        fixture.send("POST", RECORDS, record()).is(201);

        FunctionResponse one = accepting(FULL, RECORDS + "/r", "$expand", "sessions($expand=segments),participants_v2")
                .is(200);

        assertThat(one.at("@odata.type")).isEqualTo("#microsoft.graph.callRecords.callRecord");
        assertThat(one.at("version@odata.type")).isEqualTo("#Int64");
        assertThat(one.at("type@odata.type")).isEqualTo("#microsoft.graph.callRecords.callType");
        assertThat(one.at("startDateTime@odata.type")).isEqualTo("#DateTimeOffset");
        assertThat(one.at("modalities@odata.type")).isEqualTo("#Collection(microsoft.graph.callRecords.modality)");
        assertThat(one.at("organizer_v2.@odata.type")).isEqualTo("#microsoft.graph.callRecords.organizer");
        assertThat(one.at("sessions[0].segments[0].media[0].streams[0].averageJitter@odata.type"))
                .isEqualTo("#Duration");
        assertThat(one.json().keySet()).doesNotContain("id@odata.type", "joinWebUrl@odata.type");
        for (String entity :
                List.of("", "organizer_v2.", "participants_v2[0].", "sessions[0].", "sessions[0].segments[0].")) {
            String id = String.valueOf(one.text(entity + "@odata.id"));
            assertThat(one.at(entity + "@odata.editLink")).isEqualTo(id);
            assertThat(one.at(entity + "@odata.etag"))
                    .isEqualTo(fixture.follow(id).is(200).header("ETag"));
        }
        assertThat(fixture.follow(one.text("sessions@odata.navigationLink"))
                        .is(200)
                        .each("value", "id"))
                .containsExactly("s1", "s2");
        fixture.send("POST", RECORDS, with(with(one.json(), "id", "copy"), "sessions@odata.nextLink", null))
                .is(201);
    }

    @Test
    void selected_navigation_property_adds_only_its_link() {
        fixture.send("POST", RECORDS + "/r/sessions", session("s")).is(201);
        String path = RECORDS + "/r/sessions/s";

        assertThat(fixture.get(path, "$select", "id,segments").is(200).json().keySet())
                .containsExactly("@odata.context", "id");
        assertThat(accepting(FULL, path, "$select", "id,segments")
                        .is(200)
                        .json()
                        .keySet())
                .contains("segments@odata.navigationLink")
                .doesNotContain("segments");
        assertThat(accepting(FULL, path, "$select", "id").is(200).json().keySet())
                .doesNotContain("segments@odata.navigationLink");
        FunctionResponse both = fixture.get(path, "$select", "id,segments", "$expand", "segments($select=id)")
                .is(200);
        assertThat(both.at("segments")).isEqualTo(List.of(Map.of("id", "s")));
        assertThat(both.text("@odata.context")).endsWith("/sessions(id,segments(id))/$entity");
        fixture.get(RECORDS, "$select", "id,sessions").is(200);
        fixture.get(RECORDS + "/r", "$expand", "sessions($select=id,segments)").is(200);
    }

    @Test
    void numbers_of_64_bits_are_strings_in_both_directions() {
        Map<String, Object> session = session("s");
        String big = "9007199254740993";
        Object segments = Json.readOwn(Json.write(session)
                        .replace("\"averageJitter\"", "\"packetUtilization\":\"" + big + "\",\"averageJitter\""))
                .get("segments");
        Map<String, Object> sent = with(session, "segments", segments);

        fixture.send("POST", RECORDS + "/r/sessions", sent)
                .isInvalid("wrongType segments[0].media[0].streams[0].packetUtilization");
        var event = fixture.event("POST", RECORDS + "/r/sessions").body(sent).header("content-type", STRINGS);
        fixture.send(event, "POST", RECORDS + "/r/sessions").is(201);

        String path = "segments[0].media[0].streams[0].packetUtilization";
        assertThat(fixture.get(RECORDS + "/r/sessions/s", "$expand", "segments")
                        .is(200)
                        .at(path))
                .isEqualTo(Long.valueOf(big));
        FunctionResponse strings = accepting(STRINGS, RECORDS + "/r/sessions/s", "$expand", "segments")
                .is(200);
        assertThat(strings.at(path)).isEqualTo(big);
        assertThat(strings.header("Content-Type")).contains(";IEEE754Compatible=true;");
        FunctionResponse list = accepting(STRINGS, RECORDS, "$count", "true").is(200);
        assertThat(list.at("@odata.count")).isEqualTo("1");
        assertThat(list.at("value[0].version")).isEqualTo("0");
    }

    @Test
    void string_without_a_64_bit_number_stays_invalid() {
        for (String text : List.of("9223372036854775808", "1e3", "", " 1", "1.5")) {
            var event = fixture.event("POST", RECORDS)
                    .body(with(CallRecordFixture.record("r", 1), "version", text))
                    .header("content-type", STRINGS);
            event.sendTo(fixture.manage).isInvalid("wrongType version");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "none", "full"})
    void body_is_accepted_in_each_form(String metadata) {
        var event = fixture.event("POST", RECORDS)
                .body(CallRecordFixture.record("r", 1))
                .header(
                        "content-type",
                        "application/json;odata.metadata=" + metadata + ";odata.streaming=true;charset=utf-8");

        event.sendTo(fixture.manage).is(201);
    }

    @Test
    void request_that_accepts_no_json_changes_nothing() {
        for (String path : List.of(RECORDS, "/v1.0/$batch", "/v1.0/subscriptions")) {
            fixture.event("POST", path)
                    .body(CallRecordFixture.record("r", 1))
                    .header("accept", "application/xml")
                    .sendTo(fixture.manage)
                    .isError(406, "notAcceptable");
        }
        var posted = fixture.event("POST", RECORDS + "/r/sessions")
                .body(session("s"))
                .header("odata-maxversion", "3.0");
        fixture.send(posted, "POST", RECORDS + "/r/sessions").isInvalid("invalidValue OData-MaxVersion");
        fixture.get(RECORDS + "/r").is(404);
    }

    @Test
    void every_response_states_the_version_of_odata() {
        assertThat(fixture.get("/v1.0/nothing").is(404).header("OData-Version")).isEqualTo("4.0");
        assertThat(fixture.get(RECORDS, "$top", "x").is(400).header("OData-Version"))
                .isEqualTo("4.0");
        assertThat(fixture.send("POST", RECORDS + "/x/sessions").is(400).header("OData-Version"))
                .isEqualTo("4.0");
        assertThat(fixture.send("OPTIONS", RECORDS).is(204).header("OData-Version"))
                .isEqualTo("4.0");
    }

    @Test
    void part_of_a_batch_follows_its_own_headers() {
        fixture.send("POST", RECORDS + "/r/sessions", session("s")).is(201);
        Map<String, Object> none = Map.of(
                "id", "1", "method", "GET", "url", "/communications/callRecords/r", "headers", Map.of("Accept", NONE));
        Map<String, Object> xml = Map.of(
                "id",
                "2",
                "method",
                "GET",
                "url",
                "/communications/callRecords/r",
                "headers",
                Map.of("Accept", "application/xml"));

        FunctionResponse answer = fixture.send("POST", "/v1.0/$batch", Map.of("requests", List.of(none, xml)))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(200, 406);
        assertThat(answer.text("responses[0].headers.Content-Type")).contains("odata.metadata=none");
        assertThat(String.valueOf(answer.at("responses[0].body"))).doesNotContain("@odata.context");
        assertThat(answer.at("responses[1].headers.OData-Version")).isEqualTo("4.0");
        assertThat(answer.at("responses[1].headers.Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Content-Type")).contains("odata.metadata=minimal");
    }

    @Test
    void option_is_accepted_without_a_dollar_sign_and_in_any_case() {
        fixture.send("POST", RECORDS + "/r/sessions", session("s")).is(201);

        FunctionResponse answer = fixture.get(
                        RECORDS + "/r/sessions",
                        "Expand",
                        "segments(SELECT=id)",
                        "$Select",
                        "id",
                        "TOP",
                        "1",
                        "count",
                        "true")
                .is(200);

        assertThat(answer.at("value")).isEqualTo(List.of(Map.of("id", "s", "segments", List.of(Map.of("id", "s")))));
        assertThat(answer.at("@odata.count")).isEqualTo(1);
        fixture.get(RECORDS, "selected", "id").isInvalid("unknownQueryOption selected");
    }

    @Test
    void nested_top_and_count_limit_what_is_expanded() {
        fixture.send("POST", RECORDS, record()).is(201);

        FunctionResponse one = fixture.event("GET", RECORDS + "/r")
                .query(
                        "$expand",
                        "sessions($top=2;$count=true;$select=id;$expand=segments($top=0;$count=true)),participants_v2($top=0;$count=true)")
                .header("prefer", "odata.maxpagesize=1")
                .sendTo(fixture.manage)
                .is(200);

        assertThat(one.at("sessions@odata.count")).isEqualTo(2);
        assertThat(one.each("sessions", "id")).containsExactly("s1");
        assertThat(one.at("sessions[0].segments")).isEqualTo(List.of());
        assertThat(one.at("sessions[0].segments@odata.count")).isEqualTo(1);
        assertThat(one.at("participants_v2")).isEqualTo(List.of());
        assertThat(one.at("participants_v2@odata.count")).isEqualTo(1);
        FunctionResponse next =
                fixture.follow(one.text("sessions@odata.nextLink")).is(200);
        assertThat(next.each("value", "id")).containsExactly("s2");
        assertThat(next.json()).doesNotContainKey("@odata.nextLink");
        assertThat(fixture.get(RECORDS + "/r", "$expand", "*").is(200).json().keySet())
                .contains("sessions", "participants_v2", "organizer_v2");
    }

    @Test
    void part_of_a_property_and_of_the_organizer_can_be_selected() {
        fixture.send("POST", RECORDS, record()).is(201);

        FunctionResponse one =
                fixture.get(RECORDS + "/r", "$select", "id,organizer_v2/id").is(200);

        assertThat(one.at("organizer_v2")).isEqualTo(Map.of("id", "o"));
        assertThat(one.text("organizer_v2@odata.context")).endsWith("callRecords('r')/organizer_v2(id)/$entity");
        assertThat(fixture.get(RECORDS + "/r/sessions/s1", "$select", "caller/name")
                        .is(200)
                        .at("caller.name"))
                .isEqualTo("LAPTOP-NORA");
    }

    @Test
    void metadata_needs_no_token_and_other_documents_do() {
        for (String root : List.of("/v1.0", "/beta")) {
            FunctionResponse metadata = ApiEvent.of("GET", root + "/$metadata")
                    .withoutClaims()
                    .header("accept", "application/xml")
                    .sendTo(fixture.manage)
                    .is(200);
            assertThat(metadata.header("Content-Type")).isEqualTo("application/xml");
            assertThat(metadata.header("OData-Version")).isEqualTo("4.0");
            assertThat(metadata.body()).startsWith("<?xml version=\"1.0\"");
            ApiEvent.of("GET", root + "/$metadata")
                    .withoutClaims()
                    .header("accept", "*/*")
                    .header("if-none-match", String.valueOf(metadata.header("ETag")))
                    .sendTo(fixture.manage)
                    .is(304);
            for (String other : List.of("/subscriptions", "/$batch", "/me")) {
                ApiEvent.of("GET", root + other)
                        .withoutClaims()
                        .sendTo(fixture.manage)
                        .isError(401, "unauthorized");
            }
            assertThat(ApiEvent.of("GET", root + "/communications")
                            .withoutClaims()
                            .sendTo(fixture.manage)
                            .is(200)
                            .at("id"))
                    .isEqualTo("communications");
            ApiEvent.of("GET", root + "/$metadata")
                    .header("accept", "application/json")
                    .sendTo(fixture.manage)
                    .isError(406, "notAcceptable");
        }
    }
}
