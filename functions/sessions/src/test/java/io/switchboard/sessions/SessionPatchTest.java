package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Race;
import io.switchboard.template.TemplateKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merge patches of a session, and texts with its values. */
class SessionPatchTest {
    private final SessionFixture fixture = new SessionFixture();

    private static Map<String, @Nullable Object> with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put(name, value);
        return body;
    }

    @Test
    void title_and_icon_are_stored_literally() {
        String path = "/sessions/" + fixture.session();

        FunctionResponse patched = fixture.patch(
                        path, Map.of("title", "{customer} waits", "sessionIcon", "/icons/call.svg"))
                .is(200);

        assertThat(patched.json())
                .containsEntry("title", "{customer} waits")
                .containsEntry("sessionIcon", "/icons/call.svg")
                .containsEntry("version", 2);
        assertThat(patched.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(fixture.get(path).json()).isEqualTo(patched.json());
        assertThat(fixture.patch(path, with("sessionIcon", null)).is(200).at("sessionIcon"))
                .isNull();
    }

    @Test
    void title_of_the_template_is_rendered_again() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_titled","name":"Titled","type":"generic","title":"{customer}: {topic}",
                 "applySessionTitleToAnchorTab":true,"communicationPanelMode":"docked",
                 "anchorTab":"msdyn_omnichannel_kbsearch"}""");
        FunctionResponse created = fixture.create(
                        Map.of("templateName", "contoso_titled", "templateParameters", Map.of("customer", "Contoso")))
                .is(201);
        String path = "/sessions/" + created.text("sessionId");
        assertThat(created.each("warnings", "target")).containsExactly("title");

        FunctionResponse rendered = fixture.patch(path, Map.of("titleParameters", Map.of("topic", "Invoice")))
                .is(200);

        assertThat(rendered.at("title")).isEqualTo("Contoso: Invoice");
        assertThat(rendered.at("tabs[0].title")).isEqualTo("Contoso: Invoice");
        assertThat(rendered.each("warnings", "target")).isEmpty();
        assertThat(rendered.at("context")).isEqualTo(Map.of("customer", "Contoso"));
        // The context of the same patch applies. An unknown slug is a warning, or an error with strict handling.
        FunctionResponse again = fixture.patch(
                        path, Map.of("context", Map.of("customer", "Fabrikam"), "titleParameters", Map.of()))
                .is(200);
        assertThat(again.at("title")).isEqualTo("Fabrikam: ");
        assertThat(again.each("warnings", "code")).containsExactly("unresolvedSlug");
        FunctionResponse strict = fixture.event("PATCH", path)
                .header("prefer", "handling=strict")
                .body(Map.of("titleParameters", Map.of()))
                .sendTo(fixture.manage)
                .isError(422, "unresolvedSlug");
        assertThat(strict.header("Preference-Applied")).isEqualTo("handling=strict");
        // The same patch again changes nothing.
        assertThat(fixture.patch(path, Map.of("titleParameters", Map.of()))
                        .is(200)
                        .header("ETag"))
                .isEqualTo(again.header("ETag"));
        assertThat(fixture.patch(path, Map.of("title", "Literal")).is(200).at("tabs[0].title"))
                .isEqualTo("Literal");
    }

    @Test
    void badge_marker_and_conversation_are_set_and_cleared() {
        fixture.session();
        String path = "/sessions/" + fixture.backgroundSession();
        fixture.patch(path, Map.of("activityCount", 3, "kpiBreach", "First response late", "conversationId", "c-1"))
                .is(200);
        assertThat(fixture.get(path).is(200).json())
                .containsEntry("activityCount", 3)
                .containsEntry("kpiBreach", "First response late")
                .containsEntry("conversationId", "c-1");
        assertThat(fixture.get("/desk").at("sessions[2].activityCount")).isEqualTo(3);

        fixture.act(path + "/focus").is(200);
        assertThat(fixture.get(path).at("activityCount")).isEqualTo(0);
        Map<String, @Nullable Object> none = with("kpiBreach", null);
        none.put("conversationId", null);
        FunctionResponse cleared = fixture.patch(path, none).is(200);
        assertThat(cleared.at("kpiBreach")).isNull();
        assertThat(cleared.at("conversationId")).isNull();
    }

    @Test
    void context_is_merged_and_null_removes() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("context", Map.of("caseId", "42", "vip", true, "visits", 2.5)))
                .is(200);

        Map<String, @Nullable Object> changes = with("customer", null);
        changes.put("vip", false);
        changes.put("never there", null);
        FunctionResponse patched =
                fixture.patch(path, Map.of("context", changes)).is(200);

        assertThat(patched.at("context"))
                .isEqualTo(Map.of("caseId", "42", "vip", false, "visits", new BigDecimal("2.5")));
        assertThat(fixture.event("PATCH", path)
                        .header("content-type", "application/merge-patch+json")
                        .body(Map.of("context", Map.of("vip", true)))
                        .sendTo(fixture.manage)
                        .is(200)
                        .at("context.vip"))
                .isEqualTo(true);
    }

    @Test
    void patch_without_a_change_keeps_the_version() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("activityCount", 1, "context", Map.of("n", 1.50)))
                .is(200);
        FunctionResponse before = fixture.get(path);
        var items = fixture.tables.items();

        // The complete response of a read can be sent back, including read-only members.
        assertThat(fixture.patch(path, before.json()).is(200).json()).isEqualTo(before.json());
        assertThat(fixture.patch(path, Map.of()).is(200).header("ETag")).isEqualTo(before.header("ETag"));
        assertThat(fixture.patch(path, Map.of("context", with("absent", null)))
                        .is(200)
                        .header("ETag"))
                .isEqualTo(before.header("ETag"));
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @Test
    void all_violations_are_reported_in_one_response() {
        String path = "/sessions/" + fixture.session();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("title", " ");
        body.put("titleParameters", Map.of("", "x", "list", List.of()));
        body.put("canClose", null);
        body.put("sessionIcon", "/a.GIF");
        body.put("context", Map.of("", 1, "object", Map.of()));
        body.put("activityCount", -1);
        body.put("kpiBreach", "x".repeat(2_001));
        body.put("conversationId", "");
        body.put("Title", "x");
        body.put("isfocused", true);
        body.put("unknown", 1);
        var items = fixture.tables.items();

        fixture.patch(path, body)
                .isInvalid(
                        "required title",
                        "bothForms titleParameters",
                        "invalidValue titleParameters",
                        "wrongType titleParameters.list",
                        "required canClose",
                        "invalidValue sessionIcon",
                        "invalidValue context",
                        "invalidValue activityCount",
                        "tooLong kpiBreach",
                        "required conversationId",
                        "unknownProperty Title",
                        "unknownProperty isfocused",
                        "unknownProperty unknown");
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"title\":null}', required title",
        "'{\"title\":7}', wrongType title",
        "'{\"titleParameters\":\"x\"}', wrongType titleParameters",
        "'{\"context\":null}', required context",
        "'{\"context\":[]}', wrongType context",
        "'{\"activityCount\":null}', required activityCount",
        "'{\"activityCount\":1.5}', invalidValue activityCount",
        "'{\"activityCount\":2147483648}', invalidValue activityCount",
        "'{\"canClose\":\"true\"}', wrongType canClose",
        "'{\"sessionIcon\":\"{icon}\"}', invalidValue sessionIcon",
        "'{\"focusrequested\":true}', unknownProperty focusrequested",
        "'[]', wrongType"
    })
    void invalid_member_is_reported(String body, String violation) {
        fixture.event("PATCH", "/sessions/" + fixture.session())
                .text(body)
                .sendTo(fixture.manage)
                .isInvalid(violation);
    }

    @Test
    void title_of_200_characters_is_accepted() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("title", "x".repeat(200))).is(200);
        fixture.patch(path, Map.of("title", "x".repeat(201))).isInvalid("tooLong title");
    }

    @Test
    void merged_context_of_32_kibibytes_is_accepted() {
        String path = "/sessions/"
                + fixture.create(Map.of("templateName", "CallSessionTemplate")).text("sessionId");
        fixture.patch(path, Map.of("context", Map.of("a", "x".repeat(30_000)))).is(200);
        String rest = "y".repeat(32_768 - 30_000 - Json.size(Map.of("a", "", "b", "")));
        fixture.patch(path, Map.of("context", Map.of("b", rest + "y"))).isInvalid("contextTooLarge context");
        fixture.patch(path, Map.of("context", Map.of("b", rest))).is(200);
        // Removed values do not count towards the limit.
        Map<String, @Nullable Object> changes = with("a", null);
        changes.put("c", "z".repeat(30_000));
        fixture.patch(path, Map.of("context", changes)).is(200);
    }

    @Test
    void key_of_the_context_can_be_any_non_empty_text() {
        String path = "/sessions/" + fixture.session();
        FunctionResponse patched = fixture.patch(path, Map.of("context", Map.of("Case Nummer – №", "7", "{odd}", "x")))
                .is(200);
        assertThat(Json.write(patched.at("context"))).contains("Case Nummer – №", "{odd}");
        fixture.patch(path, Map.of("context", Map.of("", "7"))).isInvalid("invalidValue context");
    }

    @Test
    void text_is_resolved_with_warnings_about_unknown_slugs() {
        String path = "/sessions/" + fixture.session() + "/resolveSlug";
        FunctionResponse resolved = fixture.act(path, Map.of("text", "Hello {customer}, {name}! \\{x} {$odata.a.b.?c}"))
                .is(200);
        assertThat(resolved.json()).containsOnlyKeys("value", "warnings");
        assertThat(resolved.at("value")).isEqualTo("Hello Contoso, ! {x} ");
        assertThat(resolved.each("warnings", "code")).containsExactly("unresolvedSlug", "unresolvedSlug");
        assertThat(resolved.each("warnings", "target")).containsExactly("text", "text");
        fixture.event("POST", path)
                .header("prefer", "handling=strict")
                .body(Map.of("text", "{name}"))
                .sendTo(fixture.manage)
                .isError(422, "unresolvedSlug");
        assertThat(fixture.act(path, Map.of("text", "")).is(200).at("value")).isEqualTo("");
        fixture.act(path, Map.of()).isInvalid("required text");
        fixture.act(path, Map.of("text", 7, "Text", "")).isInvalid("wrongType text", "unknownProperty Text");
        fixture.act(path, Map.of("text", "x".repeat(65_536))).is(200);
        fixture.act(path, Map.of("text", "x".repeat(65_537))).isInvalid("tooLong text");
    }

    @Test
    void text_is_resolved_for_a_closed_session() {
        String id = fixture.session();
        fixture.close(id);
        assertThat(fixture.act("/sessions/" + id + "/resolveSlug", Map.of("text", "{customer}"))
                        .is(200)
                        .at("value"))
                .isEqualTo("Contoso");
    }

    @Test
    void repeated_slug_of_a_long_value_is_limited_in_the_response() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("context", Map.of("a", "x".repeat(30_000)))).is(200);
        FunctionResponse resolved = fixture.act(path + "/resolveSlug", Map.of("text", "{a}".repeat(20_000)))
                .is(200);
        assertThat(resolved.text("value").length()).isBetween(200_000, 262_144);
        assertThat(resolved.each("warnings", "code")).containsExactly("unresolvedSlug");
        assertThat(resolved.text("warnings[0].message")).contains("262144 characters");
    }

    @Test
    void concurrent_patches_are_all_applied() {
        String path = "/sessions/" + fixture.session();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            names.add("k" + i);
        }
        assertThat(Race.of(
                        names.size(), caller -> fixture.patch(path, Map.of("context", Map.of(names.get(caller), 1)))))
                .allMatch(answer -> answer.status() == 200);
        FunctionResponse read = fixture.get(path);
        assertThat(read.at("version")).isEqualTo(9);
        for (String name : names) {
            assertThat(read.at("context." + name)).isEqualTo(1);
        }
    }

    private FunctionResponse refused(String path, String name, @Nullable Object value) {
        return fixture.patch(path, with(name, value)).isInvalid("readOnlyMember " + name);
    }

    /** A 200 would suggest that the member was changed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status | \"closed\" | /close",
                "status | null | /close",
                "sessionId | \"other\" | POST /sessions",
                "templateName | \"other\" | POST /sessions",
                "templateVersion | 99 | POST /sessions",
                "type | \"entity\" | POST /sessions",
                "disposition | \"solved\" | /complete",
                "notes | \"x\" | /complete",
                "closedBy | \"agent\" | /complete",
                "isDefault | true | POST /sessions",
                "canCreateTab | false | DELETE",
                "correlationId | \"x\" | POST /sessions",
                "provider | \"other\" | POST /sessions",
                "anchor | {\"entityName\":\"incident\"} | POST /sessions",
                "anchorTabId | \"x\" | POST /sessions",
                "focusedTabId | \"x\" | /focus",
                "tabs | [] | /tabs",
                "tabs | [{\"title\":\"t\"}] | /tabs"
            })
    void changed_read_only_member_is_rejected_with_the_operation_to_use(String name, String value, String operation)
            throws Exception {
        String path = "/sessions/" + fixture.session();
        var items = fixture.tables.items();

        FunctionResponse answer = refused(path, name, Json.read(value));

        assertThat(answer.text("error.details[0].message")).contains(operation);
        assertThat(fixture.tables.items()).isEqualTo(items);
    }

    @Test
    void members_that_change_automatically_are_always_ignored() {
        String path = "/sessions/" + fixture.session();
        FunctionResponse before = fixture.get(path);
        Map<String, @Nullable Object> body = new HashMap<>();
        for (String name : List.of(
                "version",
                "createdDateTime",
                "lastModifiedDateTime",
                "closedDateTime",
                "isFocused",
                "warnings",
                "focusRequested",
                "origin",
                "createdBy",
                "lastModifiedBy",
                "@odata.etag",
                "@odata.context")) {
            body.put(name, 99);
        }

        assertThat(fixture.patch(path, body).is(200).json()).isEqualTo(before.json());
        body.put("status", "closed");
        fixture.patch(path, body).isInvalid("readOnlyMember status");
    }

    @Test
    void read_only_members_and_other_violations_are_reported_in_one_response() {
        String path = "/sessions/" + fixture.session();

        fixture.patch(path, Map.of("status", "closed", "tabs", List.of(), "context", Map.of("k", "x".repeat(33_000))))
                .isInvalid("readOnlyMember status", "readOnlyMember tabs", "contextTooLarge context");
    }

    @Test
    void read_only_member_is_compared_with_the_current_session() {
        String path = "/sessions/" + fixture.session();
        String tab = fixture.act(
                        path + "/tabs",
                        Map.of(
                                "templateName",
                                "msdyn_entityrecord",
                                "templateParameters",
                                Map.of("entityName", "account")))
                .is(201)
                .text("tabId");
        FunctionResponse before = fixture.get(path);

        // Focus and refresh counts of tabs change automatically or by another window.
        fixture.act(path + "/tabs/" + before.text("anchorTabId") + "/focus").is(200);
        fixture.patch(path, with("tabs", before.at("tabs"))).is(200);
        fixture.delete(path + "/tabs/" + tab).is(204);
        refused(path, "tabs", before.at("tabs"));
    }

    @Test
    void tab_can_be_sent_back_but_its_read_only_members_cannot_change() {
        String path = "/sessions/" + fixture.session();
        String tab = path + "/tabs/" + fixture.get(path).text("anchorTabId");
        FunctionResponse before = fixture.get(tab);

        assertThat(fixture.patch(tab, before.json()).is(200).json()).isEqualTo(before.json());
        for (var changed : Map.<String, Object>of(
                        "tabId", "x",
                        "templateName", "x",
                        "pageType", "control",
                        "parameters", Map.of("searchText", "other"),
                        "url", "https://example.com/",
                        "tags", List.of("x"),
                        "isAnchor", false)
                .entrySet()) {
            assertThat(refused(tab, changed.getKey(), changed.getValue()).text("error.details[0].message"))
                    .contains("POST /sessions/{sessionId}/tabs");
        }
        assertThat(refused(tab, "refreshCount", 7).text("error.details[0].message"))
                .contains("/refresh");
        fixture.patch(tab, Map.of("isFocused", false, "createdDateTime", "x", "warnings", List.of()))
                .is(200);
    }

    @Test
    void context_accepts_any_json_and_merges_by_rfc_7396() throws Exception {
        String path = "/sessions/" + fixture.session();
        Object sent = Json.read("""
                {"order":{"id":1.10,"items":[1,null,{"x":null}],"z":1,"a":{}},"list":[],"big":12345678901234567890123}""");

        assertThat(fixture.patch(path, with("context", sent)).is(200).at("context.order"))
                .isEqualTo(sent instanceof Map<?, ?> members ? members.get("order") : null);
        assertThat(Json.write(fixture.get(path).at("context")))
                .isEqualTo("{\"customer\":\"Contoso\"," + Json.write(sent).substring(1));

        fixture.patch(path, with("context", Json.read("""
                {"order":{"z":null,"id":2,"items":[{"x":null}]},"list":{"k":1},"big":null,"customer":{"name":"C"}}"""))).is(200);
        assertThat(Json.write(fixture.get(path).at("context"))).isEqualTo("""
                {"customer":{"name":"C"},"order":{"id":2,"items":[{"x":null}],"a":{}},"list":{"k":1}}""");
    }

    @Test
    void context_can_be_sent_back_with_its_nulls() throws Exception {
        String id = fixture.create(Map.of(
                        "templateName",
                        "CallSessionTemplate",
                        "sessionContext",
                        Map.of(
                                "flow",
                                java.util.Objects.requireNonNull(Json.read("{\"step\":null,\"n\":{\"m\":null}}")))))
                .is(201)
                .text("sessionId");
        FunctionResponse before = fixture.get("/sessions/" + id);

        FunctionResponse patched =
                fixture.patch("/sessions/" + id, before.json()).is(200);

        assertThat(patched.json()).isEqualTo(before.json());
        assertThat(Json.write(patched.at("context.flow"))).isEqualTo("{\"step\":null,\"n\":{\"m\":null}}");
    }

    @Test
    void context_can_be_an_array_of_pairs() {
        String path = "/sessions/" + fixture.session();
        List<@Nullable Object> removal = new ArrayList<>();
        removal.add("customer");
        removal.add(null);

        fixture.patch(path, Map.of("context", List.of(List.of("caseId", "42"), removal)))
                .is(200);

        assertThat(fixture.get(path).at("context")).isEqualTo(Map.of("caseId", "42"));
        fixture.patch(path, Map.of("context", List.of("caseId"))).isInvalid("wrongType context");
        fixture.patch(path, Map.of("context", List.of(List.of("a", 1, 2)))).isInvalid("wrongType context");
        fixture.patch(path, Map.of("context", "text")).isInvalid("wrongType context");
        fixture.patch(path, Map.of("context", Map.of("", 1))).isInvalid("invalidValue context");
    }

    @Test
    void object_in_the_context_is_not_the_value_of_a_slug() {
        String path = "/sessions/" + fixture.session();
        fixture.patch(path, Map.of("context", Map.of("customer", Map.of("name", "C"), "list", List.of("{a}"))))
                .is(200);

        FunctionResponse resolved = fixture.act(path + "/resolveSlug", Map.of("text", "[{customer}{list}]"))
                .is(200);

        assertThat(resolved.at("value")).isEqualTo("[]");
        assertThat(resolved.each("warnings", "code")).containsExactly("unresolvedSlug", "unresolvedSlug");
    }

    @Test
    void unused_title_parameter_returns_a_warning() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_used","name":"Used","type":"generic","title":"{customer}{$odata.account.name.?$filter=id eq {key}}",
                 "fallbackTitles":["{other}"],"communicationPanelMode":"docked","anchorTab":"msdyn_omnichannel_kbsearch"}""");
        String path = "/sessions/"
                + fixture.create(Map.of("templateName", "contoso_used")).is(201).text("sessionId");

        FunctionResponse unused = fixture.patch(
                        path, Map.of("titleParameters", Map.of("title", "Literal", "customer", "C")))
                .is(200);
        assertThat(unused.each("warnings", "target")).contains("titleParameters.title");
        assertThat(unused.each("warnings", "code")).contains("unusedParameter");
        fixture.event("PATCH", path)
                .header("prefer", "handling=strict")
                .body(Map.of("titleParameters", Map.of("customer", "C", "Customer", "D")))
                .sendTo(fixture.manage)
                .is(422);
        // A slug of the title, of a fallback title, of a query and of another parameter, and the names that titles fall
        // back to.
        FunctionResponse used = fixture.patch(
                        path,
                        Map.of(
                                "titleParameters",
                                Map.of(
                                        "customer",
                                        "{first}",
                                        "first",
                                        "F",
                                        "other",
                                        "O",
                                        "key",
                                        "k",
                                        "customerName",
                                        "N",
                                        "caseTitle",
                                        "T")))
                .is(200);
        assertThat(used.each("warnings", "code")).doesNotContain("unusedParameter");
        Map<String, @Nullable Object> removed = with("title", null);
        assertThat(fixture.patch(path, Map.of("titleParameters", removed))
                        .is(200)
                        .each("warnings", "code"))
                .doesNotContain("unusedParameter");
    }
}
