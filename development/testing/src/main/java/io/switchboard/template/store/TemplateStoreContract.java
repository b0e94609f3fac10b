package io.switchboard.template.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.AppProfile;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.Origin;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TestTemplates;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of {@link TemplateStore}. Subclasses provide the store. Each test has separate tenants, so all tests can
 * share one table.
 */
public abstract class TemplateStoreContract {
    /** The time of the tests. */
    protected static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    /** The shipped templates of the store. */
    protected static final BuiltInTemplates BUILT_IN = BuiltInTemplates.load();

    private static final TemplateKind TAB = TemplateKind.APPLICATION_TAB_TEMPLATE;
    private static final TemplateKind SESSION = TemplateKind.SESSION_TEMPLATE;
    private static final Precondition ANY = Precondition.NONE;
    private static final int DELETE_ROUNDS = 20;

    private final String tenant = "tenant " + UUID.randomUUID();

    /**
     * Returns a store with {@link #BUILT_IN}, which is empty or shares its data with other stores of the same class.
     */
    protected abstract TemplateStore store();

    /** Returns the import store for the table of {@link #store}. */
    protected abstract ImportStore imports();

    /** Returns the app profile assignments in the table of {@link #store}. */
    protected abstract ProfileAssignments assignments();

    /** Returns a reader of the table of {@link #store}. */
    protected abstract SessionTemplateReader reader();

    @Test
    void created_template_is_read_unchanged() {
        TemplateStore store = store();
        SessionTemplate template = TestTemplates.session(
                "contoso_call",
                Map.of(
                        "description",
                        "Calls",
                        "tags",
                        List.of("voice", "x"),
                        "title",
                        "{customer}",
                        "fallbackTitles",
                        List.of("Call"),
                        "sessionIcon",
                        "/webresources/icon.svg",
                        "anchorTab",
                        "msdyn_entityrecord",
                        "parameterDefinitions",
                        List.of(Map.of("name", "customer", "type", "string", "required", true, "default", "X"))));

        PutOutcome outcome = store.create(tenant, template, null, "ada", NOW);

        Stored<Template> stored = Stored.created(template, "ada", NOW);
        assertThat(outcome).isEqualTo(new PutOutcome.Created(stored));
        assertThat(store.read(tenant, SESSION, "contoso_call", NOW)).contains(stored);
        assertThat(stored.version()).isEqualTo(1);
    }

    @Test
    void missing_template_is_not_found() {
        TemplateStore store = store();

        assertThat(store.read(tenant, SESSION, "contoso_call", NOW)).isEmpty();
        assertThat(store.readAll(tenant, TAB, List.of("a", "b"), NOW)).isEmpty();
        assertThat(store.readAll(tenant, TAB, List.of(), NOW)).isEmpty();
        assertThat(names(store, TAB, TemplateFilter.ALL, 10)).isEmpty();
        assertThat(store.delete(tenant, TAB, "a", ANY, NOW)).isEqualTo(new DeleteOutcome.NotFound());
        assertThat(store.replace(tenant, TestTemplates.tab("a"), ANY, "ada", NOW))
                .isEqualTo(new PutOutcome.NotFound());
    }

    @Test
    void kinds_have_separate_names() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        assertThat(store.create(tenant, TestTemplates.generic("contoso_a", "contoso_a"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);

        assertThat(store.read(tenant, TAB, "contoso_a", NOW).orElseThrow().template())
                .isInstanceOf(ApplicationTabTemplate.class);
        assertThat(store.read(tenant, SESSION, "contoso_a", NOW).orElseThrow().template())
                .isInstanceOf(SessionTemplate.class);
        assertThat(names(store, TAB, TemplateFilter.ALL, 10)).containsExactly("contoso_a");
    }

    @Test
    void names_are_unique_ignoring_case_and_case_sensitive_in_lookups() {
        TemplateStore store = store();
        createTab(store, "Contoso_Search");

        assertThat(store.create(tenant, TestTemplates.tab("contoso_SEARCH"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.NameTaken("Contoso_Search"));
        assertThat(store.create(tenant, TestTemplates.tab("Contoso_Search"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.NameTaken("Contoso_Search"));
        assertThat(store.read(tenant, TAB, "contoso_search", NOW)).isEmpty();
        assertThat(store.readAll(tenant, TAB, List.of("contoso_search"), NOW)).isEmpty();
        assertThat(store.replace(tenant, TestTemplates.tab("contoso_search"), ANY, "ada", NOW))
                .isEqualTo(new PutOutcome.NotFound());
        assertThat(store.delete(tenant, TAB, "contoso_search", ANY, NOW)).isEqualTo(new DeleteOutcome.NotFound());
        assertThat(store.create(tenant, TestTemplates.generic("s", "contoso_search"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_search")));
        assertThat(store.read(tenant, TAB, "Contoso_Search", NOW)).isPresent();
    }

    @Test
    void replacing_increments_the_version_and_keeps_the_creator() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        Instant later = NOW.plusSeconds(60);
        ApplicationTabTemplate next = TestTemplates.tab("contoso_a", Map.of("name", "Next"));

        PutOutcome outcome = store.replace(tenant, next, Precondition.ofVersion(1), "bob", later);

        Stored<Template> expected = new Stored<>(next, Origin.CUSTOM, 2, NOW, "ada", later, "bob");
        assertThat(outcome).isEqualTo(new PutOutcome.Replaced(expected));
        assertThat(store.read(tenant, TAB, "contoso_a", later)).contains(expected);
    }

    @Test
    void change_requires_the_version_of_if_match() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        ApplicationTabTemplate next = TestTemplates.tab("contoso_a", Map.of("name", "Next"));

        assertThat(store.replace(tenant, next, Precondition.ofVersion(2), "bob", NOW))
                .isEqualTo(new PutOutcome.VersionMismatch(1));
        assertThat(store.delete(tenant, TAB, "contoso_a", Precondition.ofVersion(2), NOW))
                .isEqualTo(new DeleteOutcome.VersionMismatch(1));
        assertThat(store.replace(tenant, next, ANY, "bob", NOW)).isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.replace(tenant, next, Precondition.NONE, "bob", NOW)).isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.replace(tenant, next, Precondition.ofVersion(3), "bob", NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.delete(tenant, TAB, "contoso_a", new Precondition(Set.of(3L, 4L)), NOW))
                .isEqualTo(new DeleteOutcome.Deleted());
        assertThat(store.read(tenant, TAB, "contoso_a", NOW)).isEmpty();
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(new DeleteOutcome.NotFound());
    }

    @Test
    void name_of_a_deleted_template_is_free_and_its_version_numbers_continue() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        delete(store, TAB, "contoso_a");

        createTab(store, "CONTOSO_A");
        assertThat(store.read(tenant, TAB, "CONTOSO_A", NOW).orElseThrow().version())
                .isEqualTo(2);
    }

    @Test
    void references_must_exist() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        SessionTemplate template = TestTemplates.generic("s", "contoso_b", "contoso_a", "contoso_c");

        assertThat(store.create(tenant, template, null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_b", "contoso_c")));
        assertThat(store.read(tenant, SESSION, "s", NOW)).isEmpty();
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(new DeleteOutcome.Deleted());
    }

    @Test
    void reference_in_another_case_is_missing() {
        TemplateStore store = store();
        createTab(store, "contoso_a");

        assertThat(store.create(tenant, TestTemplates.generic("s", "contoso_a", "CONTOSO_A"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("CONTOSO_A")));
        assertThat(store.create(tenant, TestTemplates.generic("s", "contoso_a"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);
        assertThat(store.replace(tenant, TestTemplates.generic("s", "CONTOSO_A"), ANY, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("CONTOSO_A")));
        assertThat(store.readAll(tenant, TAB, List.of("contoso_a", "CONTOSO_A"), NOW))
                .extracting(stored -> stored.template().uniqueName())
                .containsExactly("contoso_a");
    }

    @Test
    void shipped_templates_can_be_referenced() {
        TemplateStore store = store();
        assertThat(store.create(tenant, TestTemplates.generic("s", "msdyn_entityrecord"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);
        assertThat(store.create(tenant, TestTemplates.generic("t", "MSDYN_entityrecord"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("MSDYN_entityrecord")));
    }

    @Test
    void deleted_template_cannot_be_referenced() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.tab("contoso_a"), new IdempotencyKey("k", "h"), "ada", NOW);
        delete(store, TAB, "contoso_a");

        assertThat(store.create(tenant, TestTemplates.generic("s", "contoso_a"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_a")));
    }

    @Test
    void template_is_not_deleted_before_its_last_reference() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        createTab(store, "contoso_b");
        store.create(tenant, TestTemplates.generic("s1", "contoso_a", "contoso_b"), null, "ada", NOW);
        store.create(tenant, TestTemplates.entity("s2", "incident", "contoso_a"), null, "ada", NOW);

        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(inUse("s1", "s2"));
        delete(store, SESSION, "s1");
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(inUse("s2"));
        delete(store, TAB, "contoso_b");
        store.replace(tenant, TestTemplates.entity("s2", "incident"), ANY, "ada", NOW);
        delete(store, TAB, "contoso_a");
    }

    @Test
    void replacing_adds_and_removes_references() {
        TemplateStore store = store();
        for (String name : List.of("contoso_a", "contoso_b", "contoso_c")) {
            createTab(store, name);
        }
        store.create(tenant, TestTemplates.generic("s", "contoso_a", "contoso_b"), null, "ada", NOW);

        assertThat(store.replace(tenant, TestTemplates.generic("s", "contoso_b", "contoso_x"), ANY, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_x")));
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isInstanceOf(DeleteOutcome.InUse.class);
        assertThat(store.replace(tenant, TestTemplates.generic("s", "contoso_c", "contoso_b"), ANY, "ada", NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.delete(tenant, TAB, "contoso_c", ANY, NOW)).isEqualTo(inUse("s"));
        assertThat(store.delete(tenant, TAB, "contoso_b", ANY, NOW)).isEqualTo(inUse("s"));
        delete(store, TAB, "contoso_a");
        delete(store, SESSION, "s");
        delete(store, TAB, "contoso_b");
        delete(store, TAB, "contoso_c");
    }

    @Test
    void replacing_a_template_in_use_keeps_it_in_use() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        store.create(tenant, TestTemplates.generic("s", "contoso_a"), null, "ada", NOW);

        store.replace(tenant, TestTemplates.tab("contoso_a", Map.of("name", "Next")), ANY, "ada", NOW);

        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(inUse("s"));
    }

    @Test
    void all_ten_tabs_of_a_template_can_be_replaced_at_once() {
        TemplateStore store = store();
        String[] before = new String[10];
        String[] after = new String[10];
        for (int i = 0; i < 10; i++) {
            before[i] = "contoso_a" + i;
            after[i] = "contoso_b" + i;
            createTab(store, before[i]);
            createTab(store, after[i]);
        }
        store.create(tenant, TestTemplates.generic("s", before), null, "ada", NOW);

        assertThat(store.replace(tenant, TestTemplates.generic("s", after), ANY, "ada", NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        delete(store, TAB, before[9]);
        assertThat(store.delete(tenant, TAB, after[9], ANY, NOW)).isInstanceOf(DeleteOutcome.InUse.class);
    }

    @Test
    void retried_create_with_the_same_key_is_a_replay() {
        TemplateStore store = store();
        IdempotencyKey key = new IdempotencyKey("key", "hash");
        store.create(tenant, TestTemplates.tab("contoso_a"), key, "ada", NOW);
        store.replace(tenant, TestTemplates.tab("contoso_a", Map.of("name", "Next")), ANY, "bob", NOW);
        Stored<Template> now = store.read(tenant, TAB, "contoso_a", NOW).orElseThrow();

        assertThat(store.create(tenant, TestTemplates.tab("contoso_a"), key, "ada", NOW.plusSeconds(9)))
                .isEqualTo(new PutOutcome.Replayed(now));
        assertThat(now.version()).isEqualTo(2);
        assertThat(store.create(tenant, TestTemplates.tab("contoso_a"), new IdempotencyKey("key", "other"), "ada", NOW))
                .isEqualTo(new PutOutcome.KeyReused());
        assertThat(store.create(
                        tenant, TestTemplates.tab("contoso_a"), new IdempotencyKey("other", "hash"), "ada", NOW))
                .isEqualTo(new PutOutcome.NameTaken("contoso_a"));
        assertThat(store.create(tenant, TestTemplates.tab("contoso_a"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.NameTaken("contoso_a"));
    }

    @Test
    void replay_is_recognised_after_a_reference_was_deleted() {
        TemplateStore store = store();
        IdempotencyKey key = new IdempotencyKey("key", "hash");
        createTab(store, "contoso_a");
        store.create(tenant, TestTemplates.generic("s", "contoso_a"), key, "ada", NOW);
        store.replace(tenant, TestTemplates.generic("s", "msdyn_entityrecord"), ANY, "ada", NOW);
        delete(store, TAB, "contoso_a");

        assertThat(store.create(tenant, TestTemplates.generic("s", "contoso_a"), key, "ada", NOW))
                .isInstanceOf(PutOutcome.Replayed.class);
    }

    @Test
    void tombstone_of_a_deleted_template_applies_to_its_own_create_only() {
        TemplateStore store = store();
        IdempotencyKey key = new IdempotencyKey("key", "hash");
        store.create(tenant, TestTemplates.tab("contoso_a"), key, "ada", NOW);
        delete(store, TAB, "contoso_a");
        Instant last = NOW.plus(Duration.ofHours(24)).minusSeconds(1);

        assertThat(store.create(tenant, TestTemplates.tab("contoso_a"), key, "ada", last))
                .isEqualTo(new PutOutcome.ReplayedDeleted());
        assertThat(store.create(
                        tenant, TestTemplates.tab("contoso_a"), new IdempotencyKey("key", "other"), "ada", last))
                .isEqualTo(new PutOutcome.KeyReused());
        assertThat(store.read(tenant, TAB, "contoso_a", NOW)).isEmpty();
        assertThat(store.readAll(tenant, TAB, List.of("contoso_a"), NOW)).isEmpty();
        assertThat(names(store, TAB, TemplateFilter.ALL, 10)).isEmpty();
        assertThat(store.replace(tenant, TestTemplates.tab("contoso_a"), ANY, "ada", NOW))
                .isEqualTo(new PutOutcome.NotFound());
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(new DeleteOutcome.NotFound());
    }

    @Test
    void tombstone_ends_after_a_day_for_creates_with_and_without_a_key() {
        for (int i = 0; i < 3; i++) {
            TemplateStore store = store();
            String name = "contoso_" + i;
            IdempotencyKey key = new IdempotencyKey("key", "hash");
            store.create(tenant, TestTemplates.tab(name), key, "ada", NOW);
            delete(store, TAB, name);

            PutOutcome outcome =
                    switch (i) {
                        case 0 ->
                            store.create(tenant, TestTemplates.tab(name), key, "ada", NOW.plus(Duration.ofHours(24)));
                        case 1 ->
                            store.create(
                                    tenant, TestTemplates.tab(name), new IdempotencyKey("other", "hash"), "ada", NOW);
                        default -> store.create(tenant, TestTemplates.tab(name), null, "ada", NOW);
                    };

            assertThat(outcome).isInstanceOf(PutOutcome.Created.class);
            assertThat(store.read(tenant, TAB, name, NOW).orElseThrow().version())
                    .isEqualTo(2);
            delete(store, TAB, name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#b", "a%23b", "..", "/", "😀", "a b", "\u0000", "é", "LONG"})
    void templates_of_tenants_are_isolated(String nasty) {
        TemplateStore store = store();
        String one = tenant + (nasty.equals("LONG") ? "x".repeat(900) : nasty);
        String other = one + "#";
        store.create(one, TestTemplates.tab("contoso_a"), null, "ada", NOW);

        assertThat(store.read(other, TAB, "contoso_a", NOW)).isEmpty();
        assertThat(store.readAll(other, TAB, List.of("contoso_a"), NOW)).isEmpty();
        assertThat(store.list(other, TAB, TemplateFilter.ALL, new PageRequest(null, 10), NOW)
                        .items())
                .isEmpty();
        assertThat(store.delete(other, TAB, "contoso_a", ANY, NOW)).isEqualTo(new DeleteOutcome.NotFound());
        assertThat(store.create(other, TestTemplates.generic("s", "contoso_a"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_a")));
        assertThat(store.create(other, TestTemplates.tab("contoso_a"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);
        assertThat(store.read(one, TAB, "contoso_a", NOW)).isPresent();
    }

    @Test
    void several_templates_are_read_at_once() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        createTab(store, "contoso_b");
        createTab(store, "contoso_c");

        assertThat(store.readAll(tenant, TAB, List.of("contoso_c", "contoso_x", "contoso_a"), NOW))
                .extracting(stored -> stored.template().uniqueName())
                .containsExactlyInAnyOrder("contoso_a", "contoso_c");
    }

    @Test
    void paging_visits_each_template_once_in_name_order_during_writes() {
        TemplateStore store = store();
        for (String name : List.of("d", "B", "a_", "A", "c", "E", "b2")) {
            createTab(store, name);
        }
        for (int size : new int[] {1, 2, 100}) {
            assertThat(names(store, TAB, TemplateFilter.ALL, size))
                    .containsExactly("A", "a_", "B", "b2", "c", "d", "E");
        }
        int[] written = {0};

        List<String> seen = names(store, TAB, TemplateFilter.ALL, 2, () -> {
            createTab(store, "a" + written[0]);
            createTab(store, "z" + written[0]);
            written[0]++;
        });

        assertThat(seen).doesNotHaveDuplicates().contains("A", "a_", "B", "b2", "c", "d", "E");
    }

    @Test
    void filters_select_templates() {
        TemplateStore store = store();
        createTab(store, "contoso_tab");
        store.create(tenant, TestTemplates.generic("contoso_g", "contoso_tab"), null, "ada", NOW);
        store.create(tenant, TestTemplates.entity("contoso_e", "incident"), null, "ada", NOW);
        store.create(tenant, TestTemplates.session("Fabrikam_i", Map.of("status", "inactive")), null, "ada", NOW);
        store.create(
                tenant,
                TestTemplates.session("fabrikam_t", Map.of("tags", List.of("voice", "x"), "anchorTab", "contoso_tab")),
                null,
                "ada",
                NOW);

        for (int size : new int[] {1, 100}) {
            assertThat(names(store, SESSION, filter(SessionType.ENTITY, null, null, null, null), size))
                    .containsExactly("contoso_e");
            assertThat(names(store, SESSION, filter(SessionType.GENERIC, null, null, null, null), size))
                    .containsExactly("contoso_g", "Fabrikam_i", "fabrikam_t");
            assertThat(names(store, SESSION, filter(null, Status.INACTIVE, null, null, null), size))
                    .containsExactly("Fabrikam_i");
            assertThat(names(store, SESSION, filter(null, null, "voice", null, null), size))
                    .containsExactly("fabrikam_t");
            assertThat(names(store, SESSION, filter(null, null, null, "incident", null), size))
                    .containsExactly("contoso_e");
            assertThat(names(store, SESSION, filter(null, null, null, null, "FABRIKAM"), size))
                    .containsExactly("Fabrikam_i", "fabrikam_t");
            assertThat(names(store, SESSION, filter(null, Status.ACTIVE, null, null, "fab"), size))
                    .containsExactly("fabrikam_t");
            assertThat(names(store, SESSION, filter(null, null, null, null, "a#"), size))
                    .isEmpty();
        }
    }

    private static TemplateFilter filter(
            @Nullable SessionType type,
            @Nullable Status status,
            @Nullable String tag,
            @Nullable String entity,
            @Nullable String namePrefix) {
        return new TemplateFilter(type, status, tag, entity, namePrefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "😀", "contoso_a#", " ", "%", "\u007F", "LONG"})
    void prefix_without_matches_finds_nothing(String prefix) {
        TemplateStore store = store();
        createTab(store, "contoso_a");

        String text = prefix.equals("LONG") ? "contoso_a".repeat(300) : prefix;
        assertThat(names(store, TAB, filter(null, null, null, null, text), 10)).isEmpty();
    }

    @Test
    void position_before_the_prefix_starts_at_the_beginning() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        createTab(store, "contoso_b");
        TemplateFilter filter = filter(null, null, null, null, "contoso_");

        assertThat(store.list(tenant, TAB, filter, new PageRequest("b", 10), NOW)
                        .items())
                .hasSize(2);
        assertThat(store.list(tenant, TAB, filter, new PageRequest("contoso_a", 10), NOW)
                        .items())
                .hasSize(1);
        assertThat(store.list(tenant, TAB, TemplateFilter.ALL, new PageRequest("zzz", 10), NOW)
                        .items())
                .isEmpty();
    }

    @Test
    void callers_racing_with_one_key_create_one_template() {
        TemplateStore store = store();
        IdempotencyKey key = new IdempotencyKey("key", "hash");

        List<PutOutcome> outcomes =
                Race.run(Race.CALLERS, i -> store.create(tenant, TestTemplates.tab("contoso_a"), key, "ada", NOW));

        assertThat(outcomes).filteredOn(PutOutcome.Created.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(PutOutcome.Replayed.class::isInstance).hasSize(Race.CALLERS - 1);
    }

    @Test
    void callers_racing_for_one_name_in_different_case_create_it_once() {
        TemplateStore store = store();

        List<PutOutcome> outcomes = Race.run(Race.CALLERS, i -> {
            String name = Integer.toBinaryString(64 + i)
                    .substring(1)
                    .replace('0', 'a')
                    .replace('1', 'A');
            return store.create(tenant, TestTemplates.tab(name), null, "ada", NOW);
        });

        assertThat(outcomes).filteredOn(PutOutcome.Created.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(PutOutcome.NameTaken.class::isInstance).hasSize(Race.CALLERS - 1);
        assertThat(names(store, TAB, TemplateFilter.ALL, 10)).hasSize(1);
    }

    @Test
    void callers_racing_on_one_version_have_one_winner() {
        TemplateStore store = store();
        createTab(store, "contoso_a");

        List<PutOutcome> outcomes = Race.run(
                Race.CALLERS,
                i -> store.replace(
                        tenant,
                        TestTemplates.tab("contoso_a", Map.of("name", "Name " + i)),
                        Precondition.ofVersion(1),
                        "ada",
                        NOW));

        assertThat(outcomes).filteredOn(PutOutcome.Replaced.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.equals(new PutOutcome.VersionMismatch(2)))
                .hasSize(Race.CALLERS - 1);
    }

    @Test
    void callers_racing_without_a_precondition_all_succeed() {
        TemplateStore store = store();
        createTab(store, "contoso_a");

        List<PutOutcome> outcomes =
                Race.run(8, i -> store.replace(tenant, TestTemplates.tab("contoso_a"), Precondition.NONE, "ada", NOW));

        assertThat(outcomes).allMatch(PutOutcome.Replaced.class::isInstance);
        assertThat(store.read(tenant, TAB, "contoso_a", NOW).orElseThrow().version())
                .isEqualTo(9);
    }

    @Test
    void delete_racing_with_references_never_leaves_a_dangling_reference() {
        TemplateStore store = store();
        SplittableRandom random = Seed.random("delete_racing_with_new_uses");
        for (int round = 0; round < DELETE_ROUNDS; round++) {
            String tab = "contoso_tab" + round;
            String prefix = "use" + round + "_";
            createTab(store, tab);
            // One of the callers deletes. All of them write after several reads, in random order.
            int deleter = random.nextInt(Race.CALLERS);
            int[] reads = new int[Race.CALLERS + 1];
            for (int i = 0; i <= Race.CALLERS; i++) {
                reads[i] = random.nextInt(4);
            }
            reads[deleter] = random.nextInt(2);

            List<Object> outcomes = Race.run(Race.CALLERS + 1, i -> {
                read(store, TAB, tab, reads[i]);
                return i == deleter
                        ? store.delete(tenant, TAB, tab, ANY, NOW)
                        : store.create(tenant, TestTemplates.generic(prefix + i, tab), null, "ada", NOW);
            });

            boolean deleted = outcomes.get(deleter).equals(new DeleteOutcome.Deleted());
            List<String> uses = names(store, SESSION, filter(null, null, null, null, prefix), 100);
            assertThat(store.read(tenant, TAB, tab, NOW).isEmpty()).isEqualTo(deleted);
            assertThat(outcomes)
                    .filteredOn(PutOutcome.Created.class::isInstance)
                    .hasSize(uses.size());
            if (deleted) {
                assertThat(uses).isEmpty();
                assertThat(outcomes)
                        .filteredOn(outcome -> outcome.equals(new PutOutcome.ReferencesMissing(List.of(tab))))
                        .hasSize(Race.CALLERS);
            } else {
                assertThat(outcomes.get(deleter)).isInstanceOf(DeleteOutcome.InUse.class);
                assertThat(uses).hasSize(Race.CALLERS);
            }
        }
    }

    @Test
    void notification_templates_and_profiles_are_read_unchanged() {
        TemplateStore store = store();
        NotificationTemplate notification = TestTemplates.notification("contoso_incoming");
        AppProfile profile = TestTemplates.profile(
                "contoso_voice",
                Map.of(
                        "profileOrder",
                        7,
                        "roles",
                        List.of("voice.agent"),
                        "sessionTemplates",
                        List.of("case_entity_session_default_template"),
                        "genericSessionTemplates",
                        "listed",
                        "defaultSessionTemplates",
                        Map.of("entities", Map.of("incident", "case_entity_session_default_template"))));
        for (Template template : List.of(notification, profile)) {
            Stored<Template> stored = Stored.created(template, "ada", NOW);
            assertThat(store.create(tenant, template, null, "ada", NOW)).isEqualTo(new PutOutcome.Created(stored));
            assertThat(store.read(tenant, template.kind(), template.uniqueName(), NOW))
                    .contains(stored);
        }
    }

    @Test
    void every_version_is_listed_newest_first() {
        TemplateStore store = store();
        List<Stored<Template>> expected = new ArrayList<>();
        createTab(store, "contoso_a");
        expected.add(store.read(tenant, TAB, "contoso_a", NOW).orElseThrow());
        for (int i = 2; i <= 12; i++) {
            Instant at = NOW.plusSeconds(i);
            store.replace(tenant, TestTemplates.tab("contoso_a", Map.of("name", "Name " + i)), ANY, "bob " + i, at);
            expected.addFirst(store.read(tenant, TAB, "contoso_a", NOW).orElseThrow());
        }
        createTab(store, "contoso_ab");

        for (int size : new int[] {1, 5, 100}) {
            assertThat(versions(store, "contoso_a", size)).isEqualTo(expected);
        }
        for (Stored<Template> version : expected) {
            assertThat(store.version(tenant, TAB, "contoso_a", version.version()))
                    .contains(version);
        }
        assertThat(store.version(tenant, TAB, "contoso_a", 0)).isEmpty();
        assertThat(store.version(tenant, TAB, "contoso_a", 13)).isEmpty();
        assertThat(store.version(tenant, SESSION, "contoso_a", 1)).isEmpty();
        assertThat(store.versions(tenant + "x", TAB, "contoso_a", new PageRequest(null, 9))
                        .items())
                .isEmpty();
    }

    @Test
    void versions_outlive_their_template_and_their_numbers_continue() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        store.replace(tenant, TestTemplates.tab("contoso_a"), ANY, "ada", NOW);
        delete(store, TAB, "contoso_a");

        assertThat(versions(store, "contoso_a", 10)).extracting(Stored::version).containsExactly(2L, 1L);
        createTab(store, "contoso_a");
        assertThat(store.replace(tenant, TestTemplates.tab("contoso_a"), Precondition.ofVersion(2), "ada", NOW))
                .as("entity tags of a deleted template do not match a later template")
                .isEqualTo(new PutOutcome.VersionMismatch(3));
        assertThat(versions(store, "contoso_a", 10)).extracting(Stored::version).containsExactly(3L, 2L, 1L);
    }

    @Test
    void versions_of_racing_writers_have_no_gap() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        for (int version = 1; version <= 3; version++) {
            Precondition seen = Precondition.ofVersion(version);

            List<PutOutcome> outcomes = Race.run(
                    Race.CALLERS,
                    i -> store.replace(
                            tenant, TestTemplates.tab("contoso_a", Map.of("name", "Name " + i)), seen, "ada", NOW));

            assertThat(outcomes)
                    .filteredOn(PutOutcome.Replaced.class::isInstance)
                    .hasSize(1);
            assertThat(outcomes)
                    .filteredOn(PutOutcome.VersionMismatch.class::isInstance)
                    .hasSize(Race.CALLERS - 1);
        }
        assertThat(versions(store, "contoso_a", 100))
                .extracting(Stored::version)
                .containsExactly(4L, 3L, 2L, 1L);
    }

    private List<Stored<Template>> versions(TemplateStore store, String uniqueName, int size) {
        List<Stored<Template>> versions = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = store.versions(tenant, TAB, uniqueName, new PageRequest(after, size));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            versions.addAll(page.items());
            after = page.next();
        } while (after != null);
        return versions;
    }

    @Test
    void template_with_many_users_returns_some_and_their_number() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        for (int i = 0; i < 25; i++) {
            store.create(tenant, TestTemplates.generic("s" + (10 + i), "contoso_a"), null, "ada", NOW);
        }
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW))
                .isInstanceOfSatisfying(DeleteOutcome.InUse.class, inUse -> {
                    assertThat(inUse.users().count()).isEqualTo(25);
                    assertThat(inUse.users().named()).hasSize(20).contains("s10");
                    assertThat(inUse.users().words()).endsWith(" and 5 more");
                });
        for (int i = 0; i < 20; i++) {
            delete(store, SESSION, "s" + (10 + i));
        }

        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW))
                .as("the returned users were removed, so others are returned")
                .isEqualTo(inUse("s30", "s31", "s32", "s33", "s34"));
    }

    @Test
    void session_template_in_a_profile_is_not_deleted_and_keeps_type_and_entity() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.entity("contoso_case", "incident"), null, "ada", NOW);
        store.create(
                tenant,
                TestTemplates.profile("contoso_p", Map.of("sessionTemplates", List.of("contoso_case"))),
                null,
                "ada",
                NOW);

        assertThat(store.delete(tenant, SESSION, "contoso_case", ANY, NOW)).isEqualTo(inUse("contoso_p"));
        assertThat(store.replace(tenant, TestTemplates.entity("contoso_case", "account"), ANY, "ada", NOW))
                .isEqualTo(new PutOutcome.InUse(new TemplateUsers(List.of("contoso_p"), 1)));
        assertThat(store.replace(
                        tenant,
                        TestTemplates.entity("contoso_case", "incident", "msdyn_entityrecord"),
                        ANY,
                        "ada",
                        NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        store.replace(tenant, TestTemplates.profile("contoso_p", Map.of()), ANY, "ada", NOW);
        assertThat(store.replace(tenant, TestTemplates.entity("contoso_case", "account"), ANY, "ada", NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        delete(store, SESSION, "contoso_case");
    }

    @Test
    void profile_has_at_most_one_entity_template_for_each_entity() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.entity("contoso_case", "incident"), null, "ada", NOW);
        store.create(tenant, TestTemplates.entity("contoso_account", "account"), null, "ada", NOW);
        store.create(tenant, TestTemplates.generic("contoso_call", "msdyn_entityrecord"), null, "ada", NOW);

        assertThat(referenceViolations(store.create(
                        tenant,
                        TestTemplates.profile(
                                "p",
                                Map.of(
                                        "sessionTemplates",
                                        List.of(
                                                "contoso_case",
                                                "contoso_account",
                                                "case_entity_session_default_template"))),
                        null,
                        "ada",
                        NOW)))
                .containsExactly("duplicateEntity sessionTemplates[2]");
        assertThat(referenceViolations(store.create(
                        tenant,
                        TestTemplates.profile(
                                "p",
                                Map.of(
                                        "sessionTemplates",
                                        List.of("contoso_case", "contoso_call"),
                                        "defaultSessionTemplates",
                                        Map.of(
                                                "channels",
                                                Map.of("chat", "contoso_case"),
                                                "entities",
                                                Map.of("account", "contoso_case", "contact", "contoso_call")))),
                        null,
                        "ada",
                        NOW)))
                .containsExactlyInAnyOrder(
                        "templateTypeNotAllowed defaultSessionTemplates.channels.chat",
                        "entityMismatch defaultSessionTemplates.entities.account",
                        "templateTypeNotAllowed defaultSessionTemplates.entities.contact");
        assertThat(store.create(
                        tenant,
                        TestTemplates.profile(
                                "p",
                                Map.of("sessionTemplates", List.of("contoso_case", "contoso_account", "contoso_call"))),
                        null,
                        "ada",
                        NOW))
                .isInstanceOf(PutOutcome.Created.class);
        assertThat(store.create(
                        tenant,
                        TestTemplates.profile("q", Map.of("sessionTemplates", List.of("contoso_none"))),
                        null,
                        "ada",
                        NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_none")));
    }

    private static List<String> referenceViolations(PutOutcome outcome) {
        return ((PutOutcome.ReferencesInvalid) outcome)
                .violations().stream()
                        .map(misfit -> misfit.code() + " " + misfit.target())
                        .toList();
    }

    @Test
    void tenant_has_one_default_profile() {
        TemplateStore store = store();
        AppProfile first = TestTemplates.profile("first", Map.of("isDefault", true));
        AppProfile second = TestTemplates.profile("second", Map.of("isDefault", true));
        store.create(tenant, first, null, "ada", NOW);

        assertThat(store.create(tenant, second, null, "ada", NOW)).isEqualTo(new PutOutcome.DefaultTaken("first"));
        assertThat(store.replace(tenant, first, ANY, "ada", NOW)).isInstanceOf(PutOutcome.Replaced.class);
        store.replace(tenant, TestTemplates.profile("first", Map.of()), ANY, "ada", NOW);
        assertThat(store.create(tenant, second, null, "ada", NOW)).isInstanceOf(PutOutcome.Created.class);
        assertThat(store.replace(tenant, first, ANY, "ada", NOW)).isEqualTo(new PutOutcome.DefaultTaken("second"));
        delete(store, TemplateKind.APP_PROFILE, "second");
        assertThat(store.replace(tenant, first, ANY, "ada", NOW)).isInstanceOf(PutOutcome.Replaced.class);
    }

    @Test
    void profiles_racing_to_be_the_default_have_one_winner() {
        TemplateStore store = store();

        List<PutOutcome> outcomes = Race.run(
                Race.CALLERS,
                i -> store.create(tenant, TestTemplates.profile("p" + i, Map.of("isDefault", true)), null, "ada", NOW));

        assertThat(outcomes).filteredOn(PutOutcome.Created.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(PutOutcome.DefaultTaken.class::isInstance)
                .hasSize(Race.CALLERS - 1);
    }

    @Test
    void user_has_one_profile_and_can_change_it() {
        TemplateStore store = store();
        for (String profile : List.of("contoso_p", "contoso_q")) {
            store.create(tenant, TestTemplates.profile(profile, Map.of()), null, "ada", NOW);
        }
        ProfileAssignment first = new ProfileAssignment("alice#1 é", "contoso_p", NOW, "ada");
        Instant later = NOW.plusSeconds(5);

        assertThat(assignments().assign(tenant, "contoso_x", "alice#1 é", "ada", NOW))
                .isEqualTo(new AssignOutcome.ProfileNotFound());
        assertThat(assignments().assign(tenant, "CONTOSO_P", "alice#1 é", "ada", NOW))
                .isEqualTo(new AssignOutcome.ProfileNotFound());
        assertThat(assignments().assign(tenant, "contoso_p", "alice#1 é", "ada", NOW))
                .isEqualTo(new AssignOutcome.Assigned(first));
        assertThat(assignments().assign(tenant, "contoso_p", "alice#1 é", "bob", later))
                .isEqualTo(new AssignOutcome.Moved(first));
        assertThat(reader().readForSession(tenant, "alice#1 é", null)).isEqualTo(new TemplateSnapshot(first, null));
        assertThat(store.delete(tenant, TemplateKind.APP_PROFILE, "contoso_p", ANY, NOW))
                .isEqualTo(inUse("alice#1 é"));

        ProfileAssignment moved = new ProfileAssignment("alice#1 é", "contoso_q", later, "bob");
        assertThat(assignments().assign(tenant, "contoso_q", "alice#1 é", "bob", later))
                .isEqualTo(new AssignOutcome.Moved(moved));
        assertThat(users("contoso_p", 10)).isEmpty();
        assertThat(users("contoso_q", 10)).containsExactly("alice#1 é");
        assertThat(assignments().unassign(tenant, "contoso_p", "alice#1 é")).isFalse();
        delete(store, TemplateKind.APP_PROFILE, "contoso_p");
        assertThat(assignments().unassign(tenant, "contoso_q", "alice#1 é")).isTrue();
        assertThat(assignments().unassign(tenant, "contoso_q", "alice#1 é")).isFalse();
        delete(store, TemplateKind.APP_PROFILE, "contoso_q");
        assertThat(reader().readForSession(tenant, "alice#1 é", null)).isEqualTo(new TemplateSnapshot(null, null));
    }

    @Test
    void users_of_a_profile_are_paged_in_order_without_those_of_others() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.profile("contoso_p", Map.of()), null, "ada", NOW);
        store.create(tenant, TestTemplates.profile("contoso_pp", Map.of()), null, "ada", NOW);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            expected.add("user-" + (100 + i));
            assignments().assign(tenant, "contoso_p", "user-" + (100 + i), "ada", NOW);
        }
        assignments().assign(tenant, "contoso_pp", "user-200", "ada", NOW);

        for (int size : new int[] {1, 10, 100}) {
            assertThat(users("contoso_p", size)).isEqualTo(expected);
        }
        assertThat(store.delete(tenant, TemplateKind.APP_PROFILE, "contoso_p", ANY, NOW))
                .isInstanceOfSatisfying(
                        DeleteOutcome.InUse.class,
                        inUse -> assertThat(inUse.users().count()).isEqualTo(23));
    }

    @Test
    void concurrent_assignments_leave_one_profile() {
        TemplateStore store = store();
        for (int i = 0; i < 8; i++) {
            store.create(tenant, TestTemplates.profile("p" + i, Map.of()), null, "ada", NOW);
        }

        List<AssignOutcome> outcomes =
                Race.run(32, i -> assignments().assign(tenant, "p" + i % 8, "alice", "ada", NOW.plusSeconds(i)));

        assertThat(outcomes)
                .filteredOn(AssignOutcome.Assigned.class::isInstance)
                .hasSize(1);
        List<String> profiles = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (!users("p" + i, 10).isEmpty()) {
                profiles.add("p" + i);
            }
        }
        ProfileAssignment last = reader().readForSession(tenant, "alice", null).assignment();
        assertThat(profiles).containsExactly(String.valueOf(last == null ? null : last.appProfile()));
        for (int i = 0; i < 8; i++) {
            Object outcome = store.delete(tenant, TemplateKind.APP_PROFILE, "p" + i, ANY, NOW);
            assertThat(outcome).isEqualTo(profiles.contains("p" + i) ? inUse("alice") : new DeleteOutcome.Deleted());
        }
    }

    private List<String> users(String profile, int size) {
        List<String> users = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = assignments().assignments(tenant, profile, new PageRequest(after, size));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            for (ProfileAssignment assignment : page.items()) {
                users.add(assignment.userId());
            }
            after = page.next();
        } while (after != null);
        return users;
    }

    @Test
    void session_template_and_the_profile_of_the_user_are_read_together() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.generic("contoso_call", "msdyn_entityrecord"), null, "ada", NOW);

        Stored<Template> stored =
                store.read(tenant, SESSION, "contoso_call", NOW).orElseThrow();
        assertThat(reader().readForSession(tenant, "alice", "contoso_call"))
                .isEqualTo(new TemplateSnapshot(null, stored));
        assertThat(reader().readForSession(tenant, "alice", "CONTOSO_call"))
                .isEqualTo(new TemplateSnapshot(null, null));
        assertThat(reader().readForSession(tenant + "x", "alice", "contoso_call"))
                .isEqualTo(new TemplateSnapshot(null, null));
    }

    @Test
    void import_creates_and_changes_templates_and_a_second_one_changes_nothing() {
        TemplateStore store = store();
        createTab(store, "contoso_b");
        store.create(tenant, TestTemplates.generic("s1", "contoso_b"), null, "ada", NOW);
        List<Template> imported = List.of(
                TestTemplates.tab("contoso_a"),
                TestTemplates.tab("contoso_b"),
                TestTemplates.notification("contoso_n"),
                TestTemplates.generic("s1", "contoso_a", "contoso_b"),
                TestTemplates.generic("s2", "contoso_a"),
                TestTemplates.profile("contoso_p", Map.of("sessionTemplates", List.of("s2"), "isDefault", true)));

        List<PutOutcome> planned = imports().putAll(tenant, imported, true, "bob", NOW);
        assertThat(names(store, TAB, TemplateFilter.ALL, 10))
                .as("a dry run writes nothing")
                .containsExactly("contoso_b");
        List<PutOutcome> outcomes = imports().putAll(tenant, imported, false, "bob", NOW);

        assertThat(outcomes).isEqualTo(planned);
        assertThat(outcomes.get(1)).isInstanceOf(PutOutcome.Unchanged.class);
        assertThat(outcomes.get(3)).isInstanceOf(PutOutcome.Replaced.class);
        assertThat(outcomes).filteredOn(PutOutcome.Created.class::isInstance).hasSize(4);
        assertThat(imports().putAll(tenant, imported, false, "carol", NOW))
                .allMatch(PutOutcome.Unchanged.class::isInstance);
        assertThat(store.read(tenant, SESSION, "s1", NOW).orElseThrow().version())
                .isEqualTo(2);
        // The references of imported templates are in use like all others.
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(inUse("s1", "s2"));
        assertThat(store.delete(tenant, SESSION, "s2", ANY, NOW)).isEqualTo(inUse("contoso_p"));
        delete(store, TemplateKind.APP_PROFILE, "contoso_p");
        delete(store, SESSION, "s2");
        delete(store, SESSION, "s1");
        delete(store, TAB, "contoso_a");
        delete(store, TAB, "contoso_b");
    }

    @Test
    void import_with_one_conflict_writes_nothing() {
        TemplateStore store = store();
        createTab(store, "Contoso_B");

        List<PutOutcome> outcomes = imports()
                .putAll(
                        tenant,
                        List.of(
                                TestTemplates.tab("contoso_a"),
                                TestTemplates.tab("contoso_b"),
                                TestTemplates.generic("s", "contoso_b", "contoso_none"),
                                TestTemplates.profile("p", Map.of("sessionTemplates", List.of("s")))),
                        false,
                        "bob",
                        NOW);

        assertThat(outcomes.get(0)).isEqualTo(new PutOutcome.Pending());
        assertThat(outcomes.get(1)).isEqualTo(new PutOutcome.NameTaken("Contoso_B"));
        assertThat(outcomes.get(2)).isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_b", "contoso_none")));
        assertThat(outcomes.get(3)).isEqualTo(new PutOutcome.ReferencesMissing(List.of("s")));
        assertThat(store.read(tenant, TAB, "contoso_a", NOW)).isEmpty();
        assertThat(versions(store, "contoso_a", 10)).isEmpty();
    }

    @Test
    void import_can_move_the_default_to_another_profile() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.profile("zzz", Map.of("isDefault", true)), null, "ada", NOW);

        List<PutOutcome> outcomes = imports()
                .putAll(
                        tenant,
                        List.of(
                                TestTemplates.profile("zzz", Map.of()),
                                TestTemplates.profile("aaa", Map.of("isDefault", true))),
                        false,
                        "bob",
                        NOW);

        assertThat(outcomes.get(0)).isInstanceOf(PutOutcome.Replaced.class);
        assertThat(outcomes.get(1)).isInstanceOf(PutOutcome.Created.class);
        assertThat(store.create(tenant, TestTemplates.profile("q", Map.of("isDefault", true)), null, "ada", NOW))
                .isEqualTo(new PutOutcome.DefaultTaken("aaa"));
    }

    @Test
    void import_can_replace_the_templates_that_use_a_tab() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        createTab(store, "contoso_b");
        store.create(tenant, TestTemplates.generic("s1", "contoso_a"), null, "ada", NOW);
        store.create(tenant, TestTemplates.generic("s2", "contoso_b"), null, "ada", NOW);

        List<PutOutcome> outcomes = imports()
                .putAll(
                        tenant,
                        List.of(TestTemplates.generic("s1", "contoso_b"), TestTemplates.generic("s2", "contoso_a")),
                        false,
                        "bob",
                        NOW);

        assertThat(outcomes).allMatch(PutOutcome.Replaced.class::isInstance);
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(inUse("s2"));
        assertThat(store.delete(tenant, TAB, "contoso_b", ANY, NOW)).isEqualTo(inUse("s1"));
    }

    @Test
    void import_of_several_transactions_is_complete() {
        TemplateStore store = store();
        List<Template> imported = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            imported.add(TestTemplates.tab("contoso_t" + (100 + i)));
        }
        for (int i = 0; i < 12; i++) {
            String[] tabs = new String[10];
            for (int j = 0; j < 10; j++) {
                tabs[j] = "contoso_t" + (100 + i * 10 + j);
            }
            imported.add(TestTemplates.generic("s" + (10 + i), tabs));
        }

        assertThat(imports().putAll(tenant, imported, false, "bob", NOW))
                .allMatch(PutOutcome.Created.class::isInstance);

        assertThat(names(store, TAB, TemplateFilter.ALL, 50)).hasSize(120);
        assertThat(names(store, SESSION, TemplateFilter.ALL, 50)).hasSize(12);
        assertThat(store.delete(tenant, TAB, "contoso_t219", ANY, NOW)).isEqualTo(inUse("s21"));
    }

    @Test
    void concurrent_imports_of_the_same_templates_create_each_once() {
        TemplateStore store = store();
        List<Template> imported = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            imported.add(TestTemplates.tab("contoso_t" + i));
        }

        List<List<PutOutcome>> outcomes = Race.run(8, i -> imports().putAll(tenant, imported, false, "bob", NOW));

        for (int i = 0; i < 20; i++) {
            int each = i;
            assertThat(outcomes).allMatch(all -> !(all.get(each) instanceof PutOutcome.Replaced));
            assertThat(store.read(tenant, TAB, "contoso_t" + i, NOW)
                            .orElseThrow()
                            .version())
                    .isEqualTo(1);
        }
    }

    @Test
    void session_template_changes_racing_with_profiles_never_leave_an_invalid_reference() {
        TemplateStore store = store();
        SplittableRandom random = Seed.random("delete_or_change_of_a_session_template_racing_with_profiles");
        for (int round = 0; round < DELETE_ROUNDS / 4; round++) {
            String name = "contoso_case" + round;
            String prefix = "profile" + round + "_";
            store.create(tenant, TestTemplates.entity(name, "incident"), null, "ada", NOW);
            int[] reads = new int[18];
            for (int i = 0; i < reads.length; i++) {
                reads[i] = random.nextInt(8);
            }

            List<Object> outcomes = Race.run(reads.length, i -> {
                read(store, SESSION, name, reads[i]);
                return switch (i) {
                    case 0 -> store.delete(tenant, SESSION, name, ANY, NOW);
                    case 1 -> store.replace(tenant, TestTemplates.entity(name, "account"), ANY, "ada", NOW);
                    default ->
                        store.create(
                                tenant,
                                TestTemplates.profile(
                                        prefix + i,
                                        Map.of(
                                                "sessionTemplates",
                                                List.of(name),
                                                "defaultSessionTemplates",
                                                Map.of("entities", Map.of("incident", name)))),
                                null,
                                "ada",
                                NOW);
                };
            });

            int uses = names(store, TemplateKind.APP_PROFILE, filter(null, null, null, null, prefix), 100)
                    .size();
            @Nullable
            Stored<Template> left = store.read(tenant, SESSION, name, NOW).orElse(null);
            assertThat(outcomes)
                    .filteredOn(PutOutcome.Created.class::isInstance)
                    .hasSize(uses);
            assertThat(left == null).isEqualTo(outcomes.getFirst().equals(new DeleteOutcome.Deleted()));
            if (uses > 0) {
                assertThat(left).isNotNull();
                assertThat(left)
                        .extracting(stored -> ((SessionTemplate) stored.template()).entity())
                        .isEqualTo("incident");
            }
        }
    }

    /** Delays a caller by this number of round trips. */
    private void read(TemplateStore store, TemplateKind kind, String name, int times) {
        for (int i = 0; i < times; i++) {
            store.read(tenant, kind, name, NOW);
        }
    }

    private static DeleteOutcome inUse(String... users) {
        return new DeleteOutcome.InUse(new TemplateUsers(List.of(users), users.length));
    }

    private void createTab(TemplateStore store, String uniqueName) {
        assertThat(store.create(tenant, TestTemplates.tab(uniqueName), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);
    }

    private void delete(TemplateStore store, TemplateKind kind, String uniqueName) {
        assertThat(store.delete(tenant, kind, uniqueName, ANY, NOW)).isEqualTo(new DeleteOutcome.Deleted());
    }

    private List<String> names(TemplateStore store, TemplateKind kind, TemplateFilter filter, int size) {
        List<String> names = names(store, kind, filter, size, () -> {});
        List<String> sorted = new ArrayList<>(names);
        sorted.sort((one, other) -> one.toLowerCase(Locale.ROOT).compareTo(other.toLowerCase(Locale.ROOT)));
        assertThat(names).isEqualTo(sorted);
        return names;
    }

    private List<String> names(
            TemplateStore store, TemplateKind kind, TemplateFilter filter, int size, Runnable between) {
        List<String> names = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = store.list(tenant, kind, filter, new PageRequest(after, size), NOW);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            for (Stored<Template> stored : page.items()) {
                names.add(stored.template().uniqueName());
            }
            after = page.next();
            if (after != null) {
                between.run();
            }
        } while (after != null);
        return names;
    }
}
