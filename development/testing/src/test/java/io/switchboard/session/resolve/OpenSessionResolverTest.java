package io.switchboard.session.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.KnownRecords;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.Anchor;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.Tab;
import io.switchboard.session.TestSessions;
import io.switchboard.session.resolve.SessionInput.Form;
import io.switchboard.slug.ResolvedText;
import io.switchboard.slug.Warning;
import io.switchboard.template.TestTemplates;
import io.switchboard.text.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OpenSessionResolverTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private final KnownRecords records = new KnownRecords();
    private final Violations violations = new Violations();
    private Map<String, Object> context = Map.of("customer", "Contoso", "data", "of the context");
    private Anchor anchor = new Anchor(
            "incident",
            CASE,
            Map.of("entityName", "incident", "entityId", CASE, "title", "Old title", "mine", "Pair"),
            Set.of("title"));
    private Rendering rendering = new Rendering("{customer}", List.of(), "Case", true, Map.of("queue", "Support"));

    private Session session() {
        return TestSessions.withRendering(TestSessions.session("1", NOW), rendering)
                .withContext(context)
                .withAnchor(anchor);
    }

    private OpenSessionResolver resolver() {
        return new OpenSessionResolver(session(), records);
    }

    private ResolvedTab tab(Form form, Map<String, Object> values, Map<String, ?> members) {
        return resolver()
                .tab(TestTemplates.tab("site", members), new TabInput(form, values), "tab-2", "hash", NOW, violations);
    }

    private static Map<String, ?> website(String url, String data) {
        return Map.of("title", "{customer}", "parameters", Map.of("url", url, "data", data));
    }

    private static List<String> codes(List<Warning> warnings) {
        List<String> codes = new ArrayList<>();
        for (Warning warning : warnings) {
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
    void slug_uses_the_tab_value_then_the_context_then_the_default() {
        Map<String, ?> members = website("https://example.com/?q=", "{customer} {queue} {own}");
        ResolvedTab resolved = tab(Form.CIF, Map.of("own", "Mine"), members);
        assertThat(resolved.tab())
                .isEqualTo(new Tab(
                        "tab-2",
                        "site",
                        "Contoso",
                        "thirdPartyWebsite",
                        Map.of("url", "https://example.com/?q=", "data", "Contoso Support Mine"),
                        "https://example.com/?q=Contoso%20Support%20Mine",
                        List.of(),
                        true,
                        0,
                        NOW,
                        "hash"));
        assertThat(resolved.warnings()).isEmpty();
        assertThat(resolved.anchor()).isEqualTo(anchor);
        assertThat(tab(Form.CIF, Map.of("own", "Mine", "customer", "Fabrikam", "queue", "Sales"), members)
                        .tab()
                        .parameters())
                .containsEntry("data", "Fabrikam Sales Mine");
        assertThat(violated()).isEmpty();
    }

    @Test
    void values_of_a_new_tab_may_identify_its_page() {
        // docs/domain/app-profile-manager.md, "Methods": appContext has webresourceName and data.
        ResolvedTab resolved = tab(
                Form.APM,
                Map.of("webresourceName", "other.html", "data", "{customer}"),
                Map.of("pageType", "webResource", "parameters", Map.of("webresourceName", "page.html", "data", "x")));
        assertThat(resolved.tab().parameters())
                .isEqualTo(Map.of("webresourceName", "other.html", "data", "{customer}"));
        assertThat(tab(
                                Form.PLAIN,
                                Map.of(),
                                Map.of(
                                        "pageType",
                                        "webResource",
                                        "parameters",
                                        Map.of("webresourceName", "page.html", "data", "x")))
                        .tab()
                        .parameters())
                // The data of the context is not a parameter.
                .isEqualTo(Map.of("webresourceName", "page.html", "data", "x"));
    }

    @Test
    void cif_values_are_resolved_once_and_apm_values_are_literal() {
        Map<String, ?> members = website("https://example.com/?q=", "x");
        assertThat(tab(Form.CIF, Map.of("data", "{customer} {a}", "a", "{customer}"), members)
                        .tab()
                        .parameters())
                .containsEntry("data", "Contoso {customer}");
        assertThat(tab(Form.APM, Map.of("data", "{customer}"), members).tab().parameters())
                .containsEntry("data", "{customer}");
    }

    @Test
    void values_under_the_template_name_take_precedence() {
        ResolvedTab resolved = tab(
                Form.CIF,
                Map.of("data", "outer", "site", Map.of("data", "inner"), "other", Map.of("data", "x")),
                website("https://example.com/?q=", "x"));
        assertThat(resolved.tab().parameters()).containsEntry("data", "inner");
        assertThat(codes(resolved.warnings())).containsExactly("unknownTab templateParameters.other");
        assertThat(violated()).isEmpty();
    }

    @Test
    void invalid_values_are_violations() {
        tab(Form.APM, Map.of("a", Map.of(), "b", List.of()), website("https://example.com/", "x"));
        tab(Form.CIF, Map.of("site", Map.of("c", List.of())), website("https://example.com/", "x"));
        assertThat(violated())
                .containsExactlyInAnyOrder(
                        "wrongType appContext.a", "wrongType appContext.b", "wrongType templateParameters.site.c");
    }

    @Test
    void url_stays_on_the_host_of_the_template() {
        Map<String, ?> members = website("https://example.com/?q=", "x");
        assertThat(tab(Form.CIF, Map.of("url", "https://example.com/other?p="), members)
                        .tab()
                        .url())
                .isEqualTo("https://example.com/other?p=x");
        assertThat(violated()).isEmpty();
        tab(Form.CIF, Map.of("url", "https://example.com.evil.test/"), members);
        tab(Form.APM, Map.of("url", "javascript:alert(1)"), members);
        assertThat(violated()).containsExactly("urlNotAllowed templateParameters.url", "urlNotAllowed appContext.url");
    }

    @Test
    void anchor_attribute_is_read_once_and_stored() {
        records.record("incident", CASE, Map.of("ticketnumber", "CAS-1", "title", "New title"));
        ResolvedTab resolved = tab(
                Form.CIF,
                Map.of(),
                website("https://example.com/", "{anchor.title} {anchor.ticketnumber} {anchor.mine}"));
        assertThat(resolved.tab().parameters()).containsEntry("data", "Old title CAS-1 Pair");
        assertThat(records.rounds())
                .containsExactly(List.of(new RecordQuery.Columns("incident", CASE, List.of("ticketnumber"))));
        assertThat(resolved.anchor().attributes())
                .containsEntry("ticketnumber", "CAS-1")
                .containsEntry("title", "Old title");
        assertThat(resolved.anchor().fetched()).containsExactlyInAnyOrder("title", "ticketnumber");
    }

    @Test
    void tab_template_may_have_queries() {
        records.found("account", "$filter=name%20eq%20'Contoso'", Map.of("city", "Bern"));
        ResolvedTab resolved = tab(
                Form.CIF,
                Map.of(),
                website("https://example.com/", "{$odata.account.city.?$filter=name eq '{customer}'}"));
        assertThat(resolved.tab().parameters()).containsEntry("data", "Bern");
    }

    @Test
    void title_uses_its_values_then_the_context_then_the_defaults() {
        rendering = new Rendering("{customer} {queue} {own}", List.of(), "Case", true, Map.of("queue", "Support"));
        ResolvedTitle resolved = resolver().title(Map.of("customer", "Fabrikam", "own", "{queue}"));
        assertThat(resolved.title()).isEqualTo("Fabrikam Support Support");
        assertThat(resolved.appliesToAnchorTab()).isTrue();
        assertThat(resolved.warnings()).isEmpty();
        assertThat(resolver().title(Map.of("own", 7)).title()).isEqualTo("Contoso Support 7");
    }

    @Test
    void empty_title_uses_the_fallbacks_of_the_creation() {
        rendering = new Rendering("{x}", List.of("{y}", "{z} too"), "Case", true, Map.of());
        assertThat(resolver().title(Map.of("z", "Z")).title()).isEqualTo("Z too");
        assertThat(resolver().title(Map.of("customerName", "Ada")).title()).isEqualTo("Ada");
        assertThat(resolver().title(Map.of()).title()).isEqualTo("Case");
        assertThat(codes(resolver().title(Map.of()).warnings())).containsExactly("unresolvedSlug title");
    }

    @Test
    void title_is_rendered_from_the_current_record() {
        rendering = new Rendering("{anchor.title} {anchor.mine}", List.of(), "Case", true, Map.of());
        records.record("incident", CASE, Map.of("title", "New title", "mine", "of the record"));
        ResolvedTitle resolved = resolver().title(Map.of());
        assertThat(resolved.title()).isEqualTo("New title Pair");
        assertThat(resolved.anchor().attributes())
                .isEqualTo(Map.of("entityName", "incident", "entityId", CASE, "title", "New title", "mine", "Pair"));
        assertThat(resolved.anchor().fetched()).containsExactly("title");
        assertThat(resolved.warnings()).isEmpty();
    }

    @Test
    void attributes_of_tabs_are_refreshed_too() {
        rendering = new Rendering("Case", List.of(), "Case", true, Map.of());
        records.record("incident", CASE, Map.of("title", "New title"));
        ResolvedTitle resolved = resolver().title(Map.of());
        assertThat(resolved.title()).isEqualTo("Case");
        assertThat(resolved.anchor().attributes()).containsEntry("title", "New title");
        records.always(new RecordResult.Failed());
        assertThat(resolver().title(Map.of()).warnings()).isEmpty();
        assertThat(resolver().title(Map.of()).anchor()).isEqualTo(anchor);
    }

    @Test
    void title_uses_earlier_values_if_the_record_cannot_be_refreshed() {
        rendering = new Rendering("{anchor.title}", List.of(), "Case", true, Map.of());
        for (RecordResult answer : List.of(
                new RecordResult.Failed(),
                new RecordResult.NotFound(),
                new RecordResult.UnknownEntity(),
                new RecordResult.NotSetUp())) {
            records.always(answer);
            ResolvedTitle resolved = resolver().title(Map.of());
            assertThat(resolved.title()).isEqualTo("Old title");
            assertThat(resolved.anchor()).isEqualTo(anchor);
            assertThat(codes(resolved.warnings())).containsExactly("unresolvedSlug title");
        }
        ResolvedTitle without = new OpenSessionResolver(session(), RecordSource.NONE).title(Map.of());
        assertThat(without.title()).isEqualTo("Old title");
        assertThat(without.anchor()).isEqualTo(anchor);
        assertThat(codes(without.warnings())).containsExactly("unresolvedSlug title");
    }

    @Test
    void removed_attribute_of_the_record_has_no_value() {
        rendering = new Rendering("-{anchor.title}", List.of(), "Case", true, Map.of());
        records.record("incident", CASE, Map.of());
        ResolvedTitle resolved = resolver().title(Map.of());
        assertThat(resolved.title()).isEqualTo("-");
        assertThat(resolved.anchor().attributes()).doesNotContainKey("title");
        assertThat(resolved.anchor().fetched()).isEmpty();
    }

    @Test
    void text_uses_the_context_the_defaults_and_stored_attributes() {
        ResolvedText resolved = resolver()
                .text("{customer}, {queue}, {anchor.title}, {anchor.mine}, \\{customer}, {unknown}, {anchor.other}");
        assertThat(resolved.value()).isEqualTo("Contoso, Support, Old title, Pair, {customer}, , ");
        assertThat(codes(resolved.warnings())).containsExactly("unresolvedSlug text", "unresolvedSlug text");
        assertThat(records.rounds()).isEmpty();
    }

    @Test
    void unresolved_slugs_cause_at_most_a_hundred_and_one_warnings() {
        StringBuilder text = new StringBuilder("{same}{same}");
        for (int i = 0; i < 1_000; i++) {
            text.append("{k").append(i).append('}');
        }
        List<Warning> warnings = resolver().text(text.toString()).warnings();
        assertThat(warnings).hasSize(101);
        assertThat(warnings.getLast().message()).startsWith("More than 100 slugs have no value.");
    }

    @Test
    void callers_input_never_queries_the_record_source() {
        SplittableRandom random = Seed.random("callers_input_never_queries_the_record_source");
        rendering = new Rendering("{customer} {key}", List.of("{title}"), "Case", true, Map.of());
        for (int i = 0; i < 3_000; i++) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (String key : List.of("customer", "key", "title", "data", "$odata.incident.title.?a", "anchor.title")) {
                values.put(key, hostile(random));
            }
            context = values;
            Map<String, ?> members = website("https://example.com/?q=", "{customer} {key} {title}");
            tab(List.of(Form.CIF, Form.APM, Form.PLAIN).get(random.nextInt(3)), values, members);
            String host = String.valueOf(tab(Form.CIF, Map.of(), members).tab().url());
            assertThat(java.net.URI.create(host).getHost()).isEqualTo("example.com");
            resolver().title(values);
            resolver().text(hostile(random) + hostile(random));
        }
        // A refreshed title reads the attributes that were read before, and none that a caller sent.
        assertThat(records.rounds()).containsOnly(List.of(new RecordQuery.Columns("incident", CASE, List.of("title"))));
    }

    private static String hostile(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> "{$odata.incident.title.?$filter=a eq 'b'}";
            case 1 -> "{anchor.other}";
            case 2 -> "{key}{customer}{$Odata.account.name.?x}" + Seed.text(random, 3);
            default -> Seed.text(random, 10);
        };
    }
}
