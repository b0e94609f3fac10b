package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests lists by start whose index has shards, together with records that earlier releases listed by day. */
final class ShardedStartIndexTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");
    private static final RecordLimits LIMITS = new RecordLimits(Duration.ofDays(30), false);
    private static final int RECORDS = 250;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final String tenant = "tenant " + UUID.randomUUID();
    private final SplittableRandom random = Seed.random("ShardedStartIndexTest");
    /** The ids of the records by their place in the list. */
    private final Map<String, String> expected = new TreeMap<>();

    private static DynamoDbCallRecordStore store(int shards) {
        return store(shards, TABLE.client());
    }

    private static DynamoDbCallRecordStore store(int shards, DynamoDbClient client) {
        return new DynamoDbCallRecordStore(new DynamoDb(client), TABLE.name(), LIMITS, new IndexShards(shards));
    }

    private void put(DynamoDbCallRecordStore store, String id, Instant start) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("version", 1);
        content.put("type", "groupCall");
        content.put("modalities", List.of("audio"));
        content.put("startDateTime", start.toString());
        content.put("endDateTime", start.plusSeconds(60).toString());
        CallRecordKey key = new CallRecordKey(tenant, id);
        assertThat(store.put(new NewCallRecord(key, 1, content, null, null, null), NOW))
                .isInstanceOf(PutRecordOutcome.Stored.class);
        expected.put(GraphInstant.of(start.toString()).orElseThrow().key() + "#" + id, id);
    }

    /** Lists a stored record as earlier releases did: in the partition of its day, which the directory names. */
    private void listByDay(String id, Instant start) {
        String day = start.toString().substring(0, 10);
        Map<String, AttributeValue> entry = new LinkedHashMap<>();
        entry.put("record", AttributeValue.fromS(Keys.join(tenant)));
        entry.put("key", AttributeValue.fromS("DAY#" + day));
        TABLE.client().putItem(put -> put.tableName(TABLE.name()).item(entry));
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbCallRecordTable.recordKey(new CallRecordKey(tenant, id)))
                        .updateExpression("SET listed = :listed REMOVE changed, changedPlace")
                        .expressionAttributeValues(Map.of(
                                ":listed", AttributeValue.fromS(DynamoDbCallRecordTable.listedByDay(tenant, day)))));
    }

    private List<String> listed(DynamoDbCallRecordStore store, ListOrder order, int size) {
        List<String> ids = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<CallRecord> page = store.list(tenant, CallRecordFilter.ALL, order, new PageRequest(after, size), NOW);
            page.items().forEach(record -> ids.add(record.key().id()));
            after = page.next();
            if (after != null) {
                assertThat(CallRecordStore.isPosition(CallRecordFilter.ALL, after))
                        .as(after)
                        .isTrue();
            }
        } while (after != null);
        return ids;
    }

    private void assertListed(DynamoDbCallRecordStore store) {
        List<String> forwards = List.copyOf(expected.values());
        List<String> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);
        for (int size : new int[] {1 + random.nextInt(9), 60, 100}) {
            assertThat(listed(store, ListOrder.BY_START, size)).isEqualTo(forwards);
            assertThat(listed(store, new ListOrder(ListOrder.Time.START, SortDirection.DESCENDING), size))
                    .isEqualTo(backwards);
        }
        assertThat(store.count(tenant, CallRecordFilter.ALL, NOW)).isEqualTo(forwards.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void lists_are_in_order_and_complete_with_this_number_of_shards(int shards) {
        DynamoDbCallRecordStore store = store(shards);
        for (int i = 0; i < RECORDS; i++) {
            // Several records start at the same time, and some days have many.
            Instant start = Instant.parse("2026-03-04T09:00:00Z")
                    .plus(Duration.ofHours(random.nextInt(3) == 0 ? 0 : random.nextInt(96)));
            put(store, String.format(Locale.ROOT, "r%04d", i), start);
        }

        assertListed(store);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void records_of_earlier_releases_stay_listed_until_their_start_changes(int shards) {
        DynamoDbCallRecordStore store = store(shards);
        Map<String, Instant> early = new LinkedHashMap<>();
        for (int i = 0; i < RECORDS / 2; i++) {
            Instant start = Instant.parse("2026-03-04T09:00:00Z").plus(Duration.ofHours(random.nextInt(72)));
            String id = String.format(Locale.ROOT, "r%04d", i);
            put(store, id, start);
            if (random.nextBoolean()) {
                listByDay(id, start);
                early.put(id, start);
            }
        }
        assertListed(store);

        early.forEach((id, start) -> {
            CallRecord before = store.read(new CallRecordKey(tenant, id), NOW).orElseThrow();
            Map<String, @Nullable Object> content = new LinkedHashMap<>(before.content());
            content.put("startDateTime", start.minusSeconds(1).toString());
            assertThat(store.change(before, content, NOW)).isInstanceOf(RecordChangeOutcome.Done.class);
            expected.values().remove(id);
            expected.put(
                    GraphInstant.of(start.minusSeconds(1).toString())
                                    .orElseThrow()
                                    .key() + "#" + id,
                    id);
        });

        assertListed(store);
    }

    @Test
    void more_shards_keep_the_records_of_fewer_listed() {
        DynamoDbCallRecordStore fewer = store(4);
        for (int i = 0; i < 40; i++) {
            put(fewer, "few-" + i, Instant.parse("2026-03-04T09:00:00Z").plusSeconds(random.nextInt(100)));
        }
        DynamoDbCallRecordStore more = store(8);
        for (int i = 0; i < 40; i++) {
            put(more, "more-" + i, Instant.parse("2026-03-04T09:00:00Z").plusSeconds(random.nextInt(100)));
        }

        assertListed(more);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 64})
    void page_costs_at_most_a_fifth_more_than_the_first(int shards) {
        UnitCounter counter = new UnitCounter(TABLE.client());
        DynamoDbCallRecordStore store = store(shards, counter);
        for (int i = 0; i < 7 * 60; i++) {
            put(
                    store,
                    UUID.randomUUID().toString(),
                    Instant.parse("2026-03-04T09:00:00Z").plusSeconds(i));
        }
        List<ListOrder> orders = new ArrayList<>();
        for (SortDirection direction : SortDirection.values()) {
            orders.add(new ListOrder(ListOrder.Time.START, direction));
            orders.add(new ListOrder(ListOrder.Time.LAST_MODIFIED, direction));
        }
        for (ListOrder order : orders) {
            List<Double> reads = new ArrayList<>();
            List<Integer> roundTrips = new ArrayList<>();
            List<@Nullable String> next = new ArrayList<>();
            next.add(null);
            for (int i = 0; i < 6; i++) {
                UnitCounter.Units units = counter.of(() -> {
                    Page<CallRecord> page =
                            store.list(tenant, CallRecordFilter.ALL, order, new PageRequest(next.getLast(), 60), NOW);
                    assertThat(page.items()).hasSize(60);
                    next.add(page.next());
                });
                reads.add(units.reads());
                roundTrips.add(units.roundTrips());
            }
            System.out.printf(
                    Locale.ROOT, "%d shards, %s: read units %s, round trips %s%n", shards, order, reads, roundTrips);
            assertThat(Collections.max(reads)).isLessThanOrEqualTo(1.2 * reads.getFirst());
            assertThat(roundTrips.stream().max(Comparator.naturalOrder()).orElseThrow())
                    .isLessThanOrEqualTo((int) (1.2 * roundTrips.getFirst()));
        }
    }
}
