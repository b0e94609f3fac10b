package io.switchboard.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports templates from a tenant and imports them into another one. */
class TransportTest {
    private static final int MANY = 2_000;
    private static final Tables TABLES = new Tables();

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String other = tenant + "-other";

    private FunctionResponse importInto(String tenant, Object body) {
        return event("POST", tenant, "/templates/import").body(body).sendTo(function);
    }

    private FunctionResponse plan(String tenant, Object body) {
        return event("POST", tenant, "/templates/import")
                .query("dryRun", "true")
                .body(body)
                .sendTo(function);
    }

    private static ApiEvent event(String method, String tenant, String path) {
        return ApiEvent.of(method, path).claim("tid", tenant);
    }

    /** Returns all pages of an export. */
    private List<Map<String, @Nullable Object>> export(String tenant, @Nullable String templates, int size) {
        List<Map<String, @Nullable Object>> exported = new ArrayList<>();
        ApiEvent event = event("GET", tenant, "/templates/export").query("$top", Integer.toString(size));
        if (templates != null) {
            event.query("templates", templates);
        }
        while (true) {
            FunctionResponse page = event.sendTo(function).is(200);
            List<Map<String, @Nullable Object>> value = value(page);
            assertThat(value).hasSizeLessThanOrEqualTo(size);
            exported.addAll(value);
            @Nullable Object next = page.json().get("@odata.nextLink");
            if (next == null) {
                return exported;
            }
            event = ApiEvent.follow(next.toString()).claim("tid", tenant);
        }
    }

    @SuppressWarnings("unchecked") // the value of an export contains objects
    private static List<Map<String, @Nullable Object>> value(FunctionResponse response) {
        return (List<Map<String, @Nullable Object>>)
                Objects.requireNonNull(response.json().get("value"));
    }

    private static Map<String, Object> tab(String uniqueName) {
        Map<String, Object> tab = new LinkedHashMap<>();
        tab.put("kind", "applicationTabTemplate");
        tab.put("uniqueName", uniqueName);
        tab.put("name", "Tab " + uniqueName);
        tab.put("pageType", "thirdPartyWebsite");
        tab.put("parameters", Map.of("url", "https://example.com/?q=", "data", "{customer}"));
        return tab;
    }

    private static Map<String, Object> session(String uniqueName, String... tabs) {
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("kind", "sessionTemplate");
        session.put("uniqueName", uniqueName);
        session.put("name", "Session " + uniqueName);
        session.put("type", "generic");
        session.put("communicationPanelMode", "docked");
        session.put("anchorTab", tabs[0]);
        session.put("additionalTabs", List.of(tabs).subList(1, tabs.length));
        return session;
    }

    private static Map<String, Object> profile(String uniqueName, boolean isDefault, String... sessions) {
        return Map.of(
                "kind",
                "appProfile",
                "uniqueName",
                uniqueName,
                "name",
                uniqueName,
                "isDefault",
                isDefault,
                "sessionTemplates",
                List.of(sessions));
    }

    private static Map<String, Object> notification(String uniqueName) {
        return Map.of(
                "kind",
                "notificationTemplate",
                "uniqueName",
                uniqueName,
                "name",
                uniqueName,
                "title",
                "{customerName}");
    }

    private static Map<String, Object> of(Object... templates) {
        return Map.of("value", List.of(templates));
    }

    private static List<String> statuses(FunctionResponse response) {
        return response.each("value", "status").stream().map(String::valueOf).toList();
    }

    @Test
    void import_in_any_order_writes_what_is_referred_to_first_and_a_second_one_changes_nothing() {
        Map<String, Object> body = of(
                profile("contoso_p", true, "contoso_s"),
                session("contoso_s", "contoso_a", "msdyn_entityrecord"),
                notification("contoso_n"),
                tab("contoso_a"),
                Map.of(
                        "kind",
                        "sessionTemplate",
                        "uniqueName",
                        "msdyn_chat_session",
                        "name",
                        "x",
                        "type",
                        "entity",
                        "entity",
                        "x",
                        "communicationPanelMode",
                        "hidden"));

        FunctionResponse plan = plan(tenant, body).is(200);
        assertThat(statuses(plan)).containsExactly("created", "created", "created", "created", "builtInSkipped");
        assertThat(plan.json()).containsEntry("dryRun", true).containsEntry("complete", true);
        event("GET", tenant, "/applicationTabTemplates/contoso_a")
                .sendTo(function)
                .isError(404, "notFound");

        FunctionResponse first = importInto(tenant, body).is(200);
        assertThat(statuses(first)).isEqualTo(statuses(plan));
        assertThat(first.json()).containsEntry("dryRun", false);
        assertThat(first.at("counts"))
                .isEqualTo(Map.of(
                        "created", 4, "changed", 0, "unchanged", 0, "conflict", 0, "builtInSkipped", 1, "pending", 0));
        FunctionResponse second = importInto(tenant, body).is(200);
        assertThat(statuses(second))
                .containsExactly("unchanged", "unchanged", "unchanged", "unchanged", "builtInSkipped");
        assertThat(event("GET", tenant, "/sessionTemplates/contoso_s")
                        .sendTo(function)
                        .at("version"))
                .isEqualTo(1);
        assertThat(event("GET", other, "/sessionTemplates/contoso_s")
                        .sendTo(function)
                        .status())
                .as("another tenant has none of the templates")
                .isEqualTo(404);

        Map<String, Object> changed = session("contoso_s", "contoso_a");
        assertThat(statuses(importInto(tenant, of(changed)).is(200))).containsExactly("changed");
        assertThat(event("GET", tenant, "/sessionTemplates/contoso_s/versions")
                        .sendTo(function)
                        .each("value", "version"))
                .containsExactly(2, 1);
    }

    @Test
    void conflicts_are_reported_by_dry_runs_and_prevent_the_whole_import() {
        importInto(tenant, of(tab("Contoso_A"), profile("contoso_p", true))).is(200);
        Map<String, Object> body = of(
                tab("contoso_a"),
                tab("contoso_b"),
                session("contoso_s", "contoso_none"),
                profile("contoso_q", true, "case_entity_session_default_template"),
                Map.of(
                        "kind",
                        "appProfile",
                        "uniqueName",
                        "contoso_r",
                        "name",
                        "r",
                        "defaultSessionTemplates",
                        Map.of("channels", Map.of("chat", "case_entity_session_default_template"))));

        FunctionResponse plan = plan(tenant, body).is(200);
        assertThat(statuses(plan)).containsExactly("conflict", "created", "conflict", "conflict", "conflict");
        assertThat(plan.json()).containsEntry("complete", false);
        assertThat(value(plan).getFirst()).containsEntry("code", "nameAlreadyExists");
        FunctionResponse refused = importInto(tenant, body).isError(409, "importConflict");
        assertThat(refused.detailCodes())
                .containsExactly(
                        "nameAlreadyExists", "templateNotFound", "defaultProfileExists", "templateTypeNotAllowed");
        assertThat(refused.detailTargets()).containsExactly("value[0]", "value[2]", "value[3]", "value[4]");
        event("GET", tenant, "/applicationTabTemplates/contoso_b")
                .sendTo(function)
                .isError(404, "notFound");
    }

    @Test
    void default_is_handed_on_within_one_import() {
        importInto(tenant, of(profile("contoso_z", true))).is(200);

        assertThat(statuses(importInto(tenant, of(profile("contoso_a", true), profile("contoso_z", false)))
                        .is(200)))
                .containsExactly("created", "changed");
    }

    @Test
    void everything_wrong_with_an_import_is_named_and_nothing_is_written() {
        Map<String, Object> bad = new LinkedHashMap<>(tab("contoso_b"));
        bad.remove("name");
        bad.put("pageType", "none");
        importInto(
                        tenant,
                        Map.of(
                                "value",
                                List.of(
                                        tab("contoso_a"),
                                        bad,
                                        Map.of("kind", "x", "uniqueName", "y"),
                                        7,
                                        Map.of(),
                                        tab("CONTOSO_A")),
                                "values",
                                1))
                .isInvalid(
                        "required value[1].name",
                        "invalidValue value[1].pageType",
                        "invalidValue value[2].kind",
                        "wrongType value[3]",
                        "required value[4].kind",
                        "duplicateValue value[5].uniqueName",
                        "unknownProperty values");
        event("GET", tenant, "/applicationTabTemplates/contoso_a")
                .sendTo(function)
                .isError(404, "notFound");
        importInto(tenant, Map.of()).isInvalid("required value");
        assertThat(importInto(tenant, of()).is(200).json()).containsEntry("complete", true);
        event("POST", tenant, "/templates/import")
                .query("dryRun", "yes")
                .body(of())
                .sendTo(function)
                .isInvalid("invalidValue dryRun");
        importInto(tenant, "x".repeat(4_194_305)).isError(413, "contentTooLarge");
        List<Object> tooMany = new ArrayList<>();
        for (int i = 0; i < 2_001; i++) {
            tooMany.add(Map.of());
        }
        importInto(tenant, Map.of("value", tooMany)).isInvalid("tooMany value");
    }

    @Test
    void chosen_templates_are_exported_with_their_references() {
        importInto(
                        tenant,
                        of(
                                tab("contoso_a"),
                                tab("contoso_b"),
                                tab("contoso_c"),
                                session("contoso_s", "contoso_b", "contoso_a", "msdyn_entityrecord"),
                                session("contoso_t", "contoso_c"),
                                profile("contoso_p", false, "contoso_s", "case_entity_session_default_template"),
                                notification("contoso_n")))
                .is(200);

        for (int size : new int[] {1, 3, 100}) {
            assertThat(export(tenant, "appProfile/contoso_p", size))
                    .extracting(template -> template.get("kind") + " " + template.get("uniqueName"))
                    .containsExactly(
                            "applicationTabTemplate contoso_a",
                            "applicationTabTemplate contoso_b",
                            "sessionTemplate contoso_s",
                            "appProfile contoso_p");
        }
        assertThat(export(tenant, "sessionTemplate/contoso_t, notificationTemplate/contoso_n", 100))
                .extracting(template -> template.get("uniqueName"))
                .containsExactly("contoso_c", "contoso_n", "contoso_t");
        assertThat(importInto(other, Map.of("value", export(tenant, "appProfile/contoso_p", 100)))
                        .is(200)
                        .json())
                .containsEntry("complete", true);
        event("GET", tenant, "/templates/export")
                .query("templates", "sessionTemplate/CONTOSO_T,appProfile/contoso_none")
                .sendTo(function)
                .isError(422, "templateNotFound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "x/y", "sessionTemplate/", "sessionTemplate/a b", ",", "sessionTemplate"})
    void malformed_choice_of_templates_is_rejected(String templates) {
        assertThat(event("GET", tenant, "/templates/export")
                        .query("templates", templates)
                        .sendTo(function)
                        .isError(400, "invalidRequest")
                        .detailCodes())
                .containsOnly("invalidValue");
    }

    @Test
    void exported_templates_do_not_contain_read_only_members() {
        importInto(tenant, of(tab("contoso_a"))).is(200);

        assertThat(export(tenant, null, 100).getFirst())
                .containsEntry("kind", "applicationTabTemplate")
                .doesNotContainKeys("version", "origin", "createdBy", "createdDateTime", "lastModifiedBy");
    }

    @Test
    void export_of_two_thousand_templates_imports_into_an_empty_tenant_to_an_equal_export() {
        List<Object> templates = new ArrayList<>();
        for (int i = 0; i < MANY / 2; i++) {
            templates.add(tab("contoso_tab_" + i));
        }
        for (int i = 0; i < MANY * 4 / 10; i++) {
            templates.add(session(
                    "contoso_session_" + i, "contoso_tab_" + i, "contoso_tab_" + (i + 1), "msdyn_entityrecord"));
        }
        for (int i = 0; i < MANY / 20; i++) {
            templates.add(notification("contoso_notification_" + i));
            templates.add(profile("contoso_profile_" + i, i == 7, "contoso_session_" + i));
        }
        for (int from = 0; from < MANY; from += 250) {
            importWhole(tenant, templates.subList(from, from + 250));
        }

        List<Map<String, @Nullable Object>> exported = export(tenant, null, 100);
        assertThat(exported).hasSize(MANY);
        for (int from = 0; from < MANY; from += 100) {
            importWhole(other, exported.subList(from, from + 100));
        }

        List<Map<String, @Nullable Object>> again = export(other, null, 100);
        assertThat(again).isEqualTo(exported);
        FunctionResponse repeated = importInto(other, Map.of("value", exported.subList(1_500, 2_000)))
                .is(200);
        assertThat(statuses(repeated)).hasSize(500).containsOnly("unchanged");
    }

    @Test
    void pages_of_large_templates_stop_before_four_megabytes_and_import_as_they_are() {
        List<Map<String, Object>> definitions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            definitions.add(Map.of("name", "p" + i, "type", "string", "default", "x".repeat(2_048)));
        }
        for (int page = 0; page < 3; page++) {
            List<Object> templates = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                Map<String, Object> session = session("contoso_s" + page + "_" + (10 + i), "msdyn_entityrecord");
                session.put("parameterDefinitions", definitions);
                templates.add(session);
            }
            importWhole(tenant, templates);
        }

        int pages = 0;
        int seen = 0;
        @Nullable ApiEvent event = event("GET", tenant, "/templates/export").query("$top", "100");
        while (event != null) {
            FunctionResponse page = event.sendTo(function).is(200);
            assertThat(page.body().length()).isLessThan(4_194_304);
            importWhole(other, value(page));
            seen += value(page).size();
            pages++;
            @Nullable Object next = page.json().get("@odata.nextLink");
            event = next == null ? null : ApiEvent.follow(next.toString()).claim("tid", tenant);
        }
        assertThat(seen).isEqualTo(75);
        assertThat(pages).isGreaterThan(1);
        assertThat(export(other, null, 100)).isEqualTo(export(tenant, null, 100));
    }

    /** Repeats the import until it is complete, as callers do. */
    private void importWhole(String tenant, List<?> templates) {
        FunctionResponse response =
                importInto(tenant, Map.of("value", templates)).is(200);
        for (int i = 0; i < 20 && !Boolean.TRUE.equals(response.json().get("complete")); i++) {
            response = importInto(tenant, Map.of("value", templates)).is(200);
        }
        assertThat(response.json()).as(Json.write(response.at("counts"))).containsEntry("complete", true);
    }
}
