package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.TestCallRecords.content;
import static io.switchboard.callrecords.store.TestCallRecords.record;
import static io.switchboard.callrecords.store.TestCallRecords.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests many concurrent callers of one call record on DynamoDB Local. */
final class CallRecordRaceTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final int CALLERS = 200;
    private static final List<String> MODALITIES =
            List.of("audio", "video", "videoBasedScreenSharing", "data", "screenSharing");

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final DynamoDbCallRecordStore store =
            new DynamoDbCallRecordStore(TABLE.dynamoDb(), TABLE.name(), new RecordLimits(Duration.ofDays(30), false));
    private final CallRecordKey call = new CallRecordKey("tenant " + UUID.randomUUID(), "call");

    /** Returns a unique session: each has a different start, end and modality. */
    private static NewCallSession requested(int number) {
        int start = (number * 37) % 1_000;
        int end = (number * 61) % 1_000;
        return session(content(
                "s%05d".formatted(number),
                "2026-03-%02dT%02d:%02d".formatted(1 + start / 200, start % 200 / 10, start % 10),
                "2026-03-%02dT%02d:%02d".formatted(10 + end / 200, end % 200 / 10, end % 10),
                MODALITIES.get(number % 97 % MODALITIES.size())));
    }

    private Set<String> readable(CallRecord record) {
        Set<String> ids = new HashSet<>();
        @Nullable String after = null;
        do {
            var page = store.sessions(record, true, new PageRequest(after, 60), 4_000_000);
            page.items().forEach(each -> ids.add(each.key().id()));
            after = page.next();
        } while (after != null);
        assertThat(store.countSessions(record)).isEqualTo(ids.size());
        return ids;
    }

    /** Checks that the record covers exactly these sessions. */
    private void assertHolds(
            CallRecord record, @Nullable Span own, Set<String> ownModalities, Collection<NewCallSession> sessions) {
        @Nullable Span span = own;
        Set<Object> modalities = new TreeSet<>(ownModalities);
        for (NewCallSession each : sessions) {
            Span requested = Span.of(each.content());
            span = span == null ? requested : span.widenedBy(requested);
            modalities.addAll((List<?>) each.content().getOrDefault("modalities", List.of()));
        }
        assertThat(Span.of(record.content())).isEqualTo(span);
        assertThat(new TreeSet<>((List<?>) record.content().getOrDefault("modalities", List.of())))
                .isEqualTo(modalities);
    }

    @Test
    void no_session_of_200_is_lost_and_the_record_covers_all() {
        List<PostSessionOutcome> outcomes = Race.run(CALLERS, caller -> store.post(call, requested(caller), NOW));

        assertThat(outcomes).allMatch(PostSessionOutcome.Posted.class::isInstance);
        CallRecord record = store.read(call, NOW).orElseThrow();
        assertThat(readable(record)).hasSize(CALLERS);
        assertHolds(
                record,
                null,
                Set.of(),
                IntStream.range(0, CALLERS)
                        .mapToObj(CallRecordRaceTest::requested)
                        .toList());
        assertThat(store.list(call.tenant(), CallRecordFilter.ALL, new PageRequest(null, 9), NOW)
                        .items())
                .containsExactly(record);
    }

    /** @param end the end of the call, or {@link Long#MAX_VALUE} while it is in progress */
    private record TimedPost(NewCallSession session, long begin, long end) {}

    /** A call that ends a generation. */
    private record GenerationEnd(long begin, long end) {}

    /**
     * Checks the readable sessions after the last end of a generation: all sessions posted after its response, none
     * whose response came before its start, and any of the concurrent ones.
     *
     * @return the readable ones among the posted sessions
     */
    private List<NewCallSession> assertReadable(List<TimedPost> posts, GenerationEnd last, Set<String> readable) {
        List<NewCallSession> found = new ArrayList<>();
        int before = 0;
        int after = 0;
        for (TimedPost post : posts) {
            boolean exists = readable.contains(post.session.key().id());
            if (post.begin > last.end) {
                after++;
                assertThat(exists).as("posted after the end: " + post).isTrue();
            } else if (post.end < last.begin) {
                before++;
                assertThat(exists).as("posted before the end: " + post).isFalse();
            }
            if (exists) {
                found.add(post.session);
            }
        }
        assertThat(before).isPositive();
        assertThat(after).isPositive();
        System.out.println(before + " sessions before the last end, " + after + " after it, "
                + (posts.size() - before - after) + " at the same time, " + found.size() + " readable");
        return found;
    }

    /**
     * Returns the posts of 200 callers, which continue until the generations have ended, and post once more afterwards.
     */
    private List<TimedPost> postsDuring(AtomicBoolean hasEnded, Semaphore begun) {
        AtomicInteger count = new AtomicInteger();
        return Race.run(CALLERS, caller -> {
                    List<TimedPost> posts = new ArrayList<>();
                    boolean isLast = false;
                    while (!isLast) {
                        isLast = hasEnded.get();
                        NewCallSession requested = requested(count.incrementAndGet());
                        begun.release();
                        long begin = System.nanoTime();
                        PostSessionOutcome outcome = store.post(call, requested, NOW);
                        posts.add(new TimedPost(requested, begin, System.nanoTime()));
                        assertThat(outcome).isInstanceOf(PostSessionOutcome.Posted.class);
                    }
                    return posts;
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Ends generations in a separate thread, with the same time limit as the callers of a race. */
    private static Thread ending(AtomicBoolean hasEnded, Runnable calls) {
        return Thread.ofVirtual().start(() -> {
            try {
                Race.run(1, only -> {
                    calls.run();
                    return true;
                });
            } finally {
                hasEnded.set(true);
            }
        });
    }

    /** Deletes the record, and waits for one if none exists. */
    private GenerationEnd delete() {
        while (true) {
            @Nullable CallRecord record = store.read(call, NOW).orElse(null);
            long begin = System.nanoTime();
            if (record != null && store.delete(record, NOW) instanceof RecordChangeOutcome.Done) {
                return new GenerationEnd(begin, System.nanoTime());
            }
        }
    }

    @Test
    void only_sessions_posted_after_a_concurrent_delete_are_readable() throws InterruptedException {
        AtomicBoolean hasEnded = new AtomicBoolean();
        Semaphore begun = new Semaphore(0);
        List<GenerationEnd> ends = new ArrayList<>();
        Thread deleter = ending(hasEnded, () -> {
            for (int deleted = 0; deleted < 3; deleted++) {
                begun.acquireUninterruptibly(CALLERS);
                ends.add(delete());
            }
        });

        List<TimedPost> posts = postsDuring(hasEnded, begun);
        deleter.join();

        assertThat(ends).hasSize(3);
        CallRecord record = store.read(call, NOW).orElseThrow();
        Set<String> readable = readable(record);
        List<NewCallSession> found = assertReadable(posts, ends.getLast(), readable);
        assertThat(found).hasSameSizeAs(readable);
        assertHolds(record, null, Set.of(), found);
    }

    @Test
    void last_of_concurrent_writes_is_complete_and_includes_later_sessions() throws InterruptedException {
        AtomicBoolean hasEnded = new AtomicBoolean();
        Semaphore begun = new Semaphore(0);
        List<GenerationEnd> ends = new ArrayList<>();
        int versions = 3;
        Thread issuer = ending(hasEnded, () -> {
            for (int version = 1; version <= versions; version++) {
                begun.acquireUninterruptibly(CALLERS);
                long begin = System.nanoTime();
                assertThat(store.put(issue(version), NOW)).isInstanceOf(PutRecordOutcome.Stored.class);
                ends.add(new GenerationEnd(begin, System.nanoTime()));
            }
        });

        List<TimedPost> posts = postsDuring(hasEnded, begun);
        issuer.join();

        assertThat(ends).hasSize(versions);
        CallRecord record = store.read(call, NOW).orElseThrow();
        assertThat(record.version()).isEqualTo(versions);
        Set<String> readable = readable(record);
        List<NewCallSession> found = assertReadable(posts, ends.getLast(), readable);
        found.forEach(each -> readable.remove(each.key().id()));
        assertThat(readable).containsExactlyInAnyOrder("v3.0", "v3.1", "v3.2");
        assertHolds(record, Span.of(issue(versions).content()), Set.of("audio", "video"), found);
    }

    private NewCallRecord issue(int version) {
        return record(
                call,
                version,
                "2026-03-05T12:00",
                "2026-03-12T12:00",
                IntStream.range(0, 3)
                        .mapToObj(i -> session("v" + version + "." + i, "09:00", "10:00"))
                        .toList(),
                List.of(),
                null);
    }
}
