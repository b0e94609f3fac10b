package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Wrap-up and the communication panel over HTTP. */
class WrapUpRoutesTest {
    private static final String NAME = "contoso_wrap_up";

    private final SessionFixture fixture = new SessionFixture();

    private String template(String wrapUp) {
        return """
                {"uniqueName":"contoso_wrap_up","name":"Call","type":"generic","title":"Call",
                 "communicationPanelMode":"docked","anchorTab":"msdyn_omnichannel_kbsearch","wrapUp":%s}""".formatted(wrapUp);
    }

    /** Creates a session of a template with this wrap-up, and returns its path. */
    private String session(String wrapUp) {
        fixture.store(TemplateKind.SESSION_TEMPLATE, template(wrapUp));
        return session();
    }

    private String session() {
        return "/sessions/"
                + fixture.create(Map.of("templateName", NAME)).is(201).text("sessionId");
    }

    private FunctionResponse backend(String path, Map<String, Object> body) {
        return ApiEvent.of("POST", "/users/" + fixture.user + path)
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .body(body)
                .sendTo(fixture.manage);
    }

    @Test
    void close_starts_the_wrap_up_and_complete_ends_it() {
        String path = session("{\"required\":true,\"seconds\":600,\"dispositions\":[\"solved\",\"other\"]}");

        FunctionResponse wrapped = fixture.act(path + "/close").is(200);

        assertThat(wrapped.json())
                .containsEntry("status", "wrapUp")
                .containsEntry("isFocused", true)
                .containsEntry("closedDateTime", null)
                .containsEntry("closedBy", null);
        assertThat(Instant.parse(wrapped.text("wrapUpExpiresDateTime")))
                .isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(601));
        FunctionResponse desk = fixture.get("/desk");
        assertThat(desk.at("sessions[1].status")).isEqualTo("wrapUp");
        assertThat(desk.at("sessions[1].wrapUpExpiresDateTime")).isEqualTo(wrapped.at("wrapUpExpiresDateTime"));
        assertThat(fixture.event("GET", "/sessions")
                        .query("status", "wrapUp")
                        .sendTo(fixture.manage)
                        .is(200)
                        .each("value", "status"))
                .containsExactly("wrapUp");
        assertThat(fixture.event("GET", "/sessions")
                        .query("status", "open")
                        .sendTo(fixture.manage)
                        .is(200)
                        .each("value", "status"))
                .isEmpty();
        fixture.delete(path).isError(409, "dispositionRequired");
        fixture.act(path + "/complete", Map.of("notes", "x")).isError(409, "dispositionRequired");
        assertThat(fixture.act(path + "/complete", Map.of("disposition", "unknown"))
                        .isError(400, "invalidRequest")
                        .text("error.message"))
                .isNotBlank();

        Map<String, Object> completion = Map.of("disposition", "solved", "notes", "The customer calls back.");
        FunctionResponse closed = fixture.act(path + "/complete", completion).is(200);
        assertThat(closed.json())
                .containsEntry("status", "closed")
                .containsEntry("wrapUpExpiresDateTime", null)
                .containsEntry("disposition", "solved")
                .containsEntry("notes", "The customer calls back.")
                .containsEntry("closedBy", "agent");
        assertThat(fixture.act(path + "/complete", completion).is(200).json()).isEqualTo(closed.json());
        fixture.act(path + "/complete", Map.of("disposition", "other")).isError(409, "sessionClosed");
        assertThat(fixture.act(path + "/reopen").is(200).json())
                .containsEntry("status", "open")
                .containsEntry("disposition", null)
                .containsEntry("notes", "The customer calls back.");
    }

    @Test
    void backend_completes_and_the_session_keeps_the_rules_of_its_creation() {
        String path = session("{\"required\":true,\"seconds\":0,\"dispositions\":[\"solved\"]}");
        fixture.replace(TemplateKind.SESSION_TEMPLATE, template("null"));
        assertThat(fixture.act(path + "/close").is(200).json())
                .containsEntry("status", "wrapUp")
                .containsEntry("wrapUpExpiresDateTime", null);
        assertThat(backend(path + "/complete", Map.of("disposition", "solved"))
                        .is(200)
                        .at("closedBy"))
                .isEqualTo("backend");
    }

    @Test
    void complete_needs_no_body_and_closes_a_session_without_wrap_up() {
        String path = "/sessions/" + fixture.session();
        assertThat(fixture.act(path + "/complete", Map.of("disposition", "solved"))
                        .isError(400, "invalidRequest")
                        .at("error.details[0].target"))
                .isEqualTo("disposition");
        assertThat(fixture.act(path + "/complete").is(200).json())
                .containsEntry("status", "closed")
                .containsEntry("closedBy", null);
    }

    @Test
    void home_and_a_session_that_cannot_be_closed_are_not_completed() {
        fixture.act("/sessions/home/complete").isError(409, "sessionNotClosable");
        String path = session("{\"dispositions\":[\"solved\"]}");
        fixture.patch(path, Map.of("canClose", false)).is(200);
        fixture.act(path + "/close").isError(409, "sessionNotClosable");
        fixture.act(path + "/complete").isError(409, "sessionNotClosable");
    }

    @Test
    void tab_of_the_wrap_up_opens_in_focus_once() {
        String path = session("{\"seconds\":60,\"tab\":\"msdyn_entityrecord\"}");

        FunctionResponse wrapped = fixture.act(path + "/close").is(200);

        assertThat(wrapped.each("tabs", "templateName"))
                .containsExactly("msdyn_omnichannel_kbsearch", "msdyn_entityrecord");
        assertThat(wrapped.each("tabs", "isFocused")).containsExactly(false, true);
        assertThat(wrapped.at("version")).isEqualTo(2);
        fixture.act(path + "/reopen").is(200);
        assertThat(fixture.act(path + "/close").is(200).each("tabs", "templateName"))
                .hasSize(2);
    }

    @Test
    void tab_that_does_not_fit_or_does_not_exist_is_a_warning() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                {"uniqueName":"contoso_tab","name":"Tab","pageType":"webResource",
                 "parameters":{"webresourceName":"contoso_page.html"}}""");
        String path = session("{\"tab\":\"contoso_tab\"}");
        for (int i = 0; i < 9; i++) {
            fixture.act(path + "/tabs", Map.of("templateName", "msdyn_entityrecord"))
                    .is(201);
        }
        FunctionResponse full = fixture.act(path + "/close").is(200);
        assertThat(full.at("status")).isEqualTo("wrapUp");
        assertThat(full.each("warnings", "code")).contains("tabLimitReached");
        String other = session();
        fixture.replace(TemplateKind.SESSION_TEMPLATE, template("null"));
        fixture.delete(TemplateKind.APPLICATION_TAB_TEMPLATE, "contoso_tab");
        assertThat(fixture.act(other + "/close").is(200).each("warnings", "code"))
                .contains("templateNotFound");
    }

    @Test
    void members_of_the_wrap_up_cannot_be_patched() {
        String path = session("{\"dispositions\":[\"solved\"]}");
        for (String name : List.of("disposition", "notes", "closedBy")) {
            fixture.patch(path, Map.of(name, "solved")).isError(400, "invalidRequest");
        }
    }

    @Test
    void setting_excludes_sessions_in_wrap_up_from_the_limit() {
        SessionFixture counted = new SessionFixture("SESSION_LIMIT", "1");
        SessionFixture free = new SessionFixture(counted.environment, "WRAP_UP_COUNTS", "false");
        for (SessionFixture each : List.of(counted, free)) {
            each.store(TemplateKind.SESSION_TEMPLATE, template("{\"seconds\":0}"));
            String id = each.create(Map.of("templateName", NAME)).is(201).text("sessionId");
            each.close(id).is(200);
            assertThat(each.get("/desk").at("canCreateSession")).isEqualTo(each == free);
            FunctionResponse second = each.create(Map.of("templateName", NAME));
            if (each == free) {
                second.is(201);
                assertThat(each.get("/desk").at("openSessions")).isEqualTo(1);
                each.act("/sessions/" + id + "/reopen").isError(409, "sessionLimitReached");
            } else {
                second.isError(409, "sessionLimitReached");
            }
        }
    }

    @Test
    void communication_panel_can_be_changed() {
        String path = "/sessions/" + fixture.session();
        assertThat(fixture.get(path).json()).containsEntry("communicationPanelWidth", null);
        assertThat(fixture.patch(path, Map.of("communicationPanelMode", "minimized", "communicationPanelWidth", 320))
                        .is(200)
                        .json())
                .containsEntry("communicationPanelMode", "minimized")
                .containsEntry("communicationPanelWidth", 320);
        Map<String, Object> reset = new LinkedHashMap<>();
        reset.put("communicationPanelWidth", null);
        assertThat(fixture.patch(path, reset).is(200).json())
                .containsEntry("communicationPanelWidth", null)
                .containsEntry("communicationPanelMode", "minimized");
        for (Object width : List.of(0, 10_001, 1.5, "320")) {
            fixture.patch(path, Map.of("communicationPanelWidth", width)).isError(400, "invalidRequest");
        }
        fixture.patch(path, Map.of("communicationPanelMode", "floating")).isError(400, "invalidRequest");
    }

    @Test
    void panel_of_an_entity_session_stays_hidden() {
        String path = "/sessions/"
                + fixture.create(Map.of("templateName", CASE, "sessionContext", Map.of("parametersStr", INCIDENT)))
                        .is(201)
                        .text("sessionId");
        fixture.patch(path, Map.of("communicationPanelMode", "docked")).isError(400, "invalidRequest");
        assertThat(fixture.patch(path, Map.of("communicationPanelMode", "hidden", "communicationPanelWidth", 200))
                        .is(200)
                        .at("communicationPanelWidth"))
                .isEqualTo(200);
    }
}
