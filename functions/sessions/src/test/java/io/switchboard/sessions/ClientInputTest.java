package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static io.switchboard.sessions.SessionFixture.CASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import io.switchboard.text.InputLimits;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input of real agent pages: nulls, objects, telemetry ids of any form, and ids of users. */
class ClientInputTest {
    private final SessionFixture fixture = new SessionFixture();

    private FunctionResponse created(String body) {
        return fixture.event("POST", "/sessions").text(body).sendTo(fixture.create);
    }

    private ApiEvent correlated(String id) {
        return fixture.post(CALL).header("x-correlation-id", id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"templateName\":\"CallSessionTemplate\",\"templateParameters\":{\"orderNumber\":null}} | {}",
                "{\"templateName\":\"CallSessionTemplate\",\"templateParameters\":{\"msdyn_omnichannel_kbsearch\":{\"searchText\":null}}} | {}",
                "{\"templateName\":\"CallSessionTemplate\",\"templateParameters\":null,\"sessionContext\":{\"a\":null,\"b\":1}} | {\"b\":1}",
                "{\"templateName\":\"CallSessionTemplate\",\"sessionContext\":[[\"a\",null],[\"b\",1]]} | {\"b\":1}",
                "{\"templateName\":\"CallSessionTemplate\",\"context\":{\"a\":null,\"b\":{\"c\":null}}} | {\"b\":{\"c\":null}}",
                "{\"templateName\":\"CallSessionTemplate\",\"context\":null,\"customer\":null,\"TemplateName\":null,\"channel\":null} | {}",
                "{\"templateName\":\"CallSessionTemplate\",\"templateTag\":null,\"isFocused\":null,\"correlationId\":null} | {}",
                "{\"templateName\":\"CallSessionTemplate\",\"sessionContext\":{\"parametersStr\":null,\"l\":[null],\"o\":{\"p\":null}}} | {\"l\":[null],\"o\":{\"p\":null}}",
                "{\"templateName\":\"CallSessionTemplate\",\"sessionContext\":{\"parametersStr\":\"[[\\\"searchText\\\",null]]\"}} | {}"
            })
    void null_counts_as_absent_except_inside_a_value(String body, String context) {
        FunctionResponse answer = created(body).is(201);

        assertThat(Json.write(answer.at("context"))).isEqualTo(context);
        assertThat(answer.at("correlationId")).isNull();
        assertThat(fixture.get("/sessions/" + answer.text("sessionId")).at("context"))
                .isEqualTo(answer.at("context"));
    }

    @Test
    void null_in_a_pair_of_the_record_counts_as_absent() {
        FunctionResponse entity = created(
                "{\"templateName\":\"" + CASE
                        + "\",\"sessionContext\":{\"parametersStr\":\"[[\\\"entityName\\\",\\\"incident\\\"],[\\\"entityId\\\",null]]\"}}");

        entity.isError(422, "anchorRecordRequired");
    }

    /** The first call of Microsoft's CIF 2.0 simulator, unchanged. */
    @Test
    void default_session_of_the_simulator_is_created_with_its_context() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"extn_default_session","name":"Default","type":"generic","title":"Home {templateName}",
                 "communicationPanelMode":"docked","anchorTab":"msdyn_omnichannel_kbsearch"}""");

        FunctionResponse answer = created("""
                {"templateName":"extn_default_session","templateParameters":{},
                 "context":{"templateName":"N/A","templateParameters":{"extnbr_session_template":"extn_default_session"}}}""");

        answer.is(201);
        assertThat(answer.at("title")).isEqualTo("Home N/A");
        assertThat(Json.write(answer.at("context"))).isEqualTo("""
                {"templateName":"N/A","templateParameters":{"extnbr_session_template":"extn_default_session"}}""");
        assertThat(answer.each("warnings", "code")).containsExactly("unknownProperty");
    }

    @Test
    void context_of_any_json_is_equal_in_all_responses() throws Exception {
        String context = """
                {"z":{"b":[1.10,1E+3,-0.5,{"c":null}],"a":{}},"a":[],"text":"é","big":123456789012345678901234567890,"yes":true}""";
        FunctionResponse answer = created(
                        "{\"templateName\":\"CallSessionTemplate\",\"isFocused\":false,\"sessionContext\":" + context
                                + "}")
                .is(201);
        String path = "/sessions/" + answer.text("sessionId");

        assertThat(Json.write(answer.at("context"))).isEqualTo(context);
        assertThat(Json.write(fixture.get(path).at("context"))).isEqualTo(context);
        assertThat(Json.write(fixture.get("/sessions").at("value[0].context"))).isEqualTo(context);
        fixture.act(path + "/close").is(200);
        assertThat(Json.write(fixture.act(path + "/reopen").is(200).at("context")))
                .isEqualTo(context);
        assertThat(Json.write(fixture.handOver(answer.text("sessionId"), "bob")
                        .sendTo(fixture.manage)
                        .is(200)
                        .at("context")))
                .isEqualTo(context);
        assertThat(Json.write(fixture.event("GET", path)
                        .user("bob")
                        .sendTo(fixture.manage)
                        .at("context")))
                .isEqualTo(context);
        // The same applies to a dry run.
        assertThat(Json.write(fixture.event("POST", "/sessions")
                        .query("dryRun", "true")
                        .text("{\"templateName\":\"CallSessionTemplate\",\"sessionContext\":" + context + "}")
                        .sendTo(fixture.create)
                        .is(200)
                        .at("context")))
                .isEqualTo(context);
    }

    @Test
    void object_or_array_without_a_tab_name_is_added_to_the_context() {
        String body = """
                {"templateName":"CallSessionTemplate","templateParameters":{"customer":"c {vip}","address":{"city":"Bonn","geo":{"lat":null}},
                 "vip":true,"phones":["+1"],"recordId":{}}}""";
        FunctionResponse answer = created(body).is(201);

        assertThat(Json.write(answer.at("context"))).isEqualTo("""
                {"customer":"c true","address":{"city":"Bonn","geo":{"lat":null}},"vip":true,"phones":["+1"],"recordId":{}}""");
        assertThat(answer.each("warnings", "code")).containsExactly("unknownTab", "unknownTab", "unknownTab");
        assertThat(answer.each("warnings", "target"))
                .containsExactly(
                        "templateParameters.address", "templateParameters.phones", "templateParameters.recordId");
        fixture.event("POST", "/sessions")
                .header("prefer", "handling=strict")
                .text(body)
                .sendTo(fixture.create)
                .isError(422, "unknownTab");
    }

    @Test
    void values_for_a_tab_are_not_added_to_the_context() {
        FunctionResponse answer = created("""
                {"templateName":"CallSessionTemplate","templateParameters":{"msdyn_omnichannel_kbsearch":{"searchText":"a"}}}""").is(201);
        assertThat(answer.at("context")).isEqualTo(Map.of());
        assertThat(answer.each("warnings", "code")).doesNotContain("unknownTab");

        created("""
                {"templateName":"CallSessionTemplate","templateParameters":{"msdyn_omnichannel_kbsearch":[["searchText","a"]]}}""").is(201);
        created("""
                {"templateName":"CallSessionTemplate","templateParameters":{"msdyn_omnichannel_kbsearch":["searchText"]}}""").isInvalid("wrongType templateParameters.msdyn_omnichannel_kbsearch");
        created("""
                {"templateName":"CallSessionTemplate","templateParameters":{"msdyn_omnichannel_kbsearch":{"searchText":{"a":1}}}}""").isInvalid("wrongType templateParameters.msdyn_omnichannel_kbsearch.searchText");
    }

    @Test
    void unknown_members_of_any_type_are_added_to_the_context() {
        FunctionResponse answer = created("""
                {"templateName":"CallSessionTemplate","templateParameters":{"customer":"c"},"tabs":[1,null],"extra":{"a":null},"n":1,
                 "customer":{"id":7},"context":[["k","v"],["gone",null]]}""").is(201);

        assertThat(Json.write(answer.at("context"))).isEqualTo("""
                {"customer":"c","tabs":[1,null],"extra":{"a":null},"n":1,"k":"v"}""");
        assertThat(answer.each("warnings", "target")).containsExactly("tabs", "extra", "n", "customer", "context");
        assertThat(answer.text("warnings[3].message")).contains("did not replace");
    }

    @Test
    void many_unknown_members_get_a_short_response() {
        StringBuilder body = new StringBuilder("{\"templateName\":\"CallSessionTemplate\"");
        StringBuilder parameters = new StringBuilder(",\"templateParameters\":{\"customer\":1");
        for (int i = 0; i < 1_000; i++) {
            body.append(",\"m").append(i).append("\":1");
            parameters.append(",\"o").append(i).append("\":[]");
        }

        FunctionResponse answer =
                created(body.append(parameters).append("}}").toString()).is(201);

        assertThat(answer.each("warnings", "code")).hasSize(42);
        assertThat(Objects.requireNonNull(answer.each("warnings", "message")).toString())
                .contains("980 more");
        assertThat(answer.at("context.m999")).isEqualTo(1);
        assertThat(answer.at("context.o999")).isEqualTo(List.of());
    }

    @Test
    void object_is_not_the_value_of_a_parameter() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_defined","name":"D","type":"generic","title":"{customer}{caseId}","communicationPanelMode":"docked",
                 "anchorTab":"msdyn_omnichannel_kbsearch","parameterDefinitions":[
                 {"name":"customer","type":"string","required":false,"default":"unknown"},
                 {"name":"caseId","type":"string","required":true}]}""");

        FunctionResponse answer = created("""
                {"templateName":"contoso_defined","templateParameters":{"customer":{"name":"C"},"caseId":"7"}}""").is(201);
        assertThat(answer.at("title")).isEqualTo("unknown7");
        created("""
                {"templateName":"contoso_defined","templateParameters":{"caseId":{"id":7}}}""").isInvalid("parameterType templateParameters.caseId");
    }

    @Test
    void context_beyond_its_size_or_depth_is_rejected() {
        int levels = InputLimits.DEPTH - 2;
        String deep = "[".repeat(levels) + "]".repeat(levels);

        FunctionResponse answer = created("{\"templateName\":\"CallSessionTemplate\",\"context\":{\"k\":" + deep + "}}")
                .is(201);
        // A context at the limit can be stored, read and sent back.
        FunctionResponse read =
                fixture.get("/sessions/" + answer.text("sessionId")).is(200);
        fixture.patch(
                        "/sessions/" + answer.text("sessionId"),
                        Map.of("context", Objects.requireNonNull(read.at("context"))))
                .is(200);
        created("{\"templateName\":\"CallSessionTemplate\",\"k\":[" + deep + "]}")
                .isInvalid("contextTooDeep templateParameters");
        created("{\"templateName\":\"CallSessionTemplate\",\"context\":{\"k\":[\"" + "x".repeat(32_768) + "\"]}}")
                .isInvalid("contextTooLarge templateParameters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call-4711",
                "{a3bb189e-8bf9-3888-9912-ace4e6543002}",
                "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                "a b; c=\"d\"",
                "7",
                "~"
            })
    void correlation_id_is_any_printable_text_and_is_returned_as_sent(String id) {
        FunctionResponse inHeader = correlated(id).sendTo(fixture.create).is(201);
        assertThat(inHeader.at("correlationId")).isEqualTo(id);
        assertThat(inHeader.header("x-correlation-id")).isEqualTo(id);
        assertThat(inHeader.each("warnings", "code")).isEmpty();

        FunctionResponse inBody = fixture.create(Map.of("templateName", "CallSessionTemplate", "correlationId", id))
                .is(201);
        assertThat(inBody.at("correlationId")).isEqualTo(id);
        assertThat(inBody.header("x-correlation-id")).isEqualTo(id);
        assertThat(fixture.get("/sessions/" + inBody.text("sessionId")).at("correlationId"))
                .isEqualTo(id);
    }

    @Test
    void correlation_id_of_the_body_takes_precedence() {
        FunctionResponse answer = fixture.post(Map.of(
                        "templateName", "CallSessionTemplate", "customer", "c", "correlationId", "from the body"))
                .header("x-correlation-id", "from the header")
                .sendTo(fixture.create)
                .is(201);

        assertThat(answer.at("correlationId")).isEqualTo("from the body");
        assertThat(answer.header("x-correlation-id")).isEqualTo("from the body");
        assertThat(answer.each("warnings", "code")).doesNotContain("correlationIdIgnored");
        assertThat(answer.log().toString()).contains("\"correlationId\":\"from the body\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u96fb\u8a71 4711", "M\u00fcller"})
    void correlation_id_beyond_ascii_is_stored_but_not_returned_as_a_header(String id) {
        FunctionResponse answer = fixture.create(Map.of("templateName", "CallSessionTemplate", "correlationId", id))
                .is(201);

        assertThat(answer.at("correlationId")).isEqualTo(id);
        assertThat(answer.headers()).doesNotContainKey("x-correlation-id");
    }

    @Test
    void invalid_correlation_id_is_ignored_with_a_warning() {
        for (String header : List.of("x".repeat(129), "a\tb", "\u202eabc", "a\u0000")) {
            for (String preference : List.of("", "handling=strict")) {
                FunctionResponse answer = correlated(header)
                        .header("prefer", preference)
                        .sendTo(fixture.create)
                        .is(201);
                assertThat(answer.at("correlationId")).isNull();
                assertThat(answer.headers()).doesNotContainKey("x-correlation-id");
                assertThat(answer.each("warnings", "code")).containsExactly("correlationIdIgnored");
                assertThat(answer.each("warnings", "target")).containsExactly("x-correlation-id");
                fixture.delete("/sessions/" + answer.text("sessionId")).is(204);
            }
        }
        for (Object inBody : List.of("x".repeat(129), "a\nb", 4711, true, List.of("a"), Map.of("id", 1))) {
            FunctionResponse answer = fixture.post(
                            Map.of("templateName", "CallSessionTemplate", "correlationId", inBody))
                    .header("x-correlation-id", "the header")
                    .sendTo(fixture.create)
                    .is(201);
            assertThat(answer.at("correlationId")).isEqualTo("the header");
            assertThat(answer.each("warnings", "target")).containsExactly("correlationId", "title");
            fixture.delete("/sessions/" + answer.text("sessionId")).is(204);
        }
    }

    @Test
    void invalid_correlation_id_never_fails_another_operation() {
        String path = "/sessions/" + fixture.session();
        Map<String, Object> tab = Map.of(
                "templateName",
                "msdyn_entityrecord",
                "templateParameters",
                Map.of("entityName", "account"),
                "correlationId",
                7);

        FunctionResponse opened = fixture.event("POST", path + "/tabs")
                .body(tab)
                .sendTo(fixture.manage)
                .is(201);
        assertThat(opened.each("warnings", "code")).contains("correlationIdIgnored");
        assertThat(fixture.event("POST", path + "/tabs")
                        .header("x-correlation-id", "call 7")
                        .body(Map.of(
                                "templateName",
                                "msdyn_entityrecord",
                                "templateParameters",
                                Map.of("entityName", "account")))
                        .sendTo(fixture.manage)
                        .is(201)
                        .header("x-correlation-id"))
                .isEqualTo("call 7");
        fixture.event("GET", path)
                .header("x-correlation-id", "x".repeat(129))
                .sendTo(fixture.manage)
                .is(200);
        fixture.event("GET", "/desk")
                .header("x-correlation-id", "a\u0007")
                .sendTo(fixture.manage)
                .is(200);
        assertThat(fixture.event("GET", "/sessions/unknown")
                        .header("x-correlation-id", "{braces}")
                        .sendTo(fixture.manage)
                        .is(404)
                        .header("x-correlation-id"))
                .isEqualTo("{braces}");
    }

    private static final String NOBODY = "bob , bob,bob\u00a0,\u2003bob,bo\u0000b,\u202e\u0000, ,\u200b,bob\ufeff";

    @Test
    void invalid_user_id_is_rejected_in_body_and_path() {
        String session = "/sessions/" + fixture.session();
        var items = fixture.tables.items();

        for (String user : NOBODY.split(",", -1)) {
            fixture.act(session + "/handOver", Map.of("userId", user)).is(400);
            ApiEvent.of("POST", "/users/" + user + "/sessions")
                    .backend("Sessions.ReadWrite.All")
                    .body(CALL)
                    .sendTo(fixture.create)
                    .isInvalid("invalidValue userId");
            ApiEvent.of("GET", "/users/" + user + "/desk")
                    .backend("Sessions.ReadWrite.All")
                    .sendTo(fixture.manage)
                    .isInvalid("invalidValue userId");
            fixture.event("GET", "/desk").user(user).sendTo(fixture.manage).isError(401, "unauthorized");
            fixture.event("GET", "/desk")
                    .claim("tid", user)
                    .sendTo(fixture.manage)
                    .isError(401, "unauthorized");
        }

        fixture.act(session + "/handOver", Map.of("userId", "bob ")).isInvalid("invalidValue userId");
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @Test
    void users_with_ids_that_differ_in_one_character_are_separate() {
        String id = fixture.session();

        fixture.event("GET", "/sessions/" + id)
                .user(fixture.user + "a")
                .sendTo(fixture.manage)
                .is(404);
        fixture.event("GET", "/sessions/" + id)
                .user(fixture.user.toUpperCase(java.util.Locale.ROOT))
                .sendTo(fixture.manage)
                .is(404);
    }

    @Test
    void hand_over_to_a_user_without_a_desk_returns_a_warning() {
        String id = fixture.session();

        FunctionResponse answer =
                fixture.handOver(id, "new user").sendTo(fixture.manage).is(200);

        assertThat(answer.each("warnings", "code")).containsExactly("unknownUser");
        assertThat(answer.each("warnings", "target")).containsExactly("userId");
        assertThat(fixture.event("GET", "/sessions/" + id)
                        .user("new user")
                        .sendTo(fixture.manage)
                        .is(200)
                        .each("warnings", "code"))
                .isEmpty();
        String second = fixture.session();
        assertThat(fixture.act("/sessions/" + second + "/handOver", Map.of("userId", "new user"))
                        .is(200)
                        .each("warnings", "code"))
                .isEmpty();
    }

    @Test
    void strict_hand_over_to_a_user_without_a_desk_writes_nothing() {
        String path = "/sessions/" + fixture.session();
        var items = fixture.tables.items();

        FunctionResponse answer = fixture.event("POST", path + "/handOver")
                .header("prefer", "handling=strict")
                .body(Map.of("userId", "new user"))
                .sendTo(fixture.manage)
                .isError(422, "unknownUser");

        assertThat(answer.header("Preference-Applied")).isEqualTo("handling=strict");
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sessions/{sessionId}",
                "/sessions/{sessionId}/tabs",
                "/sessions/home/tabs/{tabId}",
                "/users/{userId}/desk",
                "/users/bob/sessions/{sessionId}",
                "/sessions/}",
                "/sessions/a{b"
            })
    void placeholder_in_a_path_is_rejected_with_its_name(String path) {
        FunctionResponse answer = path.startsWith("/users")
                ? ApiEvent.of("GET", path).backend("Sessions.ReadWrite.All").sendTo(fixture.manage)
                : fixture.get(path);

        answer.isError(400, "invalidRequest");
        int brace = Math.max(path.indexOf('{'), path.indexOf('}'));
        String segment = path.substring(path.lastIndexOf('/', brace) + 1).split("/", -1)[0];
        assertThat(answer.text("error.details[0].message")).contains(segment);
    }
}
