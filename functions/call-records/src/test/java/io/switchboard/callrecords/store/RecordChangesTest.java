package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.CallRecordChanges.ChangedRecord;
import io.switchboard.callrecords.store.CallRecordChanges.ChangesPage;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that readers of changes end with the stored state, from every position, and with faults of the database. */
final class RecordChangesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");
    private static final RecordLimits LIMITS = new RecordLimits(Duration.ofDays(30), false);
    private static final int RECORDS = 12;
    private static final int STEPS = 250;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final String tenant = "tenant " + UUID.randomUUID();
    private final SplittableRandom random = Seed.random("RecordChangesTest");
    private final DynamoDbCallRecordStore store = store(TestTables.faultyTransport());
    private Instant now = NOW;

    private static DynamoDbCallRecordStore store(FaultyHttpClient transport) {
        return new DynamoDbCallRecordStore(
                TestTables.withoutPauses(TABLE.client(transport)), TABLE.name(), LIMITS, new IndexShards(3));
    }

    private CallRecordKey key(String id) {
        return new CallRecordKey(tenant, id);
    }

    private static Map<String, @Nullable Object> content(String id, long version, Instant start) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("version", Math.toIntExact(version));
        content.put("type", "groupCall");
        content.put("modalities", List.of("audio"));
        content.put("startDateTime", start.toString());
        content.put("endDateTime", start.plusSeconds(60).toString());
        return content;
    }

    private void put(DynamoDbCallRecordStore by, String id, long version, Instant start) {
        by.put(new NewCallRecord(key(id), version, content(id, version, start), null, null, null), now);
    }

    private void post(DynamoDbCallRecordStore by, String id, String session, Instant start, String modality) {
        Map<String, @Nullable Object> content = content(session, 1, start);
        content.put("modalities", List.of(modality));
        content.keySet().removeAll(List.of("version", "type"));
        Span span = Span.of(content);
        by.post(
                key(id),
                new NewCallSession(new SessionKey(session, span.start().key(), "-"), span.end(), content, null),
                now);
    }

    private void change(DynamoDbCallRecordStore by, String id, String value) {
        by.read(key(id), now).ifPresent(before -> {
            Map<String, @Nullable Object> changed = new LinkedHashMap<>(before.content());
            changed.put("joinWebUrl", value);
            by.change(before, changed, now);
        });
    }

    private void delete(DynamoDbCallRecordStore by, String id) {
        by.read(key(id), now).ifPresent(before -> by.delete(before, now));
    }

    /** Returns the stored records. */
    private Map<String, CallRecord> stored() {
        Map<String, CallRecord> records = new HashMap<>();
        @Nullable String after = null;
        do {
            var page = store.list(tenant, CallRecordFilter.ALL, new PageRequest(after, 100), now);
            page.items().forEach(record -> records.put(record.key().id(), record));
            after = page.next();
        } while (after != null);
        return records;
    }

    /** A reader with a copy of the records, which it stores together with its position. */
    private final class Reader {
        private final Map<String, CallRecord> copy;
        private ChangesPosition position;
        private boolean hasReachedTheEnd;

        Reader() {
            this(Map.of(), ChangesPosition.start(now));
        }

        private Reader(Map<String, CallRecord> copy, ChangesPosition position) {
            this.copy = new HashMap<>(copy);
            this.position = position;
        }

        /** Returns a reader that stopped where this one is. */
        Reader interrupted() {
            return new Reader(copy, ChangesPosition.of(position.text()).orElseThrow());
        }

        boolean read(int size) {
            assertThat(position.isTooOld(now)).isFalse();
            ChangesPage page = store.changes(tenant, position, size, now);
            assertThat(page.changes()).hasSizeLessThanOrEqualTo(size);
            for (ChangedRecord change : page.changes()) {
                if (change.record() == null) {
                    copy.remove(change.key().id());
                } else {
                    copy.put(change.key().id(), change.record());
                }
            }
            position = ChangesPosition.of(page.next().text()).orElseThrow();
            hasReachedTheEnd = page.isLast();
            return !page.isLast();
        }

        void readAll(int size) {
            while (read(size)) {
                assertThat(position.text()).isNotEmpty();
            }
        }
    }

    private void randomStep(DynamoDbCallRecordStore by) {
        String id = "r" + random.nextInt(RECORDS);
        Instant start = Instant.parse("2026-03-04T09:00:00Z").plus(Duration.ofHours(random.nextInt(200)));
        switch (random.nextInt(6)) {
            case 0 -> put(by, id, 1 + random.nextInt(3), start);
            case 1 ->
                put(by, id, store.read(key(id), now).map(CallRecord::version).orElse(0L) + 1, start);
            case 2 -> change(by, id, "https://example.com/" + random.nextInt(100));
            case 3 -> delete(by, id);
            default -> post(by, id, "s" + random.nextInt(4), start, random.nextBoolean() ? "audio" : "video");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readers_end_with_the_stored_state_wherever_they_were_interrupted(boolean hasFaults) {
        FaultyHttpClient transport = TestTables.faultyTransport();
        DynamoDbCallRecordStore writer = store(transport);
        List<Fault> faults =
                List.of(Fault.LOST_RESPONSE, Fault.LATE, Fault.SERVER_ERROR, Fault.CONFLICT, Fault.BROKEN_CONNECTION);
        Reader reader = new Reader();
        List<Reader> interrupted = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            if (hasFaults) {
                int faulty = random.nextInt(6);
                Fault fault = faults.get(random.nextInt(faults.size()));
                transport.plan(request -> request == faulty ? fault : Fault.NONE);
            }
            try {
                randomStep(writer);
            } catch (Unavailable e) {
                // The write may be stored or not, and the reader finds what is stored.
                assertThat(hasFaults).isTrue();
            }
            now = now.plusMillis(random.nextInt(6_000));
            // A late request arrives before readers pass it.
            if (step % 3 == 0) {
                transport.deliver();
            }
            if (random.nextInt(3) == 0) {
                reader.read(1 + random.nextInt(4));
            }
            if (step % 5 == 0) {
                interrupted.add(reader.interrupted());
                interrupted.add(new Reader());
            }
        }
        transport.deliver();
        now = now.plus(Duration.ofMinutes(2));
        Map<String, CallRecord> stored = stored();

        assertThat(interrupted).hasSizeGreaterThanOrEqualTo(100);
        for (Reader each : interrupted) {
            int size = 1 + random.nextInt(9);
            each.readAll(size);
            each.readAll(size);
            assertThat(each.copy).isEqualTo(stored);
        }
        reader.readAll(3);
        assertThat(reader.copy).isEqualTo(stored);
        assertThat(reader.hasReachedTheEnd).isTrue();
    }

    private List<String> changed(Reader reader) {
        List<String> ids = new ArrayList<>();
        boolean hasMore;
        do {
            ChangesPage page = store.changes(tenant, reader.position, 2, now);
            page.changes()
                    .forEach(change -> ids.add(
                            (change.record() == null ? "-" : "") + change.key().id()));
            reader.position = page.next();
            hasMore = !page.isLast();
        } while (hasMore);
        return ids;
    }

    @Test
    void changes_follow_in_the_order_in_which_they_were_made_and_each_once() {
        Reader reader = new Reader();
        assertThat(changed(reader)).isEmpty();
        for (String id : List.of("a", "b", "c", "d", "e")) {
            now = now.plusSeconds(1);
            put(store, id, 1, NOW);
        }
        now = now.plusSeconds(1);
        change(store, "c", "https://example.com/");
        now = now.plusSeconds(1);
        delete(store, "b");
        now = now.plusSeconds(1);
        put(store, "a", 2, NOW);

        now = now.plus(CallRecordChanges.BEHIND).minusMillis(1);
        assertThat(changed(reader)).containsExactly("d", "e", "c", "-b");
        now = now.plusMillis(1);
        assertThat(changed(reader)).containsExactly("a");
        assertThat(changed(reader)).isEmpty();
    }

    @Test
    void sessions_move_a_record_once_a_minute() {
        Reader reader = new Reader();
        changed(reader);
        now = Instant.parse("2026-11-21T10:00:05Z");
        post(store, "a", "s1", NOW, "audio");
        now = Instant.parse("2026-11-21T10:00:59Z");
        post(store, "a", "s2", NOW, "audio");
        now = Instant.parse("2026-11-21T10:01:00Z")
                .plus(CallRecordChanges.BEHIND)
                .minusMillis(1);
        assertThat(changed(reader)).isEmpty();
        now = now.plusMillis(1);
        assertThat(changed(reader)).containsExactly("a");
        post(store, "a", "s3", NOW, "audio");
        now = now.plus(Duration.ofMinutes(2));
        assertThat(changed(reader)).containsExactly("a");
    }

    @Test
    void record_of_an_earlier_release_is_listed_first_and_followed_later() {
        put(store, "a", 1, NOW);
        TABLE.client()
                .updateItem(update -> update.tableName(TABLE.name())
                        .key(DynamoDbCallRecordTable.recordKey(key("a")))
                        .updateExpression("REMOVE changed, changedPlace"));
        Reader reader = new Reader();
        assertThat(changed(reader)).containsExactly("a");

        now = now.plusSeconds(1);
        delete(store, "a");
        now = now.plus(CallRecordChanges.BEHIND);
        assertThat(changed(reader)).containsExactly("-a");
    }

    @Test
    void deletion_is_reported_as_long_as_a_position_is_valid() {
        put(store, "a", 1, NOW);
        Reader reader = new Reader();
        reader.readAll(5);
        assertThat(reader.copy).containsOnlyKeys("a");
        now = now.plusSeconds(1);
        delete(store, "a");
        Instant paused = NOW.plus(CallRecordChanges.LONGEST_PAUSE);
        assertThat(reader.position.isTooOld(paused)).isTrue();
        now = paused.minusMillis(1);

        reader.readAll(5);

        assertThat(reader.copy).isEmpty();
    }

    @Test
    void position_stays_valid_while_a_reader_follows() {
        Reader reader = new Reader();
        for (int day = 0; day < 20; day++) {
            put(store, "r" + day, 1, NOW);
            now = now.plus(CallRecordChanges.LONGEST_PAUSE).minusMillis(1);
            reader.readAll(1);
            // The first list is as old as its beginning.
            reader.readAll(1);
        }
        assertThat(ChangesPosition.latest(now).isTooOld(now.plusSeconds(1))).isFalse();
        assertThat(ChangesPosition.start(now).isTooOld(now.plus(CallRecordChanges.LONGEST_PAUSE)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "l",
                "x1700000000000",
                "l170000000000",
                "l1700000000000x",
                "l-700000000000",
                "f1700000000000",
                "f1700000000000" + "1700000000000",
                "f1700000000000" + "1700000000000$x",
                "f1700000000000" + "170000000000x$",
                "f1700000000000" + "1700000000000#%",
                "f1700000000000" + "1700000000000#"
            })
    void text_of_another_form_is_not_read_as_a_position(String text) {
        assertThat(ChangesPosition.of(text)).isEqualTo(Optional.empty());
    }

    @Test
    void every_position_fits_into_a_page_token() {
        String longest = "x".repeat(CallRecordKey.LONGEST_ID);
        put(store, longest, 1, NOW);
        put(store, "y", 1, NOW.plusMillis(1));
        Supplier<ChangesPage> listing = () -> store.changes(tenant, ChangesPosition.start(now), 1, now);
        assertThat(listing.get().isLast()).isFalse();
        assertThat(listing.get().next().text()).hasSizeLessThan(CallRecordStore.LONGEST_POSITION);
        ChangesPosition latest = ChangesPosition.latest(now.minusSeconds(1));
        now = now.plusSeconds(100);
        put(store, "z", 1, NOW);
        ChangesPage following = store.changes(tenant, latest, 1, now.plusSeconds(100));
        assertThat(following.isLast()).isFalse();
        assertThat(following.next().text()).contains("#").hasSizeLessThan(CallRecordStore.LONGEST_POSITION);
    }
}
