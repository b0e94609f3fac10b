package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Tests closed sessions in DynamoDB: the index, items from before the index, and the cost of a page. */
final class SessionHistoryTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration IDLE = Duration.ofHours(24);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final SessionLimits TEN = new SessionLimits(10, IDLE, RETENTION);
    private static final SessionFilter LATEST_FIRST = new SessionFilter(SessionStatus.CLOSED, null);
    private static final SessionFilter OLDEST_FIRST =
            new SessionFilter(SessionStatus.CLOSED, null, null, null, null, true);
    private static final Precondition ANY = Precondition.NONE;

    /** The full size takes minutes and runs with mvn -Plong. */
    private static final boolean LONG = Boolean.getBoolean("switchboard.long");

    private static final int WALKS = LONG ? 20 : 2;
    /** A single random walk may miss an event, so several walks are run. */
    private static final int MOST_WALKS = WALKS + 20;

    private static final int STEPS = 120;
    private static final int LEAST_CHANGES = 21;

    /** The events that the walks must include. */
    private static final Set<String> EVENTS = Set.of(
            "create",
            "close",
            "reopen",
            "delete",
            "hand over",
            "strip",
            "sorted",
            "stored",
            "idle",
            "asc",
            "desc",
            "template",
            "search",
            "range",
            "provider",
            "many pages");

    /** The number of closed sessions of one user. */
    private static final int MANY = LONG ? 10_000 : 1_000;

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::sessions);

    private final Owner owner = new Owner("tenant " + UUID.randomUUID(), "user");
    private final SessionScope scope = SessionScope.all(owner);
    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final ItemCount count = new ItemCount(TABLE.client(transport));
    private final SessionStore store = new DynamoDbSessionStore(new DynamoDb(count), TABLE.name(), TEN);

    // ── Against a model ────────────────────────────────────────────────────────────

    @Test
    void pages_of_every_size_match_the_model_after_random_changes() {
        SplittableRandom random = Seed.random("pages_of_every_size_show_what_the_model_shows");
        Set<String> seen = new TreeSet<>();
        for (int count = 0; count < WALKS || (count < MOST_WALKS && !seen.containsAll(EVENTS)); count++) {
            RandomWalk walk = new RandomWalk(random.split());
            for (int step = 0; step < STEPS; step++) {
                seen.add(walk.change(true));
                if (step % 10 == 9) {
                    seen.addAll(walk.compare());
                }
            }
        }
        assertThat(seen)
                .as("events of the walks, which must include all expected events")
                .containsAll(EVENTS);
    }

    @Test
    void closed_session_is_listed_once_despite_changes_between_pages() {
        SplittableRandom random = Seed.random("each_session_that_stays_closed_is_shown_once");
        int changes = 0;
        for (int count = 0; count < WALKS || (count < MOST_WALKS && changes < LEAST_CHANGES); count++) {
            RandomWalk walk = new RandomWalk(random.split());
            for (int step = 0; step < STEPS; step++) {
                walk.change(true);
                if (step % 15 == 14) {
                    changes += walk.compareWhileItChanges();
                }
            }
        }
        assertThat(changes).as("changes between pages").isGreaterThanOrEqualTo(LEAST_CHANGES);
    }

    /** The sessions of one owner, in DynamoDB and in the model, and the sessions from before the index. */
    private final class RandomWalk {
        private static final List<String> PROVIDERS = List.of("softphone", "chat");
        private static final List<String> TEMPLATES = List.of("contoso_call", "contoso_chat");
        private static final List<String> CUSTOMERS = List.of("Ada", "ADÄ", "Bob", "straße");

        private final SplittableRandom random;
        private final InMemorySessionStore model = new InMemorySessionStore(TEN);
        private final Owner owner = new Owner("tenant " + UUID.randomUUID(), "user");
        private final Owner colleague = new Owner(owner.tenant(), "colleague");
        private final SessionScope all = SessionScope.all(owner);
        private final List<String> ids = new ArrayList<>();
        private final Map<String, Long> stripped = new HashMap<>();
        private Instant now = NOW;

        RandomWalk(SplittableRandom random) {
            this.random = random;
        }

        /** @param mayStrip whether a session may be changed to its form from before the index */
        String change(boolean mayStrip) {
            now = now.plus(
                    switch (random.nextInt(60)) {
                        case 0 -> Duration.ofHours(25);
                        case 1, 2 -> Duration.ofHours(9);
                        case 3, 4, 5, 6, 7 -> Duration.ZERO;
                        default -> Duration.ofNanos(random.nextLong(1, 5_000_000_000L));
                    });
            Instant at = now;
            String id = ids.isEmpty() ? "none" : pick(ids);
            return switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> create();
                case 5, 6, 7, 8 -> {
                    both(each -> each.close(all, id, ANY, at));
                    yield "close";
                }
                case 9, 10 -> {
                    both(each -> each.reopen(all, id, ANY, at));
                    yield "reopen";
                }
                case 11 -> {
                    both(each -> each.delete(all, id, ANY, at));
                    yield "delete";
                }
                case 12 -> {
                    both(each -> each.handOver(all, id, colleague.user(), true, ANY, at));
                    yield "hand over";
                }
                case 13 -> {
                    both(each -> each.focus(all, id, ANY, at));
                    yield "focus";
                }
                default -> mayStrip ? strip(id) : "nothing";
            };
        }

        private String create() {
            String id = "s" + ids.size() + (random.nextInt(9) == 0 ? "😀" : "");
            Session session = TestSessions.session(id, now, pick(PROVIDERS), pick(TEMPLATES), true)
                    .next(now)
                    .withContext(Map.of("customer", pick(CUSTOMERS), "number", random.nextInt(30)));
            ids.add(id);
            boolean isFocused = random.nextBoolean();
            Instant at = now;
            both(each -> each.create(owner, new NewSession(session, isFocused, "hash"), at));
            return "create";
        }

        /** Changes a closed session to its form from before the index. */
        private String strip(String id) {
            @Nullable
            Session session = model.read(all, id, now)
                    .map(SessionOnDesk::session)
                    .filter(one -> one.times().closed() != null)
                    .orElse(null);
            if (session == null) {
                return "nothing";
            }
            SessionHistoryTest.strip(owner, id);
            stripped.put(id, session.version());
            return "strip";
        }

        private void both(Function<SessionStore, Object> operation) {
            assertThat(operation.apply(store)).isEqualTo(operation.apply(model));
        }

        /** Compares lists with random filters, and returns their descriptions. */
        Set<String> compare() {
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < 4; i++) {
                SessionScope scope = random.nextInt(4) == 0 ? new SessionScope(owner, pick(PROVIDERS)) : all;
                SessionFilter filter = filter(random.nextInt(3) > 0);
                int size = random.nextInt(3) == 0 ? 100 : random.nextInt(1, 12);
                List<Page<SessionOnDesk>> pages = pages(store, scope, filter, size, now, () -> {});
                List<SessionOnDesk> found = items(pages);
                assertThat(found).as("%s, %s, size %d", scope, filter, size).isEqualTo(expected(scope, filter));
                describe(seen, scope, filter, pages.size(), found);
            }
            return seen;
        }

        private void describe(
                Set<String> seen, SessionScope scope, SessionFilter filter, int pages, List<SessionOnDesk> found) {
            for (SessionOnDesk onDesk : found) {
                seen.add(isStored(onDesk.session()) ? "stored" : "sorted");
                if (onDesk.session().times().closed() == null) {
                    seen.add("idle");
                }
            }
            if (found.isEmpty()) {
                return;
            }
            seen.add(filter.oldestFirst() ? "asc" : "desc");
            if (filter.templateName() != null) {
                seen.add("template");
            }
            if (filter.search() != null) {
                seen.add("search");
            }
            if (filter.closedFrom() != null || filter.closedTo() != null) {
                seen.add("range");
            }
            if (scope.provider() != null) {
                seen.add("provider");
            }
            if (pages > 3) {
                seen.add("many pages");
            }
        }

        private SessionFilter filter(boolean filtered) {
            boolean oldestFirst = random.nextBoolean();
            return filtered
                    ? new SessionFilter(
                            SessionStatus.CLOSED,
                            random.nextInt(3) == 0 ? pick(TEMPLATES) : null,
                            random.nextInt(3) == 0 ? now.minus(Duration.ofHours(random.nextInt(60))) : null,
                            random.nextInt(3) == 0 ? now.minus(Duration.ofHours(random.nextInt(30))) : null,
                            random.nextInt(3) == 0 ? pick(List.of("ada", "ADÄ", "STRASSE", "1", "s1")) : null,
                            oldestFirst)
                    : new SessionFilter(SessionStatus.CLOSED, null, null, null, null, oldestFirst);
        }

        private boolean isStored(Session session) {
            return Long.valueOf(session.version()).equals(stripped.get(session.id()));
        }

        /** Returns the list of the model, with the sessions from before the index at the end, by id. */
        private List<SessionOnDesk> expected(SessionScope scope, SessionFilter filter) {
            List<SessionOnDesk> sorted = new ArrayList<>();
            TreeMap<String, SessionOnDesk> stored = new TreeMap<>(
                    Comparator.comparing((String id) -> id.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
            for (SessionOnDesk onDesk : items(pages(model, scope, filter, 100, now, () -> {}))) {
                if (isStored(onDesk.session())) {
                    stored.put(onDesk.session().id(), onDesk);
                } else {
                    sorted.add(onDesk);
                }
            }
            sorted.addAll(stored.values());
            return sorted;
        }

        /** Reads the pages of a list while sessions change, and returns the number of changes. */
        int compareWhileItChanges() {
            SessionFilter filter =
                    new SessionFilter(SessionStatus.CLOSED, null, null, null, null, random.nextBoolean());
            Map<String, Instant> unchanged = closed();
            int[] changes = {0};
            List<SessionOnDesk> found = items(pages(store, all, filter, random.nextInt(1, 6), () -> now, () -> {
                if (random.nextInt(3) > 0) {
                    change(false);
                    changes[0]++;
                    Map<String, Instant> closed = closed();
                    unchanged.entrySet().removeIf(one -> !one.getValue().equals(closed.get(one.getKey())));
                }
            }));
            List<String> ids = new ArrayList<>();
            found.forEach(onDesk -> ids.add(onDesk.session().id()));
            assertThat(ids).doesNotHaveDuplicates().containsAll(unchanged.keySet());
            return changes[0];
        }

        private Map<String, Instant> closed() {
            Map<String, Instant> closed = new HashMap<>();
            for (SessionOnDesk onDesk : items(pages(model, all, LATEST_FIRST, 100, now, () -> {}))) {
                // A session that was stripped in between belongs to the other phase.
                @Nullable Instant closedAt = onDesk.closedAt();
                if (closedAt != null) {
                    closed.put(onDesk.session().id(), isStored(onDesk.session()) ? Instant.MIN : closedAt);
                }
            }
            return closed;
        }

        private <T> T pick(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }
    }

    // ── The index and items from before it ─────────────────────────────────────────

    @Test
    void closing_and_opening_update_the_index() {
        SessionStore three =
                new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), new SessionLimits(3, IDLE, RETENTION));
        Owner bob = new Owner(owner.tenant(), "bob");
        for (String id : List.of("a", "b", "c")) {
            three.create(owner, TestSessions.newSession(id, NOW), NOW);
        }
        assertThat(index(owner)).isEmpty();

        three.close(scope, "a", ANY, NOW);
        assertThat(index(owner)).containsExactly("01795255200.000000000#a");
        three.reopen(scope, "a", ANY, NOW);
        assertThat(index(owner)).isEmpty();

        Instant later = NOW.plus(IDLE);
        three.create(owner, TestSessions.newSession("d", later), later);
        assertThat(index(owner)).as("closed by a create at the limit").hasSize(3);
        three.delete(scope, "a", ANY, later);
        assertThat(index(owner)).as("one deleted").hasSize(2);
        three.reopen(scope, "b", ANY, later);
        assertThat(index(owner)).as("one reopened").containsExactly("01795341600.000000000#c");

        for (String id : List.of("x", "y", "z")) {
            three.create(bob, TestSessions.newSession(id, NOW), NOW);
        }
        three.handOver(scope, "d", "bob", true, ANY, later);
        assertThat(index(bob)).as("closed by a hand-over at the limit").hasSize(3);
        three.close(SessionScope.all(bob), "d", ANY, later);
        assertThat(index(bob)).hasSize(4);
        assertThat(index(owner)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void sessions_from_before_the_index_are_listed_last_by_id(int size) {
        for (String id : List.of("d", "b", "e", "a", "c")) {
            closed(id, NOW);
        }
        closed("other template", NOW);
        for (String id : List.of("a", "c", "d", "other template")) {
            strip(owner, id);
        }
        store.create(owner, TestSessions.newSession("open", NOW), NOW);

        assertThat(ids(LATEST_FIRST, size)).containsExactly("e", "b", "a", "c", "d", "other template");
        assertThat(ids(OLDEST_FIRST, size)).containsExactly("b", "e", "a", "c", "d", "other template");
        SessionFilter search = new SessionFilter(SessionStatus.CLOSED, null, null, null, "CONTOSO C", false);
        assertThat(ids(search, size)).containsExactly("c");
        assertThat(ids(new SessionFilter(SessionStatus.CLOSED, null, NOW.plusSeconds(1), null, null, false), size))
                .isEmpty();
    }

    @Test
    void session_from_before_the_index_is_sorted_after_its_next_write() {
        closed("a", NOW);
        closed("b", NOW.plusSeconds(1));
        strip(owner, "a");
        assertThat(ids(LATEST_FIRST, 10)).containsExactly("b", "a");

        store.reopen(scope, "a", ANY, NOW.plusSeconds(2));
        store.close(scope, "a", ANY, NOW.plusSeconds(3));

        assertThat(ids(LATEST_FIRST, 10)).containsExactly("a", "b");
    }

    @Test
    void idle_session_that_left_the_desk_before_the_index_existed_is_listed_once() {
        store.create(owner, TestSessions.newSession("idle", NOW), NOW);
        store.create(owner, TestSessions.newSession("idle too", NOW), NOW);
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbSessionItems.deskKey(owner))
                        .updateExpression("DELETE #open :ids")
                        .expressionAttributeNames(Map.of("#open", "open"))
                        .expressionAttributeValues(Map.of(":ids", AttributeValue.fromSs(List.of("idle")))));

        for (int size : List.of(1, 2, 10)) {
            assertThat(ids(LATEST_FIRST, size, NOW.plus(IDLE))).containsExactly("idle too", "idle");
            assertThat(ids(OLDEST_FIRST, size, NOW.plus(IDLE))).containsExactly("idle too", "idle");
        }
    }

    @Test
    void session_with_an_outdated_index_key_is_listed_once_with_the_unsorted_ones() {
        closed("a", NOW);
        closed("b", NOW.plusSeconds(1));
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbSessionItems.sessionKey(owner, "b"))
                        .updateExpression("SET closedAt = :key")
                        .expressionAttributeValues(
                                Map.of(":key", AttributeValue.fromS(HistoryPosition.key(NOW.minusSeconds(60), "b")))));

        assertThat(ids(LATEST_FIRST, 1)).containsExactly("a", "b");
        assertThat(ids(OLDEST_FIRST, 1)).containsExactly("a", "b");
    }

    @Test
    void idle_sessions_of_several_transactions_are_closed_before_they_leave_the_desk() {
        SessionLimits limits = new SessionLimits(40, IDLE, RETENTION);
        SessionStore forty = new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), limits);
        Set<String> idle = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            forty.create(owner, TestSessions.newSession("s" + i, NOW.plusSeconds(i)), NOW.plusSeconds(i));
            idle.add("s" + i);
        }
        Instant later = NOW.plus(IDLE).plusSeconds(60);

        assertThat(forty.create(owner, TestSessions.newSession("new", later), later))
                .isInstanceOf(CreateOutcome.Created.class);

        assertThat(index(owner)).hasSize(40);
        assertThat(forty.desk(owner, later).open()).hasSize(1);
        assertThat(items(pages(forty, scope, LATEST_FIRST, 7, later, () -> {})))
                .extracting(onDesk -> onDesk.session().id())
                .containsExactlyInAnyOrderElementsOf(idle)
                .first()
                .isEqualTo("s39");
    }

    @ParameterizedTest
    @CsvSource({"01795255199.999999999#a, false", "01795255200.000000000#a, true", "01795255210.000000000#a, false"})
    void position_outside_the_range_of_the_list_is_rejected(String key, boolean isInside) {
        SessionFilter range = new SessionFilter(SessionStatus.CLOSED, null, NOW, NOW.plusSeconds(10), null, false);
        PageRequest page = new PageRequest("sorted:-:" + key, 10);

        if (isInside) {
            assertThat(store.list(scope, range, page, NOW).items()).isEmpty();
        } else {
            assertThatThrownBy(() -> store.list(scope, range, page, NOW)).isInstanceOf(InvalidPosition.class);
        }
    }

    // ── Cost of a page ─────────────────────────────────────────────────────────────

    @Test
    void page_of_many_closed_sessions_reads_a_bounded_number_of_items() {
        fill(MANY, 100);
        List<Integer> readItems = new ArrayList<>();
        List<Integer> roundTrips = new ArrayList<>();
        for (SessionFilter filter : List.of(
                LATEST_FIRST,
                OLDEST_FIRST,
                new SessionFilter(SessionStatus.CLOSED, null, null, null, "no session has this", false),
                new SessionFilter(SessionStatus.CLOSED, "no template", null, null, null, true))) {
            boolean isFiltered = filter.templateName() != null || filter.search() != null;
            Set<String> seen = new HashSet<>();
            @Nullable String after = null;
            do {
                transport.clearFaults();
                count.reset();
                Page<SessionOnDesk> page = store.list(scope, filter, new PageRequest(after, 100), NOW);
                page.items()
                        .forEach(onDesk ->
                                assertThat(seen.add(onDesk.session().id())).isTrue());
                boolean isSorted = after == null || after.startsWith("sorted");
                assertThat(count.documents).isLessThanOrEqualTo(200);
                assertThat(count.keys).isLessThanOrEqualTo(200);
                assertThat(transport.operations()).hasSizeLessThanOrEqualTo(6);
                if (isSorted
                        && !isFiltered
                        && page.next() != null
                        && page.next().startsWith("sorted")) {
                    assertThat(page.items()).hasSize(100);
                    assertThat(count.documents).isLessThanOrEqualTo(101);
                    assertThat(transport.operations())
                            .containsExactly("GetItem", "Query", "BatchGetItem", "BatchGetItem");
                }
                readItems.add(count.documents);
                roundTrips.add(transport.operations().size());
                after = page.next();
            } while (after != null);
            assertThat(seen).hasSize(isFiltered ? 0 : MANY);
        }
        System.out.println("page_of_many_closed_sessions: " + MANY + " sessions, " + readItems.size()
                + " pages, at most " + readItems.stream().max(Integer::compare).orElseThrow() + " documents and "
                + roundTrips.stream().max(Integer::compare).orElseThrow() + " round trips per page");
    }

    @Test
    void idle_session_keeps_its_position_in_filtered_pages() {
        fill(260, 10);
        store.create(owner, TestSessions.newSession("idle", NOW.minus(IDLE).minusSeconds(255)), NOW.minusSeconds(300));
        closed("idle too", NOW.minusSeconds(250));
        SessionFilter search = new SessionFilter(SessionStatus.CLOSED, null, null, null, "idle", false);

        assertThat(ids(search, 10, NOW)).containsExactly("idle too", "idle");
    }

    @Test
    void first_page_takes_four_reads() {
        closed("a", NOW);
        store.create(owner, TestSessions.newSession("b", NOW), NOW);
        transport.clearFaults();

        store.list(scope, LATEST_FIRST, new PageRequest(null, 10), NOW);

        assertThat(transport.operations()).containsExactly("GetItem", "Query", "BatchGetItem", "Query");
    }

    @Test
    void close_and_reopen_take_as_many_round_trips_as_before() {
        store.create(owner, TestSessions.newSession("a", NOW), NOW);
        transport.clearFaults();
        store.close(scope, "a", ANY, NOW);
        store.reopen(scope, "a", ANY, NOW);

        assertThat(transport.operations())
                .containsExactly("BatchGetItem", "TransactWriteItems", "BatchGetItem", "TransactWriteItems");
    }

    @Test
    void page_of_large_sessions_ends_at_4_MB() {
        SessionLimits limits = new SessionLimits(40, IDLE, RETENTION);
        SessionStore forty = new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), limits);
        for (int i = 0; i < 30; i++) {
            Instant created = NOW.plusSeconds(i);
            Session large = TestSessions.withTitle(TestSessions.session("s" + i, created), "x".repeat(200_000));
            forty.create(owner, new NewSession(large, false, "hash"), created);
        }
        List<Integer> sizes = new ArrayList<>();
        for (var page : pages(forty, scope, LATEST_FIRST, 100, NOW.plus(IDLE).plusSeconds(60), () -> {})) {
            sizes.add(page.items().size());
        }

        assertThat(sizes).startsWith(20, 10);
        assertThat(sizes.subList(2, sizes.size()))
                .as("during the search for items from before the index")
                .containsOnly(0);
    }

    /** DynamoDB Local counts whole items instead of keys, so its pages are shorter than those of DynamoDB. */
    @Test
    void pages_of_large_closed_sessions_read_only_returned_items() {
        fill(30, 200_000);
        Set<String> seen = new HashSet<>();
        @Nullable String after = null;
        do {
            count.reset();
            Page<SessionOnDesk> page = store.list(scope, LATEST_FIRST, new PageRequest(after, 100), NOW);
            page.items().forEach(onDesk -> seen.add(onDesk.session().id()));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(20);
            assertThat(count.documents).isLessThanOrEqualTo(30);
            after = page.next();
        } while (after != null);

        assertThat(seen).hasSize(30);
    }

    /** Writes closed sessions, one second apart, as the store does. */
    private void fill(int number, int titleLength) {
        closed("pattern", NOW);
        Map<String, AttributeValue> pattern = TABLE.client()
                .getItem(get -> get.tableName(TABLE.name()).key(DynamoDbSessionItems.sessionKey(owner, "pattern")))
                .item();
        store.delete(scope, "pattern", ANY, NOW);
        Session closed = DynamoDbSessionItems.read(pattern).session();
        String title = "x".repeat(titleLength);
        List<WriteRequest> writes = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String id = "s" + i;
            Instant closedAt = NOW.minusSeconds(number - i);
            Map<String, AttributeValue> item = new HashMap<>(pattern);
            item.put("key", AttributeValue.fromS("SESSION#" + id));
            item.put("closedAt", AttributeValue.fromS(HistoryPosition.key(closedAt, id)));
            Session titled = TestSessions.withTitle(closed.closed(closedAt, NOW), title);
            item.put("document", AttributeValue.fromS(StoredSessionDocument.write(titled)));
            writes.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
            if (writes.size() == 25 || i == number - 1) {
                Map<String, List<WriteRequest>> batch = Map.of(TABLE.name(), List.copyOf(writes));
                while (!batch.isEmpty()) {
                    Map<String, List<WriteRequest>> rest = batch;
                    batch = TABLE.client()
                            .batchWriteItem(request -> request.requestItems(rest))
                            .unprocessedItems();
                }
                writes.clear();
            }
        }
    }

    private void closed(String id, Instant closedAt) {
        store.create(owner, TestSessions.newSession(id, closedAt), closedAt);
        assertThat(store.close(scope, id, ANY, closedAt)).isInstanceOf(ChangeOutcome.Done.class);
    }

    private List<String> ids(SessionFilter filter, int size) {
        return ids(filter, size, NOW.plusSeconds(10));
    }

    private List<String> ids(SessionFilter filter, int size, Instant now) {
        List<String> ids = new ArrayList<>();
        items(pages(store, scope, filter, size, now, () -> {}))
                .forEach(onDesk -> ids.add(onDesk.session().id()));
        return ids;
    }

    private static List<SessionOnDesk> items(List<Page<SessionOnDesk>> pages) {
        List<SessionOnDesk> items = new ArrayList<>();
        pages.forEach(page -> items.addAll(page.items()));
        return items;
    }

    private static List<Page<SessionOnDesk>> pages(
            SessionStore store, SessionScope scope, SessionFilter filter, int size, Instant now, Runnable between) {
        return pages(store, scope, filter, size, () -> now, between);
    }

    private static List<Page<SessionOnDesk>> pages(
            SessionStore store,
            SessionScope scope,
            SessionFilter filter,
            int size,
            Supplier<Instant> now,
            Runnable between) {
        List<Page<SessionOnDesk>> pages = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<SessionOnDesk> page = store.list(scope, filter, new PageRequest(after, size), now.get());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            pages.add(page);
            after = page.next();
            between.run();
        } while (after != null);
        return pages;
    }

    /** Changes the item of a session to its form from before the index. */
    private static void strip(Owner owner, String id) {
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbSessionItems.sessionKey(owner, id))
                        .updateExpression("REMOVE closedAt"));
    }

    /** Returns the index keys of an owner. */
    private static List<String> index(Owner owner) {
        List<String> keys = new ArrayList<>();
        TABLE.client()
                .query(query -> query.tableName(TABLE.name())
                        .indexName("Closed")
                        .keyConditionExpression("#owner = :owner")
                        .expressionAttributeNames(Map.of("#owner", "owner"))
                        .expressionAttributeValues(
                                Map.of(":owner", AttributeValue.fromS(DynamoDbSessionItems.partition(owner)))))
                .items()
                .forEach(item -> keys.add(Attributes.textOf(item, "closedAt")));
        return keys;
    }

    /** Counts the index entries and items that DynamoDB reads. */
    private static final class ItemCount implements DynamoDbClient {
        private final DynamoDbClient delegate;
        private int keys;
        private int documents;

        ItemCount(DynamoDbClient delegate) {
            this.delegate = delegate;
        }

        void reset() {
            keys = 0;
            documents = 0;
        }

        @Override
        public QueryResponse query(QueryRequest request) {
            QueryResponse response = delegate.query(request);
            if (request.indexName() == null) {
                documents += response.scannedCount();
            } else {
                keys += response.scannedCount();
            }
            return response;
        }

        @Override
        public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
            BatchGetItemResponse response = delegate.batchGetItem(request);
            response.responses().values().forEach(items -> documents += items.size());
            return response;
        }

        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            return delegate.getItem(request);
        }

        @Override
        public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
            return delegate.transactWriteItems(request);
        }

        @Override
        public String serviceName() {
            return delegate.serviceName();
        }

        @Override
        public void close() {
            delegate.close();
        }
    }
}
