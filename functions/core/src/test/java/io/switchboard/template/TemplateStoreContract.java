package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
import io.switchboard.http.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link TemplateStore} does. Subclasses supply the store; each test has tenants of its own, so one table serves
 * all of them.
 */
public abstract class TemplateStoreContract {
    /** When the tests happen. */
    protected static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    /** The shipped templates that the store knows of. */
    protected static final BuiltInTemplates BUILT_IN = BuiltInTemplates.load();

    private static final TemplateKind TAB = TemplateKind.APPLICATION_TAB_TEMPLATE;
    private static final TemplateKind SESSION = TemplateKind.SESSION_TEMPLATE;
    private static final Precondition ANY = new Precondition("*");
    private static final int DELETE_ROUNDS = 20;

    private final String tenant = "tenant " + UUID.randomUUID();

    /** An empty store that knows of {@link #BUILT_IN}, or one that shares what it keeps with others of the same class. */
    protected abstract TemplateStore store();

    @Test
    void created_template_is_read_as_it_was_stored() {
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
    void absent_template_is_absent() {
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
    void kinds_have_names_of_their_own() {
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
    void names_are_unique_without_regard_to_case_and_looked_up_with_regard_to_it() {
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
    void replacing_makes_the_next_version_and_keeps_who_created_it() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        Instant later = NOW.plusSeconds(60);
        ApplicationTabTemplate next = TestTemplates.tab("contoso_a", Map.of("name", "Next"));

        PutOutcome outcome = store.replace(tenant, next, new Precondition("W/\"1\""), "bob", later);

        Stored<Template> expected = new Stored<>(next, Origin.CUSTOM, 2, NOW, "ada", later, "bob");
        assertThat(outcome).isEqualTo(new PutOutcome.Replaced(expected));
        assertThat(store.read(tenant, TAB, "contoso_a", later)).contains(expected);
    }

    @Test
    void change_happens_to_the_version_that_if_match_names_only() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        ApplicationTabTemplate next = TestTemplates.tab("contoso_a", Map.of("name", "Next"));

        assertThat(store.replace(tenant, next, new Precondition("W/\"2\""), "bob", NOW))
                .isEqualTo(new PutOutcome.VersionMismatch(1));
        assertThat(store.delete(tenant, TAB, "contoso_a", new Precondition("W/\"2\""), NOW))
                .isEqualTo(new DeleteOutcome.VersionMismatch(1));
        assertThat(store.replace(tenant, next, ANY, "bob", NOW)).isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.replace(tenant, next, Precondition.NONE, "bob", NOW)).isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.replace(tenant, next, new Precondition("\"3\""), "bob", NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        assertThat(store.delete(tenant, TAB, "contoso_a", new Precondition("W/\"3\", W/\"4\""), NOW))
                .isEqualTo(new DeleteOutcome.Deleted());
        assertThat(store.read(tenant, TAB, "contoso_a", NOW)).isEmpty();
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(new DeleteOutcome.NotFound());
    }

    @Test
    void name_of_a_deleted_template_is_free_in_any_case_and_its_versions_are_counted_on() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        delete(store, TAB, "contoso_a");

        createTab(store, "CONTOSO_A");
        assertThat(store.read(tenant, TAB, "CONTOSO_A", NOW).orElseThrow().version())
                .isEqualTo(2);
    }

    @Test
    void references_must_be_there() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        SessionTemplate template = TestTemplates.generic("s", "contoso_b", "contoso_a", "contoso_c");

        assertThat(store.create(tenant, template, null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_b", "contoso_c")));
        assertThat(store.read(tenant, SESSION, "s", NOW)).isEmpty();
        assertThat(store.delete(tenant, TAB, "contoso_a", ANY, NOW)).isEqualTo(new DeleteOutcome.Deleted());
    }

    @Test
    void names_that_differ_in_case_only_are_two_references_of_which_one_is_missing() {
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
    void shipped_templates_may_be_referred_to() {
        TemplateStore store = store();
        assertThat(store.create(tenant, TestTemplates.generic("s", "msdyn_entityrecord"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);
        assertThat(store.create(tenant, TestTemplates.generic("t", "MSDYN_entityrecord"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("MSDYN_entityrecord")));
    }

    @Test
    void deleted_template_may_not_be_referred_to() {
        TemplateStore store = store();
        store.create(tenant, TestTemplates.tab("contoso_a"), new IdempotencyKey("k", "h"), "ada", NOW);
        delete(store, TAB, "contoso_a");

        assertThat(store.create(tenant, TestTemplates.generic("s", "contoso_a"), null, "ada", NOW))
                .isEqualTo(new PutOutcome.ReferencesMissing(List.of("contoso_a")));
    }

    @Test
    void template_in_use_is_not_deleted_until_its_last_use_is_gone() {
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
    void ten_tabs_of_one_template_can_all_be_exchanged_at_once() {
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
    void same_create_with_the_same_key_is_a_replay() {
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
    void replay_is_recognised_though_a_reference_went_since() {
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
    void deleted_template_leaves_a_tombstone_for_its_own_create_only() {
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
    void tombstone_gives_way_after_a_day_to_another_key_and_to_no_key() {
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
    void tenants_never_see_each_other(String nasty) {
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
    void many_are_read_at_once() {
        TemplateStore store = store();
        createTab(store, "contoso_a");
        createTab(store, "contoso_b");
        createTab(store, "contoso_c");

        assertThat(store.readAll(tenant, TAB, List.of("contoso_c", "contoso_x", "contoso_a"), NOW))
                .extracting(stored -> stored.template().uniqueName())
                .containsExactlyInAnyOrder("contoso_a", "contoso_c");
    }

    @Test
    void paging_visits_each_template_once_in_the_order_of_names_while_others_are_written() {
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
    void filters_choose() {
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

    @Test
    void position_before_the_prefix_is_the_beginning() {
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
    void callers_racing_with_one_key_make_one_template() {
        TemplateStore store = store();
        IdempotencyKey key = new IdempotencyKey("key", "hash");

        List<PutOutcome> outcomes =
                Race.run(Race.CALLERS, i -> store.create(tenant, TestTemplates.tab("contoso_a"), key, "ada", NOW));

        assertThat(outcomes).filteredOn(PutOutcome.Created.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(PutOutcome.Replayed.class::isInstance).hasSize(Race.CALLERS - 1);
    }

    @Test
    void callers_racing_for_one_name_in_different_case_get_it_once() {
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
    void callers_racing_for_one_version_get_it_once() {
        TemplateStore store = store();
        createTab(store, "contoso_a");

        List<PutOutcome> outcomes = Race.run(
                Race.CALLERS,
                i -> store.replace(
                        tenant,
                        TestTemplates.tab("contoso_a", Map.of("name", "Name " + i)),
                        new Precondition("W/\"1\""),
                        "ada",
                        NOW));

        assertThat(outcomes).filteredOn(PutOutcome.Replaced.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.equals(new PutOutcome.VersionMismatch(2)))
                .hasSize(Race.CALLERS - 1);
    }

    @Test
    void callers_racing_without_a_condition_all_replace() {
        TemplateStore store = store();
        createTab(store, "contoso_a");

        List<PutOutcome> outcomes =
                Race.run(8, i -> store.replace(tenant, TestTemplates.tab("contoso_a"), Precondition.NONE, "ada", NOW));

        assertThat(outcomes).allMatch(PutOutcome.Replaced.class::isInstance);
        assertThat(store.read(tenant, TAB, "contoso_a", NOW).orElseThrow().version())
                .isEqualTo(9);
    }

    @Test
    void delete_racing_with_new_uses_never_leaves_a_use_without_its_template() {
        TemplateStore store = store();
        SplittableRandom random = Seed.random("delete_racing_with_new_uses");
        for (int round = 0; round < DELETE_ROUNDS; round++) {
            String tab = "contoso_tab" + round;
            String prefix = "use" + round + "_";
            createTab(store, tab);
            // The delete is one of the callers; all of them start within a few milliseconds, in random order.
            int deleter = random.nextInt(Race.CALLERS);
            int[] delays = new int[Race.CALLERS + 1];
            for (int i = 0; i <= Race.CALLERS; i++) {
                delays[i] = random.nextInt(40);
            }
            delays[deleter] = random.nextInt(20);

            List<Object> outcomes = Race.run(Race.CALLERS + 1, i -> {
                sleep(delays[i]);
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

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
