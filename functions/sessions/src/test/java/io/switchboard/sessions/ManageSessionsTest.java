package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading, listing and closing sessions, and the desk. */
class ManageSessionsTest {
    private final SessionFixture fixture = new SessionFixture();

    @Test
    void session_of_another_user_or_tenant_is_not_found() {
        String id = fixture.session();

        for (ApiEvent event : List.of(
                fixture.event("GET", "/sessions/" + id).user("another user"),
                fixture.event("GET", "/sessions/" + id).claim("tid", "fabrikam"),
                fixture.event("POST", "/sessions/" + id + "/close").user("another user"),
                fixture.event("POST", "/sessions/" + id + "/close").claim("tid", "fabrikam"),
                ApiEvent.of("GET", "/users/" + fixture.user + "/sessions/" + id)
                        .backend("Sessions.ReadWrite.All")
                        .claim("tid", "fabrikam"))) {
            event.sendTo(fixture.manage).isError(404, "notFound");
        }
        assertThat(fixture.get("/sessions/" + id).is(200).at("status")).isEqualTo("open");
        assertThat(fixture.event("GET", "/sessions")
                        .user("another user")
                        .sendTo(fixture.manage)
                        .each("value", "sessionId"))
                .isEmpty();
    }

    @Test
    void user_id_with_a_separator_gets_its_own_partition() {
        String id = fixture.session();

        for (String user : List.of("#" + fixture.user, fixture.user + "#SESSION", "%23" + fixture.user)) {
            fixture.event("GET", "/sessions/" + id)
                    .user(user)
                    .sendTo(fixture.manage)
                    .isError(404, "notFound");
        }
        // Tenant "a#b" with user "c" and tenant "a" with user "b#c" would share an unencoded key.
        String other = fixture.event("POST", "/sessions")
                .claim("tid", "a#b")
                .user("c" + fixture.user)
                .body(CALL)
                .sendTo(fixture.create)
                .text("sessionId");
        fixture.event("GET", "/sessions/" + other)
                .claim("tid", "a")
                .user("b#c" + fixture.user)
                .sendTo(fixture.manage)
                .isError(404, "notFound");
    }

    @Test
    void backend_reads_closes_and_lists_the_sessions_of_a_user() {
        String id = fixture.session();
        ApiEvent backend = ApiEvent.of("GET", "/users/" + fixture.user + "/sessions/" + id)
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant);
        assertThat(backend.sendTo(fixture.manage).is(200).at("sessionId")).isEqualTo(id);

        assertThat(asBackend("GET", "/desk").at("focusedSessionId")).isEqualTo(id);
        assertThat(asBackend("GET", "/sessions").each("value", "sessionId")).containsExactly(id);
        assertThat(asBackend("POST", "/sessions/" + id + "/close").is(200).at("status"))
                .isEqualTo("closed");
        assertThat(fixture.get("/sessions/" + id).at("status")).isEqualTo("closed");
    }

    private FunctionResponse asBackend(String method, String path) {
        return ApiEvent.of(method, "/users/" + fixture.user + path)
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .sendTo(fixture.manage);
    }

    @Test
    void provider_sees_only_its_own_sessions_and_home() {
        String desks = fixture.session();
        String providers =
                provider(fixture.post(CALL)).sendTo(fixture.create).is(201).text("sessionId");

        assertThat(provider(fixture.event("GET", "/sessions/" + providers))
                        .sendTo(fixture.manage)
                        .is(200)
                        .at("provider"))
                .isEqualTo("connector");
        provider(fixture.event("GET", "/sessions/" + desks))
                .sendTo(fixture.manage)
                .isError(404, "notFound");
        provider(fixture.event("POST", "/sessions/" + desks + "/close"))
                .sendTo(fixture.manage)
                .isError(404, "notFound");
        assertThat(provider(fixture.event("GET", "/sessions"))
                        .sendTo(fixture.manage)
                        .each("value", "sessionId"))
                .containsExactly(providers);
        assertThat(provider(fixture.event("GET", "/sessions/home"))
                        .sendTo(fixture.manage)
                        .is(200)
                        .at("sessionId"))
                .isEqualTo("home");
        // In APM, the user sees the sessions of all providers.
        assertThat(fixture.get("/sessions/" + providers).is(200).at("provider")).isEqualTo("connector");
    }

    @Test
    void desk_of_a_provider_hides_the_focused_session_of_another_provider() {
        String providers =
                provider(fixture.post(CALL)).sendTo(fixture.create).is(201).text("sessionId");
        FunctionResponse own =
                provider(fixture.event("GET", "/desk")).sendTo(fixture.manage).is(200);
        assertThat(own.at("focusedSessionId")).isEqualTo(providers);

        fixture.session();

        FunctionResponse foreign =
                provider(fixture.event("GET", "/desk")).sendTo(fixture.manage).is(200);
        assertThat(foreign.at("focusedSessionId")).isNull();
        assertThat(foreign.each("sessions", "sessionId")).containsExactly("home", providers);
        assertThat(foreign.at("openSessions")).isEqualTo(2);
    }

    private static ApiEvent provider(ApiEvent event) {
        return event.permissions("Sessions.ReadWrite.Provider").claim("azp", "connector");
    }

    @Test
    void desk_lists_home_first_and_then_the_open_sessions_by_creation() {
        FunctionResponse empty = fixture.get("/desk").is(200);
        assertThat(empty.json()).containsEntry("sessionLimit", 10).containsEntry("openSessions", 0);
        assertThat(empty.at("focusedSessionId")).isEqualTo("home");
        assertThat(empty.at("sessions[0].isFocused")).isEqualTo(true);
        String first = fixture.session();
        String second = fixture.create(Map.of("templateName", "CallSessionTemplate", "isFocused", false))
                .text("sessionId");

        FunctionResponse desk = fixture.get("/desk").is(200);

        assertThat(desk.each("sessions", "sessionId")).containsExactly("home", first, second);
        assertThat(desk.each("sessions", "isFocused")).containsExactly(false, true, false);
        assertThat(desk.at("focusedSessionId")).isEqualTo(first);
        assertThat(desk.json()).containsEntry("openSessions", 2).containsEntry("canCreateSession", true);
    }

    @Test
    void unchanged_desk_returns_304_without_a_body() {
        String id = fixture.session();
        String tag = String.valueOf(fixture.get("/desk").is(200).header("ETag"));
        assertThat(tag).matches("W/\"1-[0-9a-f]+\"");

        FunctionResponse same = fixture.event("GET", "/desk")
                .header("if-none-match", "W/\"x\", " + tag)
                .sendTo(fixture.manage);
        assertThat(same.is(304).body()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo(tag);
        fixture.close(id).is(200);

        FunctionResponse changed =
                fixture.event("GET", "/desk").header("if-none-match", tag).sendTo(fixture.manage);
        assertThat(changed.is(200).header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void closing_the_focused_session_focuses_the_previous_one_and_finally_home() {
        String first = fixture.session();
        String second = fixture.session();
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(second);

        fixture.close(second).is(200);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(first);
        fixture.close(first).is(200);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo("home");
    }

    @Test
    void closed_session_is_readable_and_a_second_close_changes_nothing() {
        String id = fixture.session();

        FunctionResponse closed = fixture.close(id).is(200);
        assertThat(closed.json()).containsEntry("status", "closed").containsEntry("isFocused", false);
        assertThat(closed.at("closedDateTime")).isNotNull();
        assertThat(closed.header("ETag")).isEqualTo("W/\"2\"");
        var before = fixture.tables.items();

        assertThat(fixture.close(id).is(200).json()).isEqualTo(closed.json());
        assertThat(fixture.get("/sessions/" + id).is(200).json()).isEqualTo(closed.json());
        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"W/\"1\", 200", "\"1\", 200", "*, 200", "'W/\"7\", W/\"1\"', 200", "W/\"2\", 412", "1, 412"})
    void close_with_if_match_requires_that_version(String ifMatch, int status) {
        String id = fixture.session();
        var before = fixture.tables.items();

        FunctionResponse answer = fixture.event("POST", "/sessions/" + id + "/close")
                .header("if-match", ifMatch)
                .sendTo(fixture.manage)
                .is(status);

        if (status == 412) {
            answer.isError(412, "preconditionFailed");
            assertThat(fixture.tables.items()).isEqualTo(before);
        }
    }

    @Test
    void home_can_be_read_but_not_closed() {
        FunctionResponse home = fixture.get("/sessions/home").is(200);
        assertThat(home.json())
                .containsEntry("sessionId", "home")
                .containsEntry("title", "Home")
                .containsEntry("isDefault", true)
                .containsEntry("isFocused", true)
                .containsEntry("canClose", false)
                .containsEntry("tabs", List.of());
        fixture.close("home").isError(409, "sessionNotClosable");
        fixture.session();
        assertThat(fixture.get("/sessions/home").at("isFocused")).isEqualTo(false);
    }

    @Test
    void pages_of_a_list_have_neither_gaps_nor_duplicates() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.add(fixture.session());
        }
        List<Object> seen = new ArrayList<>();
        FunctionResponse page = fixture.event("GET", "/sessions")
                .query("$top", "3")
                .sendTo(fixture.manage)
                .is(200);
        int pages = 1;
        while (page.json().containsKey("@odata.nextLink")) {
            assertThat(page.each("value", "sessionId")).hasSize(3);
            seen.addAll(page.each("value", "sessionId"));
            String link = String.valueOf(page.json().get("@odata.nextLink"));
            assertThat(link).startsWith("https://api.contoso.example/sessions?$top=3&");
            assertThat(link.substring(link.indexOf("$skiptoken=")).length()).isLessThan(1_024);
            page = mine(ApiEvent.follow(link)).sendTo(fixture.manage).is(200);
            pages++;
        }
        seen.addAll(page.each("value", "sessionId"));

        assertThat(pages).isEqualTo(3);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    }

    private ApiEvent mine(ApiEvent event) {
        return event.user(fixture.user).claim("tid", fixture.tenant);
    }

    @Test
    void page_token_of_another_query_user_or_list_is_rejected() {
        for (int i = 0; i < 3; i++) {
            fixture.session();
        }
        String link = String.valueOf(fixture.event("GET", "/sessions")
                .query("$top", "1")
                .query("status", "open")
                .sendTo(fixture.manage)
                .json()
                .get("@odata.nextLink"));
        mine(ApiEvent.follow(link)).sendTo(fixture.manage).is(200);
        // A different page size is the same query.
        mine(ApiEvent.follow(link)).query("$top", "2").sendTo(fixture.manage).is(200);

        for (ApiEvent event : List.of(
                mine(ApiEvent.follow(link)).query("status", "closed"),
                mine(ApiEvent.follow(link)).query("templateName", "CallSessionTemplate"),
                mine(ApiEvent.follow(link)).user("another user"),
                mine(ApiEvent.follow(link)).claim("tid", "fabrikam"),
                mine(ApiEvent.follow(link)).permissions("Sessions.ReadWrite.Provider"),
                mine(ApiEvent.follow(link.replace("/sessions?", "/users/" + fixture.user + "/sessions?")))
                        .claim("scp", null)
                        .claim("roles", "Sessions.ReadWrite.All"))) {
            event.sendTo(fixture.manage).isInvalid("invalidPageToken $skiptoken");
        }
    }

    @Test
    void list_filters_by_status_and_template() {
        String open = fixture.session();
        String closed = fixture.session();
        fixture.close(closed);
        String other =
                fixture.create(Map.of("templateName", "msdyn_chat_session")).text("sessionId");

        assertThat(listed("status", "open")).containsExactlyInAnyOrder(open, other);
        assertThat(listed("status", "closed")).containsExactly(closed);
        assertThat(listed("templateName", "msdyn_chat_session")).containsExactly(other);
        assertThat(listed("templateName", "MSDYN_chat_session")).isEmpty();
    }

    private List<Object> listed(String filter, String value) {
        return fixture.event("GET", "/sessions")
                .query(filter, value)
                .sendTo(fixture.manage)
                .is(200)
                .each("value", "sessionId");
    }

    @Test
    void openapi_document_is_cacheable_and_compressed() {
        FunctionResponse plain = ApiEvent.of("GET", "/openapi.json")
                .withoutClaims()
                .sendTo(fixture.manage)
                .is(200);
        assertThat(plain.headers())
                .containsEntry("Cache-Control", "public, max-age=300")
                .containsEntry("Vary", "Accept-Encoding")
                .containsKey("ETag")
                .doesNotContainKey("Content-Encoding");
        for (int i = 0; i < 2; i++) {
            FunctionResponse compressed = ApiEvent.of("GET", "/openapi.json")
                    .withoutClaims()
                    .header("accept-encoding", "gzip")
                    .sendTo(fixture.manage)
                    .is(200);
            assertThat(compressed.headers())
                    .containsEntry("Content-Encoding", "gzip")
                    .containsEntry("ETag", String.valueOf(plain.header("ETag")));
            assertThat(compressed.body()).isEqualTo(plain.body());
        }
        FunctionResponse known = ApiEvent.of("GET", "/openapi.json")
                .withoutClaims()
                .header("accept-encoding", "gzip")
                .header("if-none-match", plain.header("ETag"))
                .sendTo(fixture.manage)
                .is(304);
        assertThat(known.body()).isEmpty();
        for (String header : List.of("Cache-Control", "Vary", "ETag")) {
            assertThat(known.header(header)).as(header).isEqualTo(plain.header(header));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /sessions, 'GET, HEAD, POST'",
        "DELETE, /sessions, 'GET, HEAD, POST'",
        "DELETE, /users/u/sessions, 'GET, HEAD, POST'",
        "PUT, /sessions/3f2504e0-4f89-41d3-9a0c-0305e82c3301/close, POST",
        "POST, /desk, 'GET, HEAD'",
        "POST, /users/u/desk, 'GET, HEAD'"
    })
    void unsupported_method_returns_405_with_the_supported_methods(String method, String path, String allow) {
        FunctionResponse answer =
                fixture.event(method, path).sendTo(fixture.manage).isError(405, "methodNotAllowed");
        assertThat(answer.header("Allow")).isEqualTo(allow);
    }

    @ParameterizedTest
    @CsvSource({"/nowhere", "/", "/sessions/", "/users/u", "/desk/", "/Sessions", "/sessions/a/b/c"})
    void unknown_path_returns_404_with_an_error_body(String path) {
        fixture.event("GET", path).sendTo(fixture.manage).isError(404, "notFound");
        fixture.event("GET", path).withoutClaims().sendTo(fixture.manage).isError(404, "notFound");
    }

    @Test
    void options_returns_204_to_every_caller() {
        for (String path : List.of("/sessions", "/sessions/x/close", "/users/u/desk", "/desk")) {
            FunctionResponse answer = fixture.event("OPTIONS", path)
                    .withoutClaims()
                    .sendTo(fixture.manage)
                    .is(204);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).doesNotContainKey("Content-Type");
        }
    }

    @Test
    void idle_session_is_closed_and_frees_its_slot() {
        SessionFixture idle = new SessionFixture("SESSION_IDLE_HOURS", "0");
        String id = idle.session();

        FunctionResponse read = idle.get("/sessions/" + id).is(200);
        assertThat(read.at("status")).isEqualTo("closed");
        assertThat(read.at("closedDateTime")).isEqualTo(read.at("createdDateTime"));
        assertThat(idle.get("/desk").at("openSessions")).isEqualTo(0);
    }

    @Test
    void invalid_id_returns_404() {
        for (@Nullable
        String id : List.of("DESK", "SESSION#x", "..", " ", "%", UUID.randomUUID() + "x", "é".repeat(2_000))) {
            fixture.get("/sessions/" + id).isError(404, "notFound");
        }
    }
}
