package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.template.TemplateKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to a session after it was created: focus, close, reopen, delete, hand-over. */
class SessionLifeTest {
    private final SessionFixture fixture = new SessionFixture();

    @Test
    void session_is_created_from_a_generic_template_by_its_unique_name() {
        assertThat(fixture.create(CALL).is(201).json())
                .containsEntry("templateName", "CallSessionTemplate")
                .containsEntry("type", "generic");
    }

    @Test
    void session_is_created_from_an_entity_template_with_its_record_as_anchor() {
        Answer created = fixture.create(
                        Map.of("templateName", CASE, "sessionContext", Map.of("parametersStr", INCIDENT)))
                .is(201);
        assertThat(created.at("type")).isEqualTo("entity");
        assertThat(created.at("anchor.entityName")).isEqualTo("incident");
    }

    @Test
    void caller_overrides_what_is_configured_for_all_tabs_and_for_one() {
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
        Answer created = fixture.create(Map.of("templateName", "contoso_call", "templateParameters", parameters))
                .is(201);
        return List.of(created.text("tabs[0].parameters.data"), created.text("tabs[1].parameters.data"));
    }

    @Test
    void session_opened_in_the_background_comes_into_focus_when_it_is_asked_to() {
        String first = fixture.session();
        String second = fixture.backgroundSession();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(first);

        Answer focused = fixture.act("/sessions/" + second + "/focus").is(200);

        assertThat(focused.at("isFocused")).isEqualTo(true);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(second);
        assertThat(fixture.get("/sessions/" + first).at("isFocused")).isEqualTo(false);
    }

    @Test
    void focus_answers_with_what_became_of_it() {
        String id = fixture.session();
        String other = fixture.session();
        assertThat(fixture.act("/sessions/" + id + "/focus").is(200).at("isFocused"))
                .isEqualTo(true);
        // Again changes nothing that anybody sees.
        Answer again = fixture.act("/sessions/" + id + "/focus").is(200);
        assertThat(again.header("ETag")).isEqualTo("W/\"1\"");
        fixture.close(other);
        fixture.act("/sessions/" + other + "/focus").isError(409, "sessionClosed");
        fixture.act("/sessions/" + UUID.randomUUID() + "/focus").isError(404, "notFound");
    }

    @Test
    void desk_tells_which_session_is_in_focus() {
        String id = fixture.session();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(id);
        assertThat(fixture.act("/sessions/home/focus").is(200).at("isFocused")).isEqualTo(true);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo("home");
        assertThat(fixture.get("/sessions/" + id).at("isFocused")).isEqualTo(false);
    }

    @Test
    void attention_is_asked_for_without_switching_and_granted_by_the_focus() {
        String waiting = fixture.session();
        String focused = fixture.session();

        Answer asked = fixture.act("/sessions/" + waiting + "/requestFocus").is(200);
        assertThat(asked.json()).containsEntry("focusRequested", true).containsEntry("isFocused", false);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(focused);
        assertThat(fixture.get("/desk").at("sessions[1].focusRequested")).isEqualTo(true);
        // Asked again it stands as it is.
        assertThat(fixture.act("/sessions/" + waiting + "/requestFocus").is(200).header("ETag"))
                .isEqualTo(asked.header("ETag"));

        assertThat(fixture.act("/sessions/" + waiting + "/focus").is(200).at("focusRequested"))
                .isEqualTo(false);
    }

    @Test
    void session_in_focus_needs_no_attention() {
        String id = fixture.session();
        Answer asked = fixture.act("/sessions/" + id + "/requestFocus").is(200);
        assertThat(asked.at("focusRequested")).isEqualTo(false);
        assertThat(asked.header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void session_that_may_not_be_closed_is_neither_closed_nor_deleted_until_it_may() {
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
    void home_is_read_and_focused_and_refuses_everything_else() {
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
    void closed_session_keeps_its_context_and_is_opened_again() {
        String id = fixture.session();
        String other = fixture.session();
        fixture.close(id).is(200);
        assertThat(fixture.get("/sessions/" + id).at("context.customer")).isEqualTo("Contoso");
        for (Answer refused : List.of(
                fixture.patch("/sessions/" + id, Map.of("title", "x")),
                fixture.act("/sessions/" + id + "/focus"),
                fixture.act("/sessions/" + id + "/requestFocus"),
                fixture.act("/sessions/" + id + "/handOver", Map.of("userId", "bob")),
                fixture.act("/sessions/" + id + "/tabs", Map.of("templateName", "msdyn_entityrecord")))) {
            refused.isError(409, "sessionClosed");
        }

        Answer reopened = fixture.act("/sessions/" + id + "/reopen").is(200);

        assertThat(reopened.json()).containsEntry("status", "open").containsEntry("isFocused", true);
        assertThat(reopened.at("closedDateTime")).isNull();
        assertThat(fixture.get("/desk").each("sessions", "sessionId")).contains(id, other);
        // An open one stays as it is.
        assertThat(fixture.act("/sessions/" + id + "/reopen").is(200).json()).isEqualTo(reopened.json());
    }

    @Test
    void reopening_needs_a_free_place() {
        SessionFixture small = new SessionFixture("SESSION_LIMIT", "1");
        String closed = small.session();
        small.close(closed);
        String open = small.session();
        small.act("/sessions/" + closed + "/reopen").isError(409, "sessionLimitReached");
        small.close(open);
        small.act("/sessions/" + closed + "/reopen").is(200);
    }

    @Test
    void deleted_session_is_gone_from_desk_list_and_address() {
        String id = fixture.session();
        Answer deleted = fixture.delete("/sessions/" + id).is(204);
        assertThat(deleted.body()).isEmpty();
        fixture.get("/sessions/" + id).isError(404, "notFound");
        fixture.delete("/sessions/" + id).isError(404, "notFound");
        assertThat(fixture.get("/sessions").each("value", "sessionId")).isEmpty();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo("home");
        // A closed one is forgotten too.
        String closed = fixture.session();
        fixture.close(closed);
        fixture.delete("/sessions/" + closed).is(204);
        fixture.get("/sessions/" + closed).isError(404, "notFound");
    }

    @Test
    void session_is_handed_over_to_another_user_once() {
        String id = fixture.session();
        String bob = "bob-" + fixture.user;
        fixture.post(SessionFixture.CALL).user(bob).sendTo(fixture.create).is(201);

        Answer handed = fixture.act("/sessions/" + id + "/handOver", Map.of("userId", bob))
                .is(200);

        assertThat(handed.json())
                .containsEntry("sessionId", id)
                .containsEntry("focusRequested", true)
                .containsEntry("isFocused", false);
        fixture.get("/sessions/" + id).isError(404, "notFound");
        Answer theirs = fixture.event("GET", "/sessions/" + id).user(bob).sendTo(fixture.manage);
        assertThat(theirs.is(200).json()).isEqualTo(handed.json());
        assertThat(theirs.header("ETag")).isEqualTo(handed.header("ETag"));
        // A caller that did not get the answer asks again.
        assertThat(fixture.act("/sessions/" + id + "/handOver", Map.of("userId", bob))
                        .is(200)
                        .json())
                .isEqualTo(handed.json());
        fixture.act("/sessions/" + id + "/handOver", Map.of("userId", "carol")).isError(404, "notFound");
    }

    @Test
    void hand_over_is_refused_to_oneself_to_nobody_and_to_a_full_desk() {
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
        small.act(path, Map.of("userId", "bob")).isError(409, "sessionLimitReached");
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
    void change_under_a_condition_happens_only_to_that_version(String method, String below) {
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
    void provider_changes_only_what_it_made_and_turns_to_home() {
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
    void provider_recognises_its_default_session_by_its_context_and_makes_it_anew() {
        Map<String, Object> wanted =
                Map.of("templateName", "CallSessionTemplate", "templateParameters", Map.of("isDefaultOf", "connector"));
        String first = provider(fixture.post(wanted)).sendTo(fixture.create).text("sessionId");
        provider(fixture.event("POST", "/sessions/" + first + "/close")).sendTo(fixture.manage);
        Answer closed = provider(fixture.event("GET", "/sessions/" + first)).sendTo(fixture.manage);
        assertThat(closed.at("context.isDefaultOf")).isEqualTo("connector");
        provider(fixture.post(wanted)).sendTo(fixture.create).is(201);
    }

    private static ApiEvent provider(ApiEvent event) {
        return event.permissions("Sessions.ReadWrite.Provider").claim("azp", "connector");
    }

    @Test
    void list_shows_what_became_of_each() {
        String open = fixture.session();
        String reopened = fixture.session();
        String closed = fixture.session();
        String deleted = fixture.session();
        String handed = fixture.session();
        fixture.close(reopened);
        fixture.act("/sessions/" + reopened + "/reopen");
        fixture.close(closed);
        fixture.delete("/sessions/" + deleted);
        fixture.act("/sessions/" + handed + "/handOver", Map.of("userId", "bob-" + fixture.user));

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
