package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /me/appProfile}: the profile that applies, and the reason. */
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

    private FunctionResponse get() {
        return mine().sendTo(function).is(200);
    }

    private void store(String uniqueName, String more) {
        event("POST", "/appProfiles")
                .body(Json.readOwn("{\"uniqueName\":\"" + uniqueName + "\",\"name\":\"Profile\"" + more + "}"))
                .sendTo(function)
                .is(201);
    }

    private static void is(FunctionResponse response, String uniqueName, String reason) {
        assertThat(response.text("appProfile.uniqueName")).isEqualTo(uniqueName);
        assertThat(response.text("reason")).isEqualTo(reason);
    }

    @Test
    void built_in_profile_applies_if_no_other_profile_does() {
        FunctionResponse response = get();

        is(response, "switchboard_default_profile", "builtIn");
        assertThat(response.json())
                .containsOnlyKeys("appProfile", "reason", "role")
                .containsEntry("role", null);
        assertThat(response.json().get("appProfile"))
                .isEqualTo(event("GET", "/appProfiles/switchboard_default_profile")
                        .sendTo(function)
                        .is(200)
                        .json());
    }

    @Test
    void assigned_profile_precedes_role_profiles_and_role_profiles_precede_the_default() {
        store("contoso_default", ",\"isDefault\":true,\"profileOrder\":0");
        is(get(), "contoso_default", "default");

        store("contoso_second", ",\"roles\":[\"voice.agent\"],\"profileOrder\":100");
        store("contoso_first", ",\"roles\":[\"supervisor\",\"voice.agent\"],\"profileOrder\":99");
        FunctionResponse byRole =
                mine().claim("roles", "[voice.agent other]").sendTo(function).is(200);
        is(byRole, "contoso_first", "role");
        assertThat(byRole.text("role")).isEqualTo("voice.agent");
        is(get(), "contoso_default", "default");

        store("contoso_own", "");
        event("PUT", "/appProfiles/contoso_own/users/agent").sendTo(function).is(201);
        FunctionResponse own =
                mine().claim("roles", "[voice.agent]").sendTo(function).is(200);
        is(own, "contoso_own", "user");
        assertThat(own.json()).containsEntry("role", null);
        is(mine().user("another").sendTo(function).is(200), "contoso_default", "default");

        event("DELETE", "/appProfiles/contoso_own/users/agent").sendTo(function).is(204);
        is(get(), "contoso_default", "default");
    }

    @Test
    void inactive_profile_never_applies() {
        store("contoso_default", ",\"isDefault\":true,\"status\":\"inactive\"");
        store("contoso_own", ",\"status\":\"inactive\"");
        event("PUT", "/appProfiles/contoso_own/users/agent").sendTo(function).is(201);

        is(get(), "switchboard_default_profile", "builtIn");
    }

    @Test
    void template_for_a_channel_or_entity_is_returned() {
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
    void every_permission_on_sessions_is_sufficient(String permission) {
        mine().permissions(permission).sendTo(function).is(200);
    }

    @Test
    void requests_without_a_user_or_a_permission_on_sessions_are_rejected() {
        mine().permissions("Templates.ReadWrite").sendTo(function).isError(403, "permissionRequired");
        mine().backend("Sessions.ReadWrite.All").sendTo(function).isError(403, "userRequired");
        mine().user("x".repeat(2_000)).sendTo(function).is(400);
        event("POST", "/me/appProfile").body(Map.of()).sendTo(function).is(405);
    }

    @Test
    void request_needs_one_read_without_profiles_and_two_reads_with_profiles() {
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
    void all_pages_of_profiles_are_read() {
        for (int i = 0; i < 101; i++) {
            store("contoso_%03d".formatted(i), ",\"roles\":[\"r\"],\"profileOrder\":" + (i == 100 ? 1 : 2));
        }
        is(mine().claim("roles", "[r]").sendTo(function).is(200), "contoso_100", "role");
    }
}
