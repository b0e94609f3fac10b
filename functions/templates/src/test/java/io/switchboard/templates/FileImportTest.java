package io.switchboard.templates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.templates.dataverse.ExportFixtures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports files of Dynamics 365 into a tenant. */
class FileImportTest {
    private static final Tables TABLES = new Tables();

    private final ManageTemplates function = new ManageTemplates(TABLES.environment());
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final ExportFixtures fixtures = new ExportFixtures(20);

    private FunctionResponse send(byte[] body, String mediaType, boolean isDryRun) {
        ApiEvent event = ApiEvent.of("POST", "/templates/import")
                .claim("tid", tenant)
                .header("content-type", mediaType)
                .bytes(body);
        return (isDryRun ? event.query("dryRun", "true") : event).sendTo(function);
    }

    private FunctionResponse plan(byte[] body, String mediaType) {
        return send(body, mediaType, true);
    }

    private static Map<String, Object> plan(FunctionResponse response) {
        Map<String, Object> byName = new TreeMap<>();
        for (Object element :
                (List<?>) Objects.requireNonNull(response.is(200).json().get("value"))) {
            Map<Object, Object> entry = new LinkedHashMap<>((Map<?, ?>) element);
            entry.remove("target");
            byName.put(entry.get("kind") + "/" + entry.get("uniqueName"), entry);
        }
        return byName;
    }

    @Test
    void same_content_has_the_same_plan_in_every_format() {
        Map<String, Object> expected = plan(plan(fixtures.jsonText().getBytes(UTF_8), "application/json"));
        assertThat(expected).hasSize(80);
        assertThat(plan(plan(fixtures.solution(false), "application/zip"))).isEqualTo(expected);
        assertThat(plan(plan(fixtures.solution(true), "application/x-zip-compressed")))
                .isEqualTo(expected);
        assertThat(plan(plan(fixtures.dataZip(), "application/octet-stream"))).isEqualTo(expected);
        assertThat(plan(plan(fixtures.customizations().getBytes(UTF_8), "application/xml; charset=utf-8")))
                .isEqualTo(expected);
        assertThat(plan(plan(fixtures.data().getBytes(UTF_8), "TEXT/XML"))).isEqualTo(expected);
        assertThat(plan(plan(fixtures.data().getBytes(UTF_8), "application/octet-stream")))
                .isEqualTo(expected);
    }

    @Test
    void dry_run_shows_what_the_import_stores() {
        Map<String, Object> planned = plan(plan(fixtures.solution(false), "application/zip"));
        FunctionResponse imported =
                send(fixtures.solution(false), "application/zip", false).is(200);
        assertThat(imported.json()).containsEntry("complete", true).doesNotContainKey("templatesNotShown");
        Map<String, Object> stored = new TreeMap<>();
        String page = "/templates/export?$top=100";
        for (Object template : (List<?>) Objects.requireNonNull(ApiEvent.follow("https://api.contoso.example" + page)
                .claim("tid", tenant)
                .sendTo(function)
                .is(200)
                .json()
                .get("value"))) {
            Map<?, ?> members = (Map<?, ?>) template;
            stored.put(members.get("kind") + "/" + members.get("uniqueName"), template);
        }
        Map<String, Object> shown = new TreeMap<>();
        planned.forEach((name, entry) -> shown.put(name, Objects.requireNonNull(((Map<?, ?>) entry).get("template"))));
        assertThat(shown).isEqualTo(stored);
        assertThat(plan(plan(fixtures.data().getBytes(UTF_8), "application/xml"))
                        .values())
                .allSatisfy(
                        entry -> assertThat(((Map<?, ?>) entry).get("status")).isEqualTo("unchanged"));
    }

    @Test
    void response_lists_content_that_is_not_carried_with_count_and_rows() {
        List<?> notCarried = (List<?>) Objects.requireNonNull(
                plan(fixtures.solution(true), "application/zip").is(200).json().get("notCarried"));
        assertThat(notCarried)
                .allSatisfy(entry -> assertThat(((Map<?, ?>) entry).keySet())
                        .isEqualTo(java.util.Set.of("target", "code", "message", "count", "rows")));
        assertThat(notCarried).anySatisfy(entry -> {
            assertThat(((Map<?, ?>) entry).get("count")).isEqualTo(20);
            assertThat((List<?>) ((Map<?, ?>) entry).get("rows")).hasSize(5);
        });
    }

    @Test
    void archive_without_rows_returns_an_empty_plan() {
        FunctionResponse response = plan(
                        ExportFixtures.zip(Map.of("solution.xml", "<ImportExportXml />")), "application/zip")
                .is(200);
        assertThat((List<?>) response.json().get("value")).isEmpty();
        assertThat(response.json().toString()).contains("does not contain rows");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/zip", "application/xml", "text/xml"})
    void content_of_another_type_is_malformed(String mediaType) {
        FunctionResponse response =
                plan("{\"value\":[]}".getBytes(UTF_8), mediaType).is(400);
        assertThat(response.json().toString())
                .contains(mediaType.endsWith("zip") ? "malformedArchive" : "malformedXml");
    }

    @Test
    void other_media_types_and_large_bodies_are_rejected() {
        plan("x".getBytes(UTF_8), "application/octet-stream").is(415);
        plan("x".getBytes(UTF_8), "multipart/form-data; boundary=x").is(415);
        plan(new byte[4_194_305], "application/zip").is(413);
        plan(new byte[0], "application/zip").is(400);
    }

    @Test
    void template_without_its_page_is_invalid() {
        FunctionResponse response = plan(
                        "<msdyn_applicationtabtemplate msdyn_uniquename=\"contoso_x\"><msdyn_name>X</msdyn_name><msdyn_pagetype>509180006</msdyn_pagetype></msdyn_applicationtabtemplate>"
                                .getBytes(UTF_8),
                        "application/xml")
                .is(400);
        assertThat(response.json().toString()).contains("msdyn_applicationtabtemplates/contoso_x.parameters.url");
    }

    private static String tab(String name, int pageType, String parameters) {
        return "\uFEFF<msdyn_applicationtabtemplate msdyn_uniquename=\"" + name
                + "\"><iscustomizable>1</iscustomizable><msdyn_name default=\""
                + name + "\"><label description=\"" + name + "\" languagecode=\"1033\" /></msdyn_name><msdyn_pagetype>"
                + pageType
                + "</msdyn_pagetype><msdyn_pinned>0</msdyn_pinned><statecode>0</statecode><statuscode>1</statuscode>"
                + "<msdyn_templateparameters>" + parameters
                + "</msdyn_templateparameters></msdyn_applicationtabtemplate>";
    }

    private static String session(String name, String anchor) {
        return "<msdyn_sessiontemplate msdyn_uniquename=\"" + name + "\"><msdyn_anchortab><msdyn_uniquename>" + anchor
                + "</msdyn_uniquename></msdyn_anchortab><msdyn_name default=\"" + name + "\"><label description=\""
                + name
                + "\" languagecode=\"1033\" /></msdyn_name><msdyn_panelstate>162450002</msdyn_panelstate>"
                + "<msdyn_sessiontype>0</msdyn_sessiontype><statecode>0</statecode></msdyn_sessiontemplate>";
    }

    private static String set(String session, String tab) {
        return "<msdyn_sessiontemplate_applicationtab msdyn_applicationtabtemplateid.msdyn_uniquename=\"" + tab
                + "\" msdyn_sessiontemplateid.msdyn_uniquename=\"" + session
                + "\"><iscustomizable>1</iscustomizable></msdyn_sessiontemplate_applicationtab>";
    }

    @Test
    void solution_whose_tabs_get_their_parameters_from_callers_imports_whole() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                "solution.xml",
                "<ImportExportXml><SolutionManifest><UniqueName>Contoso</UniqueName><Version>1.0.0.6</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>");
        files.put(
                "customizations.xml",
                "<ImportExportXml><msdyn_sessiontemplate_applicationtabset>"
                        + set("contoso_call_session", "contoso_customer") + set("contoso_call_session", "contoso_new")
                        + set("contoso_chat_session", "contoso_help")
                        + "</msdyn_sessiontemplate_applicationtabset></ImportExportXml>");
        Map<String, String> tabs = Map.of(
                "contoso_find",
                tab("contoso_find", 509180005, "{\"searchText\":{\"value\":null},\"searchType\":{\"value\":null}}"),
                "contoso_customer",
                tab(
                        "contoso_customer",
                        509180001,
                        "{\"createFromEntity\":{\"value\":null},\"data\":{\"value\":null},\"entityId\":{\"value\":null},\"entityName\":{\"value\":null},\"formId\":{\"value\":null},\"processId\":{\"value\":null},\"relationship\":{\"value\":null},\"selectedStageId\":{\"value\":null},\"processInstanceId\":{\"value\":null}}"),
                "contoso_new",
                tab(
                        "contoso_new",
                        509180001,
                        "{\"entityName\":{\"value\":\"incident\"},\"entityId\":{\"value\":null},\"data\":{\"value\":\"{\\\"title\\\":\\\"{subject}\\\"}\"}}"),
                "contoso_help",
                tab(
                        "contoso_help",
                        509180006,
                        "{\"webresourceName\":{\"value\":\"msdyn_CECExternalWebPageContainer.html\"},\"data\":{\"value\":\"cif_thirdpartyurlhttps:\\/\\/help.contoso.example\\/find?topic%3D{topic}\"}}"));
        tabs.forEach((name, row) ->
                files.put("msdyn_applicationtabtemplates/" + name + "/msdyn_applicationtabtemplate.xml", row));
        for (String name : List.of("contoso_default_session", "contoso_call_session", "contoso_chat_session")) {
            files.put("msdyn_sessiontemplates/" + name + "/msdyn_sessiontemplate.xml", session(name, "contoso_find"));
        }
        files.put(
                "msdyn_notificationtemplates/contoso_ring/msdyn_notificationtemplate.xml",
                "<msdyn_notificationtemplate msdyn_uniquename=\"contoso_ring\"><msdyn_name default=\"Ring\"><label description=\"Ring\" languagecode=\"1033\" /></msdyn_name><msdyn_title default=\"{customerName}\"><label description=\"{customerName}\" languagecode=\"1033\" /></msdyn_title><msdyn_timeout>120</msdyn_timeout><msdyn_showtimeout>1</msdyn_showtimeout><statecode>0</statecode></msdyn_notificationtemplate>");

        FunctionResponse response =
                send(ExportFixtures.zip(files), "application/zip", false).is(200);

        assertThat(response.json()).containsEntry("complete", true);
        assertThat((Map<?, ?>) response.json().get("counts"))
                .isEqualTo(Map.of(
                        "created", 8, "changed", 0, "unchanged", 0, "conflict", 0, "builtInSkipped", 0, "pending", 0));
        assertThat(read("/applicationTabTemplates/contoso_find").get("parameters"))
                .isEqualTo(Map.of());
        assertThat(read("/applicationTabTemplates/contoso_customer").get("parameters"))
                .isEqualTo(Map.of());
        assertThat(read("/applicationTabTemplates/contoso_help").get("parameters"))
                .isEqualTo(Map.of("url", "https://help.contoso.example/find?topic={topic}"));
        assertThat((List<?>) read("/sessionTemplates/contoso_call_session").get("additionalTabs"))
                .isEqualTo(List.of("contoso_customer", "contoso_new"));
    }

    private Map<String, ?> read(String path) {
        return ApiEvent.of("GET", path)
                .claim("tid", tenant)
                .sendTo(function)
                .is(200)
                .json();
    }
}
