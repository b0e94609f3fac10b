package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The state and the markers of tabs over HTTP (rows T15 and T16 of the feature table). */
class TabStateTest {
    private static final String SEARCH = "msdyn_omnichannel_kbsearch";

    private final SessionFixture fixture = new SessionFixture();

    private ApiEvent put(String path, Object state) {
        return fixture.event("PUT", path).body(state);
    }

    /** Creates a session with a second tab, and returns the path of that tab. */
    private String tab() {
        String session = "/sessions/" + fixture.session();
        return session + "/tabs/"
                + fixture.act(session + "/tabs", Map.of("templateName", SEARCH))
                        .is(201)
                        .text("tabId");
    }

    private static String sessionOf(String tab) {
        return tab.substring(0, tab.indexOf("/tabs/"));
    }

    @Test
    void state_is_stored_read_replaced_and_deleted_with_its_own_entity_tag() {
        String tab = tab();
        String state = tab + "/state";
        String sessionTag = fixture.get(sessionOf(tab)).is(200).header("ETag");
        fixture.get(state).isError(404, "notFound");
        fixture.delete(state).is(204);

        FunctionResponse stored =
                put(state, Map.of("draft", "Dear customer", "step", 2)).sendTo(fixture.manage);
        assertThat(stored.is(200).header("ETag")).isEqualTo("W/\"1\"");
        assertThat(stored.json()).isEqualTo(Map.of("draft", "Dear customer", "step", 2));
        assertThat(put(state, Map.of("draft", "Dear customer", "step", 2))
                        .sendTo(fixture.manage)
                        .is(200)
                        .header("ETag"))
                .isEqualTo("W/\"1\"");
        assertThat(fixture.get(state).is(200).json()).isEqualTo(stored.json());
        fixture.event("GET", state)
                .header("If-None-Match", "W/\"1\"")
                .sendTo(fixture.manage)
                .is(304);
        assertThat(fixture.get(sessionOf(tab)).is(200).header("ETag")).isEqualTo(sessionTag);

        put(state, Map.of())
                .header("If-Match", "W/\"2\"")
                .sendTo(fixture.manage)
                .isError(412, "preconditionFailed");
        put(state, Map.of()).header("If-None-Match", "*").sendTo(fixture.manage).isError(412, "preconditionFailed");
        assertThat(put(state, Map.of())
                        .header("If-Match", "W/\"1\"")
                        .sendTo(fixture.manage)
                        .is(200)
                        .header("ETag"))
                .isEqualTo("W/\"2\"");
        fixture.delete(state).is(204);
        fixture.get(state).isError(404, "notFound");
        put(state, Map.of()).header("If-Match", "*").sendTo(fixture.manage).isError(412, "preconditionFailed");
        assertThat(put(state, Map.of())
                        .header("If-None-Match", "*")
                        .sendTo(fixture.manage)
                        .is(200)
                        .header("ETag"))
                .isEqualTo("W/\"4\"");
    }

    @Test
    void state_is_any_json_value_up_to_16_kib() {
        String state = tab() + "/state";
        for (String json : List.of("[1,2.50,1e3]", "\"text \\u00e9\"", "true", "0", "{\"a\":null}", "[]")) {
            FunctionResponse stored = fixture.event("PUT", state)
                    .text(json)
                    .sendTo(fixture.manage)
                    .is(200);
            assertThat(fixture.get(state).is(200).body()).as(json).isEqualTo(stored.body());
        }
        fixture.event("PUT", state).text("null").sendTo(fixture.manage).isError(400, "invalidRequest");
        fixture.event("PUT", state).text("{").sendTo(fixture.manage).isError(400, "invalidRequest");
        fixture.event("PUT", state).sendTo(fixture.manage).isError(400, "invalidRequest");
        String largest = "x".repeat(16_384 - 2);
        fixture.event("PUT", state)
                .text('"' + largest + '"')
                .sendTo(fixture.manage)
                .is(200);
        fixture.event("PUT", state)
                .text("\"x" + largest + '"')
                .sendTo(fixture.manage)
                .isError(400, "invalidRequest");
        assertThat(fixture.get(state).is(200).body()).contains(largest);
    }

    @Test
    void state_follows_the_session_to_a_closed_one_and_back_and_to_another_user() {
        String tab = tab();
        String state = tab + "/state";
        put(state, Map.of("draft", 1)).sendTo(fixture.manage).is(200);
        fixture.act(sessionOf(tab) + "/close").is(200);

        assertThat(fixture.get(state).is(200).json()).isEqualTo(Map.of("draft", 1));
        put(state, Map.of()).sendTo(fixture.manage).isError(409, "sessionClosed");
        fixture.delete(state).isError(409, "sessionClosed");

        fixture.act(sessionOf(tab) + "/reopen").is(200);
        assertThat(fixture.get(state).is(200).json()).isEqualTo(Map.of("draft", 1));
        String id = sessionOf(tab).substring("/sessions/".length());
        fixture.handOver(id, "eve").sendTo(fixture.manage).is(200);
        fixture.get(state).isError(404, "notFound");
        assertThat(ApiEvent.of("GET", "/users/eve" + state)
                        .backend("Sessions.ReadWrite.All")
                        .claim("tid", fixture.tenant)
                        .sendTo(fixture.manage)
                        .is(200)
                        .json())
                .isEqualTo(Map.of("draft", 1));
    }

    @Test
    void unknown_sessions_and_tabs_have_no_state() {
        String tab = tab();
        put(tab + "x/state", Map.of()).sendTo(fixture.manage).isError(404, "notFound");
        fixture.get("/sessions/home/tabs/x/state").isError(404, "notFound");
        put("/sessions/home/tabs/x/state", Map.of()).sendTo(fixture.manage).isError(404, "notFound");
        fixture.get("/sessions/00000000-0000-4000-8000-000000000000/tabs/x/state")
                .isError(404, "notFound");
        fixture.event("GET", tab + "/state")
                .query("discard", "true")
                .sendTo(fixture.manage)
                .isError(400, "invalidRequest");
        put(tab + "/state", Map.of()).sendTo(fixture.manage).is(200);
        fixture.delete(tab).is(204);
        fixture.get(tab + "/state").isError(404, "notFound");
    }

    @Test
    void markers_are_changed_and_the_focus_ends_the_highlight() {
        String tab = tab();
        assertThat(fixture.get(tab).is(200).json())
                .containsEntry("unsavedChanges", false)
                .containsEntry("highlighted", false);
        assertThat(fixture.patch(tab, Map.of("unsavedChanges", true, "highlighted", true))
                        .is(200)
                        .json())
                .containsEntry("unsavedChanges", true)
                .containsEntry("highlighted", true);
        String version = fixture.get(tab).header("ETag");
        assertThat(fixture.patch(tab, Map.of("highlighted", true)).is(200).header("ETag"))
                .isEqualTo(version);
        assertThat(fixture.act(tab + "/focus").is(200).json())
                .containsEntry("unsavedChanges", true)
                .containsEntry("highlighted", false)
                .containsEntry("isFocused", true);
        fixture.patch(tab, Map.of("unsavedChanges", "yes")).isError(400, "invalidRequest");
        FunctionResponse removed = fixture.event("PATCH", tab)
                .text("{\"highlighted\":null,\"unsavedChanges\":null}")
                .sendTo(fixture.manage)
                .isError(400, "invalidRequest");
        assertThat(removed.detailTargets()).containsExactly("unsavedChanges", "highlighted");
    }

    @Test
    void unsaved_changes_keep_tabs_and_sessions_open_until_they_are_discarded() {
        String tab = tab();
        String session = sessionOf(tab);
        fixture.patch(tab, Map.of("unsavedChanges", true)).is(200);

        fixture.delete(tab).isError(409, "unsavedChanges");
        fixture.act(session + "/close").isError(409, "unsavedChanges");
        fixture.act(session + "/complete").isError(409, "unsavedChanges");
        assertThat(fixture.delete(session).isError(409, "unsavedChanges").text("error.message"))
                .contains(tab.substring(tab.lastIndexOf('/') + 1));
        fixture.event("DELETE", session)
                .query("discard", "maybe")
                .sendTo(fixture.manage)
                .isError(400, "invalidRequest");
        assertThat(fixture.get(session).is(200).text("status")).isEqualTo("open");

        fixture.event("POST", session + "/close")
                .query("discard", "true")
                .sendTo(fixture.manage)
                .is(200);
        assertThat(fixture.act(session + "/close").is(200).text("status")).isEqualTo("closed");
        fixture.act(session + "/reopen").is(200);
        fixture.event("DELETE", tab)
                .query("discard", "true")
                .sendTo(fixture.manage)
                .is(204);
        fixture.delete(session).is(204);
    }
}
