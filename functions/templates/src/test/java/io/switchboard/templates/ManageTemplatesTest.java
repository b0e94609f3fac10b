package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Race;
import io.switchboard.replay.Tables;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.ProfileUser;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.DynamoDbTemplateReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creates, reads, lists, replaces and deletes templates through the function. */
class ManageTemplatesTest {
    private static final int CALLERS = 64;

    private static final String SESSION = "/sessionTemplates";
    private static final String TAB = "/applicationTabTemplates";
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

    private ApiEvent put(String path, Object body, String ifMatch) {
        return event("PUT", path).body(body).header("if-match", ifMatch);
    }

    private FunctionResponse delete(String path, String ifMatch) {
        return event("DELETE", path).header("if-match", ifMatch).sendTo(function);
    }

    private static Map<String, @Nullable Object> session(String uniqueName, String title) {
        Map<String, @Nullable Object> template = new LinkedHashMap<>();
        template.put("uniqueName", uniqueName);
        template.put("name", "Call");
        template.put("type", "generic");
        template.put("title", title);
        template.put("communicationPanelMode", "docked");
        template.put("anchorTab", "msdyn_omnichannel_kbsearch");
        return template;
    }

    private static Map<String, @Nullable Object> tab(String uniqueName) {
        Map<String, @Nullable Object> template = new LinkedHashMap<>();
        template.put("uniqueName", uniqueName);
        template.put("name", "Web search");
        template.put("pageType", "thirdPartyWebsite");
        template.put("parameters", Map.of("url", "https://example.com/?q=", "data", "{customer}"));
        return template;
    }

    private static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> template, String member, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(template);
        changed.put(member, value);
        return changed;
    }

    @Test
    void template_is_created_read_listed_replaced_and_deleted() {
        FunctionResponse created =
                post(SESSION, session("contoso_call", "{customer}")).is(201);
        assertThat(created.header("Location")).isEqualTo("https://api.contoso.example/sessionTemplates/contoso_call");
        assertThat(created.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(created.json()).isEqualTo(Json.readOwn("""
                {"uniqueName":"contoso_call","name":"Call","description":null,"tags":[],"status":"active","type":"generic",
                 "entity":null,"title":"{customer}","fallbackTitles":[],"applySessionTitleToAnchorTab":false,
                 "communicationPanelMode":"docked","sessionIcon":null,"anchorTab":"msdyn_omnichannel_kbsearch",
                 "additionalTabs":[],"parameterDefinitions":[],"wrapUp":null,"origin":"custom","version":1,"createdDateTime":"%1$s",
                 "createdBy":"agent","lastModifiedDateTime":"%1$s","lastModifiedBy":"agent"}
                """.formatted(created.text("createdDateTime"))));
        assertThat(get(SESSION + "/contoso_call").is(200).json()).isEqualTo(created.json());
        assertThat(get(SESSION).is(200).each("value", "uniqueName")).contains("contoso_call", "CallSessionTemplate");

        FunctionResponse replaced = put(SESSION + "/contoso_call", session("contoso_call", "new"), "W/\"1\"")
                .user("another user")
                .sendTo(function)
                .is(200);
        assertThat(replaced.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(replaced.json())
                .containsEntry("title", "new")
                .containsEntry("version", 2)
                .containsEntry("createdBy", "agent")
                .containsEntry("createdDateTime", created.at("createdDateTime"))
                .containsEntry("lastModifiedBy", "another user");
        assertThat(get(SESSION + "/contoso_call").json()).isEqualTo(replaced.json());

        assertThat(delete(SESSION + "/contoso_call", "W/\"2\"").is(204).body()).isEmpty();
        get(SESSION + "/contoso_call").isError(404, "notFound");
        assertThat(get(SESSION).each("value", "uniqueName")).doesNotContain("contoso_call");
        post(SESSION, session("contoso_call", "again")).is(201);
    }

    @Test
    void get_body_is_accepted_by_put() {
        post(TAB, tab("contoso_search")).is(201);
        post(SESSION, with(session("contoso_call", "{customer}"), "additionalTabs", List.of("contoso_search")))
                .is(201);
        for (String path : List.of(SESSION + "/contoso_call", TAB + "/contoso_search")) {
            FunctionResponse read = get(path).is(200);
            Map<String, @Nullable Object> body = with(read.json(), "@odata.etag", "W/\"1\"");

            FunctionResponse replaced = put(path, body, String.valueOf(read.header("ETag")))
                    .sendTo(function)
                    .is(200);

            assertThat(with(with(replaced.json(), "version", 1), "lastModifiedDateTime", null))
                    .isEqualTo(with(read.json(), "lastModifiedDateTime", null));
        }
    }

    @Test
    void stale_if_match_returns_412_and_missing_if_match_returns_428_without_writing() {
        post(SESSION, session("contoso_call", "one")).is(201);
        put(SESSION + "/contoso_call", session("contoso_call", "two"), "*")
                .sendTo(function)
                .is(200);
        var before = TABLES.items();

        put(SESSION + "/contoso_call", session("contoso_call", "three"), "W/\"1\"")
                .sendTo(function)
                .isError(412, "preconditionFailed");
        delete(SESSION + "/contoso_call", "W/\"1\"").isError(412, "preconditionFailed");
        event("PUT", SESSION + "/contoso_call")
                .body(session("contoso_call", "three"))
                .sendTo(function)
                .isError(428, "preconditionRequired");
        event("DELETE", SESSION + "/contoso_call").sendTo(function).isError(428, "preconditionRequired");

        assertThat(TABLES.items()).isEqualTo(before);
    }

    @Test
    void put_with_if_none_match_creates_once() {
        ApiEvent event = event("PUT", TAB + "/contoso_search")
                .header("if-none-match", "*")
                .body(tab("contoso_search"));

        FunctionResponse created = event.sendTo(function).is(201);
        assertThat(created.header("Location")).endsWith(TAB + "/contoso_search");
        assertThat(created.header("ETag")).isEqualTo("W/\"1\"");
        event.sendTo(function).isError(412, "preconditionFailed");
    }

    @Test
    void put_body_can_omit_but_not_change_the_unique_name() {
        post(TAB, tab("contoso_search")).is(201);
        Map<String, @Nullable Object> nameless = tab("contoso_search");
        nameless.remove("uniqueName");

        put(TAB + "/contoso_search", nameless, "*").sendTo(function).is(200);
        put(TAB + "/contoso_search", tab("CONTOSO_search"), "*")
                .sendTo(function)
                .isInvalid("uniqueNameImmutable uniqueName");
        put(TAB + "/CONTOSO_search", nameless, "*").sendTo(function).isError(412, "preconditionFailed");
    }

    @Test
    void unique_names_are_unique_without_regard_to_case_and_case_sensitive_in_lookups() {
        post(SESSION, session("contoso_call", "one")).is(201);
        var before = TABLES.items();

        FunctionResponse taken = post(SESSION, session("CONTOSO_Call", "two")).isError(409, "nameAlreadyExists");

        assertThat(taken.text("error.message")).contains("contoso_call");
        assertThat(TABLES.items()).isEqualTo(before);
        get(SESSION + "/CONTOSO_Call").isError(404, "notFound");
        delete(SESSION + "/CONTOSO_Call", "*").isError(404, "notFound");
        // Each kind has separate names.
        post(TAB, tab("contoso_call")).is(201);
    }

    @Test
    void references_to_tab_templates_are_case_sensitive() {
        post(TAB, tab("contoso_search")).is(201);

        FunctionResponse refused = post(
                        SESSION,
                        with(
                                with(session("contoso_call", "a"), "anchorTab", "contoso_search"),
                                "additionalTabs",
                                List.of("CONTOSO_search")))
                .isError(422, "templateNotFound");

        assertThat(refused.detailTargets()).containsExactly("additionalTabs[0]");
    }

    @Test
    void tab_template_in_use_cannot_be_deleted_and_the_error_lists_its_users() {
        post(TAB, tab("contoso_search")).is(201);
        post(SESSION, with(session("contoso_call", "a"), "anchorTab", "contoso_search"))
                .is(201);
        post(SESSION, with(session("contoso_mail", "a"), "additionalTabs", List.of("contoso_search")))
                .is(201);
        var before = TABLES.items();

        FunctionResponse inUse = delete(TAB + "/contoso_search", "*").isError(409, "templateInUse");

        assertThat(inUse.text("error.message")).contains("contoso_call", "contoso_mail");
        assertThat(TABLES.items()).isEqualTo(before);
        put(SESSION + "/contoso_call", session("contoso_call", "a"), "*")
                .sendTo(function)
                .is(200);
        assertThat(delete(TAB + "/contoso_search", "*")
                        .isError(409, "templateInUse")
                        .text("error.message"))
                .contains("contoso_mail")
                .doesNotContain("contoso_call");
        delete(SESSION + "/contoso_mail", "*").is(204);
        delete(TAB + "/contoso_search", "*").is(204);
    }

    @Test
    void missing_tab_templates_are_all_reported_with_their_targets() {
        Map<String, @Nullable Object> template = with(
                session("contoso_call", "a"),
                "additionalTabs",
                List.of("msdyn_entityrecord", "missing_one", "missing_two"));
        var before = TABLES.items();

        FunctionResponse response = post(SESSION, template).isError(422, "templateNotFound");

        assertThat(response.detailTargets()).containsExactlyInAnyOrder("additionalTabs[1]", "additionalTabs[2]");
        assertThat(TABLES.items()).isEqualTo(before);
        post(SESSION, session("contoso_call", "a")).is(201);
        put(SESSION + "/contoso_call", template, "*").sendTo(function).isError(422, "templateNotFound");
        assertThat(get(SESSION + "/contoso_call").at("version")).isEqualTo(1);
    }

    @Test
    void built_in_templates_exist_and_are_read_only() {
        FunctionResponse builtIn = get(SESSION + "/msdyn_chat_session").is(200);
        assertThat(builtIn.json()).containsEntry("origin", "builtIn").containsEntry("name", "Chat - Default Session");
        put(SESSION + "/msdyn_chat_session", builtIn.json(), "*")
                .sendTo(function)
                .isError(409, "builtInTemplate");
        delete(SESSION + "/msdyn_chat_session", "*").isError(409, "builtInTemplate");
        post(SESSION, builtIn.json()).isError(409, "nameAlreadyExists");
        post(SESSION, with(builtIn.json(), "uniqueName", "contoso_chat")).is(201);
    }

    @Test
    void stored_template_replaces_the_built_in_example_until_it_is_deleted() {
        FunctionResponse builtIn = get(SESSION + "/CallSessionTemplate").is(200);
        assertThat(builtIn.at("origin")).isEqualTo("example");
        delete(SESSION + "/CallSessionTemplate", "*").isError(409, "builtInTemplate");

        FunctionResponse replaced = put(
                        SESSION + "/CallSessionTemplate",
                        with(builtIn.json(), "title", "Call of {customer}"),
                        String.valueOf(builtIn.header("ETag")))
                .sendTo(function)
                .is(201);

        assertThat(replaced.json()).containsEntry("origin", "custom").containsEntry("version", 1);
        // CreateSession resolves the same template.
        TemplateAccess access = new TemplateAccess(
                new DynamoDbTemplateReader(
                        new DynamoDb(TABLES.client()),
                        Objects.requireNonNull(TABLES.environment().get("TEMPLATES_TABLE"))),
                BuiltInTemplates.load(),
                Duration.ZERO);
        Map<String, @Nullable Object> used =
                TemplateJson.write(access.of(new ProfileUser(tenant, "ada", Set.of()), false, Instant.now())
                        .sessionTemplate("CallSessionTemplate")
                        .orElseThrow());
        assertThat(Json.readOwn(Json.write(used))).isEqualTo(replaced.json());
        assertThat(get(SESSION).each("value", "uniqueName")).containsOnlyOnce("CallSessionTemplate");
        assertThat(ApiEvent.of("GET", SESSION + "/CallSessionTemplate")
                        .sendTo(function)
                        .at("origin"))
                .as("another tenant still has the example")
                .isEqualTo("example");
        delete(SESSION + "/CallSessionTemplate", "W/\"1\"").is(204);
        assertThat(get(SESSION + "/CallSessionTemplate").at("origin")).isEqualTo("example");
    }

    @Test
    void replayed_create_returns_the_current_template() {
        ApiEvent event =
                event("POST", SESSION).body(session("contoso_call", "one")).header("idempotency-key", "key 1");
        event.sendTo(function).is(201);

        FunctionResponse replay = event.sendTo(function).is(201);
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(replay.header("Location")).endsWith(SESSION + "/contoso_call");
        put(SESSION + "/contoso_call", session("contoso_call", "two"), "*")
                .sendTo(function)
                .is(200);
        assertThat(event.sendTo(function).is(201).at("title")).isEqualTo("two");
        event("POST", SESSION)
                .body(session("contoso_call", "other"))
                .header("idempotency-key", "key 1")
                .sendTo(function)
                .isError(422, "idempotencyKeyReused");
        event.copy().header("idempotency-key", "key 2").sendTo(function).isError(409, "nameAlreadyExists");
        event.copy().header("idempotency-key", null).sendTo(function).isError(409, "nameAlreadyExists");
    }

    @Test
    void replayed_create_of_a_deleted_template_returns_404_and_a_new_key_creates_it_again() {
        ApiEvent event =
                event("POST", SESSION).body(session("contoso_call", "one")).header("idempotency-key", "key 1");
        event.sendTo(function).is(201);
        delete(SESSION + "/contoso_call", "*").is(204);

        event.sendTo(function).isError(404, "notFound");
        get(SESSION + "/contoso_call").isError(404, "notFound");
        assertThat(event.copy()
                        .header("idempotency-key", "key 2")
                        .sendTo(function)
                        .is(201)
                        .headers())
                .doesNotContainKey("Idempotency-Replayed");
    }

    @Test
    void all_violations_of_a_session_template_are_reported_at_once_with_their_targets() {
        ApiEvent.named("ManageTemplates", "400.invalidRequest.all-violations-at-once")
                .sendTo(function)
                .isInvalid(
                        "invalidValue uniqueName",
                        "required name",
                        "wrongType description",
                        "duplicateValue tags[1]",
                        "required tags[2]",
                        "invalidValue status",
                        "notAllowed entity",
                        "tooLong title",
                        "invalidValue communicationPanelMode",
                        "invalidValue sessionIcon",
                        "wrongType additionalTabs[0]",
                        "invalidValue parameterDefinitions[0].type",
                        "wrongType parameterDefinitions[1]",
                        "unknownProperty anchortab",
                        "unknownProperty colour",
                        "required anchorTab");
    }

    @Test
    void all_violations_of_a_tab_template_are_reported_at_once_with_their_targets() {
        ApiEvent.named("ManageTemplates", "400.invalidRequest.all-violations-of-a-tab-at-once")
                .sendTo(function)
                .isInvalid(
                        "tooLong uniqueName",
                        "tooLong name",
                        "wrongType title",
                        "wrongType canClose",
                        "invalidValue parameters.url",
                        "wrongType parameters.data",
                        "invalidValue parameters.alwaysRender",
                        "unknownProperty parameters.Data",
                        "unknownProperty colour");
    }

    @Test
    void list_pages_contain_built_in_and_stored_templates_exactly_once() {
        List<Object> expected = new ArrayList<>(get(SESSION).each("value", "uniqueName"));
        for (String name : List.of("Aardvark", "contoso_b", "Contoso_a", "msdyn_d", "zebra")) {
            post(SESSION, session(name, "a")).is(201);
            expected.add(name);
        }
        for (int size = 1; size <= 4; size++) {
            List<Object> seen = new ArrayList<>();
            FunctionResponse page = event("GET", SESSION)
                    .query("$top", String.valueOf(size))
                    .sendTo(function)
                    .is(200);
            while (page.json().containsKey("@odata.nextLink")) {
                assertThat(page.each("value", "uniqueName")).hasSizeLessThanOrEqualTo(size);
                seen.addAll(page.each("value", "uniqueName"));
                page = ApiEvent.follow(String.valueOf(page.json().get("@odata.nextLink")))
                        .claim("tid", tenant)
                        .sendTo(function)
                        .is(200);
            }
            seen.addAll(page.each("value", "uniqueName"));
            assertThat(seen).as("pages of %d", size).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(seen.stream().map(name -> String.valueOf(name).toLowerCase(java.util.Locale.ROOT)))
                    .isSorted();
        }
    }

    @Test
    void list_applies_filters() {
        post(SESSION, with(session("contoso_de", "a"), "tags", List.of("de", "voice")))
                .is(201);
        post(SESSION, with(session("contoso_off", "a"), "status", "inactive")).is(201);

        assertThat(listed("tag", "voice")).containsExactly("contoso_de");
        assertThat(listed("status", "inactive")).containsExactly("contoso_off");
        assertThat(listed("namePrefix", "CONTOSO_")).containsExactly("contoso_de", "contoso_off");
        assertThat(listed("entity", "incident")).containsExactly("case_entity_session_default_template");
        assertThat(listed("type", "entity")).containsExactly("case_entity_session_default_template");
        assertThat(listed("tag", "unused")).isEmpty();
    }

    @Test
    void name_prefix_matches_unique_and_display_names_without_regard_to_case() {
        post(SESSION, with(session("contoso_b", "a"), "name", "Voice Berlin")).is(201);
        post(SESSION, with(session("contoso_a", "a"), "name", "voice ärzte")).is(201);
        post(SESSION, with(session("voice_c", "a"), "name", "Other")).is(201);

        assertThat(listed("namePrefix", "Voice"))
                .containsExactly("contoso_a", "contoso_b", "msdyn_voicecall_session", "voice_c");
        assertThat(listed("namePrefix", "voice ÄR")).containsExactly("contoso_a");
        assertThat(listed("namePrefix", "voice_")).containsExactly("voice_c");
        assertThat(listed("namePrefix", "oice")).isEmpty();
        assertThat(listed("namePrefix", "v".repeat(300))).isEmpty();
        assertThat(listed("namePrefix", "Chat - Def")).contains("msdyn_chat_session");
        assertThat(listed("namePrefix", "")).contains("voice_c", "msdyn_chat_session");
    }

    @Test
    void invalid_user_id_is_not_assigned() {
        post("/appProfiles", Map.of("uniqueName", "contoso_voice", "name", "Voice", "profileOrder", 1))
                .is(201);

        for (String user : List.of("bob ", " bob", "bob\u00a0", "bo\u0000b", "\u202ebob", " ", "\u200b")) {
            for (String method : List.of("PUT", "DELETE")) {
                event(method, "/appProfiles/contoso_voice/users/" + user)
                        .sendTo(function)
                        .isInvalid("invalidValue userId");
            }
        }
        event("PUT", "/appProfiles/contoso_voice/users/{userId}")
                .sendTo(function)
                .isInvalid("invalidValue userId");
        event("GET", "/sessionTemplates/{uniqueName}").sendTo(function).isInvalid("invalidValue uniqueName");
    }

    @Test
    void read_template_is_accepted_by_put_and_patch() {
        Map<String, Object> tab = Map.of(
                "uniqueName",
                "contoso_tab",
                "name",
                "Tab",
                "pageType",
                "search",
                "parameters",
                Map.of("searchText", "a", "searchType", 0));
        Map<String, Object> notification = Map.of("uniqueName", "contoso_ring", "name", "Ring", "title", "{customer}");
        Map<String, Object> profile = Map.of("uniqueName", "contoso_voice", "name", "Voice", "profileOrder", 1);
        Map<String, Object> bodies = new java.util.LinkedHashMap<>();
        bodies.put("/applicationTabTemplates", tab);
        bodies.put(SESSION, session("contoso_call", "a"));
        bodies.put("/notificationTemplates", notification);
        bodies.put("/appProfiles", profile);
        bodies.forEach((collection, body) -> {
            String name = String.valueOf(((Map<?, ?>) body).get("uniqueName"));
            post(collection, body).is(201);
            String path = collection + "/" + name;
            Map<String, Object> read = new java.util.LinkedHashMap<>();
            event("GET", path).sendTo(function).is(200).json().forEach((member, value) -> {
                if (value != null) {
                    read.put(member, value);
                }
            });
            for (String method : List.of("PUT", "PATCH")) {
                event(method, path)
                        .header("if-match", "*")
                        .body(read)
                        .sendTo(function)
                        .is(200);
            }
            // Read-only members with other values are ignored.
            read.put("version", 99);
            read.put("createdDateTime", "1999-01-01T00:00:00Z");
            read.put("lastModifiedBy", "caller");
            read.put("origin", "builtIn");
            event("PATCH", path)
                    .header("if-match", "*")
                    .body(read)
                    .sendTo(function)
                    .is(200);
            event("PATCH", path)
                    .header("if-match", "*")
                    .body(Map.of("uniqueName", "contoso_other"))
                    .sendTo(function)
                    .isInvalid("uniqueNameImmutable uniqueName");
        });
    }

    private List<Object> listed(String filter, String value) {
        return event("GET", SESSION)
                .query(filter, value)
                .sendTo(function)
                .is(200)
                .each("value", "uniqueName");
    }

    @Test
    void page_token_of_another_query_tenant_or_kind_is_rejected() {
        post(SESSION, session("contoso_a", "a")).is(201);
        post(SESSION, session("contoso_b", "a")).is(201);
        String link = String.valueOf(event("GET", SESSION)
                .query("$top", "1")
                .query("namePrefix", "contoso_")
                .sendTo(function)
                .json()
                .get("@odata.nextLink"));
        assertThat(ApiEvent.follow(link)
                        .claim("tid", tenant)
                        .sendTo(function)
                        .is(200)
                        .each("value", "uniqueName"))
                .containsExactly("contoso_b");

        for (ApiEvent event : List.of(
                ApiEvent.follow(link).claim("tid", tenant).query("namePrefix", "contoso"),
                ApiEvent.follow(link).claim("tid", "fabrikam"),
                ApiEvent.follow(link.replace("sessionTemplates", "applicationTabTemplates"))
                        .claim("tid", tenant))) {
            event.sendTo(function).isInvalid("invalidPageToken $skiptoken");
        }
    }

    @Test
    void get_with_the_current_etag_returns_304() {
        post(SESSION, session("contoso_a", "a")).is(201);
        assertThat(event("GET", SESSION + "/contoso_a")
                        .header("if-none-match", "W/\"1\"")
                        .sendTo(function)
                        .is(304)
                        .body())
                .isEmpty();
        event("GET", SESSION + "/contoso_a")
                .header("if-none-match", "W/\"2\"")
                .sendTo(function)
                .is(200);
    }

    @Test
    void template_of_another_tenant_returns_404() {
        post(SESSION, session("contoso_a", "a")).is(201);
        ApiEvent.of("GET", SESSION + "/contoso_a")
                .claim("tid", "fabrikam")
                .sendTo(function)
                .isError(404, "notFound");
        ApiEvent.of("DELETE", SESSION + "/contoso_a")
                .claim("tid", "fabrikam")
                .header("if-match", "*")
                .sendTo(function)
                .isError(404, "notFound");
        assertThat(ApiEvent.of("GET", SESSION)
                        .claim("tid", "fabrikam")
                        .sendTo(function)
                        .each("value", "uniqueName"))
                .doesNotContain("contoso_a");
        get(SESSION + "/contoso_a").is(200);
    }

    @Test
    void requests_without_claims_tenant_or_permission_are_rejected() {
        for (String method : List.of("GET", "POST")) {
            event(method, SESSION).withoutClaims().sendTo(function).isError(401, "unauthorized");
            event(method, SESSION).claim("tid", null).sendTo(function).isError(401, "unauthorized");
            event(method, SESSION)
                    .permissions("Sessions.ReadWrite")
                    .sendTo(function)
                    .isError(403, "permissionRequired");
        }
        for (String method : List.of("POST", "PUT", "DELETE")) {
            event(method, method.equals("POST") ? TAB : TAB + "/contoso_a")
                    .permissions("Templates.Read")
                    .sendTo(function)
                    .isError(403, "permissionRequired");
        }
        ApiEvent.of("GET", TAB)
                .backend("Templates.Read")
                .claim("tid", tenant)
                .sendTo(function)
                .is(200);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /sessionTemplates, 'GET, HEAD, POST'",
        "PUT, /applicationTabTemplates, 'GET, HEAD, POST'",
        "POST, /sessionTemplates/contoso_a, 'DELETE, GET, HEAD, PUT'"
    })
    void unsupported_method_returns_405_with_the_allowed_methods(String method, String path, String allow) {
        FunctionResponse response = event(method, path).sendTo(function).isError(405, "methodNotAllowed");
        assertThat(List.of(String.valueOf(response.header("Allow")).split(", ", -1)))
                .containsAll(List.of(allow.split(", ", -1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sessionTemplates/", "/sessiontemplates", "/applicationTabTemplates/a/b/c", "/nowhere"})
    void unknown_path_returns_404(String path) {
        event("GET", path).sendTo(function).isError(404, "notFound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contoso%2Fa", "contoso a", "..", "é", "a#b"})
    void invalid_name_returns_404_and_is_not_decoded_twice(String name) {
        get(SESSION + "/" + name).isError(404, "notFound");
        put(SESSION + "/" + name, session("contoso_a", "a"), "*")
                .sendTo(function)
                .isError(404, "notFound");
        delete(TAB + "/" + name, "*").isError(404, "notFound");
    }

    @Test
    void body_over_one_mebibyte_returns_413_and_a_base64_body_is_read() {
        event("POST", SESSION)
                .text("{\"description\":\"" + "d".repeat(2_000_000) + "\"}")
                .sendTo(function)
                .isError(413, "contentTooLarge");
        event("POST", SESSION)
                .bytes(Json.write(session("contoso_base64", "é")).getBytes(StandardCharsets.UTF_8))
                .sendTo(function)
                .is(201);
    }

    @Test
    void header_names_are_case_insensitive() {
        ApiEvent.of("PUT", TAB + "/contoso_case")
                .claim("tid", tenant)
                .text(Json.write(tab("contoso_case")))
                .header("content-type", null)
                .header("Content-TYPE", "application/json")
                .header("If-None-Match", "*")
                .sendTo(function)
                .is(201);
    }

    @RepeatedTest(2)
    void one_of_64_concurrent_replaces_succeeds_and_the_others_return_412() {
        post(SESSION, session("contoso_race", "start")).is(201);

        List<FunctionResponse> answers = Race.of(
                CALLERS,
                number -> put(SESSION + "/contoso_race", session("contoso_race", "by " + number), "W/\"1\"")
                        .sendTo(function));

        List<FunctionResponse> winners =
                answers.stream().filter(response -> response.status() == 200).toList();
        assertThat(winners).hasSize(1);
        assertThat(answers.stream().filter(response -> response.status() != 200))
                .allSatisfy(response -> response.isError(412, "preconditionFailed"));
        assertThat(get(SESSION + "/contoso_race").json())
                .isEqualTo(winners.getFirst().json());
    }

    @Test
    void one_of_64_concurrent_creates_of_a_name_succeeds() {
        List<FunctionResponse> answers = Race.of(
                CALLERS, number -> post(SESSION, session(number % 2 == 0 ? "contoso_one" : "CONTOSO_ONE", "a")));

        assertThat(answers.stream().filter(response -> response.status() == 201))
                .hasSize(1);
        assertThat(answers.stream().filter(response -> response.status() != 201))
                .allSatisfy(response -> response.isError(409, "nameAlreadyExists"));
    }

    @Test
    void tab_template_deleted_during_63_new_references_leaves_no_dangling_reference() {
        post(TAB, tab("contoso_contested")).is(201);

        List<FunctionResponse> answers = Race.of(
                CALLERS,
                number -> number == 0
                        ? delete(TAB + "/contoso_contested", "*")
                        : post(
                                SESSION,
                                with(session("contoso_user_" + number, "a"), "anchorTab", "contoso_contested")));

        long users =
                answers.stream().filter(response -> response.status() == 201).count();
        boolean deleted = answers.stream().anyMatch(response -> response.status() == 204);
        assertThat(deleted).as("deleted, with %d users", users).isEqualTo(users == 0);
        get(TAB + "/contoso_contested").is(deleted ? 404 : 200);
    }
}
