package io.switchboard.template.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.Origin;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TestTemplates;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.template.store.PutOutcome;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateReader;
import io.switchboard.template.store.TemplateStore;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TemplateCatalogTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TemplateKind SESSION = TemplateKind.SESSION_TEMPLATE;
    private static final TemplateKind TAB = TemplateKind.APPLICATION_TAB_TEMPLATE;
    private static final Precondition ANY = Precondition.NONE;

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::templates);

    private final BuiltInTemplates builtIn = BuiltInTemplates.load();
    private final TemplateStore store =
            new DynamoDbTemplateStore(TABLE.dynamoDb(), TestTables.templates(TABLE.client()), builtIn);
    private final TemplateCatalog catalog = new TemplateCatalog(store, builtIn);
    private final TemplateCache cache = new TemplateCache(Duration.ofSeconds(30));
    private final SessionTemplates sessionTemplates = new SessionTemplates(store, builtIn, cache);
    private final ApplicationTabTemplates tabTemplates = new ApplicationTabTemplates(store, builtIn, cache);

    private void create(Template template) {
        assertThat(store.create("t", template, null, "ada", NOW)).isInstanceOf(PutOutcome.Created.class);
    }

    @Test
    void shipped_templates_exist_for_every_tenant() {
        assertThat(catalog.read("t", SESSION, "msdyn_chat_session", NOW)).isPresent();
        assertThat(catalog.read("other", TAB, "msdyn_entityrecord", NOW)).isPresent();
        assertThat(sessionTemplates.find("t", "CallSessionTemplate", false, NOW))
                .isPresent();
        assertThat(catalog.read("t", SESSION, "contoso_call", NOW)).isEmpty();
        assertThat(catalog.read("t", SESSION, "MSDYN_CHAT_SESSION", NOW)).isEmpty();
    }

    @Test
    void stored_template_replaces_the_example() {
        create(TestTemplates.session("CallSessionTemplate", Map.of("name", "Mine", "status", "inactive")));

        assertThat(catalog.read("t", SESSION, "CallSessionTemplate", NOW)
                        .orElseThrow()
                        .template()
                        .name())
                .isEqualTo("Mine");
        assertThat(sessionTemplates
                        .find("t", "CallSessionTemplate", false, NOW)
                        .orElseThrow()
                        .origin())
                .isEqualTo(Origin.CUSTOM);
        assertThat(catalog.read("other", SESSION, "CallSessionTemplate", NOW)
                        .orElseThrow()
                        .origin())
                .isEqualTo(Origin.EXAMPLE);
        List<Stored<Template>> all = all(SESSION, TemplateFilter.ALL, 100);
        assertThat(all)
                .filteredOn(stored -> stored.template().uniqueName().equals("CallSessionTemplate"))
                .extracting(Stored::origin)
                .containsExactly(Origin.CUSTOM);
        // The filter excludes the stored template and the example that it replaced.
        assertThat(all(SESSION, new TemplateFilter(null, Status.ACTIVE, null, null, "CallSession"), 100))
                .isEmpty();
    }

    @Test
    void stored_template_never_replaces_a_built_in_one() {
        create(TestTemplates.session("msdyn_chat_session", Map.of("name", "Mine", "status", "inactive")));

        assertThat(catalog.read("t", SESSION, "msdyn_chat_session", NOW)
                        .orElseThrow()
                        .origin())
                .isEqualTo(Origin.BUILT_IN);
        assertThat(sessionTemplates
                        .find("t", "msdyn_chat_session", true, NOW)
                        .orElseThrow()
                        .origin())
                .isEqualTo(Origin.BUILT_IN);
    }

    @Test
    void list_merges_shipped_and_stored_templates_by_name_without_duplicates() {
        TreeSet<String> expected = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Stored<Template> shipped : builtIn.all(SESSION)) {
            expected.add(shipped.template().uniqueName());
        }
        for (String name : List.of("AAA", "callsession", "D", "msdyn_d", "msdyn_g", "zzz", "Msdyn_chat_sessio", "n")) {
            create(TestTemplates.session(name, Map.of("status", "inactive")));
            expected.add(name);
        }
        for (int size = 1; size <= expected.size() + 1; size++) {
            assertThat(all(SESSION, TemplateFilter.ALL, size))
                    .extracting(stored -> stored.template().uniqueName())
                    .as("pages of %d", size)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void short_pages_of_the_store_do_not_lose_or_repeat_templates() {
        TemplateCatalog brief = new TemplateCatalog(new BriefReader(store), builtIn);
        TreeSet<String> expected = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Stored<Template> shipped : builtIn.all(SESSION)) {
            expected.add(shipped.template().uniqueName());
        }
        for (String name : List.of("AAA", "D", "msdyn_d", "zzz")) {
            create(TestTemplates.session(name, Map.of("status", "inactive")));
            expected.add(name);
        }
        assertThat(all(brief, SESSION, TemplateFilter.ALL, 10))
                .extracting(stored -> stored.template().uniqueName())
                .containsExactlyElementsOf(expected);
    }

    @Test
    void filters_apply_to_shipped_templates() {
        assertThat(all(SESSION, new TemplateFilter(SessionType.ENTITY, null, null, null, null), 3))
                .extracting(stored -> stored.template().uniqueName())
                .containsExactly("case_entity_session_default_template");
        assertThat(all(SESSION, new TemplateFilter(null, null, null, null, "MSDYN_c"), 1))
                .extracting(stored -> stored.template().uniqueName())
                .containsExactly("msdyn_chat_session", "msdyn_custommessaging_session");
        assertThat(all(SESSION, new TemplateFilter(null, Status.INACTIVE, null, null, null), 3))
                .isEmpty();
        assertThat(all(TAB, TemplateFilter.ALL, 3)).hasSize(8);
    }

    @Test
    void template_is_read_from_the_cache_until_it_expires() {
        create(TestTemplates.tab("contoso_a"));
        create(TestTemplates.generic("contoso_call", "contoso_a"));
        assertThat(version(false, NOW)).isEqualTo(1);
        store.replace("t", TestTemplates.generic("contoso_call", "contoso_a"), ANY, "ada", NOW);

        assertThat(version(false, NOW.plusSeconds(29))).isEqualTo(1);
        assertThat(version(true, NOW.plusSeconds(29))).isEqualTo(2);
        assertThat(version(false, NOW.plusSeconds(29))).isEqualTo(2);
        store.replace("t", TestTemplates.generic("contoso_call", "contoso_a"), ANY, "ada", NOW);
        assertThat(version(false, NOW.plusSeconds(59))).isEqualTo(3);
        store.replace("t", TestTemplates.generic("contoso_call", "contoso_a"), ANY, "ada", NOW);
        cache.clear();
        assertThat(version(false, NOW.plusSeconds(59))).isEqualTo(4);
    }

    private long version(boolean fresh, Instant now) {
        return sessionTemplates
                .find("t", "contoso_call", fresh, now)
                .orElseThrow()
                .version();
    }

    @Test
    void missing_template_is_not_cached() {
        assertThat(sessionTemplates.find("t", "contoso_call", false, NOW)).isEmpty();
        create(TestTemplates.session("contoso_call", Map.of("status", "inactive")));
        assertThat(sessionTemplates.find("t", "contoso_call", false, NOW)).isPresent();
        assertThat(tabTemplates.find("t", List.of("contoso_a"), false, NOW)).isEmpty();
        create(TestTemplates.tab("contoso_a"));
        assertThat(tabTemplates.find("t", List.of("contoso_a"), false, NOW)).hasSize(1);
    }

    @Test
    void tabs_are_read_from_shipped_templates_the_cache_and_the_store() {
        create(TestTemplates.tab("contoso_a"));
        create(TestTemplates.tab("contoso_b"));
        tabTemplates.find("t", List.of("contoso_a"), false, NOW);
        store.replace("t", TestTemplates.tab("contoso_a", Map.of("name", "Next")), ANY, "ada", NOW);
        List<String> names = List.of("contoso_a", "msdyn_entityrecord", "contoso_b", "contoso_x");

        Map<String, ApplicationTabTemplate> found = tabTemplates.find("t", names, false, NOW);

        assertThat(found.keySet()).containsExactlyInAnyOrder("contoso_a", "msdyn_entityrecord", "contoso_b");
        assertThat(found.get("contoso_a")).extracting(Template::name).isEqualTo("Tab contoso_a");
        assertThat(tabTemplates.find("t", names, true, NOW).get("contoso_a"))
                .extracting(Template::name)
                .isEqualTo("Next");
        assertThat(tabTemplates.find("other", names, false, NOW).keySet()).containsExactly("msdyn_entityrecord");
    }

    private List<Stored<Template>> all(TemplateKind kind, TemplateFilter filter, int size) {
        return all(catalog, kind, filter, size);
    }

    private static List<Stored<Template>> all(
            TemplateCatalog catalog, TemplateKind kind, TemplateFilter filter, int size) {
        List<Stored<Template>> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = catalog.list("t", kind, filter, new PageRequest(after, size), NOW);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    /** A reader with one template on each page, as a filter may have that reads a limited number of items. */
    private record BriefReader(TemplateReader reader) implements TemplateReader {
        @Override
        public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
            return reader.read(tenant, kind, uniqueName, now);
        }

        @Override
        public List<Stored<Template>> readAll(
                String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now) {
            return reader.readAll(tenant, kind, uniqueNames, now);
        }

        @Override
        public Page<Stored<Template>> list(
                String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
            return reader.list(tenant, kind, filter, new PageRequest(page.after(), 1), now);
        }
    }
}
