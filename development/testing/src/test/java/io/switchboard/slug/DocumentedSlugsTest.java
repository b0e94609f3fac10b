package io.switchboard.slug;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.KnownRecords;
import io.switchboard.session.Tab;
import io.switchboard.session.resolve.ResolvedSession;
import io.switchboard.session.resolve.SessionInput;
import io.switchboard.session.resolve.SessionInput.Form;
import io.switchboard.session.resolve.SessionResolver;
import io.switchboard.template.TestTemplates;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the documented tab parameters of Dynamics 365 ({@code docs/domain/session-templates.md}, "Page types", and
 * {@code docs/domain/slugs.md}).
 */
final class DocumentedSlugsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static final String QUERY = "{$odata.incident.title.?$filter=incidentid eq '{caseId}'&$select=title}";

    private final KnownRecords records = new KnownRecords()
            .record("incident", CASE, Map.of("ticketnumber", "CAS-1", "title", "Broken lift"))
            .found(
                    "incident",
                    "$filter=incidentid%20eq%20'" + CASE + "'&$select=title",
                    Map.of("title", "Broken lift"));

    private final Violations violations = new Violations();

    private Tab tab(String pageType, Map<String, ?> parameters) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("caseId", CASE);
        context.put("caseTitle", "Lift \"B\"");
        context.put("customerName", "O'Brien");
        Map<String, Object> pairs = new LinkedHashMap<>();
        // The tab is not the anchor tab, which would receive the values by name.
        pairs.put("entityName", "incident");
        pairs.put("entityId", CASE);
        ResolvedSession session = new SessionResolver(
                        TestTemplates.session(
                                "contoso_case",
                                Map.of(
                                        "type",
                                        "entity",
                                        "entity",
                                        "incident",
                                        "communicationPanelMode",
                                        "hidden",
                                        "additionalTabs",
                                        List.of("contoso_tab"))),
                        List.of(TestTemplates.tab(
                                "contoso_tab", Map.of("pageType", pageType, "parameters", parameters))),
                        new SessionInput(Form.APM, context, Set.of(), pairs),
                        records)
                .resolve(() -> "tab", NOW, violations);
        assertThat(session.warnings()).isEmpty();
        assertThat(violations.isEmpty()).isTrue();
        return session.tabs().get(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entityList    | entityName | ''",
                "entityRecord  | entityName | ''",
                "entityRecord  | entityId   | entityName=incident",
                "webResource   | data       | webresourceName=page.html",
                "search        | searchText | ''",
                "thirdPartyWebsite | data   | url=https://example.test/find?q=",
                "custom        | entityName | name=contoso_page",
                "custom        | recordId   | name=contoso_page"
            })
    void parameter_that_accepts_a_slug_has_its_value(String pageType, String parameter, String others) {
        assertThat(tab(pageType, parameters(others, parameter, "{caseId}")).parameters())
                .containsEntry(parameter, CASE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webResource   | data       | webresourceName=page.html",
                "search        | searchText | ''",
                "thirdPartyWebsite | data   | url=https://example.test/find?q=",
                "custom        | recordId   | name=contoso_page"
            })
    void parameter_that_accepts_a_query_has_its_result(String pageType, String parameter, String others) {
        assertThat(tab(pageType, parameters(others, parameter, QUERY)).parameters())
                .containsEntry(parameter, "Broken lift");
        assertThat(tab(pageType, parameters(others, parameter, QUERY.replace("$odata", "$Odata")))
                        .parameters())
                .containsEntry(parameter, "Broken lift");
    }

    private static Map<String, String> parameters(String others, String parameter, String value) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int equals = others.indexOf('=');
        if (equals > 0) {
            parameters.put(others.substring(0, equals), others.substring(equals + 1));
        }
        parameters.put(parameter, value);
        return parameters;
    }

    @Test
    void data_of_a_new_record_may_have_slugs_and_lookups_as_arrays() {
        Tab tab = tab("entityRecord", Map.of("entityName", "incident", "data", """
                        {"title":"{caseTitle}","description":"of {customerName}","prioritycode":1,
                         "parentcaseid":[{"id":"{caseId}","name":"%s","entityType":"incident"}]}""".formatted(QUERY)));

        assertThat(Json.readOwn(String.valueOf(tab.parameters().get("data"))))
                .isEqualTo(Map.of(
                        "title",
                        "Lift \"B\"",
                        "description",
                        "of O'Brien",
                        "prioritycode",
                        1,
                        "parentcaseid",
                        List.of(Map.of("id", CASE, "name", "Broken lift", "entityType", "incident"))));
    }

    @Test
    void data_of_a_website_is_resolved_and_appended_to_its_url() {
        assertThat(tab(
                                "thirdPartyWebsite",
                                Map.of("url", "https://example.test/find?q=", "data", "{anchor.ticketnumber}"))
                        .url())
                .isEqualTo("https://example.test/find?q=CAS-1");
        assertThat(tab("thirdPartyWebsite", Map.of("url", "https://example.test/find?q=", "data", QUERY))
                        .url())
                .isEqualTo("https://example.test/find?q=Broken%20lift");
    }

    @Test
    void values_without_slugs_are_unchanged() {
        assertThat(tab("entityRecord", Map.of("entityName", "incident", "validateRecord", true))
                        .parameters())
                .isEqualTo(Map.of("entityName", "incident", "validateRecord", true));
        assertThat(tab("search", Map.of("searchText", "lift", "searchType", 1)).parameters())
                .isEqualTo(Map.of("searchText", "lift", "searchType", 1));
        assertThat(tab("dashboard", Map.of("dashboardId", CASE)).parameters()).isEqualTo(Map.of("dashboardId", CASE));
    }
}
