package io.switchboard.template.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.ManualTicker;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TestTemplates;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests faults below the SDK: a write happens once, or the caller must retry and no partial write is stored. */
final class TemplateStoreFaultsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TemplateKind TAB = TemplateKind.APPLICATION_TAB_TEMPLATE;
    private static final TemplateKind SESSION = TemplateKind.SESSION_TEMPLATE;
    private static final Precondition ANY = Precondition.NONE;
    private static final Precondition FIRST = Precondition.ofVersion(1);
    private static final IdempotencyKey KEY = new IdempotencyKey("key", "hash");
    private static final int SEQUENCES = 6;
    private static final int STEPS = 14;

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::templates);

    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final DynamoDbClient client = TABLE.client(transport);
    private final TemplateStore store = store(client);
    private final ImportStore imports =
            new DynamoDbImportStore(TestTables.withoutPauses(client), TABLE.name(), BuiltInTemplates.load());
    private final ProfileAssignments profileAssignments =
            new DynamoDbProfileAssignments(TestTables.withoutPauses(client), TABLE.name());
    private final ProfileAssignments honestAssignments =
            new DynamoDbProfileAssignments(TestTables.withoutPauses(TABLE.client()), TABLE.name());
    private final TemplateStore reliable = store(TABLE.client());

    private static TemplateStore store(DynamoDbClient client) {
        return new DynamoDbTemplateStore(TestTables.withoutPauses(client), TABLE.name(), BuiltInTemplates.load());
    }

    /** Returns a tenant with the tabs a, b and c, and the session template s that uses a and b. */
    private String tenant() {
        String tenant = UUID.randomUUID().toString();
        for (String name : List.of("a", "b", "c")) {
            reliable.create(tenant, TestTemplates.tab(name), null, "ada", NOW);
        }
        reliable.create(tenant, TestTemplates.generic("s", "a", "b"), KEY, "ada", NOW);
        return tenant;
    }

    private void sweep(Class<?> expected, Function<String, Object> operation, Function<String, Object> state) {
        Object wantedState = state.apply(done(operation, expected));
        FaultSweep.run(transport, () -> {
            String tenant = tenant();
            return () -> {
                assertThat(operation.apply(tenant)).isInstanceOf(expected);
                assertThat(state.apply(tenant)).isEqualTo(wantedState);
            };
        });
    }

    private String done(Function<String, Object> operation, Class<?> expected) {
        transport.clearFaults();
        String tenant = tenant();
        assertThat(operation.apply(tenant)).isInstanceOf(expected);
        return tenant;
    }

    /** Returns all templates of a tenant, and the users of the tabs. */
    private Object state(String tenant) {
        return List.of(
                reliable.list(tenant, TAB, TemplateFilter.ALL, new PageRequest(null, 100), NOW),
                reliable.list(tenant, SESSION, TemplateFilter.ALL, new PageRequest(null, 100), NOW),
                users(tenant, "a"),
                users(tenant, "b"),
                users(tenant, "c"),
                versions(tenant));
    }

    private Object versions(String tenant) {
        List<Object> versions = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d", "k")) {
            versions.add(reliable.versions(tenant, TAB, name, new PageRequest(null, 100)));
        }
        for (String name : List.of("s", "t")) {
            versions.add(reliable.versions(tenant, SESSION, name, new PageRequest(null, 100)));
        }
        return versions;
    }

    /** Returns the users of a tab, from a delete with a wrong version, which never deletes. */
    private Object users(String tenant, String tab) {
        return reliable.read(tenant, TAB, tab, NOW).isEmpty()
                ? "gone"
                : TABLE.client()
                        .getItem(request -> request.tableName(TABLE.name())
                                .key(Map.of("tenant", text(tenant), "key", text("applicationTabTemplate#" + tab)))
                                .consistentRead(true))
                        .item()
                        .getOrDefault("references", text("0"))
                        .toString();
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    @Test
    void create_happens_once() {
        sweep(
                PutOutcome.Created.class,
                tenant -> store.create(tenant, TestTemplates.tab("d"), null, "ada", NOW),
                this::state);
    }

    @Test
    void replace_with_a_lost_response_is_a_success_after_a_later_replace() {
        String tenant = tenant();
        transport.plan(call -> {
            if (call == 2) {
                assertThat(reliable.replace(tenant, TestTemplates.tab("a"), Precondition.ofVersion(2), "bob", NOW))
                        .isInstanceOf(PutOutcome.Replaced.class);
            }
            return call == 1 ? Fault.LOST_RESPONSE : Fault.NONE;
        });

        assertThat(store.replace(tenant, TestTemplates.tab("a"), FIRST, "ada", NOW))
                .isInstanceOf(PutOutcome.Replaced.class);
        assertThat(reliable.read(tenant, TAB, "a", NOW).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void create_with_a_lost_response_is_a_success_after_a_later_replace_or_delete() {
        String tenant = tenant();
        transport.plan(call -> {
            if (call == 2) {
                reliable.replace(tenant, TestTemplates.tab("d"), FIRST, "bob", NOW);
            }
            return call == 1 ? Fault.LOST_RESPONSE : Fault.NONE;
        });
        assertThat(store.create(tenant, TestTemplates.tab("d"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);

        transport.plan(call -> {
            if (call == 2) {
                reliable.delete(tenant, TAB, "e", FIRST, NOW);
            }
            return call == 1 ? Fault.LOST_RESPONSE : Fault.NONE;
        });
        assertThat(store.create(tenant, TestTemplates.tab("e"), null, "ada", NOW))
                .isInstanceOf(PutOutcome.Created.class);
        assertThat(reliable.read(tenant, TAB, "e", NOW)).isEmpty();
    }

    @Test
    void create_with_references_happens_once() {
        sweep(
                PutOutcome.Created.class,
                tenant -> store.create(tenant, TestTemplates.generic("t", "b", "c"), KEY, "ada", NOW),
                this::state);
    }

    @Test
    void missing_references_are_reported_under_faults() {
        sweep(
                PutOutcome.ReferencesMissing.class,
                tenant -> store.create(tenant, TestTemplates.generic("t", "b", "x"), null, "ada", NOW),
                this::state);
    }

    @Test
    void taken_name_is_reported_under_faults() {
        sweep(
                PutOutcome.NameTaken.class,
                tenant -> store.create(tenant, TestTemplates.tab("A"), KEY, "ada", NOW),
                this::state);
    }

    @Test
    void replay_is_recognised_under_faults() {
        sweep(
                PutOutcome.Replayed.class,
                tenant -> store.create(tenant, TestTemplates.generic("s", "a", "b"), KEY, "ada", NOW),
                this::state);
    }

    @Test
    void replace_happens_once() {
        sweep(
                PutOutcome.Replaced.class,
                tenant -> store.replace(tenant, TestTemplates.tab("c"), FIRST, "ada", NOW),
                this::state);
    }

    @Test
    void replace_with_other_references_happens_once() {
        sweep(
                PutOutcome.Replaced.class,
                tenant -> store.replace(tenant, TestTemplates.generic("s", "b", "c"), FIRST, "ada", NOW),
                this::state);
    }

    @Test
    void version_mismatch_is_reported_under_faults() {
        sweep(
                PutOutcome.VersionMismatch.class,
                tenant -> store.replace(tenant, TestTemplates.tab("c"), Precondition.ofVersion(2), "ada", NOW),
                this::state);
    }

    @Test
    void delete_happens_once() {
        sweep(DeleteOutcome.Deleted.class, tenant -> store.delete(tenant, TAB, "c", FIRST, NOW), this::state);
    }

    @Test
    void delete_with_references_and_a_tombstone_happens_once() {
        sweep(DeleteOutcome.Deleted.class, tenant -> store.delete(tenant, SESSION, "s", FIRST, NOW), this::state);
    }

    @Test
    void delete_with_a_tombstone_happens_once() {
        sweep(
                DeleteOutcome.Deleted.class,
                tenant -> {
                    reliable.create(tenant, TestTemplates.tab("k"), KEY, "ada", NOW);
                    return store.delete(tenant, TAB, "k", FIRST, NOW);
                },
                this::state);
    }

    @Test
    void import_happens_once() {
        sweep(
                List.class,
                tenant -> {
                    List<PutOutcome> outcomes = imports.putAll(
                            tenant,
                            List.of(
                                    TestTemplates.tab("d"),
                                    TestTemplates.tab("a", Map.of("name", "Next")),
                                    TestTemplates.tab("c"),
                                    TestTemplates.generic("s", "b", "c", "d"),
                                    TestTemplates.generic("t", "a")),
                            false,
                            "ada",
                            NOW);
                    // An abandoned attempt may have arrived since. Then no work is left.
                    assertThat(outcomes)
                            .noneMatch(PutOutcome.Pending.class::isInstance)
                            .hasSize(5);
                    return outcomes;
                },
                this::state);
    }

    @Test
    void assigning_moving_and_unassigning_happen_once() {
        Function<String, Object> assignments = tenant -> List.of(
                new DynamoDbTemplateReader(TestTables.withoutPauses(TABLE.client()), TABLE.name())
                        .readForSession(tenant, "alice", null),
                honestAssignments.assignments(tenant, "p", new PageRequest(null, 9)),
                honestAssignments.assignments(tenant, "q", new PageRequest(null, 9)),
                String.valueOf(reliable.delete(tenant, TemplateKind.APP_PROFILE, "p", ANY, NOW)),
                String.valueOf(reliable.delete(tenant, TemplateKind.APP_PROFILE, "q", ANY, NOW)));
        sweep(
                AssignOutcome.Assigned.class,
                tenant -> {
                    profiles(tenant);
                    return profileAssignments.assign(tenant, "p", "alice", "ada", NOW);
                },
                assignments);
        sweep(
                AssignOutcome.Moved.class,
                tenant -> {
                    profiles(tenant);
                    honestAssignments.assign(tenant, "p", "alice", "ada", NOW);
                    return profileAssignments.assign(tenant, "q", "alice", "ada", NOW);
                },
                assignments);
        sweep(
                Boolean.class,
                tenant -> {
                    profiles(tenant);
                    honestAssignments.assign(tenant, "p", "alice", "ada", NOW);
                    boolean unassigned = profileAssignments.unassign(tenant, "p", "alice");
                    assertThat(unassigned).isTrue();
                    return unassigned;
                },
                assignments);
    }

    private void profiles(String tenant) {
        for (String name : List.of("p", "q")) {
            reliable.create(tenant, TestTemplates.profile(name, Map.of()), null, "ada", NOW);
        }
    }

    @Test
    void reference_created_during_a_delete_wins() {
        String tenant = tenant();
        transport.plan(call -> {
            if (call == 1) {
                reliable.create(tenant, TestTemplates.generic("t", "c"), null, "ada", NOW);
            }
            return Fault.NONE;
        });

        assertThat(store.delete(tenant, TAB, "c", ANY, NOW))
                .isEqualTo(new DeleteOutcome.InUse(new TemplateUsers(List.of("t"), 1)));
        assertThat(reliable.read(tenant, TAB, "c", NOW)).isPresent();
    }

    @Test
    void replace_during_another_replace_wins() {
        String tenant = tenant();
        transport.plan(call -> {
            if (call == 1) {
                reliable.replace(tenant, TestTemplates.tab("c"), ANY, "bob", NOW);
            }
            return Fault.NONE;
        });

        assertThat(store.replace(tenant, TestTemplates.tab("c"), FIRST, "ada", NOW))
                .isEqualTo(new PutOutcome.VersionMismatch(2));
        assertThat(store.delete(tenant, TAB, "c", FIRST, NOW)).isEqualTo(new DeleteOutcome.VersionMismatch(2));
    }

    @Test
    void template_in_use_is_reported_under_faults() {
        sweep(DeleteOutcome.InUse.class, tenant -> store.delete(tenant, TAB, "a", ANY, NOW), this::state);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NONE", "SLOW"},
            mode = EnumSource.Mode.EXCLUDE)
    void lasting_fault_ends_within_the_deadline_without_a_partial_write(Fault fault) {
        Duration time = Duration.ofMillis(300);
        ManualTicker ticker = new ManualTicker();
        TemplateStore paused =
                new DynamoDbTemplateStore(new DynamoDb(client, ticker::advance), TABLE.name(), BuiltInTemplates.load());
        String tenant = tenant();
        transport.plan(call -> fault);

        assertThatThrownBy(() -> Deadline.in(time, ticker)
                        .during(() -> paused.create(tenant, TestTemplates.generic("t", "b", "c"), KEY, "ada", NOW)))
                .isInstanceOf(Unavailable.class);

        assertThat(ticker.passed()).isLessThan(time);
        boolean written = reliable.read(tenant, SESSION, "t", NOW).isPresent();
        assertThat(users(tenant, "c").toString().contains("N=1")).isEqualTo(written);
        assertThat(reliable.create(tenant, TestTemplates.generic("t", "b", "c"), KEY, "ada", NOW))
                .isInstanceOf(written ? PutOutcome.Replayed.class : PutOutcome.Created.class);
    }

    @Test
    void random_sequences_under_random_faults_return_correct_outcomes() {
        SplittableRandom random = Seed.random("random_sequences_of_templates_under_random_faults");
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            String tenant = tenant();
            TemplateStore fresh = store(TABLE.client(transport));
            for (int step = 0; step < STEPS; step++) {
                String name = "t" + random.nextInt(3);
                int kind = random.nextInt(4);
                String[] tabs = random.nextBoolean() ? new String[] {"a", "c"} : new String[] {"b"};
                @Nullable
                Stored<Template> before =
                        reliable.read(tenant, SESSION, name, NOW).orElse(null);
                long version = before == null ? 0 : before.version();
                SplittableRandom faults = random.split();
                transport.plan(call -> faults.nextInt(10) < 7
                        ? Fault.NONE
                        : List.of(Fault.values()).get(faults.nextInt(Fault.values().length)));
                @Nullable Object outcome = attempt(fresh, tenant, name, tabs, kind, version);
                transport.clearFaults();

                String description = "step " + step + " of sequence " + sequence + ": " + outcome;
                @Nullable
                Stored<Template> after =
                        reliable.read(tenant, SESSION, name, NOW).orElse(null);
                long now = after == null ? 0 : after.version();
                switch (outcome) {
                    case PutOutcome.Created created -> {
                        assertThat(version).as(description).isZero();
                        assertThat(now).as(description).isPositive();
                    }
                    case PutOutcome.NameTaken taken -> {
                        assertThat(version).as(description).isPositive();
                        assertThat(now).as(description).isEqualTo(version);
                    }
                    case PutOutcome.Replaced replaced ->
                        assertThat(now).as(description).isEqualTo(version + 1);
                    case PutOutcome.VersionMismatch mismatch -> {
                        assertThat(mismatch.version()).as(description).isEqualTo(version);
                        assertThat(kind).as(description).isEqualTo(2);
                    }
                    case PutOutcome.NotFound notFound ->
                        assertThat(version).as(description).isZero();
                    case DeleteOutcome.NotFound notFound ->
                        assertThat(version).as(description).isZero();
                    case DeleteOutcome.Deleted deleted -> {
                        assertThat(version).as(description).isPositive();
                        assertThat(now).as(description).isZero();
                    }
                    case null -> {}
                    default -> throw new AssertionError(description);
                }
            }
            assertReferencesAreCounted(tenant);
        }
    }

    private static @Nullable Object attempt(
            TemplateStore store, String tenant, String name, String[] tabs, int kind, long version) {
        SessionTemplate template = TestTemplates.generic(name, tabs);
        try {
            return Deadline.in(Duration.ofSeconds(2)).<Object, RuntimeException>during(() -> switch (kind) {
                case 0 -> store.create(tenant, template, null, "ada", NOW);
                case 1 -> store.replace(tenant, template, Precondition.ofVersion(version), "ada", NOW);
                case 2 -> store.replace(tenant, template, Precondition.ofVersion(99), "ada", NOW);
                default -> store.delete(tenant, SESSION, name, ANY, NOW);
            });
        } catch (Unavailable e) {
            return null;
        }
    }

    private void assertReferencesAreCounted(String tenant) {
        var sessions = reliable.list(tenant, SESSION, TemplateFilter.ALL, new PageRequest(null, 100), NOW)
                .items();
        for (String tab : List.of("a", "b", "c")) {
            long uses = sessions.stream()
                    .filter(stored -> stored.template().references().contains(tab))
                    .count();
            assertThat(users(tenant, tab).toString()).contains("=" + uses + ")");
        }
    }

    @Test
    void round_trips_stay_within_their_budget() {
        String tenant = tenant();
        transport.clearFaults();
        store.read(tenant, SESSION, "s", NOW);
        assertThat(transport.operations()).containsExactly("GetItem");

        transport.clearFaults();
        store.readAll(tenant, TAB, List.of("a", "b", "c"), NOW);
        assertThat(transport.operations()).containsExactly("BatchGetItem");

        transport.clearFaults();
        store.readAll(tenant, TAB, List.of(), NOW);
        assertThat(transport.operations()).isEmpty();

        transport.clearFaults();
        store.list(tenant, TAB, TemplateFilter.ALL, new PageRequest(null, 2), NOW);
        assertThat(transport.operations()).containsExactly("Query");

        transport.clearFaults();
        store.create(tenant, TestTemplates.tab("d"), null, "ada", NOW);
        assertThat(transport.operations()).containsExactly("BatchGetItem", "TransactWriteItems");

        transport.clearFaults();
        store.create(tenant, TestTemplates.generic("t", "a", "b"), null, "ada", NOW);
        assertThat(transport.operations()).containsExactly("BatchGetItem", "TransactWriteItems");
    }
}
