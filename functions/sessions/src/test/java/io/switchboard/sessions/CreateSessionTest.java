package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies, headers and responses of {@code POST /sessions}. */
class CreateSessionTest {
    private static final String GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private final SessionFixture fixture = new SessionFixture();

    @Test
    void location_is_the_absolute_url_of_the_session() {
        FunctionResponse answer = fixture.create(CALL).is(201);

        assertThat(answer.header("Location"))
                .isEqualTo("https://api.contoso.example/sessions/" + answer.text("sessionId"));
        assertThat(answer.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("request-id")).isEqualTo("request-1");
        assertThat(answer.headers())
                .doesNotContainKeys("Preference-Applied", "Idempotency-Replayed", "client-request-id");
    }

    @Test
    void location_uses_the_public_base_url_instead_of_the_host_header() {
        SessionFixture published = new SessionFixture("PUBLIC_BASE_URL", "https://desk.contoso.example/api/");

        FunctionResponse answer =
                published.post(CALL).header("host", "evil.example").sendTo(published.create);

        assertThat(answer.header("Location"))
                .isEqualTo("https://desk.contoso.example/api/sessions/" + answer.text("sessionId"));
        assertThat(fixture.post(CALL)
                        .header("host", "evil.example")
                        .sendTo(fixture.create)
                        .header("Location"))
                .doesNotContain("evil");
    }

    @Test
    void body_can_be_a_json_string_with_the_object() {
        assertThat(fixture.post(Json.write(CALL)).sendTo(fixture.create).is(201).at("title"))
                .isEqualTo("Contoso");
    }

    @Test
    void body_can_be_base64() {
        assertThat(fixture.event("POST", "/sessions")
                        .bytes(Json.write(CALL).getBytes(StandardCharsets.UTF_8))
                        .sendTo(fixture.create)
                        .is(201)
                        .at("title"))
                .isEqualTo("Contoso");
    }

    @Test
    void session_context_can_be_an_array_of_pairs() {
        FunctionResponse answer = fixture.create(Map.of(
                        "templateName",
                        CASE,
                        "sessionContext",
                        List.of(List.of("parametersStr", INCIDENT), List.of("customerName", "Contoso"))))
                .is(201);

        assertThat(answer.at("anchor.entityName")).isEqualTo("incident");
        assertThat(answer.at("context")).isEqualTo(Map.of("customerName", "Contoso"));
        // {anchor.title} has no value, so customerName is the title.
        assertThat(answer.at("title")).isEqualTo("Contoso");
    }

    @Test
    void data_object_of_the_anchor_record_is_stored_as_text() {
        FunctionResponse answer = ApiEvent.named("CreateSession", "201.anchor-record-with-data-object")
                .sendTo(fixture.create)
                .is(201);

        assertThat(answer.at("title")).isEqualTo("Printer on fire");
        assertThat(Json.readOwn(answer.text("tabs[0].parameters.data")))
                .isEqualTo(Map.of("subject", "Printer", "priority", 1));
        assertThat(answer.each("warnings", "code")).isEmpty();
    }

    @Test
    void unknown_scalars_and_a_context_object_are_added_to_the_context_with_warnings() {
        FunctionResponse answer = fixture.create(Map.of(
                        "templateName",
                        "CallSessionTemplate",
                        "templateParameters",
                        Map.of("customer", "Contoso"),
                        "customerPhone",
                        "{customer}",
                        "attempts",
                        2,
                        "context",
                        Map.of("channel", "voice", "customer", "Fabrikam")))
                .is(201);

        assertThat(answer.at("context"))
                .isEqualTo(Map.of(
                        "customer", "Contoso", "customerPhone", "{customer}", "attempts", 2, "channel", "voice"));
        assertThat(answer.each("warnings", "code"))
                .containsOnly("unknownProperty")
                .hasSize(3);
        assertThat(answer.each("warnings", "target")).containsExactlyInAnyOrder("customerPhone", "attempts", "context");
    }

    @Test
    void strict_handling_returns_422_with_preference_applied() {
        Map<String, Object> body = Map.of("templateName", "CallSessionTemplate", "phone", "+1", "attempts", 2);
        var before = fixture.tables.items();

        FunctionResponse refused =
                fixture.post(body).header("prefer", "handling=strict").sendTo(fixture.create);

        refused.is(422).isErrorBody();
        assertThat(refused.detailCodes())
                .containsExactlyInAnyOrder("unknownProperty", "unknownProperty", "unresolvedSlug");
        assertThat(refused.header("Preference-Applied")).isEqualTo("handling=strict");
        assertThat(fixture.tables.items()).isEqualTo(before);
        FunctionResponse created =
                fixture.post(CALL).header("prefer", "handling=strict").sendTo(fixture.create);
        assertThat(created.is(201).header("Preference-Applied")).isEqualTo("handling=strict");
    }

    @Test
    void dry_run_returns_the_session_without_ids_and_writes_nothing() {
        var before = fixture.tables.items();

        FunctionResponse answer = fixture.post(CALL)
                .query("dryRun", "true")
                .header("idempotency-key", "key")
                .sendTo(fixture.create)
                .is(200);

        assertThat(answer.headers()).doesNotContainKeys("Location", "ETag", "Idempotency-Replayed");
        assertThat(answer.json())
                .doesNotContainKeys("sessionId", "anchorTabId", "focusedTabId", "version")
                .containsEntry("title", "Contoso")
                .containsEntry("isFocused", true);
        assertThat(answer.body()).doesNotContain("tabId");
        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @Test
    void dry_run_ignores_the_idempotency_key_before_and_after_it_is_used() {
        ApiEvent event = fixture.post(CALL).header("idempotency-key", "key");
        event.copy().query("dryRun", "true").sendTo(fixture.create).is(200);
        assertThat(event.copy().sendTo(fixture.create).is(201).headers()).doesNotContainKey("Idempotency-Replayed");

        FunctionResponse other = event.copy()
                .body(Map.of("templateName", "CallSessionTemplate"))
                .query("dryRun", "true")
                .sendTo(fixture.create);

        assertThat(other.is(200).headers()).doesNotContainKey("Idempotency-Replayed");
    }

    @Test
    void dry_run_at_the_limit_warns() {
        SessionFixture one = new SessionFixture("SESSION_LIMIT", "1");
        one.session();

        FunctionResponse answer =
                one.post(CALL).query("dryRun", "true").sendTo(one.create).is(200);

        assertThat(answer.each("warnings", "code")).containsExactly("sessionLimitReached");
    }

    @Test
    void correlation_id_of_the_header_is_returned_and_stored() {
        FunctionResponse answer = fixture.post(CALL)
                .header("x-correlation-id", GUID)
                .header("client-request-id", "contoso 7")
                .sendTo(fixture.create)
                .is(201);

        assertThat(answer.at("correlationId")).isEqualTo(GUID);
        assertThat(answer.header("x-correlation-id")).isEqualTo(GUID);
        assertThat(answer.header("client-request-id")).isEqualTo("contoso 7");
    }

    @Test
    void errors_return_the_client_request_id() {
        FunctionResponse answer = fixture.post(Map.of())
                .header("client-request-id", "contoso 7")
                .sendTo(fixture.create)
                .isInvalid("required templateName");

        assertThat(answer.at("error.innerError.client-request-id")).isEqualTo("contoso 7");
        assertThat(answer.header("client-request-id")).isEqualTo("contoso 7");
    }

    @Test
    void client_request_id_with_a_line_break_is_not_returned() {
        assertThat(fixture.post(CALL)
                        .header("client-request-id", "a\r\nSet-Cookie: b")
                        .sendTo(fixture.create)
                        .headers())
                .doesNotContainKey("client-request-id");
    }

    @Test
    void header_names_are_case_insensitive() {
        FunctionResponse first = fixture.event("POST", "/sessions")
                .text(Json.write(CALL))
                .header("content-type", null)
                .header("CONTENT-TYPE", "application/json")
                .header("IDEMPOTENCY-key", "any case")
                .sendTo(fixture.create)
                .is(201);
        FunctionResponse second =
                fixture.post(CALL).header("idempotency-key", "any case").sendTo(fixture.create);

        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.at("sessionId")).isEqualTo(first.at("sessionId"));
    }

    @Test
    void all_violations_of_a_body_are_reported_in_one_response_with_their_targets() {
        ApiEvent.named("CreateSession", "400.invalidRequest.all-violations-at-once")
                .sendTo(fixture.create)
                .isInvalid(
                        "required templateName",
                        "wrongType templateTag",
                        "wrongType isFocused",
                        "invalidParametersStr sessionContext.parametersStr",
                        "invalidParametersStr sessionContext.parametersStr",
                        "bothForms sessionContext",
                        "unknownProperty TemplateName");
    }

    @Test
    void body_over_one_mebibyte_is_rejected_with_the_limit() {
        var before = fixture.tables.items();
        String twoMegabytes = "{\"templateName\":\"CallSessionTemplate\",\"note\":\"" + "n".repeat(2_000_000) + "\"}";

        FunctionResponse answer =
                fixture.event("POST", "/sessions").text(twoMegabytes).sendTo(fixture.create);

        answer.isError(413, "contentTooLarge");
        assertThat(answer.text("error.message")).contains("1048576");
        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_048_576, 1_048_577})
    void size_of_a_body_is_measured_in_bytes(int bytes) {
        String head = "{\"templateName\":\"CallSessionTemplate\",\"note\":\"";
        int rest = bytes - head.length() - 2;
        String body = head + "é".repeat(rest / 2) + "n".repeat(rest % 2) + "\"}";
        assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);

        FunctionResponse answer = fixture.event("POST", "/sessions").text(body).sendTo(fixture.create);

        if (bytes > 1_048_576) {
            answer.isError(413, "contentTooLarge");
        } else {
            assertThat(answer.isError(400, "invalidRequest").detailCodes()).contains("contextTooLarge");
        }
    }

    @Test
    void body_nested_a_thousand_levels_deep_is_rejected_everywhere() {
        String deep = "[".repeat(1_000) + "]".repeat(1_000);
        var before = fixture.tables.items();

        for (String body : List.of(
                deep,
                "{\"templateName\":" + deep + "}",
                "{\"templateName\":\"CallSessionTemplate\",\"context\":" + deep + "}",
                Json.write("{\"templateName\":" + deep + "}"))) {
            fixture.event("POST", "/sessions").text(body).sendTo(fixture.create).isInvalid("malformedJson");
        }
        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @Test
    void context_of_32_kibibytes_is_accepted() {
        // {"customer":"…"} adds 15 bytes to the value.
        fixture.create(Map.of(
                        "templateName",
                        "CallSessionTemplate",
                        "templateParameters",
                        Map.of("customer", "c".repeat(32_753))))
                .is(201);
        fixture.create(Map.of(
                        "templateName",
                        "CallSessionTemplate",
                        "templateParameters",
                        Map.of("customer", "c".repeat(32_754))))
                .isInvalid("contextTooLarge templateParameters");
    }

    @Test
    void empty_object_of_a_javascript_map_is_rejected_with_the_form_to_send() {
        FunctionResponse answer = fixture.create(Map.of("templateName", CASE, "sessionContext", Map.of()));

        answer.isError(422, "anchorRecordRequired");
        assertThat(answer.text("error.message")).contains("parametersStr", "[...map]", "incident");
    }

    @Test
    void backend_creates_for_a_user_and_gets_a_location_below_that_user() {
        FunctionResponse answer = ApiEvent.of("POST", "/users/agent 7%2F@contoso.example/sessions")
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .body(CALL)
                .sendTo(fixture.create)
                .is(201);

        // The path is decoded, so its %2F is text and is encoded once in the link.
        assertThat(answer.header("Location"))
                .isEqualTo("https://api.contoso.example/users/agent%207%252F%40contoso.example/sessions/"
                        + answer.text("sessionId"));
        ApiEvent.of("GET", "/sessions/" + answer.text("sessionId"))
                .user("agent 7%2F@contoso.example")
                .claim("tid", fixture.tenant)
                .sendTo(fixture.manage)
                .is(200);
        ApiEvent.of("GET", "/sessions/" + answer.text("sessionId"))
                .user("agent 7/@contoso.example")
                .claim("tid", fixture.tenant)
                .sendTo(fixture.manage)
                .isError(404, "notFound");
    }

    @Test
    void create_session_serves_only_its_routes() {
        fixture.event("GET", "/sessions").sendTo(fixture.create).isError(405, "methodNotAllowed");
        assertThat(fixture.event("PUT", "/sessions").sendTo(fixture.create).header("Allow"))
                .isEqualTo("POST");
        fixture.event("POST", "/sessions/").sendTo(fixture.create).isError(404, "notFound");
        fixture.event("POST", "/users//sessions").sendTo(fixture.create).isError(404, "notFound");
        assertThat(fixture.event("OPTIONS", "/sessions")
                        .withoutClaims()
                        .sendTo(fixture.create)
                        .is(204)
                        .body())
                .isEmpty();
    }
}
