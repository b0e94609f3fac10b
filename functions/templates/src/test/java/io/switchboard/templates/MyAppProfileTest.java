package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.Tables;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /me/appProfile}: which profile counts, and why. */
class MyAppProfileTest {
    private static final Tables TABLES = new Tables();

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();

    private ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).claim("tid", tenant);
    }

    private ApiEvent mine() {
        return event("GET", "/me/appProfile").permissions("Sessions.Read");
    }

    private Answer get() {
        return mine().sendTo(function).is(200);
    }

    private void store(String uniqueName, String more) {
        event("POST", "/appProfiles")
                .body(Json.readOwn("{\"uniqueName\":\"" + uniqueName + "\",\"name\":\"Profile\"" + more + "}"))
                .sendTo(function)
                .is(201);
    }

    private static void is(Answer answer, String uniqueName, String reason) {
        assertThat(answer.text("appProfile.uniqueName")).isEqualTo(uniqueName);
        assertThat(answer.text("reason")).isEqualTo(reason);
    }

    @Test
    void nobodys_profile_is_the_shipped_one() {
        Answer answer = get();

        is(answer, "switchboard_default_profile", "builtIn");
        assertThat(answer.json())
                .containsOnlyKeys("appProfile", "reason", "role")
                .containsEntry("role", null);
        assertThat(answer.json().get("appProfile"))
                .isEqualTo(event("GET", "/appProfiles/switchboard_default_profile")
                        .sendTo(function)
                        .is(200)
                        .json());
    }

    @Test
    void own_profile_wins_over_roles_and_roles_over_the_default() {
        store("contoso_default", ",\"isDefault\":true,\"profileOrder\":0");
        is(get(), "contoso_default", "default");

        store("contoso_second", ",\"roles\":[\"voice.agent\"],\"profileOrder\":100");
        store("contoso_first", ",\"roles\":[\"supervisor\",\"voice.agent\"],\"profileOrder\":99");
        Answer byRole =
                mine().claim("roles", "[voice.agent other]").sendTo(function).is(200);
        is(byRole, "contoso_first", "role");
        assertThat(byRole.text("role")).isEqualTo("voice.agent");
        is(get(), "contoso_default", "default");

        store("contoso_own", "");
        event("PUT", "/appProfiles/contoso_own/users/agent").sendTo(function).is(201);
        Answer own = mine().claim("roles", "[voice.agent]").sendTo(function).is(200);
        is(own, "contoso_own", "user");
        assertThat(own.json()).containsEntry("role", null);
        is(mine().user("another").sendTo(function).is(200), "contoso_default", "default");

        event("DELETE", "/appProfiles/contoso_own/users/agent").sendTo(function).is(204);
        is(get(), "contoso_default", "default");
    }

    @Test
    void inactive_profile_counts_for_nobody() {
        store("contoso_default", ",\"isDefault\":true,\"status\":\"inactive\"");
        store("contoso_own", ",\"status\":\"inactive\"");
        event("PUT", "/appProfiles/contoso_own/users/agent").sendTo(function).is(201);

        is(get(), "switchboard_default_profile", "builtIn");
    }

    @Test
    void template_for_a_channel_or_an_entity_is_told() {
        assertThat(mine().query("channel", "voice").sendTo(function).is(200).text("sessionTemplate"))
                .isEqualTo("msdyn_voicecall_session");
        assertThat(mine().query("entity", "incident").sendTo(function).is(200).text("sessionTemplate"))
                .isEqualTo("case_entity_session_default_template");
        assertThat(mine().query("entity", "account").sendTo(function).is(200).json())
                .containsEntry("sessionTemplate", null);

        store(
                "contoso_default",
                ",\"isDefault\":true,\"sessionTemplates\":[\"case_entity_session_default_template\"],"
                        + "\"defaultSessionTemplates\":{\"channels\":{\"voice\":\"CallSessionTemplate\"}}");
        assertThat(mine().query("channel", "voice").sendTo(function).is(200).text("sessionTemplate"))
                .isEqualTo("CallSessionTemplate");
        assertThat(mine().query("channel", "chat").sendTo(function).is(200).json())
                .containsEntry("sessionTemplate", null);
        assertThat(mine().query("entity", "incident").sendTo(function).is(200).text("sessionTemplate"))
                .isEqualTo("case_entity_session_default_template");
        mine().query("channel", "chat")
                .query("entity", "incident")
                .sendTo(function)
                .isInvalid("notAllowed entity");
        mine().query("role", "x").sendTo(function).isInvalid("unknownQueryOption role");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sessions.Read", "Sessions.ReadWrite", "Sessions.ReadWrite.Provider", "Sessions.ReadWrite.All"})
    void any_permission_on_sessions_opens_it(String permission) {
        mine().permissions(permission).sendTo(function).is(200);
    }

    @Test
    void it_is_for_users_with_a_permission_on_sessions() {
        mine().permissions("Templates.ReadWrite").sendTo(function).isError(403, "permissionRequired");
        mine().backend("Sessions.ReadWrite.All").sendTo(function).isError(403, "userRequired");
        mine().user("x".repeat(2_000)).sendTo(function).is(400);
        event("POST", "/me/appProfile").body(Map.of()).sendTo(function).is(405);
    }

    @Test
    void it_is_one_read_without_profiles_and_two_with() {
        try (FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            ManageTemplates counted =
                    new ManageTemplates(TABLES.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()));
            mine().sendTo(counted).is(200);
            assertThat(dynamoDb.take()).containsExactly("Query");

            store("contoso_default", ",\"isDefault\":true");
            mine().sendTo(counted).is(200);
            assertThat(dynamoDb.take()).containsExactly("Query", "BatchGetItem");
        }
    }

    @Test
    void more_profiles_than_a_page_holds_are_all_looked_at() {
        for (int i = 0; i < 101; i++) {
            store("contoso_%03d".formatted(i), ",\"roles\":[\"r\"],\"profileOrder\":" + (i == 100 ? 1 : 2));
        }
        is(mine().claim("roles", "[r]").sendTo(function).is(200), "contoso_100", "role");
    }
}
