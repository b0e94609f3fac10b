package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DynamoDbLogRowsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final RecordLimits MONTH = new RecordLimits(Duration.ofDays(30), false);
    private static final LogRowKind KIND = LogRowKind.PSTN_CALLS;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final DynamoDbLogRows store = new DynamoDbLogRows(new DynamoDb(TABLE.client()), TABLE.name(), MONTH);
    private String tenant = "tenant-" + UUID.randomUUID();

    private static LogRow row(String id, String start, int duration) {
        Map<String, @Nullable Object> content = new HashMap<>();
        content.put("id", id);
        content.put("startDateTime", start);
        content.put("duration", duration);
        return new LogRow(id, GraphInstant.of(start).orElseThrow(), content);
    }

    private static LogRow row(int number, int duration) {
        return row(
                "row " + number,
                Instant.parse("2026-11-02T00:00:00Z")
                        .plusSeconds(number * 7_919L % 5_000)
                        .toString(),
                duration);
    }

    private LogRowCounts put(List<LogRow> rows) {
        return store.put(tenant, KIND, rows, NOW);
    }

    private LogRowRange all() {
        return new LogRowRange(
                tenant,
                KIND,
                GraphInstant.of("2026-11-01T00:00:00Z").orElseThrow(),
                GraphInstant.of("2026-11-30T00:00:00Z").orElseThrow());
    }

    private List<LogRow> list(int pageSize, Instant now) {
        List<LogRow> rows = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<LogRow> page = store.list(all(), new PageRequest(after, pageSize), now);
            assertThat(page.items().size()).isLessThanOrEqualTo(pageSize);
            assertThat(page.next() == null || LogRowStore.isPosition(page.next()))
                    .isTrue();
            rows.addAll(page.items());
            after = page.next();
        } while (after != null);
        return rows;
    }

    /** Returns the items of the times of the tenant's rows. */
    private List<Map<String, AttributeValue>> rowItems() {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        for (int shard = 0; shard < DynamoDbLogRowItems.SHARDS; shard++) {
            AttributeValue partition = AttributeValue.fromS(DynamoDbLogRowItems.partition(tenant, KIND, shard));
            found.addAll(TABLE.client()
                    .query(query -> query.tableName(TABLE.name())
                            .keyConditionExpression("#record = :record")
                            .expressionAttributeNames(Map.of("#record", "record"))
                            .expressionAttributeValues(Map.of(":record", partition)))
                    .items());
        }
        return found;
    }

    /** Returns the item of the id of a row of the tenant. */
    private Map<String, AttributeValue> idItem(String id) {
        return TABLE.client()
                .getItem(get -> get.tableName(TABLE.name()).key(DynamoDbLogRowItems.keyOfId(tenant, KIND, id)))
                .item();
    }

    private static List<LogRow> sorted(List<LogRow> rows) {
        return rows.stream().sorted(Comparator.comparing(LogRowStore::position)).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1_000})
    void pages_of_any_size_have_every_row_once_in_order(int pageSize) {
        List<LogRow> rows = new ArrayList<>();
        IntStream.range(0, 120).forEach(i -> rows.add(row(i, i)));
        Collections.shuffle(rows, new Random(Seed.number("order of rows", 50)));
        assertThat(put(rows)).isEqualTo(new LogRowCounts(120, 0, 0));

        assertThat(list(pageSize, NOW)).isEqualTo(sorted(rows));
        assertThat(store.count(all(), NOW)).isEqualTo(120);
    }

    @Test
    void rows_are_spread_over_all_partitions() {
        put(IntStream.range(0, 400).mapToObj(i -> row(i, i)).toList());

        Map<String, Integer> sizes = new HashMap<>();
        for (Map<String, AttributeValue> item : rowItems()) {
            sizes.merge(String.valueOf(item.get("record")), 1, Integer::sum);
        }
        assertThat(sizes).hasSize(DynamoDbLogRowItems.SHARDS);
        assertThat(sizes.values()).allSatisfy(size -> assertThat(size).isBetween(8, 60));
    }

    @Test
    void row_that_moves_leaves_nothing_at_its_earlier_time() {
        put(List.of(row("a", "2026-11-02T00:00:00Z", 1)));
        LogRow moved = row("a", "2026-11-12T00:00:00Z", 1);

        assertThat(put(List.of(moved))).isEqualTo(new LogRowCounts(0, 1, 0));
        assertThat(list(10, NOW)).containsExactly(moved);
        assertThat(rowItems()).hasSize(1);
    }

    @Test
    void thousand_moving_rows_are_stored_in_transactions_that_dynamodb_accepts() {
        put(IntStream.range(0, 1_000).mapToObj(i -> row(i, 1)).toList());
        List<LogRow> moved = IntStream.range(0, 1_000)
                .mapToObj(i -> row("row " + i, "2026-11-03T00:00:00Z", 2))
                .toList();

        assertThat(put(moved)).isEqualTo(new LogRowCounts(0, 1_000, 0));
        assertThat(list(1_000, NOW)).isEqualTo(sorted(moved));
    }

    @Test
    void rows_of_the_largest_size_are_stored_and_end_a_page_early() {
        List<LogRow> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            LogRow row = row(i, i);
            Map<String, @Nullable Object> content = new HashMap<>(row.content());
            StringBuilder random = new StringBuilder();
            new Random(i).ints(60_000, '0', 'z').forEach(c -> random.append((char) c));
            content.put("operator", random.toString());
            rows.add(new LogRow(row.id(), row.time(), content));
        }
        assertThat(put(rows)).isEqualTo(new LogRowCounts(100, 0, 0));

        assertThat(store.list(all(), new PageRequest(null, 1_000), NOW).items()).hasSizeBetween(20, 80);
        assertThat(list(1_000, NOW)).isEqualTo(sorted(rows));
    }

    @Test
    void expired_row_is_absent_and_created_again() {
        put(List.of(row("a", "2026-11-02T00:00:00Z", 1)));
        Instant later = NOW.plus(Duration.ofDays(30));
        assertThat(list(10, later.minusSeconds(1))).hasSize(1);
        assertThat(list(10, later)).isEmpty();
        assertThat(store.count(all(), later)).isZero();

        assertThat(store.put(tenant, KIND, List.of(row("a", "2026-11-02T00:00:00Z", 1)), later))
                .isEqualTo(new LogRowCounts(1, 0, 0));
        assertThat(list(10, later)).hasSize(1);
    }

    @Test
    void equal_row_keeps_its_expiry_and_a_different_one_has_a_new_one() {
        put(List.of(row("a", "2026-11-02T00:00:00Z", 1), row("b", "2026-11-02T00:00:00Z", 1)));
        Instant later = NOW.plus(Duration.ofDays(10));
        store.put(
                tenant, KIND, List.of(row("a", "2026-11-02T00:00:00Z", 1), row("b", "2026-11-02T00:00:00Z", 2)), later);

        assertThat(list(10, NOW.plus(Duration.ofDays(35))))
                .extracting(LogRow::id)
                .containsExactly("b");
    }

    @Test
    void both_items_of_a_row_expire_together() {
        put(List.of(row("a", "2026-11-02T00:00:00Z", 1)));
        AttributeValue expiry =
                AttributeValue.fromN(Long.toString(NOW.plus(Duration.ofDays(30)).getEpochSecond()));
        assertThat(rowItems()).hasSize(1);
        for (Map<String, AttributeValue> item : List.of(rowItems().getFirst(), idItem("a"))) {
            // The attributes of the index are for call records.
            assertThat(item).containsEntry("expiresAt", expiry).doesNotContainKeys("listed", "place");
        }
    }

    @Test
    void no_expiry_without_retention() {
        new DynamoDbLogRows(new DynamoDb(TABLE.client()), TABLE.name(), new RecordLimits(Duration.ZERO, false))
                .put(tenant, KIND, List.of(row("a", "2026-11-02T00:00:00Z", 1)), NOW);
        assertThat(rowItems()).hasSize(1).noneMatch(item -> item.containsKey("expiresAt"));
        assertThat(idItem("a")).isNotEmpty().doesNotContainKey("expiresAt");
        assertThat(put(List.of(row("a", "2026-11-02T00:00:00Z", 1)))).isEqualTo(new LogRowCounts(0, 0, 1));
    }

    @Test
    void callers_that_store_the_same_rows_at_once_create_each_once() {
        List<LogRow> rows = IntStream.range(0, 60).mapToObj(i -> row(i, 1)).toList();

        List<LogRowCounts> counts = Race.run(8, caller -> put(rows));

        assertThat(counts.stream().mapToInt(LogRowCounts::created).sum()).isEqualTo(60);
        assertThat(counts.stream().mapToInt(LogRowCounts::unchanged).sum()).isEqualTo(7 * 60);
        assertThat(list(1_000, NOW)).isEqualTo(sorted(rows));
        assertThat(rowItems()).hasSize(60);
    }

    @Test
    void callers_that_move_rows_at_once_leave_one_version_of_each() {
        List<LogRow> before = IntStream.range(0, 40).mapToObj(i -> row(i, 0)).toList();
        put(before);

        Race.run(
                8,
                caller -> put(IntStream.range(0, 40)
                        .mapToObj(i -> row("row " + i, "2026-11-1" + caller + "T00:00:00Z", caller))
                        .toList()));

        assertThat(list(1_000, NOW)).hasSize(40).extracting(LogRow::id).doesNotHaveDuplicates();
        assertThat(rowItems()).hasSize(40);
    }

    @Test
    void rows_are_stored_once_under_every_fault() {
        FaultyHttpClient transport = TestTables.faultyTransport();
        DynamoDbLogRows faulty =
                new DynamoDbLogRows(TestTables.withoutPauses(TABLE.client(transport)), TABLE.name(), MONTH);
        FaultSweep.run(transport, () -> {
            tenant = "tenant-" + UUID.randomUUID();
            put(List.of(row(0, 0), row(1, 0), row(2, 0)));
            List<LogRow> rows = new ArrayList<>(
                    IntStream.range(1, 60).mapToObj(i -> row(i, 0)).toList());
            rows.set(0, row("row 1", "2026-11-12T00:00:00Z", 1));
            return () -> {
                assertThat(faulty.put(tenant, KIND, rows, NOW)).isEqualTo(new LogRowCounts(57, 1, 1));
                rows.add(row(0, 0));
                assertThat(list(1_000, NOW)).isEqualTo(sorted(rows));
                assertThat(rowItems()).hasSize(60);
            };
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#",
                "x#a",
                "2026-11-02T00:00:00#",
                "2026-11-02T00:00:00.10#a",
                "2026-11-02T00:00:00#a b",
                "\u007F"
            })
    void position_that_no_list_issues_is_recognised(String position) {
        assertThat(LogRowStore.isPosition(position)).isFalse();
        assertThat(LogRowStore.isPosition("2026-11-02T00:00:00.1#a%20b")).isTrue();
    }
}
