package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of a session after its creation: focus, close, reopen, delete and hand-over. */
class SessionLifecycleTest {
    private final SessionFixture fixture = new SessionFixture();

    @Test
    void session_is_created_from_a_generic_template_by_its_unique_name() {
        assertThat(fixture.create(CALL).is(201).json())
                .containsEntry("templateName", "CallSessionTemplate")
                .containsEntry("type", "generic");
    }

    @Test
    void session_is_created_from_an_entity_template_with_its_record_as_anchor() {
        FunctionResponse created = fixture.create(
                        Map.of("templateName", CASE, "sessionContext", Map.of("parametersStr", INCIDENT)))
                .is(201);
        assertThat(created.at("type")).isEqualTo("entity");
        assertThat(created.at("anchor.entityName")).isEqualTo("incident");
    }

    @Test
    void caller_overrides_parameters_of_all_tabs_and_of_one_tab() {
        for (String name : List.of("contoso_one", "contoso_two")) {
            fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                    {"uniqueName":"%s","name":"Tab","pageType":"webResource",
                     "parameters":{"webresourceName":"contoso_page.html","data":"configured"}}""".formatted(name));
        }
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"Call",
                 "communicationPanelMode":"docked","anchorTab":"contoso_one","additionalTabs":["contoso_two"]}""");
        assertThat(data(Map.of())).containsExactly("configured", "configured");
        assertThat(data(Map.of("data", "for all"))).containsExactly("for all", "for all");
        assertThat(data(Map.of("data", "for all", "contoso_two", Map.of("data", "for one"))))
                .containsExactly("for all", "for one");
    }

    private List<Object> data(Map<String, Object> parameters) {
        FunctionResponse created = fixture.create(
                        Map.of("templateName", "contoso_call", "templateParameters", parameters))
                .is(201);
        return List.of(created.text("tabs[0].parameters.data"), created.text("tabs[1].parameters.data"));
    }

    @Test
    void background_session_is_focused_by_a_focus_request() {
        String first = fixture.session();
        String second = fixture.backgroundSession();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(first);

        FunctionResponse focused = fixture.act("/sessions/" + second + "/focus").is(200);

        assertThat(focused.at("isFocused")).isEqualTo(true);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(second);
        assertThat(fixture.get("/sessions/" + first).at("isFocused")).isEqualTo(false);
    }

    @Test
    void focus_returns_the_focused_session() {
        String id = fixture.session();
        String other = fixture.session();
        assertThat(fixture.act("/sessions/" + id + "/focus").is(200).at("isFocused"))
                .isEqualTo(true);
        // A second focus has no visible effect.
        FunctionResponse again = fixture.act("/sessions/" + id + "/focus").is(200);
        assertThat(again.header("ETag")).isEqualTo("W/\"1\"");
        fixture.close(other);
        fixture.act("/sessions/" + other + "/focus").isError(409, "sessionClosed");
        fixture.act("/sessions/" + UUID.randomUUID() + "/focus").isError(404, "notFound");
    }

    @Test
    void desk_has_the_focused_session() {
        String id = fixture.session();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(id);
        assertThat(fixture.act("/sessions/home/focus").is(200).at("isFocused")).isEqualTo(true);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo("home");
        assertThat(fixture.get("/sessions/" + id).at("isFocused")).isEqualTo(false);
    }

    @Test
    void focus_request_does_not_switch_and_ends_with_the_focus() {
        String waiting = fixture.session();
        String focused = fixture.session();

        FunctionResponse asked =
                fixture.act("/sessions/" + waiting + "/requestFocus").is(200);
        assertThat(asked.json()).containsEntry("focusRequested", true).containsEntry("isFocused", false);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(focused);
        assertThat(fixture.get("/desk").at("sessions[1].focusRequested")).isEqualTo(true);
        // A second request changes nothing.
        assertThat(fixture.act("/sessions/" + waiting + "/requestFocus").is(200).header("ETag"))
                .isEqualTo(asked.header("ETag"));

        assertThat(fixture.act("/sessions/" + waiting + "/focus").is(200).at("focusRequested"))
                .isEqualTo(false);
    }

    @Test
    void focus_request_of_the_focused_session_changes_nothing() {
        String id = fixture.session();
        FunctionResponse asked =
                fixture.act("/sessions/" + id + "/requestFocus").is(200);
        assertThat(asked.at("focusRequested")).isEqualTo(false);
        assertThat(asked.header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void session_with_can_close_false_is_neither_closed_nor_deleted() {
        String id = fixture.session();
        assertThat(fixture.patch("/sessions/" + id, Map.of("canClose", false))
                        .is(200)
                        .at("canClose"))
                .isEqualTo(false);

        fixture.close(id).isError(409, "sessionNotClosable");
        fixture.delete("/sessions/" + id).isError(409, "sessionNotClosable");

        fixture.patch("/sessions/" + id, Map.of("canClose", true)).is(200);
        assertThat(fixture.close(id).is(200).at("status")).isEqualTo("closed");
    }

    @Test
    void home_can_be_read_and_focused_but_not_changed() {
        fixture.get("/sessions/home").is(200);
        fixture.act("/sessions/home/focus").is(200);
        assertThat(fixture.get("/sessions/home/tabs").is(200).each("value", "tabId"))
                .isEmpty();
        fixture.act("/sessions/home/close").isError(409, "sessionNotClosable");
        fixture.delete("/sessions/home").isError(409, "sessionNotClosable");
        fixture.patch("/sessions/home", Map.of("title", "Mine")).isError(409, "homeSession");
        fixture.act("/sessions/home/requestFocus").isError(409, "homeSession");
        fixture.act("/sessions/home/reopen").isError(409, "homeSession");
        fixture.act("/sessions/home/handOver", Map.of("userId", "bob")).isError(409, "homeSession");
        fixture.act("/sessions/home/resolveSlug", Map.of("text", "{a}")).isError(409, "homeSession");
        fixture.act("/sessions/home/tabs", Map.of("templateName", "msdyn_entityrecord"))
                .isError(409, "homeSession");
        String tab = "/sessions/home/tabs/" + UUID.randomUUID();
        fixture.get(tab).isError(404, "notFound");
        fixture.delete(tab).isError(404, "notFound");
        fixture.patch(tab, Map.of("title", "x")).isError(404, "notFound");
        fixture.act(tab + "/focus").isError(404, "notFound");
        fixture.act(tab + "/refresh").isError(404, "notFound");
        assertThat(fixture.tables.items().toString()).doesNotContain(fixture.user);
    }

    @Test
    void reopened_session_has_its_context() {
        String id = fixture.session();
        String other = fixture.session();
        fixture.close(id).is(200);
        assertThat(fixture.get("/sessions/" + id).at("context.customer")).isEqualTo("Contoso");
        for (FunctionResponse refused : List.of(
                fixture.patch("/sessions/" + id, Map.of("title", "x")),
                fixture.act("/sessions/" + id + "/focus"),
                fixture.act("/sessions/" + id + "/requestFocus"),
                fixture.act("/sessions/" + id + "/handOver", Map.of("userId", "bob")),
                fixture.act("/sessions/" + id + "/tabs", Map.of("templateName", "msdyn_entityrecord")))) {
            refused.isError(409, "sessionClosed");
        }

        FunctionResponse reopened = fixture.act("/sessions/" + id + "/reopen").is(200);

        assertThat(reopened.json()).containsEntry("status", "open").containsEntry("isFocused", true);
        assertThat(reopened.at("closedDateTime")).isNull();
        assertThat(fixture.get("/desk").each("sessions", "sessionId")).contains(id, other);
        // Reopening an open session changes nothing.
        assertThat(fixture.act("/sessions/" + id + "/reopen").is(200).json()).isEqualTo(reopened.json());
    }

    @Test
    void reopening_requires_a_free_slot() {
        SessionFixture small = new SessionFixture("SESSION_LIMIT", "1");
        String closed = small.session();
        small.close(closed);
        String open = small.session();
        small.act("/sessions/" + closed + "/reopen").isError(409, "sessionLimitReached");
        small.close(open);
        small.act("/sessions/" + closed + "/reopen").is(200);
    }

    @Test
    void deleted_session_is_missing_in_desk_list_and_url() {
        String id = fixture.session();
        FunctionResponse deleted = fixture.delete("/sessions/" + id).is(204);
        assertThat(deleted.body()).isEmpty();
        fixture.get("/sessions/" + id).isError(404, "notFound");
        fixture.delete("/sessions/" + id).isError(404, "notFound");
        assertThat(fixture.get("/sessions").each("value", "sessionId")).isEmpty();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo("home");
        // A closed session can be deleted too.
        String closed = fixture.session();
        fixture.close(closed);
        fixture.delete("/sessions/" + closed).is(204);
        fixture.get("/sessions/" + closed).isError(404, "notFound");
    }

    @Test
    void hand_over_moves_the_session_to_another_user_once() {
        String id = fixture.session();
        String bob = "bob-" + fixture.user;
        fixture.post(SessionFixture.CALL).user(bob).sendTo(fixture.create).is(201);

        FunctionResponse handed =
                fixture.handOver(id, bob).sendTo(fixture.manage).is(200);

        assertThat(handed.json())
                .containsEntry("sessionId", id)
                .containsEntry("focusRequested", true)
                .containsEntry("isFocused", false);
        fixture.get("/sessions/" + id).isError(404, "notFound");
        FunctionResponse theirs =
                fixture.event("GET", "/sessions/" + id).user(bob).sendTo(fixture.manage);
        assertThat(theirs.is(200).json()).isEqualTo(handed.json());
        assertThat(theirs.header("ETag")).isEqualTo(handed.header("ETag"));
        // A caller that did not receive the response retries.
        assertThat(fixture.handOver(id, bob).sendTo(fixture.manage).is(200).json())
                .isEqualTo(handed.json());
        fixture.handOver(id, "carol").sendTo(fixture.manage).isError(404, "notFound");
    }

    @Test
    void hand_over_to_the_same_user_to_no_user_and_to_a_full_desk_is_rejected() {
        SessionFixture small = new SessionFixture("SESSION_LIMIT", "1");
        String id = small.session();
        String path = "/sessions/" + id + "/handOver";
        small.act(path, Map.of("userId", small.user)).isInvalid("invalidValue userId");
        small.act(path, Map.of()).isInvalid("required userId");
        small.act(path, Map.of("userId", " ")).isInvalid("required userId");
        small.act(path, Map.of("userId", 7, "why", "x")).isInvalid("wrongType userId", "unknownProperty why");
        small.act(path, Map.of("userId", "é".repeat(200))).isInvalid("tooLong userId");
        small.event("POST", path)
                .text("{\"userId\":\"\\ud800\"}")
                .sendTo(small.manage)
                .is(400);
        small.act(path).isInvalid("required");

        small.post(CALL).user("bob").sendTo(small.create).is(201);
        small.handOver(id, "bob").sendTo(small.manage).isError(409, "sessionLimitReached");
        assertThat(small.get("/sessions/" + id).is(200).at("status")).isEqualTo("open");
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH, ''",
        "DELETE, ''",
        "POST, /focus",
        "POST, /requestFocus",
        "POST, /close",
        "POST, /reopen",
        "POST, /handOver",
        "POST, /tabs"
    })
    void change_with_if_match_requires_that_version(String method, String below) {
        fixture.session();
        String id = fixture.backgroundSession();
        if (below.equals("/reopen")) {
            fixture.close(id);
        }
        String version = String.valueOf(fixture.get("/sessions/" + id).header("ETag"));
        ApiEvent event = fixture.event(method, "/sessions/" + id + below);
        switch (below) {
            case "" -> event.body(Map.of("kpiBreach", "late"));
            case "/handOver" -> event.body(Map.of("userId", "bob"));
            case "/tabs" -> event.body(Map.of("templateName", "msdyn_entityrecord"));
            default -> {}
        }
        var before = fixture.tables.items();
        event.copy().header("if-match", "W/\"77\"").sendTo(fixture.manage).isError(412, "preconditionFailed");
        assertThat(fixture.tables.items()).isEqualTo(before);
        assertThat(event.header("if-match", version).sendTo(fixture.manage).status())
                .isBetween(200, 204);
    }

    @Test
    void provider_changes_only_its_own_sessions_and_can_focus_home() {
        String desks = fixture.session();
        for (ApiEvent event : List.of(
                fixture.event("PATCH", "/sessions/" + desks).body(Map.of("title", "Mine")),
                fixture.event("DELETE", "/sessions/" + desks),
                fixture.event("POST", "/sessions/" + desks + "/focus"),
                fixture.event("POST", "/sessions/" + desks + "/handOver").body(Map.of("userId", "bob")),
                fixture.event("GET", "/sessions/" + desks + "/tabs"))) {
            provider(event).sendTo(fixture.manage).isError(404, "notFound");
        }
        provider(fixture.event("POST", "/sessions/home/focus"))
                .sendTo(fixture.manage)
                .is(200);
        String own = provider(fixture.post(CALL)).sendTo(fixture.create).is(201).text("sessionId");
        provider(fixture.event("PATCH", "/sessions/" + own).body(Map.of("title", "Mine")))
                .sendTo(fixture.manage)
                .is(200);
        provider(fixture.event("POST", "/sessions/" + own + "/close"))
                .sendTo(fixture.manage)
                .is(200);
    }

    @Test
    void provider_recognises_its_default_session_by_its_context_and_creates_it_again() {
        Map<String, Object> wanted =
                Map.of("templateName", "CallSessionTemplate", "templateParameters", Map.of("isDefaultOf", "connector"));
        String first = provider(fixture.post(wanted)).sendTo(fixture.create).text("sessionId");
        provider(fixture.event("POST", "/sessions/" + first + "/close")).sendTo(fixture.manage);
        FunctionResponse closed =
                provider(fixture.event("GET", "/sessions/" + first)).sendTo(fixture.manage);
        assertThat(closed.at("context.isDefaultOf")).isEqualTo("connector");
        provider(fixture.post(wanted)).sendTo(fixture.create).is(201);
    }

    private static ApiEvent provider(ApiEvent event) {
        return event.permissions("Sessions.ReadWrite.Provider").claim("azp", "connector");
    }

    @Test
    void list_has_the_current_state_of_each_session() {
        String open = fixture.session();
        String reopened = fixture.session();
        String closed = fixture.session();
        String deleted = fixture.session();
        String handed = fixture.session();
        fixture.close(reopened);
        fixture.act("/sessions/" + reopened + "/reopen");
        fixture.close(closed);
        fixture.delete("/sessions/" + deleted);
        fixture.handOver(handed, "bob-" + fixture.user).sendTo(fixture.manage).is(200);

        assertThat(listed(fixture.user, "open")).containsExactlyInAnyOrder(open, reopened);
        assertThat(listed(fixture.user, "closed")).containsExactly(closed);
        assertThat(listed("bob-" + fixture.user, "open")).containsExactly(handed);
    }

    private List<Object> listed(String user, String status) {
        return fixture.event("GET", "/sessions")
                .user(user)
                .query("status", status)
                .sendTo(fixture.manage)
                .is(200)
                .each("value", "sessionId");
    }
}
