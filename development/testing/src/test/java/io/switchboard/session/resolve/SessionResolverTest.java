package io.switchboard.session.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.Tab;
import io.switchboard.session.resolve.SessionInput.Form;
import io.switchboard.slug.Warning;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TestTemplates;
import io.switchboard.template.store.StoredTemplateDocument;
import io.switchboard.text.Seed;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SessionResolverTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Violations violations = new Violations();
    private Map<String, Object> template = Map.of("title", "{customer}", "anchorTab", "site");
    private List<ApplicationTabTemplate> tabs = List.of(TestTemplates.tab("site"));

    private static SessionInput cif(Map<String, ?> context) {
        return cif(context, Map.of());
    }

    private static SessionInput cif(Map<String, ?> context, Map<String, Map<String, Object>> perTab) {
        return new SessionInput(Form.CIF, with(context, perTab), Set.of(), Map.of());
    }

    private static Map<String, Object> with(Map<String, ?> context, Map<String, ?> perTab) {
        Map<String, Object> all = new LinkedHashMap<>(context);
        all.putAll(perTab);
        return all;
    }

    private static SessionInput apm(Map<String, ?> context, Map<String, ?> pairs) {
        return new SessionInput(Form.APM, new LinkedHashMap<>(context), Set.of(), new LinkedHashMap<>(pairs));
    }

    private ResolvedSession resolve(SessionInput input) {
        int[] count = {0};
        return new SessionResolver(TestTemplates.session("contoso_call", template), tabs, input, RecordSource.NONE)
                .resolve(() -> "tab-" + count[0]++, NOW, violations);
    }

    private Tab anchor(SessionInput input) {
        return resolve(input).tabs().getFirst();
    }

    private void website(String url, String data) {
        tabs = List.of(TestTemplates.tab("site", Map.of("parameters", Map.of("url", url, "data", data))));
    }

    private void tabOf(String pageType, Map<String, ?> parameters) {
        tabs = List.of(TestTemplates.tab("site", Map.of("pageType", pageType, "parameters", parameters)));
    }

    private static List<String> codes(ResolvedSession session) {
        List<String> codes = new ArrayList<>();
        for (Warning warning : session.warnings()) {
            codes.add(warning.code() + " " + warning.target());
        }
        return codes;
    }

    private List<String> violated() {
        List<String> found = new ArrayList<>();
        for (Violation violation : violations.all()) {
            found.add(violation.code() + " " + violation.target());
        }
        return found;
    }

    @Test
    void configured_title_is_resolved() {
        template = Map.of("title", "Call of {customer}, {n}", "anchorTab", "site");
        ResolvedSession session = resolve(cif(Map.of("customer", "Contoso", "n", 7)));

        assertThat(session.title()).isEqualTo("Call of Contoso, 7");
        assertThat(session.warnings()).isEmpty();
        assertThat(session.context()).isEqualTo(Map.of("customer", "Contoso", "n", 7));
    }

    @Test
    void empty_title_uses_fallback_titles_customer_name_case_title_and_name() {
        template =
                Map.of("title", "{x}", "fallbackTitles", List.of("{y} and more", "{z}", "Last"), "anchorTab", "site");
        assertThat(resolve(cif(Map.of("x", "X"))).title()).isEqualTo("X");
        assertThat(resolve(cif(Map.of("y", "Y"))).title()).isEqualTo("Y and more");
        assertThat(resolve(cif(Map.of("z", "Z"))).title()).isEqualTo("Z");
        assertThat(resolve(cif(Map.of("customerName", "Ada"))).title()).isEqualTo("Last");
        template = Map.of("title", "{x}", "anchorTab", "site");
        assertThat(resolve(cif(Map.of("customerName", "Ada", "caseTitle", "Broken")))
                        .title())
                .isEqualTo("Ada");
        assertThat(resolve(cif(Map.of("caseTitle", "Broken"))).title()).isEqualTo("Broken");
        assertThat(resolve(cif(Map.of())).title()).isEqualTo("Template contoso_call");
        template = Map.of("anchorTab", "site");
        assertThat(resolve(cif(Map.of("customerName", "Ada"))).title()).isEqualTo("Ada");
    }

    @Test
    void unresolved_slug_is_empty_with_a_warning() {
        template = Map.of("title", "-{x}-", "anchorTab", "site");
        website("https://example.com/?q=", "{unknown}");
        ResolvedSession session = resolve(cif(Map.of()));

        assertThat(session.title()).isEqualTo("--");
        assertThat(codes(session)).containsExactly("unresolvedSlug title", "unresolvedSlug tabs[0].parameters.data");
        assertThat(session.tabs().getFirst().url()).isEqualTo("https://example.com/?q=");
    }

    @Test
    void title_is_cut_to_two_hundred_characters_without_splitting_a_character() {
        ResolvedSession session = resolve(cif(Map.of("customer", "x".repeat(201))));
        assertThat(session.title()).isEqualTo("x".repeat(200));
        assertThat(codes(session)).contains("textCut title");
        assertThat(resolve(cif(Map.of("customer", "x".repeat(199) + "😀"))).title())
                .isEqualTo("x".repeat(199));
        assertThat(codes(resolve(cif(Map.of("customer", "x".repeat(200)))))).isEmpty();
    }

    @Test
    void parameter_that_is_too_long_is_emptied() {
        website("https://example.com/?q=", "{customer}");
        ResolvedSession session = resolve(cif(Map.of("customer", "x".repeat(2_049))));

        assertThat(session.tabs().getFirst().parameters()).containsEntry("data", "");
        assertThat(session.tabs().getFirst().url()).isEqualTo("https://example.com/?q=");
        assertThat(codes(session)).contains("parameterTooLong tabs[0].parameters.data");
        assertThat(codes(resolve(cif(Map.of("customer", "x".repeat(2_048))))))
                .doesNotContain("parameterTooLong tabs[0].parameters.data");
    }

    @Test
    void url_that_is_too_long_is_omitted() {
        website("https://example.com/{customer}", "{x}");
        ResolvedSession session = resolve(cif(Map.of("customer", "x".repeat(2_049), "x", "y")));

        assertThat(session.tabs().getFirst().parameters()).containsEntry("url", "");
        assertThat(session.tabs().getFirst().url()).isNullOrEmpty();
        assertThat(codes(session)).contains("parameterTooLong tabs[0].parameters.url");
    }

    @Test
    void tab_value_of_the_caller_overrides_pairs_context_and_template() {
        tabOf("entityRecord", Map.of("entityName", "configured"));
        assertThat(anchor(cif(Map.of())).parameters()).containsEntry("entityName", "configured");
        assertThat(anchor(cif(Map.of("entityName", "global"))).parameters()).containsEntry("entityName", "global");
        assertThat(anchor(new SessionInput(
                                Form.CIF, Map.of("entityName", "global"), Set.of(), Map.of("entityName", "pair")))
                        .parameters())
                .containsEntry("entityName", "pair");
        assertThat(anchor(new SessionInput(
                                Form.CIF,
                                Map.of("entityName", "global", "site", Map.of("entityName", "own")),
                                Set.of(),
                                Map.of("entityName", "pair")))
                        .parameters())
                .containsEntry("entityName", "own");
    }

    @Test
    void pairs_apply_to_the_anchor_tab_only() {
        template = Map.of("anchorTab", "one", "additionalTabs", List.of("two"));
        Map<String, ?> record = Map.of("pageType", "entityRecord", "parameters", Map.of("entityName", "configured"));
        tabs = List.of(TestTemplates.tab("one", record), TestTemplates.tab("two", record));
        ResolvedSession session = resolve(apm(Map.of(), Map.of("entityName", "incident", "entityId", "1")));

        assertThat(session.tabs().get(0).parameters()).isEqualTo(Map.of("entityName", "incident", "entityId", "1"));
        assertThat(session.tabs().get(1).parameters()).isEqualTo(Map.of("entityName", "configured"));
        assertThat(session.anchor().entityName()).isEqualTo("incident");
        assertThat(session.anchor().entityId()).isEqualTo("1");
    }

    @Test
    void page_identity_is_changed_by_tab_values_only() {
        Map<String, Object> pages = Map.of(
                "webResource",
                "webresourceName",
                "control",
                "controlName",
                "custom",
                "name",
                "dashboard",
                "dashboardId");
        String one = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
        String other = "3f2504e0-4f89-41d3-9a0c-0305e82c3302";
        pages.forEach((pageType, parameter) -> {
            tabOf(pageType, Map.of((String) parameter, one));
            assertThat(anchor(cif(Map.of((String) parameter, other))).parameters())
                    .as(pageType)
                    .containsEntry((String) parameter, one);
            assertThat(anchor(cif(Map.of(), Map.of("site", Map.of((String) parameter, other))))
                            .parameters())
                    .as(pageType)
                    .containsEntry((String) parameter, other);
        });
        website("https://example.com/", "");
        assertThat(anchor(cif(Map.of("url", "https://evil.test/"))).url()).isEqualTo("https://example.com/");
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void missing_required_parameter_of_the_page_is_reported() {
        for (String needed : List.of(
                "entityList entityName", "entityRecord entityName", "dashboard dashboardId", "search searchText")) {
            String[] words = needed.split(" ", -1);
            tabOf(words[0], Map.of());
            assertThat(codes(resolve(cif(Map.of("customer", "x")))))
                    .as(needed)
                    .containsExactly("parameterMissing tabs[0].parameters." + words[1]);
            assertThat(codes(resolve(cif(Map.of("customer", "x"), Map.of("site", Map.of(words[1], "v"))))))
                    .as(needed)
                    .isEmpty();
        }
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void required_parameter_of_the_page_can_come_from_any_value_of_the_caller() {
        tabOf("search", Map.of());
        assertThat(codes(resolve(cif(Map.of("customer", "x", "searchText", "CAS-1")))))
                .isEmpty();
        tabOf("entityRecord", Map.of());
        assertThat(codes(resolve(apm(Map.of("customer", "x"), Map.of("entityName", "incident")))))
                .isEmpty();
    }

    @Test
    void required_parameter_of_the_page_is_missing_if_it_resolves_to_empty_text() {
        tabOf("search", Map.of("searchText", "{topic}"));
        assertThat(codes(resolve(cif(Map.of("customer", "x", "topic", " ")))))
                .containsExactly("parameterMissing tabs[0].parameters.searchText");
        // The warning of the slug is sufficient.
        assertThat(codes(resolve(cif(Map.of("customer", "x")))))
                .containsExactly("unresolvedSlug tabs[0].parameters.searchText");
    }

    @Test
    void url_of_the_caller_may_use_an_allowed_host() {
        tabs = List.of(TestTemplates.tab(
                "site",
                Map.of(
                        "parameters",
                        Map.of("url", "https://example.com/a"),
                        "allowedHosts",
                        List.of("help.contoso.com", "wiki.contoso.com:8443"))));
        for (String url : List.of(
                "https://example.com/b", "https://HELP.contoso.com/x?y", "https://wiki.contoso.com:8443/?q=1")) {
            assertThat(anchor(cif(Map.of(), Map.of("site", Map.of("url", url)))).url())
                    .isEqualTo(url);
        }
        assertThat(violations.all()).isEmpty();
        for (String url : List.of(
                "https://contoso.com/",
                "https://wiki.contoso.com/",
                "https://help.contoso.com.evil.test/",
                "https://help.contoso.com@evil.test/",
                "http://help.contoso.com/")) {
            int before = violations.all().size();
            anchor(cif(Map.of(), Map.of("site", Map.of("url", url))));
            assertThat(violations.all()).as(url).hasSize(before + 1);
        }
        assertThat(violated()).containsOnly("urlNotAllowed templateParameters.site.url");
    }

    @Test
    void url_from_a_slug_may_use_allowed_hosts_only() {
        tabs = List.of(TestTemplates.tab(
                "site", Map.of("parameters", Map.of("url", "{page}"), "allowedHosts", List.of("help.contoso.com"))));
        assertThat(anchor(cif(Map.of("page", "https://help.contoso.com/a?b=c d")))
                        .url())
                .isEqualTo("https://help.contoso.com/a?b=c%20d");
        assertThat(anchor(cif(Map.of(), Map.of("site", Map.of("url", "https://help.contoso.com/z"))))
                        .url())
                .isEqualTo("https://help.contoso.com/z");
        for (String page :
                List.of("https://evil.test/", "javascript:alert(1)", "https://help.contoso.com@evil.test/", "x")) {
            ResolvedSession session = resolve(cif(Map.of("customer", "x", "page", page)));
            assertThat(session.tabs().getFirst().url()).as(page).isNull();
            assertThat(codes(session)).as(page).containsExactly("urlNotAllowed tabs[0].parameters.url");
        }
        assertThat(violations.all()).isEmpty();
        tabs = List.of(TestTemplates.tab("site", Map.of("parameters", Map.of("url", "{page}"))));
        ResolvedSession session = resolve(cif(Map.of("customer", "x", "page", "https://help.contoso.com/")));
        assertThat(codes(session)).containsExactly("urlNotAllowed tabs[0].parameters.url");
    }

    @Test
    void stored_url_that_browsers_do_not_open_causes_a_warning() {
        for (String url : List.of("https://example.com:99999/", "https://2130706433/", "https://example..com/")) {
            tabs = List.of((ApplicationTabTemplate) StoredTemplateDocument.read(
                    TemplateKind.APPLICATION_TAB_TEMPLATE,
                    "{\"uniqueName\":\"site\",\"name\":\"Site\",\"pageType\":\"thirdPartyWebsite\",\"parameters\":{\"url\":\""
                            + url + "\"}}"));
            ResolvedSession session = resolve(cif(Map.of("customer", "x")));
            assertThat(session.tabs().getFirst().url()).isEqualTo(url);
            assertThat(codes(session)).containsExactly("urlNotOpenable tabs[0].parameters.url");
        }
    }

    @Test
    void url_that_browsers_do_not_open_is_not_composed() {
        for (String data : List.of(
                "{\"value\":\"cif_thirdpartyurlhttps://help.contoso.example/find?topic%3D{topic}\"}",
                "cif_thirdpartyurlhttps://help.contoso.example/", "CIF_ThirdPartyUrl{topic}")) {
            website("https://help.contoso.example/find", data);
            ResolvedSession session = resolve(cif(Map.of("customer", "x", "topic", "returns")));
            Tab tab = session.tabs().getFirst();
            assertThat(tab.url()).as(data).isEqualTo("https://help.contoso.example/find");
            assertThat(tab.parameters()).as(data).doesNotContainKey("data");
            assertThat(codes(session)).as(data).containsExactly("urlNotOpenable tabs[0].parameters.url");
        }
        website("https://help.contoso.example/find?", "{topic}");
        assertThat(anchor(cif(Map.of("topic", "cif_thirdpartyurlhttps://evil.test")))
                        .url())
                .isEqualTo("https://help.contoso.example/find?");
        Tab tab =
                anchor(cif(Map.of(), Map.of("site", Map.of("url", "https://help.contoso.example/cif_thirdpartyurlx"))));
        assertThat(tab.url()).isNull();
        assertThat(tab.parameters()).doesNotContainKey("url");
    }

    @Test
    void url_of_the_caller_stays_on_the_host_of_the_template() {
        website("https://example.com/a", "");
        assertThat(anchor(cif(Map.of(), Map.of("site", Map.of("url", "https://EXAMPLE.com/b c"))))
                        .url())
                .isEqualTo("https://EXAMPLE.com/b%20c");
        assertThat(violations.all()).isEmpty();
        for (String url : List.of(
                "https://evil.test/",
                "http://example.com/",
                "https://example.com:8443/",
                "https://example.com@evil.test/",
                "https://example.com\\@evil.test/",
                "https://example.com.evil.test/",
                "javascript:alert(1)",
                "//evil.test",
                "")) {
            int before = violations.all().size();
            anchor(cif(Map.of(), Map.of("site", Map.of("url", url))));
            assertThat(violated()).as(url).hasSize(before + 1);
        }
        assertThat(violated()).containsOnly("urlNotAllowed templateParameters.site.url");
    }

    @Test
    void callers_input_cannot_change_the_host_of_the_url() {
        SplittableRandom random = Seed.random("whatever_a_caller_sends");
        List<String> urls = List.of(
                "https://example.com",
                "https://example.com/",
                "https://example.com?q=",
                "https://example.com/{a}/x?{b}#{c}");
        for (int i = 0; i < 2_000; i++) {
            website(urls.get(random.nextInt(urls.size())), random.nextBoolean() ? "{a}{b}" : "x");
            Map<String, Object> values = Map.of(
                    "a",
                    Seed.text(random, 5),
                    "b",
                    Seed.text(random, 5),
                    "c",
                    Seed.text(random, 5),
                    "data",
                    Seed.text(random, 5));
            String url = String.valueOf(anchor(random.nextBoolean() ? cif(values) : cif(values, Map.of("site", values)))
                    .url());
            // java.net.URI does not accept a second hash.
            int hash = url.indexOf('#') + 1;
            String taken = url.substring(0, hash) + url.substring(hash).replace("#", "");
            assertThat(URI.create(taken).getHost()).as(url).isEqualTo("example.com");
        }
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void value_is_encoded_in_a_url_and_not_in_a_parameter() {
        website("https://example.com/find/{p}?q=", "{customer}");
        Tab tab = anchor(cif(Map.of("customer", "a&b=c d", "p", "x/../y")));

        assertThat(tab.url()).isEqualTo("https://example.com/find/x%2F..%2Fy?q=a%26b%3Dc%20d");
        assertThat(tab.parameters()).containsEntry("data", "a&b=c d");
    }

    @Test
    void documented_url_is_composed() {
        website("https://example.test/find?q=", "{anchor.ticketnumber}");
        assertThat(anchor(apm(Map.of(), Map.of("ticketnumber", "CAS-1"))).url())
                .isEqualTo("https://example.test/find?q=CAS-1");
    }

    @Test
    void json_is_parsed_before_its_strings_are_resolved() {
        tabOf(
                "entityRecord",
                Map.of(
                        "entityName",
                        "incident",
                        "data",
                        "{\"title\":\"{customer}\",\"n\":1.10,\"{customer}\":[{\"id\":\"{x}\",\"entityType\":\"account\"}],\"e\":null}"));
        Tab tab = anchor(cif(Map.of("customer", "\"},{\"evil\":1", "x", "\\")));

        assertThat(tab.parameters().get("data"))
                .isEqualTo(
                        "{\"title\":\"\\\"},{\\\"evil\\\":1\",\"n\":1.10,\"{customer}\":[{\"id\":\"\\\\\",\"entityType\":\"account\"}],\"e\":null}");
    }

    @Test
    void single_slug_is_not_parsed_as_json() {
        tabOf("search", Map.of("searchText", "{customer}"));
        assertThat(anchor(cif(Map.of("customer", "[1,2]"))).parameters()).containsEntry("searchText", "[1,2]");
    }

    @Test
    void values_of_the_caller_are_resolved_once_against_raw_values() {
        ResolvedSession session = resolve(cif(Map.of(
                "customer",
                "{a}",
                "a",
                "{b}",
                "b",
                "end",
                "q",
                "{$odata.x.y.?z}",
                "self",
                "{self}",
                "r",
                "{anchor.x}")));

        assertThat(session.context())
                .containsEntry("customer", "{b}")
                .containsEntry("a", "end")
                .containsEntry("q", "")
                .containsEntry("self", "{self}")
                .containsEntry("r", "");
        assertThat(session.title()).isEqualTo("{b}");
        assertThat(codes(session))
                .containsExactlyInAnyOrder(
                        "unresolvedSlug templateParameters.q", "unresolvedSlug templateParameters.r");
    }

    @Test
    void values_of_a_session_context_are_literal() {
        ResolvedSession session = resolve(apm(Map.of("customer", "{a}", "a", "A"), Map.of()));

        assertThat(session.title()).isEqualTo("{a}");
        assertThat(session.context()).containsEntry("customer", "{a}");
        assertThat(session.warnings()).isEmpty();
    }

    @Test
    void values_of_unknown_members_are_literal_in_the_cif_form() {
        ResolvedSession session =
                resolve(new SessionInput(Form.CIF, Map.of("customer", "{a}", "a", "A"), Set.of("customer"), Map.of()));

        assertThat(session.context()).containsEntry("customer", "{a}");
    }

    @Test
    void slug_uses_the_tab_value_then_the_context_then_the_default() {
        template = Map.of(
                "title",
                "{k}",
                "anchorTab",
                "site",
                "parameterDefinitions",
                List.of(Map.of("name", "k", "type", "string", "default", "default")));
        website("https://example.com/?q=", "{k}");
        assertThat(anchor(cif(Map.of())).url()).isEqualTo("https://example.com/?q=default");
        assertThat(anchor(cif(Map.of("k", "global"))).url()).isEqualTo("https://example.com/?q=global");
        ResolvedSession own = resolve(cif(Map.of("k", "global"), Map.of("site", Map.of("k", "own"))));
        assertThat(own.tabs().getFirst().url()).isEqualTo("https://example.com/?q=own");
        assertThat(own.title()).isEqualTo("global");
    }

    @Test
    void anchor_slug_uses_the_pairs_only() {
        template = Map.of("title", "{anchor.title}|{title}", "anchorTab", "site");
        ResolvedSession session =
                resolve(apm(Map.of("anchor.title", "wrong", "title", "T"), Map.of("title", "Broken printer")));

        assertThat(session.title()).isEqualTo("Broken printer|T");
    }

    @Test
    void query_has_no_value_without_a_record_source() {
        template = Map.of(
                "title",
                "x{$odata.incident.title.?$filter=incidentid eq '{caseId}'&$select=title}",
                "anchorTab",
                "site");
        ResolvedSession session = resolve(cif(Map.of("caseId", "1", "customer", "c")));

        assertThat(session.title()).isEqualTo("x");
        assertThat(codes(session)).containsExactly("unresolvedSlug title");
    }

    @Test
    void required_parameters_and_types_are_checked() {
        template = Map.of(
                "anchorTab",
                "site",
                "parameterDefinitions",
                List.of(
                        Map.of("name", "must", "type", "string", "required", true),
                        Map.of("name", "has", "type", "string", "required", true, "default", "d"),
                        Map.of("name", "n", "type", "number"),
                        Map.of("name", "b", "type", "boolean")));
        resolve(cif(Map.of("n", "7", "b", 1)));
        assertThat(violated())
                .containsExactly(
                        "parameterRequired templateParameters.must",
                        "parameterType templateParameters.n",
                        "parameterType templateParameters.b");
    }

    @Test
    void session_context_accepts_numbers_and_booleans_as_strings() {
        template = Map.of(
                "anchorTab",
                "site",
                "parameterDefinitions",
                List.of(
                        Map.of("name", "n", "type", "number"),
                        Map.of("name", "b", "type", "boolean"),
                        Map.of("name", "s", "type", "string"),
                        Map.of("name", "must", "type", "string", "required", true)));
        ResolvedSession session = resolve(apm(Map.of("n", "-7.5e3", "b", "false", "s", "7", "must", "m"), Map.of()));
        assertThat(violated()).isEmpty();
        assertThat(session.context()).containsEntry("n", "-7.5e3").containsEntry("b", "false");

        resolve(apm(Map.of("n", 7, "b", true, "must", "m"), Map.of()));
        assertThat(violated()).isEmpty();

        for (String number :
                List.of("", "seven", " 7", "0x7", "+7", "٧", "07", "true", "7 8", "NaN", "\"7\"", "1".repeat(101))) {
            resolve(apm(Map.of("n", number, "must", "m"), Map.of()));
        }
        for (String truth : List.of("", "True", "yes", "1", "true ", "null")) {
            resolve(apm(Map.of("b", truth, "must", "m"), Map.of()));
        }
        resolve(apm(Map.of("s", 7), Map.of()));
        List<String> expected = new ArrayList<>(Collections.nCopies(12, "parameterType sessionContext.n"));
        expected.addAll(Collections.nCopies(6, "parameterType sessionContext.b"));
        expected.add("parameterType sessionContext.s");
        expected.add("parameterRequired sessionContext.must");
        assertThat(violated()).isEqualTo(expected);
    }

    @Test
    void values_for_an_unknown_tab_cause_a_warning() {
        ResolvedSession session = resolve(cif(Map.of("customer", "c"), Map.of("Site", Map.of("data", "x"))));

        assertThat(codes(session)).containsExactly("unknownTab templateParameters.Site");
        assertThat(session.tabs()).hasSize(1);
    }

    @Test
    void anchor_comes_first_and_cannot_be_closed() {
        template = Map.of("title", "T", "anchorTab", "one", "additionalTabs", List.of("two", "three"));
        tabs = List.of(
                TestTemplates.tab("one", Map.of("tags", List.of("x"))),
                TestTemplates.tab("two", Map.of("title", "Two {customer}")),
                TestTemplates.tab("three", Map.of("canClose", false)));
        ResolvedSession session = resolve(cif(Map.of("customer", "c")));

        assertThat(session.tabs()).extracting(Tab::templateName).containsExactly("one", "two", "three");
        assertThat(session.tabs()).extracting(Tab::canClose).containsExactly(false, true, false);
        assertThat(session.tabs()).extracting(Tab::title).containsExactly("Tab one", "Two c", "Tab three");
        assertThat(session.tabs()).extracting(Tab::tabId).containsExactly("tab-0", "tab-1", "tab-2");
        assertThat(session.tabs().getFirst().tags()).containsExactly("x");
    }

    @Test
    void session_title_applies_to_the_anchor_tab_if_configured() {
        template = Map.of(
                "title",
                "{customer}",
                "anchorTab",
                "one",
                "additionalTabs",
                List.of("two"),
                "applySessionTitleToAnchorTab",
                true);
        tabs = List.of(TestTemplates.tab("one"), TestTemplates.tab("two"));

        assertThat(resolve(cif(Map.of("customer", "c"))).tabs())
                .extracting(Tab::title)
                .containsExactly("c", "Tab two");
    }

    @Test
    void entity_session_has_its_record_as_anchor() {
        template = Map.of(
                "type",
                "entity",
                "entity",
                "incident",
                "communicationPanelMode",
                "hidden",
                "title",
                "{anchor.title}",
                "additionalTabs",
                List.of("site"));
        ResolvedSession session = resolve(apm(
                Map.of("customer", "c"), Map.of("entityName", "incident", "entityId", "1", "title", "Broken printer")));

        Tab anchor = session.tabs().getFirst();
        assertThat(session.title()).isEqualTo("Broken printer");
        assertThat(session.tabs()).hasSize(2);
        assertThat(anchor.templateName()).isNull();
        assertThat(anchor.pageType()).isEqualTo("entityRecord");
        assertThat(anchor.title()).isEqualTo("Broken printer");
        assertThat(anchor.canClose()).isFalse();
        assertThat(anchor.url()).isNull();
        assertThat(anchor.parameters()).containsEntry("entityName", "incident").containsEntry("entityId", "1");
        assertThat(session.anchor().attributes()).containsEntry("title", "Broken printer");
    }

    @Test
    void numbers_keep_their_notation() {
        assertThat(resolve(cif(Map.of("customer", new java.math.BigDecimal("1.10"))))
                        .title())
                .isEqualTo("1.10");
        assertThat(resolve(cif(Map.of("customer", false))).title()).isEqualTo("false");
    }
}
