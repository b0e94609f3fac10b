package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.TestCallRecords.record;
import static io.switchboard.callrecords.store.TestCallRecords.session;
import static io.switchboard.callrecords.store.TestCallRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.CallRecordChanges.ChangedRecord;
import io.switchboard.callrecords.store.CallRecordChanges.ChangesPage;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests a consumer that follows the changes while 32 writers create, change, re-issue and delete 20,000 call records
 * with {@code -Plong}, else 2,000. It is interrupted at many points, and continues from each of them.
 */
@DisabledIfSystemProperty(named = "switchboard.quick", matches = "true", disabledReason = "takes minutes")
final class CallRecordChangesLoadTest {
    private static final int WRITERS = 32;
    private static final int RECORDS = Boolean.getBoolean("switchboard.long") ? 20_000 : 2_000;
    private static final int INTERRUPTIONS = 50;
    private static final int PAGE = 100;
    private static final String START = "2026-03-04T09:00";
    private static final String END = "2026-03-04T10:00";

    /**
     * How far the reader's clock is ahead, so that it is 15 seconds behind the writers instead of 30, and reads while
     * they write.
     */
    private static final Duration AHEAD = Duration.ofSeconds(15);

    /** The time between two polls of a consumer that has reached the end. */
    private static final Duration POLL = Duration.ofMillis(200);

    /** How much later the consumer reads again after the writers have ended. */
    private static final Duration STEP = Duration.ofSeconds(1);

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final String tenant = "tenant " + UUID.randomUUID();
    private final DynamoDbCallRecordStore store = new DynamoDbCallRecordStore(
            new DynamoDb(TABLE.client()),
            TABLE.name(),
            new RecordLimits(Duration.ofDays(30), false),
            new IndexShards(4));

    /** A copy of the records and the position that belongs to it. */
    private record Saved(Map<String, CallRecord> copy, ChangesPosition position) {}

    private CallRecordKey key(int number) {
        return new CallRecordKey(tenant, String.format(Locale.ROOT, "r%06d", number));
    }

    /** Writes the records of one writer: most stay, every fourth is deleted, and some of those are created again. */
    private int write(int writer, SplittableRandom random) {
        int written = 0;
        for (int number = writer; number < RECORDS; number += WRITERS) {
            CallRecordKey key = key(number);
            if (random.nextBoolean()) {
                store.post(key, session("s", "09:00", "10:00"), Instant.now());
            } else {
                store.put(record(key, 1, START, END), Instant.now());
            }
            int other = random.nextInt(RECORDS);
            CallRecordKey any = key(other);
            switch (random.nextInt(4)) {
                case 0 ->
                    store.read(any, Instant.now())
                            .ifPresent(before -> store.change(
                                    before,
                                    with(before.content(), "joinWebUrl", "https://example.com/" + random.nextInt()),
                                    Instant.now()));
                case 1 -> store.read(any, Instant.now()).ifPresent(before -> store.delete(before, Instant.now()));
                case 2 ->
                    store.put(
                            record(any, 2 + random.nextInt(5), "2026-03-0" + (1 + random.nextInt(9)) + "T09:00", END),
                            Instant.now());
                default -> store.post(any, session("t" + random.nextInt(3), "08:00", "11:00"), Instant.now());
            }
            written += 2;
        }
        return written;
    }

    private static List<Saved> everySecond(List<Saved> all) {
        List<Saved> half = new ArrayList<>();
        for (int i = 1; i < all.size(); i += 2) {
            half.add(all.get(i));
        }
        return half;
    }

    /** Waits a moment for the last writer. */
    private static void awaitAny(List<Future<Integer>> running) throws Exception {
        try {
            running.getLast().get(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // It is still writing.
        }
    }

    private static void apply(Map<String, CallRecord> copy, List<ChangedRecord> changes) {
        for (ChangedRecord change : changes) {
            if (change.record() == null) {
                copy.remove(change.key().id());
            } else {
                copy.put(change.key().id(), change.record());
            }
        }
    }

    private void readToTheEnd(Map<String, CallRecord> copy, ChangesPosition from, Instant now) {
        ChangesPosition position = from;
        for (int rounds = 0; rounds < 2; rounds++) {
            boolean isLast = false;
            while (!isLast) {
                ChangesPage page = store.changes(tenant, position, PAGE, now);
                apply(copy, page.changes());
                position = page.next();
                isLast = page.isLast();
            }
        }
    }

    private Map<String, CallRecord> stored(Instant now) {
        Map<String, CallRecord> records = new HashMap<>();
        @Nullable String after = null;
        do {
            var page = store.list(tenant, CallRecordFilter.ALL, new PageRequest(after, PAGE), now);
            page.items().forEach(record -> records.put(record.key().id(), record));
            after = page.next();
        } while (after != null);
        return records;
    }

    @Test
    void consumer_ends_with_the_stored_state_from_every_interruption() throws Exception {
        SplittableRandom random = Seed.random("CallRecordChangesLoadTest");
        List<Saved> interruptions = new ArrayList<>();
        Map<String, CallRecord> copy = new HashMap<>();
        ChangesPosition position = ChangesPosition.start(Instant.now());
        int pages = 0;
        int written = 0;
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                SplittableRandom own = random.split();
                tasks.add(() -> write(writer, own));
            }
            List<Future<Integer>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(writers.submit(task)));
            int stride = 1;
            while (running.stream().anyMatch(each -> !each.isDone())) {
                ChangesPage page =
                        store.changes(tenant, position, PAGE, Instant.now().plus(AHEAD));
                apply(copy, page.changes());
                position = page.next();
                pages++;
                if (pages % stride == 0) {
                    interruptions.add(new Saved(Map.copyOf(copy), position));
                }
                if (interruptions.size() == 4 * INTERRUPTIONS) {
                    // Each copy is large, so every second one is enough from here on.
                    stride *= 2;
                    interruptions = everySecond(interruptions);
                }
                if (page.isLast()) {
                    awaitAny(running);
                }
            }
            for (Future<Integer> each : running) {
                written += each.get();
            }
        }
        Instant end = Instant.now().plus(Duration.ofMinutes(3));
        // On a fast machine, the writers end before the consumer has read most of the changes. It then follows them
        // later.
        Instant time = Instant.now().plus(AHEAD);
        while (interruptions.size() < INTERRUPTIONS && time.isBefore(end)) {
            ChangesPage page = store.changes(tenant, position, PAGE, time);
            apply(copy, page.changes());
            position = page.next();
            interruptions.add(new Saved(Map.copyOf(copy), position));
            time = page.isLast() ? time.plus(STEP) : time;
        }
        Map<String, CallRecord> stored = stored(end);
        readToTheEnd(copy, position, end);

        System.out.printf(
                Locale.ROOT,
                "%d writes of %d records by %d writers, %d left; %d pages during the writes%n",
                written,
                RECORDS,
                WRITERS,
                stored.size(),
                pages);
        assertThat(copy.equals(stored)).isTrue();
        assertThat(interruptions).hasSizeGreaterThanOrEqualTo(INTERRUPTIONS);
        for (int i = 0; i < INTERRUPTIONS; i++) {
            Saved saved = interruptions.get(i * interruptions.size() / INTERRUPTIONS);
            Map<String, CallRecord> again = new HashMap<>(saved.copy);
            readToTheEnd(again, saved.position, end);
            assertThat(again.equals(stored)).as("interruption %d", i).isTrue();
        }
    }
}
