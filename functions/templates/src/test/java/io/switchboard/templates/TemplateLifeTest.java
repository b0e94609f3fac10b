package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches, clones and versions of every kind of template, and app profiles with their users. */
class TemplateLifeTest {
    private static final String SESSIONS = "/sessionTemplates";
    private static final String TABS = "/applicationTabTemplates";
    private static final String NOTIFICATIONS = "/notificationTemplates";
    private static final String PROFILES = "/appProfiles";
    private static final Tables TABLES = new Tables();

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();

    private ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).claim("tid", tenant);
    }

    private FunctionResponse get(String path) {
        return event("GET", path).sendTo(function);
    }

    private FunctionResponse post(String path, Object body) {
        return event("POST", path).body(body).sendTo(function);
    }

    private ApiEvent patch(String path, Object body) {
        return event("PATCH", path).body(body).header("if-match", "*");
    }

    /** Returns the required members of each kind. */
    private static Map<String, Object> template(String collection, String uniqueName) {
        Map<String, Object> template = new LinkedHashMap<>();
        template.put("uniqueName", uniqueName);
        template.put("name", "Name of " + uniqueName);
        switch (collection) {
            case SESSIONS -> {
                template.put("type", "generic");
                template.put("communicationPanelMode", "docked");
                template.put("anchorTab", "msdyn_entityrecord");
            }
            case TABS -> {
                template.put("pageType", "search");
                template.put("parameters", Map.of("searchText", "{customer}", "searchType", 1));
            }
            case NOTIFICATIONS -> template.put("title", "{customerName}");
            default -> template.put("roles", List.of("voice.agent"));
        }
        return template;
    }

    @ParameterizedTest
    @ValueSource(strings = {SESSIONS, TABS, NOTIFICATIONS, PROFILES})
    void every_kind_is_created_read_listed_replaced_patched_cloned_restored_and_deleted(String collection) {
        String one = collection + "/contoso_a";
        FunctionResponse created =
                post(collection, template(collection, "contoso_a")).is(201);
        assertThat(created.header("Location")).endsWith(one);
        assertThat(created.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(created.json())
                .containsEntry("createdBy", "agent")
                .containsEntry("lastModifiedBy", "agent")
                .containsEntry("origin", "custom")
                .containsEntry("status", "active")
                .containsKeys("createdDateTime", "lastModifiedDateTime");
        assertThat(get(one).is(200).json()).isEqualTo(created.json());
        assertThat(get(collection).is(200).each("value", "uniqueName")).contains("contoso_a");
        event("PUT", one)
                .body(created.json())
                .header("if-match", "W/\"1\"")
                .sendTo(function)
                .is(200);

        FunctionResponse patched = patch(one, Map.of("description", "Patched", "tags", List.of("x")))
                .header("if-match", "W/\"2\"")
                .header("content-type", "application/merge-patch+json")
                .user("bob")
                .sendTo(function)
                .is(200);
        assertThat(patched.json())
                .containsEntry("version", 3)
                .containsEntry("description", "Patched")
                .containsEntry("name", "Name of contoso_a")
                .containsEntry("createdBy", "agent")
                .containsEntry("lastModifiedBy", "bob");
        Map<String, @Nullable Object> removing = new LinkedHashMap<>();
        removing.put("description", null);
        assertThat(patch(one, removing).sendTo(function).is(200).at("description"))
                .isNull();

        FunctionResponse clone = post(one + "/clone", Map.of("uniqueName", "contoso_b", "name", "Copy"))
                .is(201);
        assertThat(clone.header("Location")).endsWith(collection + "/contoso_b");
        assertThat(clone.json())
                .containsEntry("name", "Copy")
                .containsEntry("version", 1)
                .containsEntry("tags", List.of("x"));

        assertThat(get(one + "/versions").is(200).each("value", "version")).containsExactly(4, 3, 2, 1);
        FunctionResponse page = event("GET", one + "/versions")
                .query("$top", "3")
                .sendTo(function)
                .is(200);
        assertThat(ApiEvent.follow(String.valueOf(page.json().get("@odata.nextLink")))
                        .claim("tid", tenant)
                        .sendTo(function)
                        .is(200)
                        .each("value", "version"))
                .containsExactly(1);
        assertThat(get(one + "/versions/3").is(200).json()).isEqualTo(patched.json());
        assertThat(get(one + "/versions/3").header("ETag")).isEqualTo("W/\"3\"");
        FunctionResponse restored = event("POST", one + "/versions/3/restore")
                .header("if-match", "W/\"4\"")
                .sendTo(function)
                .is(200);
        assertThat(restored.json()).containsEntry("version", 5).containsEntry("description", "Patched");
        event("POST", one + "/versions/3/restore")
                .header("if-match", "W/\"4\"")
                .sendTo(function)
                .isError(412, "preconditionFailed");

        event("DELETE", one).header("if-match", "W/\"5\"").sendTo(function).is(204);
        get(one).isError(404, "notFound");
        get(one + "/versions").isError(404, "notFound");
        get(one + "/versions/3").isError(404, "notFound");
        assertThat(post(collection, template(collection, "contoso_a")).is(201).at("version"))
                .as("version numbers of a name continue after a delete")
                .isEqualTo(6);
        assertThat(get(one + "/versions/3").is(200).json()).isEqualTo(patched.json());
    }

    @ParameterizedTest
    @ValueSource(strings = {SESSIONS, TABS, NOTIFICATIONS, PROFILES})
    void template_is_deactivated_and_activated_again(String collection) {
        post(collection, template(collection, "contoso_a")).is(201);

        patch(collection + "/contoso_a", Map.of("status", "inactive"))
                .sendTo(function)
                .is(200);
        assertThat(event("GET", collection)
                        .query("status", "inactive")
                        .sendTo(function)
                        .each("value", "uniqueName"))
                .containsExactly("contoso_a");
        patch(collection + "/contoso_a", Map.of("status", "active"))
                .sendTo(function)
                .is(200);
        assertThat(event("GET", collection)
                        .query("status", "inactive")
                        .sendTo(function)
                        .each("value", "uniqueName"))
                .isEmpty();
    }

    @Test
    void patch_merges_maps_and_validates_the_result() {
        post(TABS, template(TABS, "contoso_a")).is(201);

        assertThat(patch(TABS + "/contoso_a", Map.of("parameters", Map.of("searchText", "x")))
                        .sendTo(function)
                        .is(200)
                        .at("parameters"))
                .isEqualTo(Map.of("searchText", "x", "searchType", 1));
        patch(TABS + "/contoso_a", Map.of("parameters", Map.of("searchType", 2, "url", "x"), "uniqueName", "contoso_b"))
                .sendTo(function)
                .isInvalid(
                        "invalidValue parameters.searchType",
                        "unknownProperty parameters.url",
                        "uniqueNameImmutable uniqueName");
        patch(TABS + "/contoso_a", List.of(1)).sendTo(function).isInvalid("wrongType");
        patch(TABS + "/contoso_a", Map.of("version", 99, "@odata.etag", "x"))
                .sendTo(function)
                .is(200);
        patch(TABS + "/contoso_a", Map.of())
                .header("if-match", null)
                .sendTo(function)
                .isError(428, "preconditionRequired");
        patch(TABS + "/contoso_a", Map.of())
                .header("if-match", "W/\"1\"")
                .sendTo(function)
                .isError(412, "preconditionFailed");
        patch(TABS + "/contoso_none", Map.of()).sendTo(function).isError(404, "notFound");
        patch(TABS + "/contoso_a", Map.of())
                .header("content-type", "text/plain")
                .sendTo(function)
                .isError(415, "unsupportedMediaType");
    }

    @Test
    void concurrent_patches_are_all_applied() {
        post(TABS, template(TABS, "contoso_a")).is(201);

        List<FunctionResponse> answers = Race.run(
                12,
                i -> patch(
                                TABS + "/contoso_a",
                                Map.of(
                                        "parameters",
                                        i % 2 == 0 ? Map.of("searchText", "x" + i) : Map.of("searchType", i % 4 / 2)))
                        .sendTo(function));

        assertThat(answers).allMatch(response -> response.status() == 200);
        assertThat(get(TABS + "/contoso_a").at("version")).isEqualTo(13);
    }

    @Test
    void built_in_templates_can_be_cloned_but_not_changed() {
        for (String one : List.of(
                SESSIONS + "/msdyn_chat_session",
                TABS + "/msdyn_entityrecord",
                NOTIFICATIONS + "/msdyn_chat_incoming_unauthenticated",
                PROFILES + "/switchboard_default_profile")) {
            assertThat(get(one).is(200).at("origin")).isEqualTo("builtIn");
            patch(one, Map.of("name", "x")).sendTo(function).isError(409, "builtInTemplate");
            event("DELETE", one).header("if-match", "*").sendTo(function).isError(409, "builtInTemplate");
            event("POST", one + "/versions/0/restore")
                    .header("if-match", "*")
                    .sendTo(function)
                    .isError(409, "builtInTemplate");
            assertThat(get(one + "/versions").is(200).each("value", "version")).containsExactly(0);
            assertThat(get(one + "/versions/0").is(200).at("origin")).isEqualTo("builtIn");
            get(one + "/versions/1").isError(404, "notFound");
            FunctionResponse clone =
                    post(one + "/clone", Map.of("uniqueName", "contoso_clone")).is(201);
            assertThat(clone.at("origin")).isEqualTo("custom");
            assertThat(clone.at("name")).isEqualTo(get(one).at("name"));
        }
    }

    @Test
    void patched_or_restored_example_becomes_a_stored_template() {
        String example = SESSIONS + "/CallSessionTemplate";
        event("POST", example + "/versions/0/restore")
                .header("if-match", "W/\"1\"")
                .sendTo(function)
                .isError(412, "preconditionFailed");
        FunctionResponse patched = patch(example, Map.of("title", "Call of {customer}"))
                .header("if-match", "W/\"0\"")
                .sendTo(function)
                .is(200);
        assertThat(patched.json())
                .containsEntry("origin", "custom")
                .containsEntry("version", 1)
                .containsEntry("title", "Call of {customer}");
        assertThat(patched.header("ETag")).isEqualTo("W/\"1\"");
        event("DELETE", example).header("if-match", "*").sendTo(function).is(204);
        assertThat(get(example).at("origin")).isEqualTo("example");
        assertThat(get(example + "/versions").is(200).each("value", "version")).containsExactly(0);
        assertThat(event("POST", example + "/versions/0/restore")
                        .header("if-match", "*")
                        .sendTo(function)
                        .is(200)
                        .at("version"))
                .isEqualTo(2);
    }

    @Test
    void clone_validates_its_name_and_is_replayed_by_its_key() {
        post(TABS, template(TABS, "contoso_a")).is(201);
        String clone = TABS + "/contoso_a/clone";

        post(clone, Map.of("uniqueName", "9", "name", "", "title", "x"))
                .isInvalid("invalidValue uniqueName", "required name", "unknownProperty title");
        post(clone, Map.of()).isInvalid("required uniqueName");
        post(clone, Map.of("uniqueName", "CONTOSO_A")).isError(409, "nameAlreadyExists");
        post(clone, Map.of("uniqueName", "msdyn_EntityRecord")).isError(409, "nameAlreadyExists");
        post(TABS + "/contoso_none/clone", Map.of("uniqueName", "contoso_b")).isError(404, "notFound");

        ApiEvent keyed =
                event("POST", clone).body(Map.of("uniqueName", "contoso_b")).header("idempotency-key", "k");
        keyed.sendTo(function).is(201);
        event("DELETE", TABS + "/contoso_a")
                .header("if-match", "*")
                .sendTo(function)
                .is(204);
        assertThat(keyed.sendTo(function).is(201).header("Idempotency-Replayed"))
                .isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "-1", "x", "1.0", "99999999999", "١"})
    void invalid_version_returns_404(String version) {
        post(TABS, template(TABS, "contoso_a")).is(201);
        get(TABS + "/contoso_a/versions/" + version).isError(404, "notFound");
    }

    @Test
    void version_with_missing_references_cannot_be_restored() {
        post(TABS, template(TABS, "contoso_a")).is(201);
        Map<String, Object> session = template(SESSIONS, "contoso_s");
        session.put("anchorTab", "contoso_a");
        post(SESSIONS, session).is(201);
        patch(SESSIONS + "/contoso_s", Map.of("anchorTab", "msdyn_entityrecord"))
                .sendTo(function)
                .is(200);
        event("DELETE", TABS + "/contoso_a")
                .header("if-match", "*")
                .sendTo(function)
                .is(204);

        FunctionResponse response = event("POST", SESSIONS + "/contoso_s/versions/1/restore")
                .header("if-match", "*")
                .sendTo(function)
                .isError(422, "templateNotFound");
        assertThat(response.detailTargets()).containsExactly("anchorTab");
        event("POST", SESSIONS + "/contoso_s/versions/1/restore")
                .sendTo(function)
                .isError(428, "preconditionRequired");
    }

    @Test
    void all_violations_of_a_profile_are_reported_at_once() {
        Map<String, Object> profile = template(PROFILES, "contoso_p");
        profile.put("profileOrder", 101);
        profile.put("isDefault", "yes");
        profile.put("roles", List.of("a", "a", 1));
        profile.put("sessionTemplates", List.of("contoso_x"));
        profile.put("genericSessionTemplates", "some");
        profile.put(
                "defaultSessionTemplates",
                Map.of("channels", Map.of("chat", 1), "entities", Map.of("incident", "contoso_y"), "x", 1));

        post(PROFILES, profile)
                .isInvalid(
                        "invalidValue profileOrder",
                        "wrongType isDefault",
                        "duplicateValue roles[1]",
                        "wrongType roles[2]",
                        "invalidValue genericSessionTemplates",
                        "wrongType defaultSessionTemplates.channels.chat",
                        "notListed defaultSessionTemplates.entities.incident",
                        "unknownProperty defaultSessionTemplates.x");

        Map<String, Object> many = template(PROFILES, "contoso_p");
        Map<String, Object> channels = new LinkedHashMap<>();
        for (int i = 0; i < 41; i++) {
            channels.put("c" + i, "contoso_" + i);
        }
        many.put("defaultSessionTemplates", Map.of("channels", channels));
        post(PROFILES, many).isInvalid("tooMany defaultSessionTemplates");
        Map<String, Object> listed = template(PROFILES, "contoso_p");
        listed.put("genericSessionTemplates", "listed");
        listed.put("defaultSessionTemplates", Map.of("channels", Map.of("chat", "msdyn_chat_session")));
        post(PROFILES, listed).isInvalid("notListed defaultSessionTemplates.channels.chat");
    }

    @Test
    void invalid_references_of_a_profile_are_reported_with_their_targets() {
        Map<String, Object> profile = template(PROFILES, "contoso_p");
        profile.put("sessionTemplates", List.of("case_entity_session_default_template", "contoso_none"));
        profile.put("defaultSessionTemplates", Map.of("channels", Map.of("chat", "contoso_gone")));
        assertThat(post(PROFILES, profile).isError(422, "templateNotFound").detailTargets())
                .containsExactly("sessionTemplates[1]", "defaultSessionTemplates.channels.chat");
        profile.put("sessionTemplates", List.of("case_entity_session_default_template"));
        profile.put(
                "defaultSessionTemplates",
                Map.of(
                        "channels",
                        Map.of("chat", "case_entity_session_default_template"),
                        "entities",
                        Map.of("account", "case_entity_session_default_template")));
        FunctionResponse unfit = post(PROFILES, profile).isError(422, "templateTypeNotAllowed");
        assertThat(unfit.detailCodes()).containsExactly("templateTypeNotAllowed", "entityMismatch");
        profile.put("defaultSessionTemplates", Map.of());
        profile.put("isDefault", true);
        post(PROFILES, profile).is(201);
        assertThat(post(PROFILES, profile(profile, "contoso_q"))
                        .isError(409, "defaultProfileExists")
                        .text("error.message"))
                .contains("contoso_p");
        assertThat(post(PROFILES + "/contoso_p/clone", Map.of("uniqueName", "contoso_r"))
                        .is(201)
                        .at("isDefault"))
                .isEqualTo(false);
    }

    private static Map<String, Object> profile(Map<String, Object> profile, String uniqueName) {
        Map<String, Object> other = new LinkedHashMap<>(profile);
        other.put("uniqueName", uniqueName);
        return other;
    }

    @Test
    void template_in_use_keeps_its_type_and_the_error_lists_its_users() {
        Map<String, Object> session = template(SESSIONS, "contoso_case");
        session.put("type", "entity");
        session.put("entity", "incident");
        session.put("communicationPanelMode", "hidden");
        session.remove("anchorTab");
        post(SESSIONS, session).is(201);
        Map<String, Object> profile = template(PROFILES, "contoso_p");
        profile.put("sessionTemplates", List.of("contoso_case"));
        post(PROFILES, profile).is(201);

        assertThat(event("DELETE", SESSIONS + "/contoso_case")
                        .header("if-match", "*")
                        .sendTo(function)
                        .isError(409, "templateInUse")
                        .text("error.message"))
                .contains("contoso_p");
        assertThat(patch(SESSIONS + "/contoso_case", Map.of("entity", "account"))
                        .sendTo(function)
                        .isError(409, "templateInUse")
                        .text("error.message"))
                .contains("contoso_p");
        patch(SESSIONS + "/contoso_case", Map.of("title", "{anchor.title}"))
                .sendTo(function)
                .is(200);
    }

    @Test
    void users_are_assigned_moved_listed_and_unassigned() {
        for (String name : List.of("contoso_p", "contoso_q")) {
            post(PROFILES, template(PROFILES, name)).is(201);
        }
        String user = PROFILES + "/contoso_p/users/alice@contoso.com";

        FunctionResponse assigned =
                event("PUT", user).user("admin").sendTo(function).is(201);
        assertThat(assigned.json())
                .containsEntry("userId", "alice@contoso.com")
                .containsEntry("appProfile", "contoso_p")
                .containsEntry("assignedBy", "admin")
                .containsKey("assignedDateTime");
        assertThat(assigned.header("Location")).endsWith("/appProfiles/contoso_p/users/alice%40contoso.com");
        assertThat(event("PUT", user).user("bob").sendTo(function).is(200).json())
                .as("a retry changes nothing")
                .isEqualTo(assigned.json());
        assertThat(get(PROFILES + "/contoso_p/users").is(200).each("value", "userId"))
                .containsExactly("alice@contoso.com");
        event("DELETE", PROFILES + "/contoso_p")
                .header("if-match", "*")
                .sendTo(function)
                .isError(409, "templateInUse");
        event("PUT", PROFILES + "/contoso_q/users/alice@contoso.com")
                .sendTo(function)
                .is(200);
        assertThat(get(PROFILES + "/contoso_p/users").each("value", "userId")).isEmpty();
        event("DELETE", user).sendTo(function).isError(404, "notFound");
        event("DELETE", PROFILES + "/contoso_q/users/alice@contoso.com")
                .sendTo(function)
                .is(204);
        event("DELETE", PROFILES + "/contoso_q")
                .header("if-match", "*")
                .sendTo(function)
                .is(204);

        event("PUT", PROFILES + "/contoso_none/users/alice").sendTo(function).isError(404, "notFound");
        get(PROFILES + "/contoso_none/users").isError(404, "notFound");
        event("PUT", PROFILES + "/switchboard_default_profile/users/alice")
                .sendTo(function)
                .isError(409, "builtInTemplate");
        assertThat(get(PROFILES + "/switchboard_default_profile/users").is(200).each("value", "userId"))
                .isEmpty();
        event("PUT", PROFILES + "/contoso_p/users/" + "x".repeat(701))
                .sendTo(function)
                .isInvalid("tooLong userId");
    }

    @Test
    void users_of_a_profile_are_paged() {
        post(PROFILES, template(PROFILES, "contoso_p")).is(201);
        List<Object> wanted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String user = "x".repeat(690) + i;
            wanted.add(user);
            event("PUT", PROFILES + "/contoso_p/users/" + user).sendTo(function).is(201);
        }
        List<Object> seen = new ArrayList<>();
        FunctionResponse page = event("GET", PROFILES + "/contoso_p/users")
                .query("$top", "2")
                .sendTo(function)
                .is(200);
        while (true) {
            seen.addAll(page.each("value", "userId"));
            if (page.json().get("@odata.nextLink") == null) {
                break;
            }
            page = ApiEvent.follow(String.valueOf(page.json().get("@odata.nextLink")))
                    .claim("tid", tenant)
                    .sendTo(function)
                    .is(200);
        }
        assertThat(seen).isEqualTo(wanted);
    }

    @Test
    void template_over_one_eighth_of_a_transaction_is_rejected() {
        Map<String, Object> session = template(SESSIONS, "contoso_s");
        List<Map<String, Object>> definitions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            definitions.add(Map.of("name", "p" + i, "type", "string", "default", "\u0001".repeat(2_000)));
        }
        session.put("parameterDefinitions", definitions);
        post(SESSIONS, session).isInvalid("templateTooLarge");
    }
}
