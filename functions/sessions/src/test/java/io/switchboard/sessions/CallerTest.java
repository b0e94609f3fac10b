package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Permissions of callers ({@code docs/reference/permissions.md}). */
class CallerTest {
    private final SessionFixture fixture = new SessionFixture();

    @Test
    void request_without_claims_is_rejected() {
        for (ApiEvent event : List.of(
                fixture.post(CALL).withoutClaims(),
                fixture.post(CALL).claims(Map.of()),
                fixture.post(CALL).claim("tid", null),
                fixture.post(CALL).claim("tid", " "))) {
            var before = fixture.tables.items();
            event.sendTo(fixture.create).isError(401, "unauthorized");
            assertThat(fixture.tables.items()).isEqualTo(before);
        }
        for (String path : List.of("/sessions", "/desk", "/sessions/home", "/users/u/desk")) {
            fixture.event("GET", path).withoutClaims().sendTo(fixture.manage).isError(401, "unauthorized");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sessions.Read, 403",
        "Sessions.ReadWrite, 201",
        "Sessions.ReadWrite.Provider, 201",
        "Sessions.ReadWrite.All, 403",
        "Templates.ReadWrite, 403",
        "sessions.readwrite, 403",
        "Sessions.ReadWriteX, 403",
        "'openid Sessions.ReadWrite email', 201",
        "'[openid Sessions.ReadWrite]', 201",
        "'[\"openid\",\"Sessions.ReadWrite\"]', 201"
    })
    void create_requires_a_write_permission(String permissions, int status) {
        FunctionResponse answer = fixture.post(CALL)
                .permissions(permissions)
                .sendTo(fixture.create)
                .is(status);
        if (status == 403) {
            answer.isError(403, "permissionRequired");
            assertThat(answer.text("error.message")).contains("Sessions.ReadWrite, Sessions.ReadWrite.Provider");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sessions.Read, 200, 403",
        "Sessions.ReadWrite, 200, 200",
        "Sessions.ReadWrite.Provider, 200, 200",
        "Sessions.ReadWrite.All, 403, 403",
        "Templates.Read, 403, 403"
    })
    void reading_and_closing_require_their_permissions(String permissions, int reading, int closing) {
        String id = fixture.session();
        for (String path : List.of("/sessions/" + id, "/sessions", "/desk")) {
            fixture.event("GET", path)
                    .permissions(permissions)
                    .sendTo(fixture.manage)
                    .is(reading);
        }
        fixture.event("POST", "/sessions/" + id + "/close")
                .permissions(permissions)
                .sendTo(fixture.manage)
                .is(closing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scp", "scope", "roles"})
    void permission_is_accepted_in_every_claim(String claim) {
        fixture.post(CALL)
                .permissions("openid")
                .claim(claim, "Sessions.ReadWrite")
                .sendTo(fixture.create)
                .is(201);
    }

    @Test
    void app_only_token_is_rejected_without_a_user() {
        ApiEvent post = fixture.post(CALL).backend("Sessions.ReadWrite").claim("tid", fixture.tenant);
        for (ApiEvent event : List.of(
                post.copy(),
                post.copy().claim("idtyp", null),
                post.copy().claim("idtyp", null).claim("sub", "another subject"))) {
            FunctionResponse answer = event.sendTo(fixture.create).isError(403, "userRequired");
            assertThat(answer.text("error.message")).contains("/users/{userId}/sessions", "Sessions.ReadWrite.All");
        }
        ApiEvent.of("GET", "/desk")
                .backend("Sessions.Read")
                .sendTo(fixture.manage)
                .isError(403, "userRequired");
        ApiEvent.of("GET", "/sessions/home")
                .backend("Sessions.Read")
                .sendTo(fixture.manage)
                .isError(403, "userRequired");
    }

    @Test
    void provider_permission_requires_a_token_with_a_provider() {
        for (String claim : List.of("azp", "appid", "client_id")) {
            fixture.post(CALL)
                    .permissions("Sessions.ReadWrite.Provider")
                    .claim("azp", null)
                    .claim(claim, "connector")
                    .sendTo(fixture.create)
                    .is(201);
        }
        fixture.post(CALL)
                .permissions("Sessions.ReadWrite.Provider")
                .claim("azp", null)
                .sendTo(fixture.create)
                .isError(403, "permissionRequired");
        fixture.event("GET", "/desk")
                .permissions("Sessions.ReadWrite.Provider")
                .claim("azp", null)
                .sendTo(fixture.manage)
                .isError(403, "permissionRequired");
    }

    @Test
    void only_a_backend_can_act_for_another_user() {
        for (String permissions : List.of("Sessions.ReadWrite", "Sessions.ReadWrite.Provider", "Sessions.Read")) {
            fixture.event("POST", "/users/u/sessions")
                    .body(CALL)
                    .permissions(permissions)
                    .sendTo(fixture.create)
                    .isError(403, "permissionRequired");
            fixture.event("GET", "/users/u/desk")
                    .permissions(permissions)
                    .sendTo(fixture.manage)
                    .isError(403, "permissionRequired");
        }
    }

    @Test
    void user_and_provider_claims_are_read_in_order_of_precedence() {
        assertThat(fixture.post(CALL)
                        .claim("azp", null)
                        .claim("appid", "old")
                        .claim("client_id", "oldest")
                        .sendTo(fixture.create)
                        .at("provider"))
                .isEqualTo("old");
        assertThat(fixture.post(CALL)
                        .claim("azp", null)
                        .claim("client_id", "oldest")
                        .sendTo(fixture.create)
                        .at("provider"))
                .isEqualTo("oldest");
        String id = fixture.post(CALL)
                .claim("oid", null)
                .claim("sub", fixture.user)
                .sendTo(fixture.create)
                .is(201)
                .text("sessionId");
        fixture.get("/sessions/" + id).is(200);
    }

    @Test
    void local_identity_is_accepted_only_by_sam_local() {
        String identity = "{\"tid\":\"" + fixture.tenant + "\",\"oid\":\"" + fixture.user
                + "\",\"azp\":\"desk\",\"scp\":\"Sessions.ReadWrite\"}";
        Map<String, String> environment = fixture.tables.environment("SWITCHBOARD_LOCAL_IDENTITY", identity);
        fixture.post(CALL)
                .withoutClaims()
                .sendTo(new CreateSession(environment))
                .isError(401, "unauthorized");
        environment.put("AWS_SAM_LOCAL", "true");
        fixture.post(CALL)
                .withoutClaims()
                .sendTo(new CreateSession(environment))
                .is(201);
        environment.put("SWITCHBOARD_LOCAL_IDENTITY", " ");
        fixture.post(CALL)
                .withoutClaims()
                .sendTo(new CreateSession(environment))
                .isError(401, "unauthorized");
    }

    @Test
    void tenant_may_come_from_another_claim_or_be_fixed() {
        ApiEvent event = fixture.post(CALL).claim("tid", null).claim("org", fixture.tenant);
        event.copy().sendTo(fixture.create).isError(401, "unauthorized");
        for (Map<String, String> environment : List.of(
                fixture.tables.environment("TENANT_CLAIM", "org"),
                fixture.tables.environment("FIXED_TENANT", fixture.tenant))) {
            String id =
                    event.copy().sendTo(new CreateSession(environment)).is(201).text("sessionId");
            fixture.get("/sessions/" + id).is(200);
        }
    }
}
