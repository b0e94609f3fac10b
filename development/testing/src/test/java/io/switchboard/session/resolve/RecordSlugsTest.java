package io.switchboard.session.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Violations;
import io.switchboard.recordsource.KnownRecords;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.resolve.SessionInput.Form;
import io.switchboard.slug.Warning;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.TestTemplates;
import io.switchboard.text.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests slugs that read records, in complete session templates. */
final class RecordSlugsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static final String CUSTOMER = "_customerid_value";
    private static final String FORMATTED = CUSTOMER + "@OData.Community.Display.V1.FormattedValue";
    private static final String LOGICAL_NAME = CUSTOMER + "@Microsoft.Dynamics.CRM.lookuplogicalname";

    private final KnownRecords records = new KnownRecords();
    private final Violations violations = new Violations();

    private static SessionInput record(String id, Map<String, String> context) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("entityName", "incident");
        pairs.put("entityId", id);
        return new SessionInput(Form.APM, new LinkedHashMap<>(context), Set.of(), pairs);
    }

    private static SessionInput cif(Map<String, ?> context) {
        return new SessionInput(Form.CIF, new LinkedHashMap<>(context), Set.of(), Map.of());
    }

    private static SessionTemplate entity(String title) {
        return TestTemplates.session(
                "contoso_case",
                Map.of("type", "entity", "entity", "incident", "communicationPanelMode", "hidden", "title", title));
    }

    private static SessionTemplate generic(String title) {
        return TestTemplates.session("contoso_call", Map.of("title", title, "anchorTab", "site"));
    }

    private ResolvedSession resolve(SessionTemplate template, SessionInput input, ApplicationTabTemplate... tabs) {
        return new SessionResolver(template, List.of(tabs), input, records).resolve(() -> "tab", NOW, violations);
    }

    private static List<String> messages(List<Warning> warnings) {
        List<String> messages = new ArrayList<>();
        for (Warning warning : warnings) {
            assertThat(warning.code()).isEqualTo("unresolvedSlug");
            messages.add(warning.message());
        }
        return messages;
    }

    @Test
    void every_documented_form_of_an_anchor_attribute_has_its_value() {
        records.record(
                "incident",
                CASE,
                Map.of(
                        "title",
                        "Broken lift",
                        CUSTOMER,
                        "5e0b6a3c-0000-0000-0000-000000000001",
                        FORMATTED,
                        "Contoso Ltd",
                        LOGICAL_NAME,
                        "account"));
        ResolvedSession session = resolve(
                entity("{anchor.title}|{anchor." + CUSTOMER + "}|{anchor." + FORMATTED + "}|{anchor." + LOGICAL_NAME
                        + "}|{anchor.entityName}"),
                record(CASE, Map.of()));

        assertThat(session.title())
                .isEqualTo("Broken lift|5e0b6a3c-0000-0000-0000-000000000001|Contoso Ltd|account|incident");
        assertThat(session.warnings()).isEmpty();
        // One query for columns: an annotation is returned with its column.
        assertThat(records.rounds())
                .containsExactly(List.of(new RecordQuery.Columns("incident", CASE, List.of("title", CUSTOMER))));
    }

    @Test
    void pair_of_the_caller_overrides_the_record_and_read_attributes_are_stored() {
        records.record("incident", CASE, Map.of("title", "Old", "ticketnumber", "CAS-1"));
        SessionInput input = record(CASE, Map.of());
        Map<String, Object> pairs = new LinkedHashMap<>(input.anchorPairs());
        pairs.put("title", "New");
        ResolvedSession session = resolve(
                entity("{anchor.title} {anchor.ticketnumber}"), new SessionInput(Form.APM, Map.of(), Set.of(), pairs));

        assertThat(session.title()).isEqualTo("New CAS-1");
        assertThat(session.anchor().attributes())
                .isEqualTo(Map.of("entityName", "incident", "entityId", CASE, "title", "New", "ticketnumber", "CAS-1"));
        assertThat(session.anchor().fetched()).containsExactly("ticketnumber");
        assertThat(session.tabs().getFirst().parameters()).isEqualTo(pairs);
    }

    @Test
    void data_of_a_website_is_appended_as_in_the_example() {
        // The example of docs/domain/session-templates.md, "Page types".
        records.record("incident", CASE, Map.of("ticketnumber", "CAS-1"));
        ResolvedSession session = resolve(
                entity("Case"),
                record(CASE, Map.of()),
                TestTemplates.tab(
                        "find",
                        Map.of(
                                "parameters",
                                Map.of("url", "https://example.test/find?q=", "data", "{anchor.ticketnumber}"))));

        assertThat(session.tabs().get(1).url()).isEqualTo("https://example.test/find?q=CAS-1");
    }

    @Test
    void documented_query_returns_the_attribute_of_the_first_row() {
        // The example of docs/domain/slugs.md, "OData slugs".
        records.found(
                "incident", "$filter=incidentid%20eq%20'" + CASE + "'&$select=title", Map.of("title", "Broken lift"));
        ResolvedSession session = resolve(
                generic("{$odata.incident.title.?$filter=incidentid eq '{caseId}'&$select=title}"),
                cif(Map.of("caseId", CASE)),
                TestTemplates.tab("site"));

        assertThat(session.title()).isEqualTo("Broken lift");
        assertThat(messages(session.warnings())).hasSize(1).allMatch(message -> message.contains("{customer}"));
    }

    @Test
    void inner_slug_may_be_an_anchor_attribute() {
        records.record("incident", CASE, Map.of(CUSTOMER, "o'brien"))
                .found("account", "$filter=accountid%20eq%20'o%27%27brien'", Map.of("name", "Contoso"));
        ResolvedSession session = resolve(
                entity("{$odata.account.name.?$filter=accountid eq '{anchor." + CUSTOMER + "}'}"),
                record(CASE, Map.of()));

        assertThat(session.title()).isEqualTo("Contoso");
        assertThat(records.rounds()).hasSize(2);
    }

    @Test
    void slugs_are_queried_concurrently_and_equal_queries_once() {
        records.record("incident", CASE, Map.of("title", "T"))
                .found("account", "$top=1", Map.of("name", "N", "city", "C"));
        ResolvedSession session = resolve(
                entity("{anchor.title} {$odata.account.name.?$top=1} {$odata.account.city.?$top=1}"),
                record(CASE, Map.of()),
                TestTemplates.tab(
                        "find",
                        Map.of(
                                "parameters",
                                Map.of("url", "https://example.test/", "data", "{$Odata.account.name.?$top=1}"))));

        assertThat(session.title()).isEqualTo("T N C");
        assertThat(session.tabs().get(1).parameters()).containsEntry("data", "N");
        assertThat(records.rounds()).hasSize(1);
        assertThat(records.rounds().getFirst()).hasSize(2);
    }

    @Test
    void warning_of_an_unresolved_slug_has_the_reason() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("title", null);
        members.put("list", List.of(1));
        members.put("memo", "x".repeat(3_000));
        records.record("incident", CASE, members);
        String title = "-{anchor.title}{anchor.list}{anchor.memo}{anchor.no name}{$odata.a.b}{$odata.a.b.?c}";

        ResolvedSession session = resolve(entity(title), record(CASE, Map.of()));
        assertThat(session.title()).isEqualTo("-");
        assertThat(messages(session.warnings()))
                .containsExactly(
                        "The slug {anchor.title} in title has no value: the attribute is empty in the record. It was"
                                + " replaced by an empty string.",
                        "The slug {anchor.list} in title has no value: the attribute is not a string, number or boolean"
                                + " in the record. It was replaced by an empty string.",
                        "The slug {anchor.memo} in title has no value: the attribute is longer than 2048 characters. It"
                                + " was replaced by an empty string.",
                        "The slug {anchor.no name} in title has no value: it is not a valid attribute name. It was"
                                + " replaced by an empty string.",
                        "The slug {$odata.a.b} in title has no value: it is not a query of the form"
                                + " {$odata.entity.attribute.?options}. It was replaced by an empty string.",
                        "The slug {$odata.a.b.?c} in title has no value: the record does not exist. It was replaced by"
                                + " an empty string.");
        assertThat(session.anchor().fetched()).isEmpty();
        assertThat(why(new RecordResult.Failed())).contains("the record source did not respond");
        assertThat(why(new RecordResult.UnknownEntity())).contains("does not have that entity");
        assertThat(why(new RecordResult.NotSetUp())).contains("no record source is configured");
        assertThat(why(new RecordResult.NotFound())).contains("the record does not exist");
    }

    private String why(RecordResult answer) {
        records.always(answer);
        ResolvedSession session = resolve(entity("{anchor.title}"), record(CASE, Map.of()));
        // No slug is resolved, so the title is the last fallback.
        assertThat(session.title()).isEqualTo("Template contoso_case");
        return String.join("\n", messages(session.warnings()));
    }

    @Test
    void record_with_an_id_that_is_not_a_guid_is_not_requested() {
        ResolvedSession session = resolve(entity("{anchor.title}"), record("1) or (1", Map.of()));

        assertThat(records.rounds()).isEmpty();
        assertThat(messages(session.warnings())).first().asString().contains("not a GUID");
    }

    @Test
    void record_slugs_without_a_record_source_have_no_value() {
        ResolvedSession session = new SessionResolver(
                        entity("-{anchor.title}{$odata.a.b.?c}"), List.of(), record(CASE, Map.of()), RecordSource.NONE)
                .resolve(() -> "tab", NOW, violations);

        assertThat(session.title()).isEqualTo("-");
        assertThat(messages(session.warnings()))
                .hasSize(2)
                .allMatch(message -> message.contains("no record source is configured"));
    }

    @Test
    void at_most_twenty_queries_are_run() {
        StringBuilder title = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            title.append("{$odata.a.b.?").append(i).append('}');
        }
        List<ApplicationTabTemplate> tabs = new ArrayList<>();
        for (int tab = 0; tab < 4; tab++) {
            tabs.add(TestTemplates.tab(
                    "tab" + tab, Map.of("title", title.toString().replace("?", "?" + tab))));
        }
        records.always(new RecordResult.Found(Map.of("b", "B")));
        ResolvedSession session = resolve(
                entity(title.toString()),
                record(CASE, Map.of("customer", "C")),
                tabs.toArray(ApplicationTabTemplate[]::new));

        assertThat(records.options()).hasSize(20);
        assertThat(messages(session.warnings()))
                .hasSize(5)
                .allMatch(message -> message.contains("at most 20 queries are allowed in one request"));
    }

    @Test
    void stored_attributes_of_a_record_are_limited() {
        StringBuilder title = new StringBuilder();
        Map<String, Object> members = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            if (title.length() < 180) {
                title.append("{anchor.a").append(i).append('}');
            }
            members.put("a" + i, "x".repeat(2_048));
        }
        records.record("incident", CASE, members);
        ResolvedSession session = resolve(entity(title.toString()), record(CASE, Map.of()));

        assertThat(session.anchor().fetched()).hasSize(8);
        assertThat(session.warnings().toString()).contains("too long in total");
    }

    @Test
    void url_with_record_values_stays_on_its_host() {
        SplittableRandom random = Seed.random("url_with_record_values_stays_on_its_host");
        for (int i = 0; i < 3_000; i++) {
            records.record("incident", CASE, Map.of("x", Seed.text(random, 8)));
            ResolvedSession session = resolve(
                    entity("Case"),
                    record(CASE, Map.of()),
                    TestTemplates.tab(
                            "find",
                            Map.of(
                                    "parameters",
                                    Map.of(
                                            "url",
                                            "https://example.test/{anchor.x}?q={anchor.x}",
                                            "data",
                                            "{anchor.x}"))));
            assertThat(String.valueOf(session.tabs().get(1).url())).startsWith("https://example.test/");
            assertThat(java.net
                            .URI
                            .create(String.valueOf(session.tabs().get(1).url()))
                            .getHost())
                    .isEqualTo("example.test");
        }
    }

    /** Only the template determines the queries. Callers' input is used for values only. */
    @Test
    void callers_input_never_queries_the_record_source() {
        SplittableRandom random = Seed.random("callers_input_never_queries_the_record_source");
        String query = "{$odata.incident.title.?$filter=x eq '{key}'}";
        for (int i = 0; i < 3_000; i++) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (String key : List.of("key", "customer", "data", "title", "$odata.incident.title.?a", "anchor.x")) {
                values.put(key, hostile(random));
            }
            Map<String, Object> pairs = new LinkedHashMap<>(values);
            Form form = List.of(Form.CIF, Form.APM, Form.PLAIN).get(random.nextInt(3));
            SessionInput input = new SessionInput(
                    form,
                    form == Form.CIF ? with(values, "site", values) : values,
                    Set.of(),
                    form == Form.CIF ? Map.of() : pairs);
            KnownRecords recorded = new KnownRecords().always(new RecordResult.Found(Map.of("title", query)));
            ResolvedSession session = new SessionResolver(
                            generic("{customer} {title} {$odata.incident.title.?a} {anchor.x}"),
                            List.of(TestTemplates.tab(
                                    "site",
                                    Map.of(
                                            "parameters",
                                            Map.of("url", "https://example.test/?q=", "data", "{customer}")))),
                            input,
                            recorded)
                    .resolve(() -> "tab", NOW, violations);
            assertThat(recorded.options()).as("%s", input).isSubsetOf("a");
            // The result looks like a slug, but is text.
            assertThat(session.title().length() > 150 || session.title().contains(query))
                    .isTrue();
        }
    }

    private static Map<String, Object> with(Map<String, Object> values, String name, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put(name, value);
        return all;
    }

    private static String hostile(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> "{$odata.incident.title.?$filter=a eq 'b'}";
            case 1 -> "{anchor.title}";
            case 2 -> "{key}{customer}{$Odata.account.name.?x}" + Seed.text(random, 3);
            default -> Seed.text(random, 10);
        };
    }

    @Test
    void standard_keys_with_and_without_spaces_are_slugs() {
        // The keys of docs/domain/slugs.md, "Keys". The last one is a pre-chat question.
        for (String key : List.of(
                "customerName",
                "caseId",
                "caseTitle",
                "queueId",
                "visitorLanguage",
                "visitorDevice",
                "entityRoutingLogicalName",
                "entityRoutingRecordId",
                "customerEntityName",
                "customerRecordId",
                "How can we help you today?")) {
            ResolvedSession session = resolve(
                    generic("Contoso - {" + key + "}"),
                    cif(Map.of(key, "value of it", "customer", "C")),
                    TestTemplates.tab("site"));
            assertThat(session.title()).isEqualTo("Contoso - value of it");
            assertThat(session.warnings()).isEmpty();
        }
    }

    @Test
    void static_text_can_be_combined_with_slugs() {
        // The example of docs/domain/slugs.md, "Forms of a value".
        ResolvedSession session = resolve(
                generic("Contoso - {caseTitle}"),
                cif(Map.of("caseTitle", "Broken lift", "customer", "C")),
                TestTemplates.tab("site"));
        assertThat(session.title()).isEqualTo("Contoso - Broken lift");
        assertThat(session.context()).isEqualTo(Map.of("caseTitle", "Broken lift", "customer", "C"));
    }

    @Test
    void syntax_of_macros_forms_and_quick_replies_is_text() {
        // docs/domain/slugs.md, "Other languages": what agent scripts and quick replies write is text with, at most, a
        // slug in it.
        assertThat(resolve(generic("${caseId}"), cif(Map.of("caseId", "7", "customer", "C")), TestTemplates.tab("site"))
                        .title())
                .isEqualTo("$7");
        assertThat(resolve(
                                generic("{ReconnectUrl{ReconnectID}}"),
                                cif(Map.of("ReconnectID", "7", "customer", "C")),
                                TestTemplates.tab("site"))
                        .title())
                .isEqualTo("{ReconnectUrl7}");
    }
}
