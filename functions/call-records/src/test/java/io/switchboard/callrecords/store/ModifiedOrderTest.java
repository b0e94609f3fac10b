package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests lists by last modification while sources, callers and sessions set the time. */
final class ModifiedOrderTest {
    private static final String LAST_MODIFIED = "lastModifiedDateTime";
    private static final RecordLimits LIMITS = new RecordLimits(Duration.ofDays(30), false);
    private static final int STEPS = 300;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final String tenant = "tenant " + UUID.randomUUID();
    private final SplittableRandom random = Seed.random("ModifiedOrderTest");
    /** The ids of the records that exist. */
    private final TreeSet<String> ids = new TreeSet<>();

    private Instant now = Instant.parse("2026-11-21T10:00:00.250Z");

    private static DynamoDbCallRecordStore store(int shards) {
        return new DynamoDbCallRecordStore(new DynamoDb(TABLE.client()), TABLE.name(), LIMITS, new IndexShards(shards));
    }

    private CallRecordKey key(String id) {
        return new CallRecordKey(tenant, id);
    }

    private CallRecord record(DynamoDbCallRecordStore store, String id) {
        return store.read(key(id), now).orElseThrow();
    }

    private void post(DynamoDbCallRecordStore store, String id, @Nullable String modified) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("type", "groupCall");
        content.put("modalities", List.of("audio"));
        content.put("startDateTime", "2026-03-04T09:00:00Z");
        content.put("endDateTime", "2026-03-04T09:10:00Z");
        content.put(LAST_MODIFIED, modified);
        long version = store.read(key(id), now).map(CallRecord::version).orElse(0L) + 1;
        content.put("version", version);
        assertThat(store.put(new NewCallRecord(key(id), version, content, null, null, null), now))
                .isInstanceOf(PutRecordOutcome.Stored.class);
        ids.add(id);
    }

    private void postSession(DynamoDbCallRecordStore store, String id) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", UUID.randomUUID().toString());
        content.put("modalities", List.of("video"));
        content.put("startDateTime", now.minusSeconds(60).toString());
        content.put("endDateTime", now.toString());
        Span span = Span.of(content);
        SessionKey session =
                new SessionKey(String.valueOf(content.get("id")), span.start().key(), "-");
        assertThat(store.post(key(id), new NewCallSession(session, span.end(), content, null), now))
                .isInstanceOf(PostSessionOutcome.Posted.class);
        ids.add(id);
    }

    private void change(DynamoDbCallRecordStore store, String id, @Nullable String modified) {
        CallRecord before = record(store, id);
        Map<String, @Nullable Object> content = new LinkedHashMap<>(before.content());
        content.put(LAST_MODIFIED, modified);
        assertThat(store.change(before, content, now)).isInstanceOf(RecordChangeOutcome.Done.class);
    }

    private @Nullable String someTime() {
        return random.nextInt(3) == 0
                ? null
                : Instant.parse("2026-11-21T09:59:00Z")
                        .plusSeconds(random.nextInt(STEPS))
                        .toString();
    }

    private void step(DynamoDbCallRecordStore store) {
        now = now.plusMillis(random.nextInt(3) * 400L);
        String id = "r" + random.nextInt(12);
        switch (random.nextInt(ids.contains(id) ? 5 : 2)) {
            case 0 -> post(store, id, someTime());
            case 1, 2 -> postSession(store, id);
            case 3 -> change(store, id, someTime());
            default -> {
                assertThat(store.delete(record(store, id), now)).isInstanceOf(RecordChangeOutcome.Done.class);
                ids.remove(id);
            }
        }
    }

    private List<String> listed(DynamoDbCallRecordStore store, SortDirection direction, int size) {
        ListOrder order = new ListOrder(ListOrder.Time.LAST_MODIFIED, direction);
        List<String> listed = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<CallRecord> page = store.list(tenant, CallRecordFilter.ALL, order, new PageRequest(after, size), now);
            page.items().forEach(record -> listed.add(record.key().id()));
            after = page.next();
            assertThat(after == null || CallRecordStore.isPosition(CallRecordFilter.ALL, after))
                    .as(after)
                    .isTrue();
        } while (after != null);
        return listed;
    }

    /** Compares the lists with the records as they are read. */
    private void assertListed(DynamoDbCallRecordStore store) {
        Map<String, GraphInstant> times = new LinkedHashMap<>();
        ids.forEach(id -> times.put(
                id,
                GraphInstant.of(String.valueOf(record(store, id).content().get(LAST_MODIFIED)))
                        .orElseThrow()));
        List<String> forwards = new ArrayList<>(ids);
        forwards.sort(Comparator.<String, GraphInstant>comparing(times::get).thenComparing(Comparator.naturalOrder()));
        List<String> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);
        int size = 1 + random.nextInt(9);
        assertThat(listed(store, SortDirection.ASCENDING, size)).isEqualTo(forwards);
        assertThat(listed(store, SortDirection.DESCENDING, size)).isEqualTo(backwards);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void list_has_the_order_of_the_property_after_each_change(int shards) {
        DynamoDbCallRecordStore store = store(shards);
        for (int i = 0; i < STEPS; i++) {
            step(store);
            if (i % 10 == 0) {
                assertListed(store);
            }
        }
        assertListed(store);
    }

    /** Earlier releases wrote records without the place, and their change of a record leaves the place as it is. */
    @Test
    void record_of_an_earlier_release_is_listed_when_it_changes() {
        DynamoDbCallRecordStore store = store(16);
        post(store, "a", "2026-11-21T09:00:00Z");
        post(store, "b", "2026-11-21T09:00:01Z");
        ids.remove("a");
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbCallRecordTable.recordKey(key("a")))
                        .updateExpression("REMOVE modifiedPlace, fixedPlace"));
        assertListed(store);

        postSession(store, "a");
        ids.remove("a");
        assertThat(listed(store, SortDirection.ASCENDING, 9)).isEqualTo(List.of("b"));

        change(store, "a", "2026-11-21T09:00:02Z");
        ids.add("a");
        assertListed(store);

        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbCallRecordTable.recordKey(key("b")))
                        .updateExpression("SET modifiedPlace = :stale")
                        .expressionAttributeValues(Map.of(":stale", AttributeValue.fromS("2026-11-21T09:00:03#b"))));
        assertThat(listed(store, SortDirection.ASCENDING, 9)).isEqualTo(List.of("a"));
    }
}
