package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies, headers and answers of {@code POST /sessions}. */
class CreateSessionTest {
    private static final String GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private final SessionFixture fixture = new SessionFixture();

    @Test
    void location_is_absolute_and_leads_to_the_session() {
        Answer answer = fixture.create(CALL).is(201);

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
    void location_is_below_the_public_base_url_and_never_of_the_host_header() {
        SessionFixture published = new SessionFixture("PUBLIC_BASE_URL", "https://desk.contoso.example/api/");

        Answer answer = published.post(CALL).header("host", "evil.example").sendTo(published.create);

        assertThat(answer.header("Location"))
                .isEqualTo("https://desk.contoso.example/api/sessions/" + answer.text("sessionId"));
        assertThat(fixture.post(CALL)
                        .header("host", "evil.example")
                        .sendTo(fixture.create)
                        .header("Location"))
                .doesNotContain("evil");
    }

    @Test
    void body_may_be_a_json_string_that_holds_the_object() {
        assertThat(fixture.post(Json.write(CALL)).sendTo(fixture.create).is(201).at("title"))
                .isEqualTo("Contoso");
    }

    @Test
    void body_may_come_in_base64() {
        assertThat(fixture.event("POST", "/sessions")
                        .bytes(Json.write(CALL).getBytes(StandardCharsets.UTF_8))
                        .sendTo(fixture.create)
                        .is(201)
                        .at("title"))
                .isEqualTo("Contoso");
    }

    @Test
    void session_context_may_be_what_spreading_a_map_gives() {
        Answer answer = fixture.create(Map.of(
                        "templateName",
                        CASE,
                        "sessionContext",
                        List.of(List.of("parametersStr", INCIDENT), List.of("customerName", "Contoso"))))
                .is(201);

        assertThat(answer.at("anchor.entityName")).isEqualTo("incident");
        assertThat(answer.at("context")).isEqualTo(Map.of("customerName", "Contoso"));
        // {anchor.title} has no value; then customerName is the title.
        assertThat(answer.at("title")).isEqualTo("Contoso");
    }

    @Test
    void data_of_the_anchor_record_may_be_an_object_and_arrives_as_text() {
        Answer answer = ApiEvent.named("CreateSession", "201.anchor-record-with-data-object")
                .sendTo(fixture.create)
                .is(201);

        assertThat(answer.at("title")).isEqualTo("Printer on fire");
        assertThat(Json.readOwn(answer.text("tabs[0].parameters.data")))
                .isEqualTo(Map.of("subject", "Printer", "priority", 1));
        assertThat(answer.each("warnings", "code")).isEmpty();
    }

    @Test
    void unknown_scalars_and_a_context_object_join_the_context_with_a_warning_each() {
        Answer answer = fixture.create(Map.of(
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
    void strict_handling_turns_warnings_into_one_422_and_says_that_it_was_applied() {
        Map<String, Object> body = Map.of("templateName", "CallSessionTemplate", "phone", "+1", "attempts", 2);
        var before = fixture.tables.items();

        Answer refused = fixture.post(body).header("prefer", "handling=strict").sendTo(fixture.create);

        refused.is(422).isErrorBody();
        assertThat(refused.detailCodes())
                .containsExactlyInAnyOrder("unknownProperty", "unknownProperty", "unresolvedSlug");
        assertThat(refused.header("Preference-Applied")).isEqualTo("handling=strict");
        assertThat(fixture.tables.items()).isEqualTo(before);
        Answer created = fixture.post(CALL).header("prefer", "handling=strict").sendTo(fixture.create);
        assertThat(created.is(201).header("Preference-Applied")).isEqualTo("handling=strict");
    }

    @Test
    void dry_run_shows_the_session_without_any_id_and_writes_nothing() {
        var before = fixture.tables.items();

        Answer answer = fixture.post(CALL)
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

        Answer other = event.copy()
                .body(Map.of("templateName", "CallSessionTemplate"))
                .query("dryRun", "true")
                .sendTo(fixture.create);

        assertThat(other.is(200).headers()).doesNotContainKey("Idempotency-Replayed");
    }

    @Test
    void dry_run_at_the_limit_warns() {
        SessionFixture one = new SessionFixture("SESSION_LIMIT", "1");
        one.session();

        Answer answer =
                one.post(CALL).query("dryRun", "true").sendTo(one.create).is(200);

        assertThat(answer.each("warnings", "code")).containsExactly("sessionLimitReached");
    }

    @Test
    void correlation_id_of_the_header_is_echoed_and_kept() {
        Answer answer = fixture.post(CALL)
                .header("x-correlation-id", GUID)
                .header("client-request-id", "contoso 7")
                .sendTo(fixture.create)
                .is(201);

        assertThat(answer.at("correlationId")).isEqualTo(GUID);
        assertThat(answer.header("x-correlation-id")).isEqualTo(GUID);
        assertThat(answer.header("client-request-id")).isEqualTo("contoso 7");
    }

    @Test
    void errors_echo_the_client_request_id() {
        Answer answer = fixture.post(Map.of())
                .header("client-request-id", "contoso 7")
                .sendTo(fixture.create)
                .isInvalid("required templateName");

        assertThat(answer.at("error.innerError.client-request-id")).isEqualTo("contoso 7");
        assertThat(answer.header("client-request-id")).isEqualTo("contoso 7");
    }

    @Test
    void client_request_id_that_could_split_a_header_is_not_echoed() {
        assertThat(fixture.post(CALL)
                        .header("client-request-id", "a\r\nSet-Cookie: b")
                        .sendTo(fixture.create)
                        .headers())
                .doesNotContainKey("client-request-id");
    }

    @Test
    void header_names_may_be_in_any_case() {
        Answer first = fixture.event("POST", "/sessions")
                .text(Json.write(CALL))
                .header("content-type", null)
                .header("CONTENT-TYPE", "application/json")
                .header("IDEMPOTENCY-key", "any case")
                .sendTo(fixture.create)
                .is(201);
        Answer second = fixture.post(CALL).header("idempotency-key", "any case").sendTo(fixture.create);

        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.at("sessionId")).isEqualTo(first.at("sessionId"));
    }

    @Test
    void all_violations_of_a_body_come_in_one_answer_each_with_its_target() {
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
    void body_over_one_mebibyte_is_a_413_that_says_how_large_it_may_be() {
        var before = fixture.tables.items();
        String twoMegabytes = "{\"templateName\":\"CallSessionTemplate\",\"note\":\"" + "n".repeat(2_000_000) + "\"}";

        Answer answer = fixture.event("POST", "/sessions").text(twoMegabytes).sendTo(fixture.create);

        answer.isError(413, "contentTooLarge");
        assertThat(answer.text("error.message")).contains("1048576");
        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_048_576, 1_048_577})
    void size_of_a_body_counts_bytes_not_characters(int bytes) {
        String head = "{\"templateName\":\"CallSessionTemplate\",\"note\":\"";
        int rest = bytes - head.length() - 2;
        String body = head + "é".repeat(rest / 2) + "n".repeat(rest % 2) + "\"}";
        assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);

        Answer answer = fixture.event("POST", "/sessions").text(body).sendTo(fixture.create);

        if (bytes > 1_048_576) {
            answer.isError(413, "contentTooLarge");
        } else {
            assertThat(answer.isError(400, "invalidRequest").detailCodes()).contains("contextTooLarge");
        }
    }

    @Test
    void body_nested_a_thousand_deep_is_a_400_in_every_place() {
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
    void context_may_have_exactly_32_kibibytes() {
        // {"customer":"…"} is 15 bytes around the value.
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
    void javascript_map_that_became_an_empty_object_is_answered_with_the_form_to_send() {
        Answer answer = fixture.create(Map.of("templateName", CASE, "sessionContext", Map.of()));

        answer.isError(422, "anchorRecordRequired");
        assertThat(answer.text("error.message")).contains("parametersStr", "[...map]", "incident");
    }

    @Test
    void backend_creates_for_a_user_and_location_stays_below_that_user() {
        Answer answer = ApiEvent.of("POST", "/users/agent 7%2F@contoso.example/sessions")
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .body(CALL)
                .sendTo(fixture.create)
                .is(201);

        // The path came decoded: its %2F is text, and is encoded once in the link.
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
    void routes_of_create_session_are_no_others() {
        fixture.event("GET", "/sessions").sendTo(fixture.create).isError(405, "methodNotAllowed");
        assertThat(fixture.event("PUT", "/sessions").sendTo(fixture.create).header("Allow"))
                .isEqualTo("POST");
        fixture.event("POST", "/sessions/").sendTo(fixture.create).isError(404, "notFound");
        fixture.event("POST", "/users//sessions").sendTo(fixture.create).isError(404, "notFound");
        assertThat(fixture.event("OPTIONS", "/sessions")
                        .nobody()
                        .sendTo(fixture.create)
                        .is(204)
                        .body())
                .isEmpty();
    }
}
